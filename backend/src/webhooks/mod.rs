//! Webhooks: what happens, told to other programs, signed as Standard Webhooks asks for.
//!
//! Owns the way from the event log to messages ([`queue`]) and from there to the receiver
//! ([`delivery`]), and what admins do to webhooks ([`manage`]). Must not know HTTP's server side.
//! Who may be connected to is `domain::webhook_address`'s to say.
//!
//! Invariant: what happened while a webhook was on is queued to it once, and each message arrives
//! at least once under one id, or is shown among those that were given up.

mod delivery;
pub mod manage;
mod outgoing;
mod queue;
mod signature;

use std::{collections::HashSet, sync::Arc, time::Duration};

use shared_types::{OrganizationId, WebhookId};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use outgoing::Outgoing;

use crate::{
    clock::{Clock, SharedClock},
    domain::webhook_address::Networks,
    store::{Store, StoreError, webhook_deliveries},
};

/// How often new events and due messages are looked for.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Webhooks that are sent to at the same time: one that is slow holds up no other.
const AT_ONCE: usize = 32;

type Key = (OrganizationId, WebhookId);

/// Sends messages to webhooks. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Webhooks {
    outgoing: Arc<Outgoing>,
}

impl Webhooks {
    /// Goes to the public Internet, and to these networks.
    ///
    /// # Errors
    /// When this machine has no certificates to trust.
    pub fn new(networks: Networks) -> anyhow::Result<Self> {
        Ok(Self {
            outgoing: Arc::new(Outgoing::new(networks)?),
        })
    }

    /// Queues what has happened and sends what is due; how many attempts were made.
    pub async fn turn(&self, store: &Store, clock: &dyn Clock) -> Result<usize, StoreError> {
        queue::queue_events(store, clock).await?;
        let mut attempts = 0;
        loop {
            let mut made = 0;
            for (organization, webhook) in due(store, clock).await? {
                let out = &*self.outgoing;
                made += delivery::deliver_to(out, store, clock, organization, webhook).await?;
            }
            attempts += made;
            if made == 0 {
                return Ok(attempts);
            }
        }
    }

    /// Sends messages until cancelled, beside whoever else does.
    pub async fn run(&self, store: Store, clock: SharedClock, stop: CancellationToken) {
        let mut ticks = tokio::time::interval(LOOK_EVERY);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
        let mut sending: JoinSet<Key> = JoinSet::new();
        let mut busy: HashSet<Key> = HashSet::new();
        loop {
            tokio::select! {
                // What is being sent may arrive twice; better than a server that does not stop.
                () = stop.cancelled() => return,
                Some(ended) = sending.join_next() => {
                    match ended {
                        Ok(key) => { busy.remove(&key); }
                        // Its key is not told: begin anew rather than leave it out for ever.
                        Err(error) => {
                            tracing::error!(cause = %error, "sending to a webhook ended early; its message is sent again");
                            sending.abort_all();
                            busy.clear();
                        }
                    }
                }
                _ = ticks.tick() => {
                    let looked = tokio::select! {
                        () = stop.cancelled() => return,
                        looked = self.look(&store, &clock, &mut sending, &mut busy) => looked,
                    };
                    if let Err(error) = looked {
                        tracing::warn!(cause = %error, "could not look for messages to webhooks; trying again in a second");
                    }
                }
            }
        }
    }

    async fn look(
        &self,
        store: &Store,
        clock: &SharedClock,
        sending: &mut JoinSet<Key>,
        busy: &mut HashSet<Key>,
    ) -> Result<(), StoreError> {
        queue::queue_events(store, &**clock).await?;
        for key in due(store, &**clock).await? {
            if busy.len() >= AT_ONCE {
                break;
            }
            if !busy.insert(key) {
                continue;
            }
            let (out, store, clock) = (Arc::clone(&self.outgoing), store.clone(), clock.clone());
            sending.spawn(async move {
                let (organization, webhook) = key;
                let sent =
                    delivery::deliver_to(&out, &store, &*clock, organization, webhook).await;
                if let Err(error) = sent {
                    tracing::warn!(webhook_id = %webhook, cause = %error, "could not send to a webhook; trying again in a second");
                }
                key
            });
        }
        Ok(())
    }
}

async fn due(store: &Store, clock: &dyn Clock) -> Result<Vec<Key>, StoreError> {
    /// More than are sent to at once: those that are busy are among them.
    const MOST: i64 = 200;
    let mut reader = store.system().read().await?;
    webhook_deliveries::due(reader.db(), clock.now(), MOST).await
}
