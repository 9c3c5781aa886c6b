//! `admin export-person`, `admin erase-person`.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use serde_json::Value;
use shared_types::audit::LookAt;
use tokio::{io::AsyncWriteExt as _, sync::mpsc};

use super::{OutputFlag, people::Whose};
use crate::{
    cli::confirm::Yes,
    clock::{Clock as _, SystemClock},
    rights::{erase, export},
    store::{
        Store,
        audit::{self, Looked},
    },
};

/// Whose data, and where to.
#[derive(Debug, Args)]
pub(in crate::cli) struct Export {
    #[command(flatten)]
    whose: Whose,
    /// The zip file to write; it must not be there yet
    #[arg(long, value_name = "FILE")]
    output_file: PathBuf,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn export(store: &Store, flags: &Export) -> anyhow::Result<()> {
    let (organization, user) = flags.whose.find(store).await?;
    let path = &flags.output_file;
    let mut options = tokio::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    options.mode(0o600);
    let mut file = options
        .open(path)
        .await
        .with_context(|| format!("making {}. Nothing was exported", path.display()))?;
    // Written down before anything is read; the person sees it.
    let mut tx = store.tenant(organization).begin().await?;
    let look = Looked {
        viewer: None,
        at: LookAt::Export,
        people: &[user.id],
        detail: Value::Null,
    };
    audit::looked(&mut tx, &look, SystemClock.now(), SystemClock.new_uuid()).await?;
    tx.commit().await?;

    let (sender, mut pieces) = mpsc::channel(export::PIECES);
    let read = export::write(store, organization, user.id, SystemClock.now(), sender);
    let write = async {
        let mut bytes = 0;
        while let Some(piece) = pieces.recv().await {
            let piece = piece?;
            file.write_all(&piece).await?;
            bytes += piece.len();
        }
        file.sync_all().await?;
        Ok::<_, std::io::Error>(bytes)
    };
    let (read, written) = tokio::join!(read, write);
    let outcome = read
        .map_err(anyhow::Error::from)
        .and(written.map_err(anyhow::Error::from));
    let bytes = match outcome {
        Ok(bytes) => bytes,
        Err(error) => {
            drop(file);
            // Half an export must not be taken for a whole one.
            let _ = tokio::fs::remove_file(path).await;
            return Err(error.context(format!("{} was removed again", path.display())));
        }
    };
    flags.output.output.one(&[
        ("user_id", user.id.to_string()),
        ("file", path.display().to_string()),
        ("bytes", bytes.to_string()),
    ])
}

/// Who is to be erased.
#[derive(Debug, Args)]
pub(in crate::cli) struct Erase {
    #[command(flatten)]
    whose: Whose,
    #[command(flatten)]
    yes: Yes,
    #[command(flatten)]
    output: OutputFlag,
}

pub(super) async fn erase(store: &Store, flags: &Erase) -> anyhow::Result<()> {
    let (organization, user) = flags.whose.find(store).await?;
    flags.yes.agree(&format!(
        "erase {} <{}>: their account, devices, sessions, activity and daily totals, for ever",
        user.name, user.email
    ))?;
    erase::request(
        store,
        &SystemClock,
        organization,
        None,
        user.id,
        &user.email,
    )
    .await
    .context("nothing was changed")?;
    let transactions = erase::run_all(store, &SystemClock, || false)
        .await
        .context("the erasure has begun and was interrupted; a running server goes on with it")?;
    flags.output.output.one(&[
        ("user_id", user.id.to_string()),
        ("transactions", transactions.to_string()),
    ])
}
