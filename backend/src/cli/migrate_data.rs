//! `migrate-data`: from the embedded database to PostgreSQL.

use std::{
    io::{self, Write as _},
    path::PathBuf,
};

use anyhow::Context as _;
use clap::Args;

use super::{
    output::{self, Output},
    settings::DataFlags,
};
use crate::store::{
    DatabaseTarget, Store,
    carry::{self, Progress},
    wall,
};

/// From where to where.
#[derive(Debug, Args)]
pub(super) struct MigrateDataFlags {
    /// The file, as a path or `sqlite:PATH`; without it, the one in the data directory
    #[arg(long, value_name = "FILE")]
    from: Option<String>,
    /// PostgreSQL, `postgres://…`; without it, the database that the server is configured for,
    /// which keeps a password out of the process list
    #[arg(long, value_name = "URL")]
    to: Option<String>,
    /// How the result looks
    #[arg(long, value_enum, default_value_t)]
    output: Output,
}

pub(super) async fn run(data: &DataFlags, flags: &MigrateDataFlags) -> anyhow::Result<()> {
    let loaded = data.load(Vec::new())?;
    let from = match &flags.from {
        Some(text) => {
            let path = text.strip_prefix("sqlite:").unwrap_or(text);
            PathBuf::from(path.strip_prefix("//").unwrap_or(path))
        }
        None => loaded.config.data_dir.join("workpulse.db"),
    };
    let to = match (&flags.to, &loaded.config.database.target) {
        (Some(url), _) | (None, DatabaseTarget::Url(url)) => url.clone(),
        (None, DatabaseTarget::File(_)) => anyhow::bail!(
            "no PostgreSQL database is named. Nothing was done. Name it with --to, or set database_url in the configuration."
        ),
    };
    anyhow::ensure!(
        to.starts_with("postgres://") || to.starts_with("postgresql://"),
        "the target is no postgres:// address. Nothing was done."
    );
    anyhow::ensure!(
        from.is_file(),
        "there is no database at {}. Nothing was done. Name it with --from, or its directory with --data-dir.",
        from.display()
    );
    let source = Store::open(&DatabaseTarget::File(from.clone()), 2).await?;
    let current = source.require_current().await;
    source.close().await;
    current.context("the embedded database")?;
    let store = Store::open(&DatabaseTarget::Url(to.clone()), 4).await?;
    store.migrate().await.context(
        "the schema could not be made in PostgreSQL; the embedded database is as it was",
    )?;
    let carried = carry::carry(&from, &to, tell).await.context(
        "nothing was carried: PostgreSQL holds no row of it, and the embedded database is as it was",
    )?;
    let gaps = wall::gaps(&store).await?.unwrap_or_default();
    store.close().await;
    anyhow::ensure!(
        gaps.is_empty(),
        "the rows have arrived, but the wall between organizations has gaps: {}. Do not start the server on it; `workpulse-server doctor` looks again.",
        gaps.join("; ")
    );
    flags
        .output
        .list(&carried, &["table", "rows", "sha256"], |table| {
            vec![
                table.table.to_owned(),
                table.rows.to_string(),
                table.sha256.clone(),
            ]
        })?;
    if flags.output == Output::Json {
        return Ok(());
    }
    let rows: u64 = carried.iter().map(|table| table.rows).sum();
    output::line(&format!(
        "{rows} rows are in PostgreSQL, each read back and compared. The file {} was not changed: keep it until the server has run for a while. \
         Set database_url (or database_url_file) in the configuration, and start the server.",
        from.display()
    ))
}

/// One line a batch, where results do not go.
fn tell(at: &Progress) {
    let doing = if at.comparing { "compared" } else { "copied" };
    // Whoever closed it does not want to know.
    let _ = writeln!(
        io::stderr(),
        "{}: {} of {} rows {doing}",
        at.table,
        at.rows,
        at.of
    );
}
