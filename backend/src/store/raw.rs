//! Connections of either engine, without a scope. Only the store itself sees these: everybody
//! else comes through [`super::scope`].

use std::sync::Arc;

use sqlx::{
    AssertSqlSafe, PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, pool::PoolConnection,
};

use super::{SqliteStore, StoreError};

/// A borrowed connection (or transaction) of either engine.
#[derive(Debug)]
pub(super) enum Db<'c> {
    /// To the embedded file.
    Sqlite(&'c mut SqliteConnection),
    /// To the server.
    Postgres(&'c mut PgConnection),
}

impl<'c> Db<'c> {
    /// The same connection, for one more query.
    pub(super) fn again(&mut self) -> Db<'_> {
        match self {
            Self::Sqlite(connection) => Db::Sqlite(connection),
            Self::Postgres(connection) => Db::Postgres(connection),
        }
    }

    /// Itself: the `sql!` macro asks every kind of connection for this.
    pub(super) fn raw(self) -> Db<'c> {
        self
    }
}

/// Expands one query body for both drivers.
///
/// `sql!(db, |c| sqlx::query_as::<_, Row>(TEXT).bind(id).fetch_optional(&mut *c).await)`
macro_rules! sql {
    ($db:expr, |$connection:ident| $body:expr) => {
        match ($db).raw() {
            $crate::store::raw::Db::Sqlite($connection) => $body,
            $crate::store::raw::Db::Postgres($connection) => $body,
        }
    };
}
pub(super) use sql;

/// A connection for reading.
#[derive(Debug)]
pub(super) enum Reader {
    /// To the embedded file, read-only.
    Sqlite(PoolConnection<Sqlite>),
    /// To the server.
    Postgres(PoolConnection<Postgres>),
}

impl Reader {
    pub(super) fn db(&mut self) -> Db<'_> {
        match self {
            Self::Sqlite(connection) => Db::Sqlite(connection),
            Self::Postgres(connection) => Db::Postgres(connection),
        }
    }
}

/// A read-only transaction: all its reads see the same moment.
#[derive(Debug)]
pub(super) enum Snapshot {
    /// On the embedded file.
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    /// On the server.
    Postgres(sqlx::Transaction<'static, Postgres>),
}

impl Snapshot {
    pub(super) fn db(&mut self) -> Db<'_> {
        match self {
            Self::Sqlite(transaction) => Db::Sqlite(transaction),
            Self::Postgres(transaction) => Db::Postgres(transaction),
        }
    }
}

/// A transaction for writing; dropped without a commit, it is rolled back.
#[derive(Debug)]
pub(super) enum Tx {
    /// On the embedded file, with the process's writer gate held until the end.
    Sqlite(
        sqlx::Transaction<'static, Sqlite>,
        tokio::sync::OwnedMutexGuard<()>,
    ),
    /// On the server.
    Postgres(sqlx::Transaction<'static, Postgres>),
}

impl Tx {
    pub(super) fn db(&mut self) -> Db<'_> {
        match self {
            Self::Sqlite(transaction, _) => Db::Sqlite(transaction),
            Self::Postgres(transaction) => Db::Postgres(transaction),
        }
    }

    pub(super) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(transaction, _gate) => transaction.commit().await?,
            Self::Postgres(transaction) => transaction.commit().await?,
        }
        Ok(())
    }
}

impl SqliteStore {
    pub(super) async fn read(&self) -> Result<Reader, StoreError> {
        Ok(Reader::Sqlite(self.readers.acquire().await?))
    }

    pub(super) async fn snapshot(&self) -> Result<Snapshot, StoreError> {
        Ok(Snapshot::Sqlite(self.readers.begin().await?))
    }

    pub(super) async fn begin(&self) -> Result<Tx, StoreError> {
        let gate = Arc::clone(&self.gate).lock_owned().await;
        // IMMEDIATE: a transaction that upgrades from reading to writing can be refused
        // half-way, and no busy time-out helps then.
        Ok(Tx::Sqlite(
            self.writer.begin_with("BEGIN IMMEDIATE").await?,
            gate,
        ))
    }
}

/// What a connection says first, in one message.
#[derive(Debug, Clone)]
pub(super) struct Opening {
    /// Set for as long as somebody holds the connection.
    pub(super) session: Option<String>,
    /// Set for one transaction, and gone with it.
    pub(super) transaction: String,
}

/// A connection of a pool that does not try its connections before handing them out: the
/// opening is the trial. Connections that a restart of the database has broken are left
/// behind, one after the other.
pub(super) async fn read(pool: &PgPool, opening: &Opening) -> Result<Reader, StoreError> {
    let Some(session) = &opening.session else {
        return Ok(Reader::Postgres(pool.acquire().await?));
    };
    let mut broken = 0;
    loop {
        let mut connection = pool.acquire().await?;
        let said = sqlx::raw_sql(AssertSqlSafe(session.clone()))
            .execute(&mut *connection)
            .await;
        match said {
            Ok(_) => return Ok(Reader::Postgres(connection)),
            Err(error) if is_broken(&error) && broken < pool.options().get_max_connections() => {
                // Closing says farewell to a connection that may not hear it.
                drop(connection.close().await);
                broken += 1;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Begins a transaction, like [`read`].
pub(super) async fn begin(
    pool: &PgPool,
    begin: &'static str,
    opening: &Opening,
) -> Result<sqlx::Transaction<'static, Postgres>, StoreError> {
    let text = format!("{begin}{}", opening.transaction);
    let mut broken = 0;
    loop {
        match pool.begin_with(AssertSqlSafe(text.clone())).await {
            Ok(transaction) => return Ok(transaction),
            Err(error) if is_broken(&error) && broken < pool.options().get_max_connections() => {
                broken += 1;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Whether a connection ended while nobody used it: the other side has gone, or says farewell
/// (class 57P: it is being shut down, or somebody has ended the connection).
fn is_broken(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| code.starts_with("57P")),
        _ => false,
    }
}
