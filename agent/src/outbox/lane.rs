//! Today's rows on a lane of their own: after weeks offline a person's manager sees today
//! before the backlog has gone out.
//!
//! The server takes numbers in any order, but a span only behind the start of its session. So
//! the lane begins at today's first waiting row, and takes the start of the session that this
//! row belongs to along where it waits too.

use rusqlite::{OptionalExtension as _, params};
use shared_types::Timestamp;

use super::{Batch, Outbox, OutboxError, answer::fill};

/// Where today's rows begin among those that wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lane {
    epoch: i64,
    from: i64,
    /// The start of the session that was running then, before `from`.
    session_started: Option<i64>,
}

impl Lane {
    /// The number of its first row.
    #[must_use]
    pub const fn from(&self) -> i64 {
        self.from
    }
}

impl Outbox {
    /// The lane of the rows made from this instant on; `None` where no older ones wait before
    /// them. Rows that are made later belong to it by their number.
    pub fn lane(&self, made_from: Timestamp) -> Result<Option<Lane>, OutboxError> {
        // The newest first, so that a long backlog is not read.
        let mut waiting = self.connection.prepare_cached(
            "SELECT seq, made_at FROM items WHERE epoch = ?1 AND state = 0 ORDER BY seq DESC",
        )?;
        let mut rows = waiting.query([self.epoch.no])?;
        let (mut from, mut older) = (None, false);
        while let Some(row) = rows.next()? {
            let seq: i64 = row.get(0)?;
            if row.get::<_, i64>(1)? < made_from.as_millis() {
                older = true;
                // None is of today yet: the next one is.
                from = from.or(Some(seq + 1));
                break;
            }
            from = Some(seq);
        }
        let Some(from) = from.filter(|_| older) else {
            return Ok(None);
        };
        let started: Option<(i64, i64)> = self
            .connection
            .query_row(
                r#"SELECT seq, state FROM items
                   WHERE epoch = ?1 AND seq <= ?2 AND kind IS NULL AND body LIKE '{"session_started":%'
                   ORDER BY seq DESC LIMIT 1"#,
                params![self.epoch.no, from],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        Ok(Some(Lane {
            epoch: self.epoch.no,
            from,
            session_started: started
                .filter(|(seq, state)| *state == 0 && *seq < from)
                .map(|(seq, _)| seq),
        }))
    }

    /// The oldest pending items of a lane, bounded as [`Outbox::batch`]. None when the lane is
    /// of another numbering.
    pub fn lane_batch(
        &self,
        lane: &Lane,
        most_items: usize,
        most_bytes: usize,
    ) -> Result<Batch, OutboxError> {
        let mut batch = Batch {
            epoch: self.epoch.id,
            items: Vec::new(),
        };
        if lane.epoch != self.epoch.no {
            return Ok(batch);
        }
        let limit = i64::try_from(most_items).unwrap_or(i64::MAX);
        let mut bytes = 0;
        if let Some(seq) = lane.session_started {
            let mut start = self.connection.prepare_cached(
                "SELECT seq, body FROM items WHERE epoch = ?1 AND seq = ?2 AND state = 0",
            )?;
            let rows = start.query(params![lane.epoch, seq])?;
            fill(&mut batch.items, &mut bytes, rows, most_bytes)?;
        }
        let limit = limit - i64::try_from(batch.items.len()).unwrap_or(0);
        let mut rest = self.connection.prepare_cached(
            "SELECT seq, body FROM items WHERE epoch = ?1 AND state = 0 AND seq >= ?2
             ORDER BY seq LIMIT ?3",
        )?;
        let rows = rest.query(params![lane.epoch, lane.from, limit])?;
        let before = batch.items.len();
        fill(&mut batch.items, &mut bytes, rows, most_bytes)?;
        if batch.items.len() == before {
            // A session's start alone is nothing of today.
            batch.items.clear();
        }
        Ok(batch)
    }
}
