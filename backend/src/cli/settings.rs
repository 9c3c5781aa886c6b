//! Flags that name the database and the logs, for every command.

use std::path::PathBuf;

use clap::Args;

use crate::{
    config::{
        data_dir,
        sources::{self, Flags, Loaded},
    },
    store::{DatabaseTarget, Store},
};

/// Where things are. Flags win over the environment, that over the file.
#[derive(Debug, Args)]
pub(super) struct DataFlags {
    /// Configuration file [env: `WORKPULSE_CONFIG`; default: ./workpulse.toml if it is there]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Directory of the embedded database and the secret [env: `WORKPULSE_DATA_DIR`; default: ./workpulse-data]
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<String>,
    /// PostgreSQL, `postgres://…`; without it, the embedded SQLite [env: `DATABASE_URL`]
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// File with the above, which keeps the password out of the process list [env: `DATABASE_URL_FILE`]
    #[arg(long, global = true, value_name = "FILE")]
    database_url_file: Option<String>,
    /// Connections for requests, 2 to 200 [env: `WORKPULSE_DB_CONNECTIONS`; default: 16]
    #[arg(long, global = true, value_name = "N")]
    db_connections: Option<String>,
    /// What is logged, such as `info` or `debug` [env: `WORKPULSE_LOG`; default: info]
    #[arg(long, global = true, value_name = "FILTER")]
    log: Option<String>,
    /// How it looks, text or json [env: `WORKPULSE_LOG_FORMAT`; default: text]
    #[arg(long, global = true, value_name = "FORMAT")]
    log_format: Option<String>,
}

impl DataFlags {
    /// The configuration, with a command's own flags.
    pub(super) fn load(&self, more: Flags) -> anyhow::Result<Loaded> {
        let mut flags = more;
        for (name, value) in [
            ("data_dir", &self.data_dir),
            ("database_url", &self.database_url),
            ("database_url_file", &self.database_url_file),
            ("db_connections", &self.db_connections),
            ("log", &self.log),
            ("log_format", &self.log_format),
        ] {
            flags.extend(value.clone().map(|value| (name, value)));
        }
        // A variable that is not text is none of ours.
        let environment = std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        Ok(sources::load(flags, self.config.clone(), environment)?)
    }

    /// The database of a command other than `serve`: it must be there, and up to date.
    pub(super) async fn open_current(&self) -> anyhow::Result<Store> {
        let loaded = self.load(Vec::new())?;
        if let DatabaseTarget::File(path) = &loaded.config.database.target
            && !path.exists()
        {
            anyhow::bail!(
                "there is no database at {}. Nothing was made. Start the server once, or name the data directory with --data-dir.",
                path.display()
            );
        }
        data_dir::prepare(&loaded.config.data_dir)?;
        let database = &loaded.config.database;
        let store = Store::open(&database.target, database.connections).await?;
        store.require_current().await?;
        Ok(store)
    }
}
