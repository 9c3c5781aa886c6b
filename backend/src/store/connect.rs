//! Opening the database: where it is, how it is tuned, what is refused.

use std::{
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
    time::Duration,
};

use sqlx::{
    ConnectOptions, Executor as _, PgPool, SqlitePool,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{Store, StoreError, WriteGate, read_only, replica::Replica};

/// How long a request waits for a connection before it is told to come back later.
pub(super) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(1);
/// How long anything else waits: a person at a command line would only type it again.
const PATIENCE: Duration = Duration::from_secs(15);
/// How often a file that does not open in that time is tried again, at the start: the disk of a
/// machine that does much else may take seconds to make it.
const OPENINGS: u32 = 30;
/// How long SQLite waits for a writer in another process (the command line beside `serve`).
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The login's own connections are needed at the start, and once a day for the months to come.
const LOGIN_IDLE: Duration = Duration::from_secs(10);
/// As many as there can be committers.
const MOST_COMMITTERS: u32 = 16;
/// What a connection says first: it then may what migration 0006 lets this role do.
const TENANT: &str = "SET ROLE workpulse_tenant";
const INGEST: &str = "SET ROLE workpulse_ingest";
const SYSTEM: &str = "SET ROLE workpulse_system";

/// Which database.
#[derive(Debug, Clone)]
pub enum DatabaseTarget {
    /// A file, made if it is not there.
    File(PathBuf),
    /// `postgres://…`.
    Url(String),
}

/// The embedded engine: one writer, several readers, one file.
#[derive(Clone, Debug)]
pub struct SqliteStore {
    pub(super) readers: SqlitePool,
    pub(super) writer: SqlitePool,
    pub(super) gate: WriteGate,
    path: Arc<PathBuf>,
}

impl SqliteStore {
    /// The database file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The gate that writers of this process pass one at a time.
    #[must_use]
    pub fn gate(&self) -> WriteGate {
        Arc::clone(&self.gate)
    }
}

/// A server: a pool for each role, none of which sees what another may do.
#[derive(Clone, Debug)]
pub struct PostgresStore {
    /// As whoever logs in: migrations and how far they are.
    pub(super) login: PgPool,
    /// One organization at a time.
    pub(super) tenant: PgPool,
    /// The group commit.
    pub(super) ingest: PgPool,
    /// What concerns no single organization.
    pub(super) system: PgPool,
    /// One organization at a time, some seconds ago, elsewhere.
    pub(super) replica: Option<Arc<Replica>>,
    /// For connections that belong to no pool.
    pub(super) options: Arc<PgConnectOptions>,
}

impl Store {
    /// Overwrites what was removed where the database still keeps copies of its own: SQLite's
    /// write-ahead log. PostgreSQL's own vacuum does its part.
    pub async fn forget_removed(&self) -> Result<(), StoreError> {
        if let Self::Sqlite(engine) = self {
            let _gate = engine.gate.lock().await;
            // A reader that is still at work keeps its part of the log; the next checkpoint
            // takes it.
            sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
                .execute(&engine.writer)
                .await?;
        }
        Ok(())
    }

    /// Opens the database without migrating it, for a command: what is busy is waited for.
    ///
    /// # Errors
    /// [`StoreError::Unusable`] when the file cannot be made or written, with what to do.
    pub async fn open(target: &DatabaseTarget, connections: u32) -> Result<Self, StoreError> {
        Self::open_waiting(target, connections, PATIENCE).await
    }

    /// The same to answer requests: who waits for a connection for a second is told to come
    /// back later.
    ///
    /// # Errors
    /// As for [`Store::open`].
    pub async fn open_to_serve(
        target: &DatabaseTarget,
        connections: u32,
    ) -> Result<Self, StoreError> {
        Self::open_waiting(target, connections, ACQUIRE_TIMEOUT).await
    }

    async fn open_waiting(
        target: &DatabaseTarget,
        connections: u32,
        wait: Duration,
    ) -> Result<Self, StoreError> {
        match target {
            DatabaseTarget::File(path) => open_file(path, connections, wait).await,
            DatabaseTarget::Url(url) => open_server(url, connections, wait),
        }
    }

    /// The same, with a read replica at `url` for [`super::scope::Tenant::replica_read`], as long
    /// as it lacks nothing that was committed longer than `most_lag` ago. It is asked once
    /// somebody looks after it ([`Store::watch_replica`]). SQLite has none.
    ///
    /// # Errors
    /// When the address cannot be read.
    pub fn with_replica(
        mut self,
        url: &str,
        connections: u32,
        most_lag: Duration,
    ) -> Result<Self, StoreError> {
        if let Self::Postgres(engine) = &mut self {
            let pool = pool(connections.max(4), ACQUIRE_TIMEOUT).test_before_acquire(false);
            let pool = in_role(pool, TENANT).connect_lazy_with(options(url)?);
            engine.replica = Some(Replica::new(pool, most_lag));
        }
        Ok(self)
    }

    /// How each pool is used: its name, connections that are open, and those of them that wait.
    #[must_use]
    pub fn pools(&self) -> Vec<(&'static str, u32, usize)> {
        match self {
            Self::Sqlite(engine) => vec![
                ("readers", engine.readers.size(), engine.readers.num_idle()),
                ("writer", engine.writer.size(), engine.writer.num_idle()),
            ],
            Self::Postgres(engine) => [
                ("tenant", &engine.tenant),
                ("ingest", &engine.ingest),
                ("system", &engine.system),
            ]
            .into_iter()
            .chain(
                engine
                    .replica
                    .iter()
                    .map(|replica| ("replica", &replica.pool)),
            )
            .map(|(name, pool)| (name, pool.size(), pool.num_idle()))
            .collect(),
        }
    }

    /// Closes all connections; on SQLite the write-ahead log is folded into the file.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(engine) => {
                engine.readers.close().await;
                engine.writer.close().await;
            }
            Self::Postgres(engine) => {
                for pool in [
                    &engine.tenant,
                    &engine.ingest,
                    &engine.system,
                    &engine.login,
                ] {
                    pool.close().await;
                }
                if let Some(replica) = &engine.replica {
                    replica.pool.close().await;
                }
            }
        }
    }
}

