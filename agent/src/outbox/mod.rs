//! The outbox: items that were made and are not on the server yet.
//!
//! # Format
//! One SQLite database (`outbox.db`, WAL), made by `migrations/agent/`. `items` holds one row
//! per item, keyed by `(epoch, seq)`; `seq` counts from 1 without gaps within an epoch and is
//! drawn in the inserting transaction. A row is *pending*, *acknowledged* or *rejected*.
//! `epochs` and `dropped` hold the counters, `meta` small facts such as the running session,
//! which change in the same transaction as the items that they belong to.
//!
//! # What holds
//! - An insert that returned is on the disk (`synchronous=FULL`). An insert that failed may
//!   be on the disk all the same: [`Keeper`] finds out before it tries again.
//! - A row stops being pending only by a parsed answer that names it ([`Outbox::settle`]).
//!   Acknowledged rows stay 24 hours, rejected ones 30 days, pending ones for ever.
//! - Acknowledgements are written without waiting for the disk (`synchronous=NORMAL`): one
//!   that a power cut loses is answered "duplicate" next time. So a minute costs one fsync.
//! - `produced = stored + pending + Σ dropped`, at every commit.
//!
//! # Limits
//! About 250 bytes a span; nothing bounds pending rows but the disk. When the disk does not
//! take rows, up to [`BUFFER_MAX_ITEMS`] wait in memory; beyond that items are dropped, and
//! counted.
//!
//! # Recovery
//! A file that fails SQLite's quick check on opening is renamed to `outbox.db.damaged-N` and
//! what can be read of it goes into a new file under a new epoch ([`salvage`]); what cannot is
//! counted, by the file beside it where it cannot say itself what it held ([`witness`]). A file of a
//! newer version is left as it is, and a file beside it takes the rows meanwhile ([`aside`]).
//!
//! It must not know the network, the sampler, or what the items say beyond their length.

mod account;
mod answer;
pub(crate) mod aside;
mod keeper;
mod lane;
mod reader;
mod salvage;
mod schema;
#[cfg(test)]
mod tests;
pub(crate) mod witness;

use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode, OptionalExtension, TransactionBehavior, params};
use shared_types::{
    EpochId, Timestamp,
    activity::{Activity, ActivityType},
    sync::SyncItemBody,
};
use uuid::Uuid;

pub use account::{ItemState, KeptItem, read_only};
pub use answer::{Batch, Settled};
pub use aside::{Newer, Opened, in_use};
pub use keeper::{BUFFER_MAX_ITEMS, Keeper};
pub use lane::Lane;
pub use reader::{PAGE_MAX, Place, Query, Reader, Standing, StoredRow};
pub use salvage::Salvaged;

use crate::{clock::Clock, failpoint::failpoint};

/// Why the outbox could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    /// The file was written by a newer version.
    #[error(
        "the outbox {path} has version {found}, and this agent knows versions up to {known}. \
         Nothing in it was changed, and what waits in it waits for the newer agent: install it again."
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// The disk does not take it: full, read-only, or failing.
    #[error(
        "the outbox cannot be written ({0}). Nothing that was kept is lost; free some space or make the directory writable."
    )]
    Unwritable(#[source] rusqlite::Error),
    /// The file is damaged.
    #[error("the outbox is damaged ({0}); it is repaired when it is opened again")]
    Damaged(#[source] rusqlite::Error),
    /// Another error of the database.
    #[error("the outbox failed: {0}")]
    Database(#[source] rusqlite::Error),
    /// A file could not be moved out of the way.
    #[error("the damaged outbox cannot be put aside: {0}")]
    PutAside(#[source] std::io::Error),
}

impl OutboxError {
    /// Whether trying again later is pointless.
    #[must_use]
    pub const fn is_permanent(&self) -> bool {
        matches!(self, Self::Newer { .. })
    }
}

impl From<rusqlite::Error> for OutboxError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(
                ErrorCode::DiskFull
                | ErrorCode::ReadOnly
                | ErrorCode::SystemIoFailure
                | ErrorCode::CannotOpen
                | ErrorCode::PermissionDenied,
            ) => Self::Unwritable(error),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(error),
            _ => Self::Database(error),
        }
    }
}

/// The numbering in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Epoch {
    no: i64,
    id: EpochId,
}

/// One outbox file, opened for writing. See the module.
#[derive(Debug)]
pub struct Outbox {
    connection: Connection,
    path: PathBuf,
    epoch: Epoch,
}

