//! What is sent next, and what an answer changes.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _, Rows, TransactionBehavior, params};
use shared_types::{
    EpochId, Timestamp,
    sync::{ItemResult, Outcome},
};

use super::{ItemState, Outbox, OutboxError, begin_epoch};
use crate::{clock::Clock, failpoint::failpoint};

/// Pending items in order, as they are sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The numbering.
    pub epoch: EpochId,
    /// Number and JSON body of each item.
    pub items: Vec<(i64, String)>,
}

/// What an answer changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Settled {
    /// Items that are on the server.
    pub stored: i64,
    /// Items that never will be.
    pub rejected: i64,
}

impl Outbox {
    /// The oldest pending items: at most this many, and at most this many bytes (but always
    /// one item if there is one).
    pub fn batch(&self, most_items: usize, most_bytes: usize) -> Result<Batch, OutboxError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT seq, body FROM items WHERE epoch = ?1 AND state = 0 ORDER BY seq LIMIT ?2",
        )?;
        let limit = i64::try_from(most_items).unwrap_or(i64::MAX);
        let rows = statement.query(params![self.epoch.no, limit])?;
        let mut items = Vec::new();
        fill(&mut items, &mut 0, rows, most_bytes)?;
        Ok(Batch {
            epoch: self.epoch.id,
            items,
        })
    }

    /// Takes an answer to `batch` into account. Only items that were in the batch and that
    /// the answer names change; one that is settled already stays as it is.
    pub fn settle(
        &mut self,
        batch: &Batch,
        results: &[ItemResult],
        now: Timestamp,
    ) -> Result<Settled, OutboxError> {
        if batch.epoch != self.epoch.id {
            return Ok(Settled::default());
        }
        failpoint("before_ack");
        let asked: BTreeSet<i64> = batch.items.iter().map(|(seq, _)| *seq).collect();
        // Losing an acknowledgement in a power cut is harmless: see the module's header.
        self.connection
            .pragma_update(None, "synchronous", "NORMAL")?;
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut settled = Settled::default();
        for result in results.iter().filter(|result| asked.contains(&result.seq)) {
            let (state, reason) = match result.outcome {
                Outcome::Stored | Outcome::Duplicate => (1, None),
                Outcome::Rejected => (
                    2,
                    Some(
                        result
                            .reason
                            .map_or("unspecified", |reason| reason.as_str()),
                    ),
                ),
            };
            if !mark(&transaction, self.epoch.no, result.seq, state, reason, now)? {
                continue;
            }
            if let Some(reason) = reason {
                count_dropped(&transaction, self.epoch.no, reason, 1)?;
                settled.rejected += 1;
            } else {
                settled.stored += 1;
            }
        }
        transaction.execute(
            "UPDATE epochs SET stored = stored + ?2 WHERE no = ?1",
            params![self.epoch.no, settled.stored],
        )?;
        transaction.commit()?;
        failpoint("after_ack");
        self.bear_witness();
        Ok(settled)
    }

    /// Keeps an item aside that the server refuses by itself, so that those behind it pass.
    pub fn set_aside(&mut self, seq: i64, reason: &str, now: Timestamp) -> Result<(), OutboxError> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        if mark(&transaction, self.epoch.no, seq, 2, Some(reason), now)? {
            count_dropped(&transaction, self.epoch.no, reason, 1)?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Where the item of this number stands; `None` where there is none any more.
    pub fn state_of(&self, seq: i64) -> Result<Option<ItemState>, OutboxError> {
        Ok(self
            .connection
            .prepare_cached("SELECT state FROM items WHERE epoch = ?1 AND seq = ?2")?
            .query_row(params![self.epoch.no, seq], |row| row.get(0))
            .optional()?)
    }

    /// The server lost acknowledged items from this number on: they are pending again.
    /// Returns how many.
    pub fn send_again_from(&mut self, seq: i64) -> Result<i64, OutboxError> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let again = transaction.execute(
            "UPDATE items SET state = 0, settled_at = NULL
             WHERE epoch = ?1 AND seq >= ?2 AND state = 1",
            params![self.epoch.no, seq],
        )?;
        let again = i64::try_from(again).unwrap_or(i64::MAX);
        transaction.execute(
            "UPDATE epochs SET stored = stored - ?2 WHERE no = ?1",
            params![self.epoch.no, again],
        )?;
        transaction.commit()?;
        Ok(again)
    }

    /// Begins a new numbering (another copy of this profile uses the old one): pending items
    /// move over and get new numbers, in their order.
    pub fn begin_new_epoch(&mut self, clock: &dyn Clock) -> Result<(), OutboxError> {
        self.connection.pragma_update(None, "synchronous", "FULL")?;
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let old = self.epoch.no;
        let new = begin_epoch(&transaction, old + 1, clock)?;
        let pending: Vec<i64> = transaction
            .prepare("SELECT seq FROM items WHERE epoch = ?1 AND state = 0 ORDER BY seq")?
            .query_map([old], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let mut next = 1;
        {
            let mut renumber = transaction
                .prepare("UPDATE items SET epoch = ?3, seq = ?4 WHERE epoch = ?1 AND seq = ?2")?;
            for seq in pending {
                renumber.execute(params![old, seq, new.no, next])?;
                next += 1;
            }
        }
        let moved = next - 1;
        transaction.execute(
            "UPDATE epochs SET produced = produced - ?2 WHERE no = ?1",
            params![old, moved],
        )?;
        transaction.execute(
            "UPDATE epochs SET produced = ?2, next_seq = ?3 WHERE no = ?1",
            params![new.no, moved, next],
        )?;
        transaction.commit()?;
        self.epoch = new;
        Ok(())
    }
}

/// Takes rows (number, body) in until they would be more than `most_bytes`, but at least one.
pub(super) fn fill(
    items: &mut Vec<(i64, String)>,
    bytes: &mut usize,
    mut rows: Rows<'_>,
    most_bytes: usize,
) -> rusqlite::Result<()> {
    while let Some(row) = rows.next()? {
        let body: String = row.get(1)?;
        *bytes += body.len() + 32;
        if *bytes > most_bytes && !items.is_empty() {
            break;
        }
        items.push((row.get(0)?, body));
    }
    Ok(())
}

/// Settles one pending item; false if it was not pending.
fn mark(
    connection: &Connection,
    epoch: i64,
    seq: i64,
    state: i64,
    reason: Option<&str>,
    now: Timestamp,
) -> rusqlite::Result<bool> {
    Ok(connection
        .prepare_cached(
            "UPDATE items SET state = ?3, reason = ?4, settled_at = ?5
             WHERE epoch = ?1 AND seq = ?2 AND state = 0",
        )?
        .execute(params![epoch, seq, state, reason, now.as_millis()])?
        == 1)
}

pub(super) fn count_dropped(
    connection: &Connection,
    epoch: i64,
    reason: &str,
    items: i64,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO dropped (epoch, reason, items) VALUES (?1, ?2, ?3)
             ON CONFLICT (epoch, reason) DO UPDATE SET items = items + excluded.items",
        )?
        .execute(params![epoch, reason, items])?;
    Ok(())
}