async fn open_file(path: &Path, connections: u32, wait: Duration) -> Result<Store, StoreError> {
    let linked = rusqlite::version();
    if rusqlite::version_number() < 3_051_003 {
        return Err(StoreError::OldSqlite(linked.to_owned()));
    }
    let unusable = |problem: String| StoreError::Unusable {
        path: path.display().to_string(),
        problem,
        advice: "Give the server a directory that it can write, with --data-dir or WORKPULSE_DATA_DIR.",
    };
    let options = SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .statement_cache_capacity(256)
        .pragma("temp_store", "memory")
        // What is removed is overwritten: retention and erasure mean the file, too.
        .pragma("secure_delete", "on")
        .pragma("cache_size", "-16000")
        .disable_statement_logging();
    let writing = options
        .clone()
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let writer = patiently(1, &writing, wait)
        .await
        .map_err(|error| unusable(error.to_string()))?;
    let readers = patiently(
        connections.clamp(2, 16),
        &options.pragma("query_only", "on"),
        wait,
    )
    .await
    .map_err(|error| unusable(error.to_string()))?;
    Ok(Store::Sqlite(SqliteStore {
        readers,
        writer,
        gate: WriteGate::default(),
        path: Arc::new(path.to_owned()),
    }))
}

/// A pool with one connection open, which may take longer to come than a request would wait.
async fn patiently(
    most: u32,
    options: &SqliteConnectOptions,
    wait: Duration,
) -> Result<SqlitePool, sqlx::Error> {
    let pool = SqlitePoolOptions::new()
        .max_connections(most)
        .acquire_timeout(wait);
    for _ in 1..OPENINGS {
        match pool.clone().connect_with(options.clone()).await {
            Err(sqlx::Error::PoolTimedOut) => {}
            other => return other,
        }
    }
    pool.connect_with(options.clone()).await
}

fn options(url: &str) -> Result<PgConnectOptions, StoreError> {
    Ok(PgConnectOptions::from_str(url)?
        .application_name("workpulse-server")
        .statement_cache_capacity(256)
        .disable_statement_logging())
}

fn pool(most: u32, wait: Duration) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(most)
        .acquire_timeout(wait)
}

fn open_server(url: &str, connections: u32, wait: Duration) -> Result<Store, StoreError> {
    let options = options(url)?;
    let connections = connections.max(4);
    Ok(Store::Postgres(PostgresStore {
        login: pool(2, wait)
            .idle_timeout(LOGIN_IDLE)
            .connect_lazy_with(options.clone()),
        // The organization is set before each use, which tries the connection as well.
        tenant: in_role(pool(connections, wait).test_before_acquire(false), TENANT)
            .connect_lazy_with(options.clone()),
        ingest: in_role(pool(MOST_COMMITTERS, wait), INGEST).connect_lazy_with(options.clone()),
        system: in_role(pool(connections.div_ceil(2), wait), SYSTEM)
            .connect_lazy_with(options.clone()),
        replica: None,
        options: Arc::new(options),
    }))
}

/// Whoever cannot take the role gets no connection; nor is one handed out that may have become
/// read-only.
fn in_role(pool: PgPoolOptions, statement: &'static str) -> PgPoolOptions {
    pool.after_connect(move |connection, _| {
        Box::pin(async move { connection.execute(statement).await.map(drop) })
    })
    .before_acquire(|_, about| Box::pin(async move { Ok(read_only::may_be_used(about.age)) }))
}
