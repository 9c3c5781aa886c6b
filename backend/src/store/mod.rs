//! The database: embedded SQLite or PostgreSQL, asked with one text per query.
//!
//! Owns connections, transactions, migrations and every SQL text. Must not know HTTP, nor
//! make decisions that belong to `domain`. Each area of the schema is a file; its functions
//! take a [`Db`] (a borrowed connection of either engine) and expand one query body for both
//! drivers with the [`sql!`] macro.
//!
//! Rules that keep one text valid on both: `$n` placeholders; instants are bound, never
//! `now()`; sums are cast to BIGINT; no ILIKE and no arrays (the ingest path is the
//! exception, each engine having its own file there).
//!
//! On SQLite there is one writer at a time. Everybody in this process who writes holds the
//! [`WriteGate`] first, so that writers queue fairly instead of polling for the file's lock.

mod connect;
mod error;
mod migrate;

pub mod day;

pub mod audit;
pub mod checks;
pub mod credentials;
pub mod devices;
pub mod events;
pub mod ingest;
pub mod organizations;
pub mod people;
pub mod presence;
pub mod sessions;

pub use connect::{DatabaseTarget, SqliteStore};
pub use error::StoreError;
pub use migrate::MigrationReport;

use std::sync::Arc;

use sqlx::{PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, pool::PoolConnection};

/// Whoever writes to SQLite in this process holds this.
pub type WriteGate = Arc<tokio::sync::Mutex<()>>;

/// A database of either engine. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Store {
    /// An embedded file.
    Sqlite(SqliteStore),
    /// A server.
    Postgres(PgPool),
}

/// A borrowed connection (or transaction) of either engine.
#[derive(Debug)]
pub enum Db<'c> {
    /// To the embedded file.
    Sqlite(&'c mut SqliteConnection),
    /// To the server.
    Postgres(&'c mut PgConnection),
}

impl Db<'_> {
    /// The same connection, for one more query.
    pub fn again(&mut self) -> Db<'_> {
        match self {
            Self::Sqlite(connection) => Db::Sqlite(connection),
            Self::Postgres(connection) => Db::Postgres(connection),
        }
    }
}

/// Expands one query body for both drivers.
///
/// `sql!(db, |c| sqlx::query_as::<_, Row>(TEXT).bind(id).fetch_optional(&mut *c).await)`
macro_rules! sql {
    ($db:expr, |$connection:ident| $body:expr) => {
        match $db {
            $crate::store::Db::Sqlite($connection) => $body,
            $crate::store::Db::Postgres($connection) => $body,
        }
    };
}
pub(crate) use sql;

/// A connection for reading.
#[derive(Debug)]
pub enum Reader {
    /// To the embedded file, read-only.
    Sqlite(PoolConnection<Sqlite>),
    /// To the server.
    Postgres(PoolConnection<Postgres>),
}

impl Reader {
    /// The connection, for one query.
    pub fn db(&mut self) -> Db<'_> {
        match self {
            Self::Sqlite(connection) => Db::Sqlite(connection),
            Self::Postgres(connection) => Db::Postgres(connection),
        }
    }
}

/// A transaction for writing; dropped without [`Tx::commit`], it is rolled back.
#[derive(Debug)]
pub enum Tx {
    /// On the embedded file, with the process's writer gate held until the end.
    Sqlite(
        sqlx::Transaction<'static, Sqlite>,
        tokio::sync::OwnedMutexGuard<()>,
    ),
    /// On the server.
    Postgres(sqlx::Transaction<'static, Postgres>),
}

impl Tx {
    /// The connection inside the transaction, for one query.
    pub fn db(&mut self) -> Db<'_> {
        match self {
            Self::Sqlite(transaction, _) => Db::Sqlite(transaction),
            Self::Postgres(transaction) => Db::Postgres(transaction),
        }
    }

    /// Commits. An error here does not mean "not written": the outcome is unknown.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(transaction, _gate) => transaction.commit().await?,
            Self::Postgres(transaction) => transaction.commit().await?,
        }
        Ok(())
    }
}

impl Store {
    /// A connection for reading.
    pub async fn read(&self) -> Result<Reader, StoreError> {
        Ok(match self {
            Self::Sqlite(engine) => Reader::Sqlite(engine.readers.acquire().await?),
            Self::Postgres(pool) => Reader::Postgres(pool.acquire().await?),
        })
    }

    /// A consistent view for several reads: all see the same moment.
    pub async fn snapshot(&self) -> Result<Snapshot, StoreError> {
        Ok(match self {
            Self::Sqlite(engine) => Snapshot::Sqlite(engine.readers.begin().await?),
            Self::Postgres(pool) => Snapshot::Postgres(
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                    .await?,
            ),
        })
    }

    /// A transaction for writing.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite(engine) => {
                let gate = Arc::clone(&engine.gate).lock_owned().await;
                // IMMEDIATE: a transaction that upgrades from reading to writing can be
                // refused half-way, and no busy time-out helps then.
                Tx::Sqlite(engine.writer.begin_with("BEGIN IMMEDIATE").await?, gate)
            }
            Self::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// `sqlite` or `postgres`, for logs and metrics.
    #[must_use]
    pub fn engine(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }
}

/// A read-only transaction: all its reads see the same moment.
#[derive(Debug)]
pub enum Snapshot {
    /// On the embedded file.
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    /// On the server.
    Postgres(sqlx::Transaction<'static, Postgres>),
}

impl Snapshot {
    /// The connection, for one query.
    pub fn db(&mut self) -> Db<'_> {
        match self {
            Self::Sqlite(transaction) => Db::Sqlite(transaction),
            Self::Postgres(transaction) => Db::Postgres(transaction),
        }
    }
}
