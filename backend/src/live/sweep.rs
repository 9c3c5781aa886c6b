//! Upkeep of what is live: devices that fell silent.

use shared_types::{Timestamp, UserId};

use super::LiveHub;
use crate::{
    domain::presence::SILENT_AFTER_SECONDS,
    store::{
        Store, StoreError,
        events::{self, Subject},
        presence,
    },
};

/// Events are kept this long: a client that was away for longer takes a new snapshot.
pub const EVENTS_KEPT_SECONDS: i64 = 48 * 3_600;

/// Announces people whose last device has fallen silent. Several instances may do this at
/// once: each silence is announced by the one that takes the flag back.
pub async fn sweep_silent(
    store: &Store,
    hub: &LiveHub,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let before = now.plus_seconds(-SILENT_AFTER_SECONDS);
    let organizations = {
        // Usually there is nothing to do, and then nobody need wait for the writer.
        let mut reader = store.system().read().await?;
        presence::with_silent(reader.db(), before).await?
    };
    let mut count = 0;
    for organization in organizations {
        let mut tx = store.tenant(organization).begin().await?;
        let users: Vec<UserId> = presence::mark_silent(&mut tx, before)
            .await?
            .into_iter()
            .collect();
        if users.is_empty() {
            tx.commit().await?;
            continue;
        }
        count += users.len();
        let subject = Subject {
            users,
            ..Subject::default()
        };
        events::append(&mut tx, "USER_OFFLINE", &subject, now).await?;
        tx.commit().await?;
        hub.wake(organization);
    }
    Ok(count)
}
