//! Upkeep of what is live: devices that fell silent.

use std::time::Duration;

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

/// How often devices that fell silent are looked for, by each instance.
pub const SWEEP: Duration = Duration::from_secs(5);

/// Events are kept this long: a client that was away for longer takes a new snapshot.
pub const EVENTS_KEPT_SECONDS: i64 = 48 * 3_600;

/// Streams that are taken back in one transaction: ingest waits for a moment only, even when a
/// whole office falls silent at once.
const STEP: i64 = 200;

/// Announces people whose last device has fallen silent; how many.
///
/// Every instance does this every five seconds, and it is no scheduled job: a schedule is made
/// of minutes, and each occurrence leaves a row behind. It needs neither a lease nor a leader,
/// because the row that is changed decides which instance announces it.
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
        loop {
            let mut tx = store.tenant(organization).begin().await?;
            let silent = presence::mark_silent(&mut tx, before, STEP).await?;
            let users: Vec<UserId> = silent.gone.into_iter().collect();
            let announced = users.len();
            if announced > 0 {
                let subject = Subject {
                    users,
                    ..Subject::default()
                };
                events::append(&mut tx, "USER_OFFLINE", &subject, now).await?;
            }
            tx.commit().await?;
            if announced > 0 {
                count += announced;
                hub.wake(organization);
            }
            if i64::try_from(silent.seen).unwrap_or(i64::MAX) < STEP {
                break;
            }
        }
    }
    Ok(count)
}