impl Outbox {
    /// Opens or makes the file. A damaged one is put aside and what could be read of it is
    /// taken over; the second value says so.
    pub fn open(path: &Path, clock: &dyn Clock) -> Result<(Self, Option<Salvaged>), OutboxError> {
        match Self::open_healthy(path, clock) {
            Ok(outbox) => Ok((outbox, None)),
            Err(OutboxError::Damaged(error)) => {
                tracing::error!(error = %error, "the outbox is damaged, what can be read is taken over");
                let salvaged = salvage::salvage(path, clock)?;
                // A second failure is not repaired again: that would loop.
                Ok((Self::open_healthy(path, clock)?, Some(salvaged)))
            }
            Err(error) => Err(error),
        }
    }

    fn open_healthy(path: &Path, clock: &dyn Clock) -> Result<Self, OutboxError> {
        let mut connection = schema::open(path)?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let newest = transaction
            .query_row(
                "SELECT no, id FROM epochs ORDER BY no DESC LIMIT 1",
                [],
                |row| {
                    Ok(Epoch {
                        no: row.get(0)?,
                        id: EpochId(Uuid::from_bytes(row.get(1)?)),
                    })
                },
            )
            .optional()?;
        let epoch = match newest {
            Some(epoch) => epoch,
            None => begin_epoch(&transaction, 1, clock)?,
        };
        transaction.commit()?;
        let outbox = Self {
            connection,
            path: path.to_owned(),
            epoch,
        };
        outbox.bear_witness();
        Ok(outbox)
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The numbering in use.
    #[must_use]
    pub const fn epoch(&self) -> EpochId {
        self.epoch.id
    }

    /// Adds items and sets facts, in one transaction that is on the disk when this returns.
    /// Returns the number of the last item.
    pub fn insert(
        &mut self,
        items: &[SyncItemBody],
        facts: &[(&str, &str)],
        now: Timestamp,
    ) -> Result<i64, OutboxError> {
        failpoint("before_insert");
        self.connection.pragma_update(None, "synchronous", "FULL")?;
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let first: i64 = transaction.query_row(
            "SELECT next_seq FROM epochs WHERE no = ?1",
            [self.epoch.no],
            |row| row.get(0),
        )?;
        let mut next = first;
        for item in items {
            insert_item(&transaction, self.epoch.no, next, item, now)?;
            next += 1;
        }
        if next > first {
            transaction.execute(
                "UPDATE epochs SET next_seq = ?2, produced = produced + ?3 WHERE no = ?1",
                params![self.epoch.no, next, next - first],
            )?;
        }
        for (key, value) in facts {
            set_fact(&transaction, key, value)?;
        }
        failpoint("before_commit");
        transaction.commit()?;
        failpoint("after_commit");
        if next > first {
            self.bear_witness();
        }
        Ok(next - 1)
    }

    /// A fact that was set with [`Outbox::insert`].
    pub fn fact(&self, key: &str) -> Result<Option<String>, OutboxError> {
        Ok(self
            .connection
            .prepare_cached("SELECT value FROM meta WHERE key = ?1")?
            .query_row([key], |row| row.get(0))
            .optional()?)
    }
}

fn set_fact(connection: &Connection, key: &str, value: &str) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO meta (key, value) VALUES (?1, ?2)
             ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )?
        .execute([key, value])?;
    Ok(())
}

fn begin_epoch(connection: &Connection, no: i64, clock: &dyn Clock) -> rusqlite::Result<Epoch> {
    let id = EpochId(clock.new_uuid());
    connection.execute(
        "INSERT INTO epochs (no, id, started_at) VALUES (?1, ?2, ?3)",
        params![no, id.uuid().as_bytes(), clock.wall().as_millis()],
    )?;
    Ok(Epoch { no, id })
}

fn insert_item(
    connection: &Connection,
    epoch: i64,
    seq: i64,
    item: &SyncItemBody,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let span = match item {
        SyncItemBody::Activity(span) => Some(span),
        _ => None,
    };
    let body = serde_json::to_string(item).expect("an item is plain data");
    connection
        .prepare_cached(
            "INSERT INTO items (epoch, seq, made_at, kind, started_at, seconds, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            epoch,
            seq,
            now.as_millis(),
            span.map(kind_code),
            span.map(|span| span.started_at.as_millis()),
            span.map(|span| span.duration_seconds),
            body,
        ])?;
    Ok(())
}

const fn kind_code(span: &Activity) -> i64 {
    match span.activity_type {
        ActivityType::Active => 0,
        ActivityType::Idle => 1,
        ActivityType::Unobserved => 2,
    }
}
