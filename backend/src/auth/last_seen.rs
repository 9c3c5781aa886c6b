//! When people, or devices of theirs, were last heard of: noted in memory at each request, written
//! once in a while.
//!
//! A request pays for a look into a map. A person costs at most one write in [`WRITE_EVERY`], in a
//! transaction of its own that many share; a process that is killed forgets a minute.

use std::collections::HashMap;

use parking_lot::Mutex;
use shared_types::{OrganizationId, Timestamp, UserId};

use crate::store::{Store, StoreError, standing};

/// Seconds between two writes for one person.
pub const WRITE_EVERY: i64 = 300;
/// People that one transaction writes: short enough for ingest to wait for.
const AT_ONCE: usize = 100;

#[derive(Debug, Clone, Copy)]
struct Seen {
    written_at: Option<Timestamp>,
    waiting: Option<Timestamp>,
}

/// When people were last heard of.
#[derive(Debug, Default)]
pub struct LastSeen(Mutex<HashMap<(OrganizationId, UserId), Seen>>);

impl LastSeen {
    /// Notes that a person, or a device of theirs, was heard of.
    pub fn note(&self, organization: OrganizationId, user: UserId, now: Timestamp) {
        let mut people = self.0.lock();
        let seen = people.entry((organization, user)).or_insert(Seen {
            written_at: None,
            waiting: None,
        });
        let due = seen
            .written_at
            .is_none_or(|at| now.millis_since(at) >= WRITE_EVERY * 1_000);
        if due {
            seen.waiting = Some(now);
        }
    }

    /// Writes what waits; how many people that were. What could not be written waits on.
    pub async fn write(&self, store: &Store, now: Timestamp) -> Result<usize, StoreError> {
        let mut waiting: HashMap<OrganizationId, Vec<(UserId, Timestamp)>> = HashMap::new();
        {
            let mut people = self.0.lock();
            // Who has long been silent is written as soon as they come back.
            people.retain(|_, seen| {
                seen.waiting.is_some()
                    || seen
                        .written_at
                        .is_some_and(|at| now.millis_since(at) < WRITE_EVERY * 1_000)
            });
            for ((organization, user), seen) in people.iter() {
                if let Some(at) = seen.waiting {
                    waiting.entry(*organization).or_default().push((*user, at));
                }
            }
        }
        let mut written = 0;
        for (organization, people) in waiting {
            for some in people.chunks(AT_ONCE) {
                let mut tx = store.tenant(organization).begin().await?;
                for (user, at) in some {
                    standing::seen(&mut tx, *user, *at).await?;
                }
                tx.commit().await?;
                written += some.len();
                let mut people = self.0.lock();
                for (user, _) in some {
                    if let Some(seen) = people.get_mut(&(organization, *user)) {
                        seen.written_at = Some(now);
                        // Heard of again meanwhile: that is soon enough next time.
                        seen.waiting = None;
                    }
                }
            }
        }
        Ok(written)
    }
}
