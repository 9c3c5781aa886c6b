//! `backup`: a verified copy of the embedded database, made while the server goes on.

use std::{fs, io::Write as _, path::PathBuf};

use clap::Args;

use super::{output::Output, settings::DataFlags};
use crate::{
    clock::{Clock as _, SystemClock},
    config::data_dir,
    store::{
        DatabaseTarget,
        copy::{self, beside},
    },
};

/// Where the copy goes.
#[derive(Debug, Args)]
pub(super) struct BackupFlags {
    /// The file to make; without it, one named by the time in the data directory's `backups`
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// Do nothing, and succeed, where there is no embedded database to copy: the data is in
    /// PostgreSQL, or nothing was made yet
    #[arg(long)]
    if_embedded: bool,
    /// How the result looks
    #[arg(long, value_enum, default_value_t)]
    output: Output,
}

pub(super) async fn run(data: &DataFlags, flags: &BackupFlags) -> anyhow::Result<()> {
    let loaded = data.load(Vec::new())?;
    let target = &loaded.config.database.target;
    if flags.if_embedded && !matches!(target, DatabaseTarget::File(path) if path.exists()) {
        return Ok(());
    }
    let DatabaseTarget::File(database) = target else {
        anyhow::bail!(
            "this server's data is in PostgreSQL. Nothing was copied. Use PostgreSQL's own tool: pg_dump --format=custom --file=workpulse.dump \"$DATABASE_URL\""
        );
    };
    anyhow::ensure!(
        database.exists(),
        "there is no database at {}. Nothing was copied. Name the data directory with --data-dir.",
        database.display()
    );
    let now = SystemClock.now();
    let target = flags.to.clone().unwrap_or_else(|| {
        let name = now.to_string().replace([':', '.'], "-");
        loaded
            .config
            .data_dir
            .join("backups")
            .join(format!("workpulse-{name}.db"))
    });
    anyhow::ensure!(
        !target.exists(),
        "{} is there already. Nothing was copied.",
        target.display()
    );
    if let Some(directory) = target.parent().filter(|path| !path.as_os_str().is_empty()) {
        data_dir::make_private_dir(directory)?;
    }
    // Under another name until it is known to be whole.
    let part = beside(&target, ".part");
    data_dir::private_file(&part)?;
    let made = async {
        let (from, to) = (database.clone(), part.clone());
        tokio::task::spawn_blocking(move || copy::copy(&from, &to)).await??;
        let manifest = copy::verify(&part, now).await?;
        let mut file = data_dir::private_file(&beside(&target, ".json"))?;
        file.write_all(serde_json::to_string_pretty(&manifest)?.as_bytes())?;
        file.sync_all()?;
        fs::File::open(&part)?.sync_all()?;
        fs::rename(&part, &target)?;
        anyhow::Ok(manifest)
    }
    .await;
    let manifest = match made {
        Ok(manifest) => manifest,
        Err(error) => {
            for file in [&part, &beside(&part, "-wal"), &beside(&part, "-shm")] {
                let _ = fs::remove_file(file);
            }
            return Err(error.context("no backup was made; the database is as it was"));
        }
    };
    flags.output.one(&[
        ("file", target.display().to_string()),
        ("bytes", manifest.bytes.to_string()),
        ("schema_version", manifest.schema_version.to_string()),
        ("rows", manifest.rows.values().sum::<i64>().to_string()),
        ("verified", "integrity, accounts, audit, rows".to_owned()),
    ])
}
