//! Writing a group of batches: load, plan, write, commit, on either engine.
//!
//! The one place where the engines have texts of their own: PostgreSQL wants sets (`unnest`),
//! SQLite prepared statements on one thread (6.5 times the rate of the same through a pool).

mod keys;
mod postgres;
mod rulesets;
mod sqlite;
mod sqlite_load;
mod sqlite_write;

use std::{collections::BTreeSet, sync::Arc};

use jiff::tz::TimeZone;
use shared_types::{
    OrganizationId, Timestamp,
    sync::{Outcome, SyncResponse},
};

use self::rulesets::Rulesets;
use super::{Store, StoreError};
use crate::{
    domain::category::Ruleset,
    ingest::{
        Batch,
        plan::{Inconsistent, Plan, Rules},
    },
};

/// What a commit did.
#[derive(Debug)]
pub struct Committed {
    /// One answer for each batch, in order.
    pub answers: Vec<SyncResponse>,
    /// Organizations that have new events.
    pub organizations: BTreeSet<OrganizationId>,
    /// Items that were stored.
    pub stored: u64,
}

impl Committed {
    fn of(plan: Plan<'_>) -> Self {
        let stored = plan
            .answers
            .iter()
            .flat_map(|answer| &answer.results)
            .filter(|result| result.outcome == Outcome::Stored)
            .count();
        Self {
            organizations: plan.events.iter().map(|e| e.organization_id).collect(),
            stored: u64::try_from(stored).unwrap_or(u64::MAX),
            answers: plan.answers,
        }
    }
}

impl From<Inconsistent> for StoreError {
    fn from(error: Inconsistent) -> Self {
        Self::Corrupt(error.to_string())
    }
}

/// Writes groups of batches, one at a time.
#[derive(Debug)]
pub enum GroupWriter {
    /// On a thread of its own.
    Sqlite(sqlite::Writer),
    /// Through the pool of the role `workpulse_ingest`; with what it knows of categories.
    Postgres(sqlx::PgPool, Rulesets),
}

impl GroupWriter {
    /// A writer for this database.
    pub async fn open(store: &Store) -> Result<Self, StoreError> {
        Ok(match store {
            Store::Sqlite(engine) => {
                Self::Sqlite(sqlite::Writer::spawn(engine.path(), engine.gate()).await?)
            }
            Store::Postgres(engine) => Self::Postgres(engine.ingest.clone(), Rulesets::default()),
        })
    }

    /// Lets go of the database.
    pub async fn close(self) {
        match self {
            Self::Sqlite(writer) => writer.close().await,
            Self::Postgres(..) => {}
        }
    }

    /// Applies a group in one transaction, and hands the batches back.
    pub async fn commit(
        &mut self,
        batches: Vec<Batch>,
        now: Timestamp,
    ) -> (Vec<Batch>, Result<Committed, StoreError>) {
        match self {
            Self::Sqlite(writer) => writer.commit(batches, now).await,
            Self::Postgres(pool, rulesets) => {
                let outcome = postgres::commit(pool, rulesets, &batches, now).await;
                (batches, outcome)
            }
        }
    }
}

/// Spans of a device between two instants.
const AROUND: &str = "\
    SELECT a.started_at, a.duration_seconds, a.session_id, a.activity_type \
    FROM activity_logs a JOIN sync_streams s ON s.id = a.stream_id \
    WHERE a.user_id = $1 AND a.started_at >= $2 AND a.started_at < $3 AND s.device_id = $4 AND s.organization_id = $5";

/// A person's spans of a day, all devices.
const DAY_SPANS: &str = "\
    SELECT stream_id, session_id, activity_type, started_at, duration_seconds, application, url, title, \
        category_id \
    FROM activity_logs \
    WHERE user_id = $1 AND started_at >= $2 AND started_at < $3 AND organization_id = $4";

/// A day that several devices share. (SQLite counts `$n` by where they stand: keep them in order.)
const REPLACE_DAY: &str = "\
    UPDATE daily_summaries SET device_id = NULL, active_seconds = $1, idle_seconds = $2, \
        unobserved_seconds = $3, time_zone = $4, updated_at = $5, first_input_at = $6, \
        last_input_at = $7, made_at = NULL, month_at = NULL \
    WHERE organization_id = $8 AND user_id = $9 AND day = $10";

/// What a day said by hour and by usage, before it is made again.
const CLEAR_ROLLUPS: [&str; 2] = [
    "UPDATE hour_days SET active_seconds = 0, idle_seconds = 0, unobserved_seconds = 0 \
     WHERE organization_id = $1 AND user_id = $2 AND day = $3",
    "UPDATE application_days SET active_seconds = 0, idle_seconds = 0, \
         titled_active_seconds = 0, titled_idle_seconds = 0 \
     WHERE organization_id = $1 AND user_id = $2 AND day = $3",
];

/// An organization's columns, and the version of its categories' rules.
type OrganizationRow = (String, i64, i64, i64);

/// An organization's rules from its columns.
fn rules(
    (zone_name, retention_days, policy_version, _): OrganizationRow,
    categories: Arc<Ruleset>,
) -> Result<Rules, StoreError> {
    let zone = TimeZone::get(&zone_name)
        .map_err(|_| StoreError::Corrupt(format!("time zone {zone_name:?}")))?;
    Ok(Rules {
        zone,
        zone_name,
        retention_days,
        policy_version,
        categories,
    })
}
