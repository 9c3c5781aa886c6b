//! `restore`: a backup in the place of the embedded database.

use std::{fs, path::PathBuf};

use clap::Args;

use super::{confirm::Yes, output, settings::DataFlags};
use crate::{
    clock::{Clock as _, SystemClock},
    config::data_dir,
    store::{
        DatabaseTarget,
        copy::{self, Manifest, beside},
    },
};

/// Which backup.
#[derive(Debug, Args)]
pub(super) struct RestoreFlags {
    /// A file that `backup` made
    file: PathBuf,
    #[command(flatten)]
    yes: Yes,
}

pub(super) async fn run(data: &DataFlags, flags: &RestoreFlags) -> anyhow::Result<()> {
    let loaded = data.load(Vec::new())?;
    let DatabaseTarget::File(database) = &loaded.config.database.target else {
        anyhow::bail!(
            "this server's data is in PostgreSQL. Nothing was changed. Use PostgreSQL's own tool: pg_restore --clean --if-exists --dbname=\"$DATABASE_URL\" workpulse.dump"
        );
    };
    anyhow::ensure!(
        flags.file.is_file(),
        "there is no file {}. Nothing was changed.",
        flags.file.display()
    );
    data_dir::prepare(&loaded.config.data_dir)?;
    let now = SystemClock.now();
    let stamp = now.to_string().replace([':', '.'], "-");
    let fresh = beside(database, ".restoring");
    let kept = beside(database, &format!(".before-{stamp}"));
    let outcome = async {
        // A copy of the backup is looked at and used: the backup itself stays as it is.
        data_dir::private_file(&fresh)?;
        fs::copy(&flags.file, &fresh)?;
        let found = copy::verify(&fresh, now).await?;
        let manifest = beside(&flags.file, ".json");
        if manifest.exists() {
            let promised: Manifest = serde_json::from_str(&fs::read_to_string(&manifest)?)?;
            anyhow::ensure!(
                promised.rows == found.rows,
                "it does not hold the rows that {} promises",
                manifest.display()
            );
        }
        let what = if database.exists() {
            format!(
                "replace the database at {} by the backup; the present one is kept as {}",
                database.display(),
                kept.display()
            )
        } else {
            format!("put the backup at {}", database.display())
        };
        flags.yes.agree(&what)?;
        fs::File::open(&fresh)?.sync_all()?;
        let (to, from, old) = (database.clone(), fresh.clone(), kept.clone());
        tokio::task::spawn_blocking(move || copy::replace(&to, &from, &old)).await??;
        anyhow::Ok(found)
    }
    .await;
    let found = match outcome {
        Ok(found) => found,
        Err(error) => {
            for file in [&fresh, &beside(&fresh, "-wal"), &beside(&fresh, "-shm")] {
                let _ = fs::remove_file(file);
            }
            return Err(error.context("nothing was restored; the database is as it was"));
        }
    };
    output::line(&format!(
        "Restored {} rows, schema version {}.",
        found.rows.values().sum::<i64>(),
        found.schema_version
    ))?;
    if kept.exists() {
        output::line(&format!("The database before is {}.", kept.display()))?;
    }
    output::line(
        "When the server runs again, each agent is asked for what it sent in the last 24 hours and the backup lacks. \
         What is older than that and not in the backup is lost; devices enrolled since must be enrolled again.",
    )
}
