//! What is known about callers right now: read once, remembered until it changes.
//!
//! A change made through this process is noticed at once, one made by another instance (or by
//! the command line) within [`POLL_INTERVAL`]. Whoever holds something open for a caller (a
//! socket) subscribes to [`AuthorityChange`]s and asks each whether it ends that caller.
//!
//! Invariant: an answer read before a change is never remembered after it. A generation number
//! sees to that: what was read under an older generation is used once and not kept.

use std::{collections::HashMap, hash::Hash, time::Duration};

use parking_lot::Mutex;
use shared_types::{OrganizationId, Timestamp, UserId};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::opaque::SecretHash;
use crate::{
    clock::SharedClock,
    domain::authority::{AuthorityChange, DeviceAuthority, PersonAuthority},
    store::{Store, StoreError, devices, people},
};

/// How often other instances' changes are looked for.
pub const POLL_INTERVAL: Duration = Duration::from_secs(2);
/// How far each look goes back behind the last one that succeeded: clocks of instances differ, and
/// transactions take time.
const OVERLAP_SECONDS: i64 = 60;
/// Even without a change, nothing is remembered for longer.
const KEEP_SECONDS: i64 = 600;
/// Entries of a kind that are remembered; beyond, all are forgotten and read anew.
const MOST_ENTRIES: usize = 500_000;

#[derive(Debug)]
struct Remembered<K, V> {
    entries: HashMap<K, (V, UserId, Timestamp)>,
}

impl<K: Eq + Hash, V: Clone> Remembered<K, V> {
    fn get(&self, key: &K, now: Timestamp) -> Option<V> {
        let (value, _, since) = self.entries.get(key)?;
        (now.millis_since(*since).abs() < KEEP_SECONDS * 1_000).then(|| value.clone())
    }

    fn put(&mut self, key: K, value: V, user: UserId, now: Timestamp) {
        if self.entries.len() >= MOST_ENTRIES {
            self.entries.clear();
        }
        self.entries.insert(key, (value, user, now));
    }
}

#[derive(Debug)]
struct Memory {
    generation: u64,
    people: Remembered<(OrganizationId, UserId, Uuid), PersonAuthority>,
    devices: Remembered<SecretHash, DeviceAuthority>,
    /// Changes that have been announced, as long as a look back can find them again.
    announced: HashMap<UserId, Timestamp>,
    /// When the last look began that found all there was: what came before it is known.
    looked_at: Timestamp,
}

/// What is known about callers right now.
pub struct Authority {
    store: Store,
    clock: SharedClock,
    memory: Mutex<Memory>,
    changes: broadcast::Sender<AuthorityChange>,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority")
            .field("listeners", &self.changes.receiver_count())
            .finish_non_exhaustive()
    }
}

impl Authority {
    /// Nothing known yet.
    #[must_use]
    pub fn new(store: Store, clock: SharedClock) -> Self {
        // Nothing is remembered yet, so nothing that changed before can have been missed.
        let looked_at = clock.now();
        Self {
            store,
            clock,
            memory: Mutex::new(Memory {
                generation: 0,
                people: Remembered {
                    entries: HashMap::new(),
                },
                devices: Remembered {
                    entries: HashMap::new(),
                },
                announced: HashMap::new(),
                looked_at,
            }),
            changes: broadcast::channel(1_024).0,
        }
    }

    /// Changes from now on. A receiver that lags must take it that its caller has ended.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<AuthorityChange> {
        self.changes.subscribe()
    }

    /// What a person's log-in is good for; `None` when there is no such person.
    pub async fn person(
        &self,
        organization: OrganizationId,
        user: UserId,
        login: Uuid,
    ) -> Result<Option<PersonAuthority>, StoreError> {
        let (key, now) = ((organization, user, login), self.clock.now());
        let generation = {
            let memory = self.memory.lock();
            if let Some(known) = memory.people.get(&key, now) {
                return Ok(Some(known));
            }
            memory.generation
        };
        let mut reader = self.store.tenant(organization).read().await?;
        let found = people::authority(reader.db(), user, login).await?;
        if let Some(found) = &found {
            let mut memory = self.memory.lock();
            if memory.generation == generation {
                memory.people.put(key, found.clone(), user, now);
            }
        }
        Ok(found)
    }

    /// What a device's credential is good for; `None` when nobody has it.
    pub async fn device(&self, secret: SecretHash) -> Result<Option<DeviceAuthority>, StoreError> {
        let now = self.clock.now();
        let generation = {
            let memory = self.memory.lock();
            if let Some(known) = memory.devices.get(&secret, now) {
                return Ok(Some(known));
            }
            memory.generation
        };
        let mut reader = self.store.system().read().await?;
        let found = devices::authority(reader.db(), &secret).await?;
        if let Some(found) = &found {
            let mut memory = self.memory.lock();
            if memory.generation == generation {
                memory
                    .devices
                    .put(secret, found.clone(), found.user_id, now);
            }
        }
        Ok(found)
    }

    /// Forgets a person and their devices after a change, and tells who holds something open.
    /// Call it after the commit.
    pub async fn changed(
        &self,
        organization: OrganizationId,
        user: UserId,
    ) -> Result<(), StoreError> {
        self.forget(user);
        let mut reader = self.store.tenant(organization).read().await?;
        if let Some(change) = people::authority_change(reader.db(), user).await? {
            // Nobody listening is no error: there is nothing open.
            let _ = self.changes.send(change);
        }
        Ok(())
    }

    /// Forgets a person and their devices: the next request reads them anew.
    pub fn forget(&self, user: UserId) {
        let mut memory = self.memory.lock();
        memory.generation += 1;
        memory
            .people
            .entries
            .retain(|_, (_, whose, _)| *whose != user);
        memory
            .devices
            .entries
            .retain(|_, (_, whose, _)| *whose != user);
    }

    /// One look for changes that another instance made, since the last that succeeded: however
    /// long the database was away, or this process stood still, nothing is passed over.
    pub async fn poll(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let since = {
            let memory = self.memory.lock();
            // A clock that was set back must not make the look begin in the future.
            memory.looked_at.min(now).plus_seconds(-OVERLAP_SECONDS)
        };
        let changed = {
            let mut reader = self.store.system().read().await?;
            people::authority_changes_since(reader.db(), since).await?
        };
        let fresh: Vec<(OrganizationId, UserId)> = {
            let mut memory = self.memory.lock();
            memory.announced.retain(|_, at| *at >= since);
            changed
                .into_iter()
                .filter(|(_, user, at)| memory.announced.insert(*user, *at) != Some(*at))
                .map(|(organization, user, _)| (organization, user))
                .collect()
        };
        for (organization, user) in fresh {
            if let Err(error) = self.changed(organization, user).await {
                // Not announced after all: the next look tries again.
                self.memory.lock().announced.remove(&user);
                return Err(error);
            }
        }
        self.memory.lock().looked_at = now;
        Ok(())
    }

    /// Looks for other instances' changes until cancelled.
    pub async fn watch(&self, stop: CancellationToken) {
        let mut ticks = tokio::time::interval(POLL_INTERVAL);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = ticks.tick() => {}
            }
            if let Err(error) = self.poll().await {
                tracing::warn!(cause = %error, "could not look for changed authority; trying again in 2 s");
                // What we cannot confirm we do not trust.
                let mut memory = self.memory.lock();
                memory.generation += 1;
                memory.people.entries.clear();
                memory.devices.entries.clear();
            }
        }
    }
}
