//! What the outbox tells about itself: counters, totals, rows for the employee to read; and
//! what it forgets after a while.

use std::{collections::BTreeMap, path::Path};

use rusqlite::{
    Connection, OpenFlags, TransactionBehavior, params,
    types::{FromSql, FromSqlResult, ValueRef},
};
use serde::Serialize;
use shared_types::{
    Timestamp,
    live::DayTotals,
    sync::{Counters, SyncItemBody},
};

use super::{Outbox, OutboxError, answer::count_dropped, insert_item};
use crate::sampler::covered::Covered;

const DAY_MILLIS: i64 = 86_400_000;
/// A server restored from a backup of yesterday can ask for these again.
const KEEP_ACKNOWLEDGED_MILLIS: i64 = DAY_MILLIS;
/// Long enough for someone to ask why.
const KEEP_REJECTED_MILLIS: i64 = 30 * DAY_MILLIS;

/// Where an item stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// Not acknowledged yet.
    Pending,
    /// On the server; kept for 24 hours.
    Acknowledged,
    /// Refused; kept for 30 days.
    Rejected,
}

impl FromSql for ItemState {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Ok(match value.as_i64()? {
            0 => Self::Pending,
            1 => Self::Acknowledged,
            _ => Self::Rejected,
        })
    }
}

/// One row, as the employee may read it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KeptItem {
    /// Its number within its epoch.
    pub seq: i64,
    /// Where it stands.
    pub state: ItemState,
    /// When it was made.
    pub made_at: Timestamp,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The item, exactly as it is sent.
    pub item: serde_json::Value,
}

impl Outbox {
    /// The device's account over all epochs.
    pub fn counters(&self) -> Result<Counters, OutboxError> {
        Ok(counters(&self.connection, None)?)
    }

    /// Adds the current epoch's account as an item, for the server to compare with its own.
    pub fn insert_counters(&mut self, now: Timestamp) -> Result<(), OutboxError> {
        self.connection
            .pragma_update(None, "synchronous", "NORMAL")?;
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let epoch = self.epoch.no;
        let seq: i64 = transaction.query_row(
            "UPDATE epochs SET next_seq = next_seq + 1, produced = produced + 1
             WHERE no = ?1 RETURNING next_seq - 1",
            [epoch],
            |row| row.get(0),
        )?;
        // Includes itself, so that the sum holds at the server too.
        let account = counters(&transaction, Some(epoch))?;
        insert_item(
            &transaction,
            epoch,
            seq,
            &SyncItemBody::Counters(account),
            now,
        )?;
        transaction.commit()?;
        Ok(())
    }

    /// Counts items that were never kept.
    pub fn drop_unkept(&mut self, reason: &str, items: i64) -> Result<(), OutboxError> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute(
            "UPDATE epochs SET produced = produced + ?2 WHERE no = ?1",
            params![self.epoch.no, items],
        )?;
        count_dropped(&transaction, self.epoch.no, reason, items)?;
        transaction.commit()?;
        Ok(())
    }

    /// Seconds by kind in spans that begin in `[from, to)`, as far as they are still kept.
    pub fn totals(&self, from: Timestamp, to: Timestamp) -> Result<DayTotals, OutboxError> {
        Ok(totals(&self.connection, from, to)?)
    }

    /// The stretch of time in which the kept spans lie, for when nothing else is known.
    pub fn covered(&self) -> Result<Covered, OutboxError> {
        let (from, to) = self.connection.query_row(
            "SELECT coalesce(min(started_at), 0), coalesce(max(started_at + seconds * 1000), 0) FROM items",
            [],
            |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)),
        )?;
        let mut covered = Covered::default();
        covered.insert(from / 1_000, to / 1_000);
        Ok(covered)
    }

    /// Forgets what has been settled long enough. Returns how many rows.
    pub fn prune(&mut self, now: Timestamp) -> Result<usize, OutboxError> {
        self.connection
            .pragma_update(None, "synchronous", "NORMAL")?;
        Ok(self.connection.execute(
            "DELETE FROM items WHERE (state = 1 AND settled_at < ?1) OR (state = 2 AND settled_at < ?2)",
            params![
                now.as_millis() - KEEP_ACKNOWLEDGED_MILLIS,
                now.as_millis() - KEEP_REJECTED_MILLIS
            ],
        )?)
    }
}

fn totals(connection: &Connection, from: Timestamp, to: Timestamp) -> rusqlite::Result<DayTotals> {
    connection.query_row(
        "SELECT coalesce(sum(seconds) FILTER (WHERE kind = 0), 0),
                coalesce(sum(seconds) FILTER (WHERE kind = 1), 0),
                coalesce(sum(seconds) FILTER (WHERE kind = 2), 0)
         FROM items WHERE started_at >= ?1 AND started_at < ?2",
        params![from.as_millis(), to.as_millis()],
        |row| {
            Ok(DayTotals {
                active_seconds: row.get(0)?,
                idle_seconds: row.get(1)?,
                unobserved_seconds: row.get(2)?,
            })
        },
    )
}

/// The account of one epoch, or of all.
pub(super) fn counters(connection: &Connection, epoch: Option<i64>) -> rusqlite::Result<Counters> {
    let (produced, stored) = connection.query_row(
        "SELECT coalesce(sum(produced), 0), coalesce(sum(stored), 0)
         FROM epochs WHERE no = coalesce(?1, no)",
        [epoch],
        |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)),
    )?;
    let dropped: BTreeMap<String, i64> = connection
        .prepare_cached(
            "SELECT reason, sum(items) FROM dropped WHERE epoch = coalesce(?1, epoch) GROUP BY reason",
        )?
        .query_map([epoch], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let pending = produced - stored - dropped.values().sum::<i64>();
    Ok(Counters {
        produced,
        stored,
        pending,
        dropped,
    })
}

/// Reads an outbox that an agent may have open: rows, oldest first, at most `limit` of the
/// newest; and the account. Changes nothing.
pub fn read_only(path: &Path, limit: usize) -> Result<(Vec<KeptItem>, Counters), OutboxError> {
    let connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version == 0 {
        // An agent is making it at this moment.
        return Ok((Vec::new(), Counters::default()));
    }
    let mut rows: Vec<KeptItem> = connection
        .prepare(
            "SELECT seq, state, made_at, reason, body FROM items
             ORDER BY epoch DESC, seq DESC LIMIT ?1",
        )?
        .query_map([i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
            let body: String = row.get(4)?;
            Ok(KeptItem {
                seq: row.get(0)?,
                state: row.get(1)?,
                made_at: Timestamp::from_millis(row.get(2)?),
                reason: row.get(3)?,
                item: serde_json::from_str(&body).unwrap_or(serde_json::Value::String(body)),
            })
        })?
        .collect::<Result<_, _>>()?;
    rows.reverse();
    let account = counters(&connection, None)?;
    Ok((rows, account))
}

#[cfg(test)]
pub(super) fn count_pending(outbox: &Outbox) -> i64 {
    outbox
        .connection
        .query_row("SELECT count(*) FROM items WHERE state = 0", [], |row| {
            row.get(0)
        })
        .unwrap()
}
