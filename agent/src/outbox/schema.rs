//! Opening the file: its version, its settings, its health.

use std::path::Path;

use rusqlite::{Connection, config::DbConfig};
use rusqlite_migration::{M, Migrations};

use super::{OutboxError, salvage};

pub(super) const STEPS: &[M<'static>] = &[M::up(include_str!(
    "../../../migrations/agent/0001_outbox.sql"
))];

/// Opens or makes the file, brings it to the current version, and checks it.
pub(super) fn open(path: &Path) -> Result<Connection, OutboxError> {
    let mut connection = Connection::open(path)?;
    // Nobody else writes; whoever does all the same must not hold up the looking for long.
    connection.busy_timeout(std::time::Duration::from_secs(1))?;
    // The version first: nothing may be written to a newer file, not even its journal mode, nor
    // what its journal holds when we close it again.
    leave_journal(&connection, true)?;
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = i64::try_from(STEPS.len()).expect("a handful");
    if found > known {
        return Err(OutboxError::Newer {
            path: path.to_owned(),
            found,
            known,
        });
    }
    leave_journal(&connection, false)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // The agent's memory budget is 15 MB in all; a quarter of a megabyte serves it well.
    connection.pragma_update(None, "cache_size", -256)?;
    connection.pragma_update(None, "wal_autocheckpoint", 256)?;
    connection.pragma_update(None, "journal_size_limit", 1_048_576)?;
    connection.set_prepared_statement_cache_capacity(8);
    let health: String = connection.pragma_query_value(None, "quick_check", |row| row.get(0))?;
    if health != "ok" {
        return Err(OutboxError::Damaged(rusqlite::Error::SqliteFailure(
            rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT),
            Some("quick_check found damage".to_owned()),
        )));
    }
    Migrations::from_slice(STEPS)
        .to_latest(&mut connection)
        .map_err(|error| match error {
            rusqlite_migration::Error::RusqliteError { err, .. } => damaged_or(err),
            other => {
                OutboxError::Database(rusqlite::Error::ToSqlConversionFailure(Box::new(other)))
            }
        })?;
    Ok(connection)
}

/// Whether closing leaves the journal as it is.
fn leave_journal(connection: &Connection, leave: bool) -> rusqlite::Result<()> {
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, leave)
        .map(drop)
}

/// What a file of a newer version says in facts, as far as it still says it so.
pub(super) fn facts_of_newer(path: &Path) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    let mut read = || -> rusqlite::Result<()> {
        let connection = Connection::open(path)?;
        leave_journal(&connection, true)?;
        salvage::read_facts(&connection, &mut facts)
    };
    // Nothing to go on with is no reason not to go on.
    let _ = read();
    facts
}

/// A file with our version number and without our tables is not ours to go on with: it is
/// treated like a damaged one, which never loops and loses nothing that can be read.
fn damaged_or(error: rusqlite::Error) -> OutboxError {
    match OutboxError::from(error) {
        OutboxError::Database(error) => OutboxError::Damaged(error),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_migrations_are_well_formed() {
        Migrations::from_slice(STEPS).validate().unwrap();
    }
}
