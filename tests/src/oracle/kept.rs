//! What the agent kept: its outbox, read as a file.

use std::{collections::BTreeMap, path::Path};

use anyhow::{Context, Result};
use rusqlite::{Connection, OpenFlags};
use shared_types::sync::SyncItemBody;
use uuid::Uuid;

/// An outbox. Acknowledged rows stay in it for a day, so everything made in a test is there.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    /// Every item by epoch and number.
    pub items: BTreeMap<(Uuid, i64), SyncItemBody>,
    /// Items not yet acknowledged.
    pub pending: i64,
    /// Numbers and reasons of items that the server refused.
    pub rejected: Vec<(i64, String)>,
    /// The agent's own counters, over all epochs.
    pub produced: i64,
    /// Acknowledged, by its own account.
    pub stored: i64,
    /// Dropped, by its own account.
    pub dropped: i64,
}

/// Reads an outbox that an agent may be using.
///
/// # Errors
/// When it is not there, or not as its migrations make it.
pub fn read(path: &Path) -> Result<Kept> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags).context("the outbox")?;
    db.busy_timeout(std::time::Duration::from_secs(5))?;
    let mut kept = Kept::default();
    let one = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0));
    kept.produced = one("SELECT coalesce(sum(produced), 0) FROM epochs")?;
    kept.stored = one("SELECT coalesce(sum(stored), 0) FROM epochs")?;
    kept.dropped = one("SELECT coalesce(sum(items), 0) FROM dropped")?;
    kept.pending = one("SELECT count(*) FROM items WHERE state = 0")?;
    let mut rows = db.prepare(
        "SELECT epochs.id, items.seq, items.state, coalesce(items.reason, ''), items.body \
         FROM items JOIN epochs ON epochs.no = items.epoch ORDER BY items.epoch, items.seq",
    )?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        let epoch = Uuid::from_slice(row.get_ref(0)?.as_blob()?)?;
        let (seq, state): (i64, i64) = (row.get(1)?, row.get(2)?);
        if state == 2 {
            kept.rejected.push((seq, row.get(3)?));
        }
        let body: String = row.get(4)?;
        let item = serde_json::from_str(&body).with_context(|| format!("item {seq}: {body}"))?;
        kept.items.insert((epoch, seq), item);
    }
    Ok(kept)
}
