//! Mail: what waits in the database is sent, until the mail server has taken it or it is given up.
//!
//! A request only writes down that a mail is to be sent, in the transaction of what it is about,
//! so that it neither waits for a mail server nor loses a mail when the process ends. The link is
//! made when the mail is sent: no secret is kept. Must not know HTTP.
//!
//! Invariant: a mail that was queued is sent, or given up with an error in the log and in `doctor`.

mod delivery;
mod smtp;
mod texts;

use std::{sync::Arc, time::Duration};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

pub use smtp::address_problem;

use smtp::Outgoing;

use crate::{
    clock::Clock,
    config::{MailConfig, PublicUrl},
    store::{Store, StoreError},
};

/// How often waiting mails are looked for when nobody says that there is one: those of other
/// instances and of the command line, and those that are tried again.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Sends mails, where that is configured. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Mail {
    outgoing: Option<Arc<Outgoing>>,
    wake: Arc<Notify>,
}

impl Mail {
    /// Through the configured mail server, with links to the public address.
    ///
    /// # Errors
    /// When the mail server's address cannot be used.
    pub fn new(
        config: Option<&MailConfig>,
        public_url: Option<&PublicUrl>,
    ) -> anyhow::Result<Self> {
        let outgoing = match (config, public_url) {
            (Some(config), Some(public_url)) => {
                Some(Arc::new(Outgoing::new(config, public_url.clone())?))
            }
            _ => None,
        };
        Ok(Self {
            outgoing,
            wake: Arc::default(),
        })
    }

    /// Whether this server sends mail.
    #[must_use]
    pub fn is_configured(&self) -> bool {
        self.outgoing.is_some()
    }

    /// Whether the mail server answers, without sending anything; `None`: none is configured.
    pub async fn check(&self) -> Option<Result<(), String>> {
        match &self.outgoing {
            Some(outgoing) => Some(outgoing.check().await),
            None => None,
        }
    }

    /// Says that a mail waits. Call it after the commit.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Sends what is due; how many attempts were made.
    pub async fn deliver_due(&self, store: &Store, clock: &dyn Clock) -> Result<usize, StoreError> {
        match &self.outgoing {
            Some(outgoing) => delivery::deliver_due(outgoing, store, clock).await,
            None => Ok(0),
        }
    }

    /// Sends mails until cancelled.
    pub async fn run(&self, store: &Store, clock: &dyn Clock, stop: CancellationToken) {
        if self.outgoing.is_none() {
            return;
        }
        let mut ticks = tokio::time::interval(LOOK_EVERY);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.wake.notified() => {}
                _ = ticks.tick() => {}
            }
            let delivered = tokio::select! {
                // What is being sent may arrive twice; better than a server that does not stop.
                () = stop.cancelled() => return,
                delivered = self.deliver_due(store, clock) => delivered,
            };
            if let Err(error) = delivered {
                tracing::warn!(cause = %error, "could not look for mails to send; trying again in 5 s");
            }
        }
    }
}
