//! The thread that talks to the server.

use std::{sync::Arc, time::Duration};

use tokio::sync::watch;

use crate::{
    clock::Clock,
    config::Settings,
    credentials,
    enrol::Enrolment,
    outbox::Keeper,
    sync::{Attention, News, Syncer, Wake, client::Client, listen_for_nudges},
};

/// A keychain that did not give the secret is asked again after this long.
const ASK_KEYCHAIN_AGAIN: Duration = Duration::from_mins(1);

/// What the network thread needs.
pub(super) struct NetworkSide {
    pub(super) settings: Settings,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) keeper: Arc<parking_lot::Mutex<Keeper>>,
    pub(super) enrolment: Enrolment,
    pub(super) wake: Arc<Wake>,
    pub(super) tell: Arc<dyn Fn(News) + Send + Sync>,
}

impl NetworkSide {
    pub(super) fn run(self, mut stop: watch::Receiver<bool>) {
        let runtime = match tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
        {
            Ok(runtime) => runtime,
            Err(error) => {
                tracing::error!(error = %error, "the network cannot be used, everything stays in the outbox");
                return;
            }
        };
        runtime.block_on(async {
            let Some(client) = self.client(&mut stop).await else {
                return;
            };
            let nudges = listen_for_nudges(
                client.clone(),
                Arc::clone(&self.clock),
                Arc::clone(&self.wake),
                Arc::clone(&self.tell),
                stop.clone(),
            );
            let syncer = Syncer::new(
                client,
                self.keeper,
                self.clock,
                (self.enrolment.device_id, self.enrolment.policy.version),
                Duration::from_secs(u64::from(self.settings.sync_interval_seconds)),
                self.wake,
                self.tell,
            );
            tokio::join!(syncer.run(stop.clone()), nudges);
        });
    }

    /// Waits for the secret as long as it takes: sampling goes on meanwhile.
    async fn client(&self, stop: &mut watch::Receiver<bool>) -> Option<Client> {
        loop {
            let device = self.enrolment.device_id;
            let client = credentials::read(&self.settings, device, self.enrolment.secret)
                .map_err(|error| error.to_string())
                .and_then(|secret| {
                    Client::new(self.enrolment.server.clone(), secret, &self.settings)
                        .map_err(|error| error.to_string())
                });
            match client {
                Ok(client) => return Some(client),
                Err(message) => {
                    tracing::error!(error = %message, "the server cannot be used without the device's secret");
                    (self.tell)(News::Failed {
                        message,
                        attention: Attention::Credential,
                    });
                }
            }
            tokio::select! {
                () = tokio::time::sleep(ASK_KEYCHAIN_AGAIN) => {}
                () = self.wake.now.notified() => {}
                _ = stop.wait_for(|stop| *stop) => return None,
            }
        }
    }
}
