//! Reads an outbox that an agent may have open, for the person whose rows it holds: page by
//! page, searched, by where a row stands; and the spans of a stretch of time. Changes nothing.
//!
//! It must not know how rows are shown.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};
use shared_types::{
    Timestamp,
    activity::Activity,
    sync::{Counters, SyncItemBody},
};

use super::{ItemState, OutboxError, account, aside};
use crate::engine::{REMOVALS, Removals};

/// Most rows of one page.
pub const PAGE_MAX: usize = 200;
/// Most spans of one stretch of time: a day of seconds-long changes.
const SPANS_MAX: i64 = 10_000;

/// Where a row stands in the order of all rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The numbering.
    pub epoch: i64,
    /// The number in it.
    pub seq: i64,
}

/// What to read.
#[derive(Debug, Clone, Default)]
pub struct Query<'a> {
    /// Only rows whose text holds this, without regard to the case of ASCII letters; empty: any.
    pub search: &'a str,
    /// Only rows that stand so.
    pub state: Option<ItemState>,
    /// Only rows older than this one.
    pub before: Option<Place>,
    /// How many, at most [`PAGE_MAX`].
    pub limit: usize,
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRow {
    /// Its place.
    pub place: Place,
    /// Where it stands.
    pub state: ItemState,
    /// When it was made.
    pub made_at: Timestamp,
    /// Why it was refused.
    pub reason: Option<String>,
    /// The item exactly as it is sent.
    pub body: String,
}

impl StoredRow {
    /// What the body says; absent where a newer agent wrote it.
    #[must_use]
    pub fn item(&self) -> Option<SyncItemBody> {
        serde_json::from_str(&self.body).ok()
    }
}

/// How many rows stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// All that are kept.
    pub all: i64,
    /// Not acknowledged yet.
    pub pending: i64,
    /// On the server.
    pub acknowledged: i64,
    /// Refused by it.
    pub rejected: i64,
}

/// An outbox, opened for reading.
#[derive(Debug)]
pub struct Reader(Connection);

impl Reader {
    /// Opens the outbox of a data directory; `None` where nothing has been recorded yet.
    pub fn open(data_dir: &Path) -> Result<Option<Self>, OutboxError> {
        let path = aside::in_use(data_dir);
        if !path.exists() {
            return Ok(None);
        }
        let connection = Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        connection.busy_timeout(Duration::from_secs(5))?;
        let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        // An agent is making it at this moment.
        Ok((version > 0).then_some(Self(connection)))
    }

    /// Rows, newest first.
    pub fn rows(&self, query: &Query<'_>) -> Result<Vec<StoredRow>, OutboxError> {
        let state = query.state.map(code);
        let before = query.before.unwrap_or(Place {
            epoch: i64::MAX,
            seq: i64::MAX,
        });
        let limit = i64::try_from(query.limit.min(PAGE_MAX)).unwrap_or(0);
        Ok(self
            .0
            .prepare_cached(
                "SELECT epoch, seq, state, made_at, reason, body FROM items
                 WHERE (epoch, seq) < (?1, ?2)
                   AND (?3 IS NULL OR state = ?3)
                   AND (?4 = '' OR instr(lower(body), lower(?4)) > 0)
                 ORDER BY epoch DESC, seq DESC LIMIT ?5",
            )?
            .query_map(
                params![before.epoch, before.seq, state, query.search, limit],
                read_row,
            )?
            .collect::<Result<_, _>>()?)
    }

    /// How many rows stand where.
    pub fn standing(&self) -> Result<Standing, OutboxError> {
        Ok(self.0.query_row(
            "SELECT count(*), count(*) FILTER (WHERE state = 0),
                    count(*) FILTER (WHERE state = 1), count(*) FILTER (WHERE state = 2)
             FROM items",
            [],
            |row| {
                Ok(Standing {
                    all: row.get(0)?,
                    pending: row.get(1)?,
                    acknowledged: row.get(2)?,
                    rejected: row.get(3)?,
                })
            },
        )?)
    }

    /// The account over all epochs.
    pub fn counters(&self) -> Result<Counters, OutboxError> {
        Ok(account::counters(&self.0, None)?)
    }

    /// Spans that begin in `[from, to)`, in the order of their begin, as far as they are still
    /// kept; at most 10,000.
    pub fn spans(&self, from: Timestamp, to: Timestamp) -> Result<Vec<Activity>, OutboxError> {
        let bodies: Vec<String> = self
            .0
            .prepare_cached(
                "SELECT body FROM items WHERE started_at >= ?1 AND started_at < ?2
                 ORDER BY started_at LIMIT ?3",
            )?
            .query_map(
                params![from.as_millis(), to.as_millis(), SPANS_MAX],
                |row| row.get(0),
            )?
            .collect::<Result<_, _>>()?;
        Ok(bodies
            .iter()
            .filter_map(|body| match serde_json::from_str(body) {
                Ok(SyncItemBody::Activity(span)) => Some(span),
                _ => None,
            })
            .collect())
    }

    /// Which rules held something back, and when.
    pub fn removals(&self) -> Result<Removals, OutboxError> {
        let text: Option<String> = self
            .0
            .query_row("SELECT value FROM meta WHERE key = ?1", [REMOVALS], |row| {
                row.get(0)
            })
            .optional()?;
        // What cannot be read explains nothing, and is no reason to show nothing.
        Ok(text
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default())
    }
}

const fn code(state: ItemState) -> i64 {
    match state {
        ItemState::Pending => 0,
        ItemState::Acknowledged => 1,
        ItemState::Rejected => 2,
    }
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<StoredRow> {
    Ok(StoredRow {
        place: Place {
            epoch: row.get(0)?,
            seq: row.get(1)?,
        },
        state: row.get(2)?,
        made_at: Timestamp::from_millis(row.get(3)?),
        reason: row.get(4)?,
        body: row.get(5)?,
    })
}
