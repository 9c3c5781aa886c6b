//! Migrations, embedded in the binary; applied in order, never edited once landed.

use sqlx::migrate::{MigrateError, Migrator};

use super::{
    Store, StoreError,
    raw::{Reader, sql},
};

static SQLITE: Migrator = sqlx::migrate!("../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../migrations/postgres");

/// What migrating did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MigrationReport {
    /// The schema's version now.
    pub version: i64,
    /// How many steps were applied.
    pub applied: usize,
}

impl Store {
    fn migrator(&self) -> &'static Migrator {
        match self {
            Self::Sqlite(_) => &SQLITE,
            Self::Postgres(_) => &POSTGRES,
        }
    }

    /// A connection without a role: before migration 0006 there are none, and whoever changes
    /// the schema needs the rights of its owner.
    pub(super) async fn login(&self) -> Result<Reader, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.read().await,
            Self::Postgres(engine) => Ok(Reader::Postgres(engine.login.acquire().await?)),
        }
    }

    /// The highest migration that this binary knows.
    #[must_use]
    pub fn known_version(&self) -> i64 {
        self.migrator().iter().map(|m| m.version).max().unwrap_or(0)
    }

    /// The migrations that the database has; empty when it has none at all.
    pub async fn applied_versions(&self) -> Result<Vec<i64>, StoreError> {
        const EXISTS_SQLITE: &str =
            "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'";
        const EXISTS_POSTGRES: &str = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = '_sqlx_migrations'";
        let exists = if matches!(self, Self::Sqlite(_)) {
            EXISTS_SQLITE
        } else {
            EXISTS_POSTGRES
        };
        let mut reader = self.login().await?;
        let tables: i64 = sql!(reader.db(), |c| sqlx::query_scalar(exists)
            .fetch_one(&mut *c)
            .await)?;
        if tables == 0 {
            return Ok(Vec::new());
        }
        Ok(sql!(reader.db(), |c| sqlx::query_scalar(
            "SELECT version FROM _sqlx_migrations WHERE success ORDER BY version"
        )
        .fetch_all(&mut *c)
        .await)?)
    }

    /// Refuses a database that is newer than this binary or lacks migrations.
    pub async fn require_current(&self) -> Result<(), StoreError> {
        let applied = self.applied_versions().await?;
        self.refuse_newer(&applied)?;
        if applied.len() < self.migrator().iter().count() {
            return Err(StoreError::NeedsMigration);
        }
        Ok(())
    }

    /// Applies what is missing. Several instances may start at once: one migrates, the
    /// others wait.
    pub async fn migrate(&self) -> Result<MigrationReport, StoreError> {
        let before = self.applied_versions().await?;
        self.refuse_newer(&before)?;
        let outcome = match self {
            Self::Sqlite(engine) => {
                let _gate = engine.gate.lock().await;
                SQLITE.run(&engine.writer).await
            }
            Self::Postgres(engine) => POSTGRES.run(&engine.login).await,
        };
        outcome.map_err(|error| match error {
            MigrateError::VersionMissing(found) => StoreError::NewerSchema {
                found,
                known: self.known_version(),
            },
            other => StoreError::Migration(other),
        })?;
        let after = self.applied_versions().await?;
        Ok(MigrationReport {
            version: self.known_version(),
            applied: after.len().saturating_sub(before.len()),
        })
    }

    fn refuse_newer(&self, applied: &[i64]) -> Result<(), StoreError> {
        let known = self.known_version();
        match applied.iter().copied().max() {
            Some(found) if found > known => Err(StoreError::NewerSchema { found, known }),
            _ => Ok(()),
        }
    }
}
