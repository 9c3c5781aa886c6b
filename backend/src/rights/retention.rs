//! Removes what is older than it may be kept, in small steps.
//!
//! Several instances may do this at once: each row goes once, by whoever comes first. A crash
//! loses nothing but time: the next look finds the rest.

use shared_types::{OrganizationId, Timestamp};

use super::STEP_ROWS;
use crate::{
    domain::{
        personal_data::{Kept, TABLES},
        retention::{self, Terms},
    },
    store::{Store, StoreError, partitions, personal, retention as rows},
};

/// What was removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Removed {
    /// Rows that went, or lost what is too old.
    pub rows: u64,
    /// In how many transactions.
    pub transactions: u64,
}

/// Removes what is due in every organization, `most` rows at a time. Between two
/// transactions `stop` is told how many rows went so far, and says whether to stop.
pub async fn run(
    store: &Store,
    now: Timestamp,
    most: i64,
    stop: impl Fn(u64) -> bool,
) -> Result<Removed, StoreError> {
    let all = {
        let mut reader = store.system().read().await?;
        rows::terms(reader.db()).await?
    };
    let mut removed = Removed::default();
    for (organization, terms) in all {
        expired(store, organization, now, most, &stop, &mut removed).await?;
        activity(store, organization, &terms, now, most, &stop, &mut removed).await?;
    }
    Ok(removed)
}

/// As [`run`], in steps of [`STEP_ROWS`].
pub async fn run_due(
    store: &Store,
    now: Timestamp,
    stop: impl Fn(u64) -> bool,
) -> Result<Removed, StoreError> {
    run(store, now, STEP_ROWS, stop).await
}

/// Drops the months of activity that are over for every organization and empty by now, so that
/// their space goes back; returns their names.
pub async fn drop_months(store: &Store, now: Timestamp) -> Result<Vec<String>, StoreError> {
    let all = {
        let mut reader = store.system().read().await?;
        rows::terms(reader.db()).await?
    };
    let earliest = all
        .iter()
        .map(|(_, terms)| retention::due(now, terms).before.start)
        .min();
    match earliest {
        Some(before) => partitions::drop_empty(store, before, now).await,
        None => Ok(Vec::new()),
    }
}

/// Rows that are kept for a number of days behind an instant of their own.
async fn expired(
    store: &Store,
    organization: OrganizationId,
    now: Timestamp,
    most: i64,
    stop: &impl Fn(u64) -> bool,
    removed: &mut Removed,
) -> Result<(), StoreError> {
    for table in TABLES {
        let Kept::Behind(_, days) = table.kept else {
            continue;
        };
        let before = now.plus_seconds(-days * 86_400);
        loop {
            {
                // Usually there is nothing, and then nobody need wait for the writer.
                let mut reader = store.tenant(organization).read().await?;
                if stop(removed.rows) || !personal::any_expired(reader.db(), table, before).await? {
                    break;
                }
            }
            let mut tx = store.tenant(organization).begin().await?;
            removed.rows += personal::remove_expired(&mut tx, table, before, most).await?;
            tx.commit().await?;
            removed.transactions += 1;
            tokio::task::yield_now().await;
        }
    }
    Ok(())
}

/// Activity that is older than the organization keeps it.
async fn activity(
    store: &Store,
    organization: OrganizationId,
    terms: &Terms,
    now: Timestamp,
    most: i64,
    stop: &impl Fn(u64) -> bool,
    removed: &mut Removed,
) -> Result<(), StoreError> {
    let due = retention::due(now, terms);
    let before = due.before.start;
    for table in TABLES {
        let people = {
            let mut reader = store.tenant(organization).read().await?;
            personal::people_with_activity(reader.db(), table, before).await?
        };
        for person in people {
            loop {
                if stop(removed.rows) {
                    return Ok(());
                }
                let mut tx = store.tenant(organization).begin().await?;
                if due.further {
                    rows::note(&mut tx, &due.before).await?;
                }
                let mut gone =
                    personal::remove_activity(&mut tx, table, person, before, most).await?;
                if gone < u64::try_from(most).unwrap_or(u64::MAX) {
                    gone += rows::strip_sessions(&mut tx, person, before, most).await?;
                }
                tx.commit().await?;
                removed.rows += gone;
                removed.transactions += 1;
                tokio::task::yield_now().await;
                if gone < u64::try_from(most).unwrap_or(u64::MAX) {
                    break;
                }
            }
        }
    }
    Ok(())
}
