//! What can go wrong with the database, as far as a caller can act on it.

use super::read_only;

/// A database error. A missing row is not one: that is `Ok(None)`.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The data directory or file cannot be used.
    #[error("{path}: {problem}. Nothing was changed. {advice}")]
    Unusable {
        /// Which path.
        path: String,
        /// What is wrong with it.
        problem: String,
        /// What to do.
        advice: &'static str,
    },
    /// The database was written by a newer version.
    #[error(
        "the database is newer than this program (it has migration {found}, this version knows up to {known}). \
         Nothing was changed. Run the newer version, or restore the backup that was made before the upgrade."
    )]
    NewerSchema {
        /// Highest migration in the database.
        found: i64,
        /// Highest migration in this binary.
        known: i64,
    },
    /// The database lacks migrations and this process may not apply them.
    #[error(
        "the database needs migration: run `workpulse-server migrate` first. Nothing was changed."
    )]
    NeedsMigration,
    /// A migration failed; it was rolled back.
    #[error("migrating the database failed: {0}. The failing step was rolled back.")]
    Migration(#[source] sqlx::migrate::MigrateError),
    /// The linked SQLite library has a known data corruption bug.
    #[error("this build links SQLite {0}, which can corrupt a database; 3.51.3 or newer is needed")]
    OldSqlite(String),
    /// A version-checked update lost its race too often.
    #[error(
        "a session, or rules of categories, kept changing under the writer; nothing was written"
    )]
    Contended,
    /// What the database said.
    #[error("database: {0}")]
    Database(#[source] sqlx::Error),
    /// What the embedded writer said.
    #[error("database: {0}")]
    Embedded(#[from] rusqlite::Error),
    /// A stored value is not what the schema promises.
    #[error("the database holds an unexpected value: {0}")]
    Corrupt(String),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        read_only::notice(&error);
        Self::Database(error)
    }
}

impl StoreError {
    /// Whether a unique key refused the row.
    #[must_use]
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(error)) if error.is_unique_violation())
    }

    /// Whether a foreign key refused the row.
    #[must_use]
    pub fn is_foreign_key_violation(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(error)) if error.is_foreign_key_violation())
    }

    /// Whether the same call may succeed later without anybody changing anything: the
    /// database is away, busy, restarting, or has become a replica.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Contended => true,
            Self::Database(error) => transient(error),
            Self::Embedded(rusqlite::Error::SqliteFailure(failure, _)) => matches!(
                failure.code,
                rusqlite::ErrorCode::DatabaseBusy
                    | rusqlite::ErrorCode::DatabaseLocked
                    | rusqlite::ErrorCode::DiskFull
                    | rusqlite::ErrorCode::SystemIoFailure
                    | rusqlite::ErrorCode::CannotOpen
            ),
            _ => false,
        }
    }
}

fn transient(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Protocol(_) => true,
        sqlx::Error::Database(error) => {
            let code = error.code();
            let code = code.as_deref().unwrap_or_default();
            // PostgreSQL classes: 08 connection, 40 serialization and deadlock, 53 resources
            // (disk full, too many clients), 57 shut-down and cancel, 25006 read-only replica.
            // SQLite: 5 busy, 6 locked, 10 I/O, 13 full, and their extended codes.
            ["08", "40", "53", "57"]
                .iter()
                .any(|class| code.len() == 5 && code.starts_with(class))
                || code == read_only::READ_ONLY
                || code
                    .parse::<u32>()
                    .is_ok_and(|n| code.len() != 5 && matches!(n & 0xff, 5 | 6 | 10 | 13))
        }
        _ => false,
    }
}
