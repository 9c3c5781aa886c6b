//! What can be read of a damaged file, taken over into a new one.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, OpenFlags, params};

use super::{Outbox, OutboxError, answer::count_dropped, witness};
use crate::clock::Clock;

/// What was saved, and where the damaged file is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Salvaged {
    /// The damaged file, renamed.
    pub put_aside: PathBuf,
    /// Items that will be sent.
    pub pending: usize,
    /// Items that waited in the damaged file and could not be read.
    pub lost: i64,
}

/// A row of another file.
pub(super) struct Row {
    state: i64,
    made_at: i64,
    settled_at: Option<i64>,
    reason: Option<String>,
    kind: Option<i64>,
    started_at: Option<i64>,
    seconds: Option<i64>,
    body: String,
}

impl Row {
    pub(super) const fn is_pending(&self) -> bool {
        self.state == 0
    }

    /// Writes it under another number.
    pub(super) fn insert(
        &self,
        connection: &Connection,
        epoch: i64,
        seq: i64,
    ) -> rusqlite::Result<()> {
        connection
            .prepare_cached(
                "INSERT INTO items (epoch, seq, state, made_at, settled_at, reason, kind, started_at, seconds, body)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?
            .execute(params![
                epoch, seq, self.state, self.made_at, self.settled_at, self.reason, self.kind,
                self.started_at, self.seconds, self.body
            ])?;
        Ok(())
    }
}

/// What can be read of a file's rows, oldest first.
pub(super) fn rows(of: &Connection) -> Vec<Row> {
    let mut rows = BTreeMap::new();
    // From both ends: a damaged page in the middle stops each of them at its place.
    for order in ["ASC", "DESC"] {
        let _ = read_rows(of, order, &mut rows);
    }
    rows.into_values().collect()
}

/// Puts the damaged file aside and fills a new one. Facts (the running session) go over
/// when they can be read; the new file begins a new epoch.
pub(super) fn salvage(path: &Path, clock: &dyn Clock) -> Result<Salvaged, OutboxError> {
    // Before the new file writes its own.
    let witness = witness::read(path);
    let put_aside = put_aside(path, clock).map_err(OutboxError::PutAside)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let (mut rows, mut facts, mut expected) = (Vec::new(), Vec::new(), None);
    // Every part may fail by itself: what can be read is read.
    if let Ok(old) = Connection::open_with_flags(&put_aside, flags) {
        rows = self::rows(&old);
        let _ = read_facts(&old, &mut facts);
        expected = expected_pending(&old).ok();
    }
    let expected = expected.or(witness).unwrap_or(0);
    let (outbox, _) = Outbox::open(path, clock)?;
    let epoch = outbox.epoch.no;
    let mut connection = outbox.connection;
    let transaction = connection.transaction()?;
    let (mut seq, mut pending) = (0, 0_usize);
    for row in rows {
        seq += 1;
        row.insert(&transaction, epoch, seq)?;
        match row.state {
            0 => pending += 1,
            1 => {
                transaction.execute(
                    "UPDATE epochs SET stored = stored + 1 WHERE no = ?1",
                    [epoch],
                )?;
            }
            _ => {
                let reason = row.reason.as_deref().unwrap_or("unspecified");
                count_dropped(&transaction, epoch, reason, 1)?;
            }
        }
    }
    let lost = (expected - i64::try_from(pending).unwrap_or(i64::MAX)).max(0);
    if lost > 0 {
        count_dropped(&transaction, epoch, "damaged", lost)?;
    }
    transaction.execute(
        "UPDATE epochs SET next_seq = ?2 + 1, produced = ?2 + ?3 WHERE no = ?1",
        params![epoch, seq, lost],
    )?;
    for (key, value) in &facts {
        super::set_fact(&transaction, key, value)?;
    }
    transaction.commit()?;
    drop(connection);
    tracing::warn!(
        pending,
        lost,
        put_aside = %put_aside.display(),
        "the damaged outbox was put aside, its readable items were taken over"
    );
    Ok(Salvaged {
        put_aside,
        pending,
        lost,
    })
}

fn put_aside(path: &Path, clock: &dyn Clock) -> io::Result<PathBuf> {
    let mut number = clock.wall().as_millis();
    let with = |suffix: &str| {
        let mut name = OsString::from(path);
        name.push(suffix);
        PathBuf::from(name)
    };
    while with(&format!(".damaged-{number}")).exists() {
        number += 1;
    }
    let aside = with(&format!(".damaged-{number}"));
    // The journal keeps its name beside the file, so that reading finds it.
    for tail in ["-wal", "-shm"] {
        let from = with(tail);
        if from.exists() {
            fs::rename(from, with(&format!(".damaged-{number}{tail}")))?;
        }
    }
    fs::rename(path, &aside)?;
    Ok(aside)
}

fn read_rows(
    old: &Connection,
    order: &str,
    rows: &mut BTreeMap<(i64, i64), Row>,
) -> rusqlite::Result<()> {
    let mut statement = old.prepare(&format!(
        "SELECT epoch, seq, state, made_at, settled_at, reason, kind, started_at, seconds, body
         FROM items ORDER BY epoch {order}, seq {order}"
    ))?;
    let mut found = statement.query([])?;
    while let Some(row) = found.next()? {
        let (Ok(epoch), Ok(seq), Ok(state), Ok(body)) =
            (row.get(0), row.get(1), row.get(2), row.get::<_, String>(9))
        else {
            continue;
        };
        // A body that is not an item would be refused with all that travels beside it.
        if !(0..=2).contains(&state)
            || serde_json::from_str::<shared_types::sync::SyncItemBody>(&body).is_err()
        {
            continue;
        }
        rows.insert(
            (epoch, seq),
            Row {
                state,
                made_at: row.get(3).unwrap_or(0),
                settled_at: row.get(4).unwrap_or(None),
                reason: row.get(5).unwrap_or(None),
                kind: row.get(6).unwrap_or(None),
                started_at: row.get(7).unwrap_or(None),
                seconds: row.get(8).unwrap_or(None),
                body,
            },
        );
    }
    Ok(())
}

pub(super) fn read_facts(
    old: &Connection,
    facts: &mut Vec<(String, String)>,
) -> rusqlite::Result<()> {
    let mut statement = old.prepare("SELECT key, value FROM meta")?;
    let mut found = statement.query([])?;
    while let Some(row) = found.next()? {
        facts.push((row.get(0)?, row.get(1)?));
    }
    Ok(())
}

fn expected_pending(old: &Connection) -> rusqlite::Result<i64> {
    old.query_row(
        "SELECT (SELECT sum(produced - stored) FROM epochs) - (SELECT coalesce(sum(items), 0) FROM dropped)",
        [],
        |row| row.get(0),
    )
}
