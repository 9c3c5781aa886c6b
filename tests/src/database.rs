//! Databases for one test or one run: an SQLite directory, or a PostgreSQL database of its own.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::time::new_id;

/// Where `cargo xtask test` says that a PostgreSQL cluster is.
pub const POSTGRES_VARIABLE: &str = "WORKPULSE_TEST_POSTGRES";

/// Which engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// Embedded.
    Sqlite,
    /// A server.
    Postgres,
}

impl Engine {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Sqlite, Self::Postgres];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// The cluster for tests.
///
/// # Errors
/// When nobody says where it is. A test without its database must fail, not pass.
pub fn cluster_from_environment() -> Result<String> {
    match std::env::var(POSTGRES_VARIABLE) {
        Ok(url) if !url.is_empty() => Ok(url),
        _ => bail!(
            "{POSTGRES_VARIABLE} is not set: this test needs a PostgreSQL cluster. `cargo xtask test` starts one."
        ),
    }
}

/// A database of our own in a cluster.
#[derive(Debug, Clone)]
pub struct Database {
    admin_url: String,
    name: String,
}

impl Database {
    /// Makes an empty database.
    ///
    /// # Errors
    /// When the cluster is not there or does not let us.
    pub async fn create(cluster: &str, purpose: &str) -> Result<Self> {
        let id = new_id().simple().to_string();
        let database = Self {
            admin_url: cluster.to_owned(),
            name: format!("workpulse_{purpose}_{}", &id[20..]),
        };
        database
            .admin(&format!("CREATE DATABASE {}", database.name))
            .await?;
        Ok(database)
    }

    /// How to connect to it.
    #[must_use]
    pub fn url(&self) -> String {
        let (before, query) = match self.admin_url.split_once('?') {
            Some((before, query)) => (before, format!("?{query}")),
            None => (self.admin_url.as_str(), String::new()),
        };
        let authority_end = before.find("://").map_or(0, |at| at + 3);
        let path = before[authority_end..]
            .find('/')
            .map_or(before.len(), |at| authority_end + at);
        format!("{}/{}{query}", &before[..path], self.name)
    }

    /// Removes it, and ends whatever still uses it.
    ///
    /// # Errors
    /// When the cluster is gone.
    pub async fn drop(&self) -> Result<()> {
        self.admin(&format!(
            "DROP DATABASE IF EXISTS {} WITH (FORCE)",
            self.name
        ))
        .await
    }

    async fn admin(&self, statement: &str) -> Result<()> {
        let mut connection = PgConnection::connect(&self.admin_url)
            .await
            .context("the PostgreSQL cluster does not answer")?;
        // Made of our own letters and digits only.
        sqlx::query(AssertSqlSafe(statement.to_owned()))
            .execute(&mut connection)
            .await
            .with_context(|| statement.to_owned())?;
        connection.close().await?;
        Ok(())
    }
}

/// What a server is started on.
#[derive(Debug)]
pub enum Storage {
    /// An SQLite file in the server's data directory.
    Sqlite,
    /// A PostgreSQL database.
    Postgres(Database),
}

impl Storage {
    /// Fresh storage of an engine.
    ///
    /// # Errors
    /// When the PostgreSQL database cannot be made.
    pub async fn create(engine: Engine, cluster: Option<&str>, purpose: &str) -> Result<Self> {
        match engine {
            Engine::Sqlite => Ok(Self::Sqlite),
            Engine::Postgres => {
                let cluster = cluster.context("PostgreSQL needs --database-url")?;
                Ok(Self::Postgres(Database::create(cluster, purpose).await?))
            }
        }
    }

    /// Which engine.
    #[must_use]
    pub const fn engine(&self) -> Engine {
        match self {
            Self::Sqlite => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// What the server is given as `DATABASE_URL`.
    #[must_use]
    pub fn url(&self) -> Option<String> {
        match self {
            Self::Sqlite => None,
            Self::Postgres(database) => Some(database.url()),
        }
    }

    /// Removes what is outside the data directory.
    ///
    /// # Errors
    /// When the cluster is gone.
    pub async fn remove(&self) -> Result<()> {
        match self {
            Self::Sqlite => Ok(()),
            Self::Postgres(database) => database.drop().await,
        }
    }
}

/// The embedded database in a server's data directory.
#[must_use]
pub fn sqlite_file(data_dir: &Path) -> PathBuf {
    data_dir.join("workpulse.db")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_of_ours_replaces_the_one_in_the_address() {
        for (admin, ours) in [
            ("postgres://a:b@h:1/postgres", "postgres://a:b@h:1/mine"),
            ("postgres://a:b@h:1", "postgres://a:b@h:1/mine"),
            (
                "postgres://h/x?sslmode=disable",
                "postgres://h/mine?sslmode=disable",
            ),
        ] {
            let database = Database {
                admin_url: admin.to_owned(),
                name: "mine".to_owned(),
            };
            assert_eq!(database.url(), ours);
        }
    }
}
