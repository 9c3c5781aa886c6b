//! Copies of the embedded database: made beside a running server, looked at before they are
//! trusted, put in its place.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags};
use serde::{Deserialize, Serialize};
use shared_types::Timestamp;

use super::{DatabaseTarget, Store, StoreError, checks};

/// How long a writer is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is known of a copy; kept beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// When it was made.
    pub made_at: Timestamp,
    /// The schema's version.
    pub schema_version: i64,
    /// Its size in bytes.
    pub bytes: u64,
    /// Rows of each table.
    pub rows: BTreeMap<String, i64>,
}

/// A copy that cannot be trusted, or a database that cannot be replaced.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is not whole.
    #[error("{0}")]
    Damaged(String),
    /// Somebody has the database open.
    #[error("a server, a worker or another command has the database open; stop it first")]
    InUse,
}

impl From<rusqlite::Error> for CopyError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

fn open(path: &Path) -> Result<Connection, CopyError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    Ok(connection)
}

/// Copies the database as it is at one moment; others go on reading and writing. `target` is
/// an empty file or none.
pub fn copy(database: &Path, target: &Path) -> Result<(), CopyError> {
    let connection = open(database)?;
    connection.execute("VACUUM INTO ?1", [target.to_string_lossy()])?;
    File::open(target)?.sync_all()?;
    Ok(())
}

/// Looks at a whole file: SQLite's own check, the schema's version, the accounts (A1), rows.
///
/// # Errors
/// [`CopyError::Damaged`] with what is wrong.
pub async fn verify(path: &Path, made_at: Timestamp) -> Result<Manifest, CopyError> {
    let rows = count(path)?;
    let store = Store::open(&DatabaseTarget::File(path.to_owned()), 2).await?;
    let looked = async {
        let versions = store.applied_versions().await?;
        let version = versions.last().copied().unwrap_or(0);
        if version > store.known_version() {
            return Err(CopyError::Store(StoreError::NewerSchema {
                found: version,
                known: store.known_version(),
            }));
        }
        if version == 0 {
            return Err(CopyError::Damaged(
                "it is no database of WorkPulse".to_owned(),
            ));
        }
        // Accounts are read with this version's schema; an older one is migrated first, later.
        if version == store.known_version() {
            for outcome in checks::run(&store).await? {
                if outcome.found > 0 {
                    return Err(CopyError::Damaged(format!(
                        "{} {}",
                        outcome.found, outcome.counts
                    )));
                }
            }
        }
        Ok(version)
    }
    .await;
    store.close().await;
    let schema_version = looked?;
    for side in ["-wal", "-shm"] {
        let _ = fs::remove_file(beside(path, side));
    }
    Ok(Manifest {
        made_at,
        schema_version,
        bytes: fs::metadata(path)?.len(),
        rows,
    })
}

/// Rows of each table, after SQLite has checked every page.
fn count(path: &Path) -> Result<BTreeMap<String, i64>, CopyError> {
    let not_whole = |error: rusqlite::Error| CopyError::Damaged(format!("it is damaged: {error}"));
    let connection = open(path)?;
    let verdict: String = connection
        .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        .map_err(not_whole)?;
    if verdict != "ok" {
        return Err(CopyError::Damaged(format!("it is damaged: {verdict}")));
    }
    let mut tables = connection
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
        .map_err(not_whole)?;
    let names: Vec<String> = tables
        .query_map([], |row| row.get(0))
        .and_then(Iterator::collect)
        .map_err(not_whole)?;
    let mut rows = BTreeMap::new();
    for name in names {
        let text = format!("SELECT count(*) FROM \"{}\"", name.replace('"', "\"\""));
        let found = connection
            .query_row(&text, [], |row| row.get(0))
            .map_err(not_whole)?;
        rows.insert(name, found);
    }
    Ok(rows)
}

/// Puts `fresh` in the place of the database, which is kept as `kept`. Both are on one volume.
///
/// # Errors
/// [`CopyError::InUse`] when anybody has the database open; nothing was changed then.
pub fn replace(database: &Path, fresh: &Path, kept: &Path) -> Result<(), CopyError> {
    let held = if database.exists() {
        Some(alone(database)?)
    } else {
        None
    };
    if held.is_some() {
        fs::rename(database, kept)?;
    }
    fs::rename(fresh, database)?;
    drop(held);
    if let Some(directory) = database.parent() {
        File::open(directory)?.sync_all()?;
    }
    Ok(())
}

/// Refuses a database that anybody else has open; its log is folded into the file.
///
/// # Errors
/// [`CopyError::InUse`] when anybody has; nothing was changed then.
pub fn nobody_else(database: &Path) -> Result<(), CopyError> {
    alone(database).map(drop)
}

/// The database with nobody else in it, and its log folded into the file.
fn alone(database: &Path) -> Result<Connection, CopyError> {
    let connection = open(database)?;
    connection.busy_timeout(Duration::from_millis(500))?;
    // Leaving the write-ahead log needs everybody else gone: SQLite itself refuses otherwise.
    let mode: Result<String, _> =
        connection.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get(0));
    match mode {
        Ok(mode) if mode == "delete" => {}
        Ok(_) => return Err(CopyError::InUse),
        Err(rusqlite::Error::SqliteFailure(failure, _))
            if matches!(
                failure.code,
                rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked
            ) =>
        {
            return Err(CopyError::InUse);
        }
        Err(error) => return Err(error.into()),
    }
    connection
        .execute_batch("BEGIN EXCLUSIVE")
        .map_err(|_| CopyError::InUse)?;
    Ok(connection)
}

/// A file's name with something behind it.
#[must_use]
pub fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
