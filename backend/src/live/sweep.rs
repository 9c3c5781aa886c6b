//! Upkeep of what is live: devices that fell silent, events that nobody will ask for.

use std::collections::BTreeMap;

use shared_types::{OrganizationId, Timestamp, UserId};

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
const EVENTS_KEPT_SECONDS: i64 = 48 * 3_600;
/// Rows deleted at once, so that writers wait briefly only.
const PRUNE_STEP: i64 = 2_000;

/// Announces people whose last device has fallen silent. Several instances may do this at
/// once: each silence is announced by the one that takes the flag back.
pub async fn sweep_silent(
    store: &Store,
    hub: &LiveHub,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let before = now.plus_seconds(-SILENT_AFTER_SECONDS);
    {
        // Usually there is nothing to do, and then nobody need wait for the writer.
        let mut reader = store.read().await?;
        if !presence::any_silent(reader.db(), before).await? {
            return Ok(0);
        }
    }
    let mut tx = store.begin().await?;
    let gone = presence::mark_silent(&mut tx, before).await?;
    let count = gone.len();
    let mut by_organization: BTreeMap<OrganizationId, Vec<UserId>> = BTreeMap::new();
    for (organization, user) in gone {
        by_organization.entry(organization).or_default().push(user);
    }
    for (organization, users) in &by_organization {
        let subject = Subject {
            users: users.clone(),
            ..Subject::default()
        };
        events::append(&mut tx, *organization, "USER_OFFLINE", &subject, now).await?;
    }
    tx.commit().await?;
    for organization in by_organization.keys() {
        hub.wake(*organization);
    }
    Ok(count)
}

/// Removes old events in small steps; returns how many.
pub async fn prune_events(store: &Store, now: Timestamp) -> Result<u64, StoreError> {
    let before = now.plus_seconds(-EVENTS_KEPT_SECONDS);
    let mut total = 0;
    loop {
        let mut tx = store.begin().await?;
        let removed = events::prune(&mut tx, before, PRUNE_STEP).await?;
        tx.commit().await?;
        total += removed;
        if removed == 0 {
            return Ok(total);
        }
    }
}
