//! `workpulse-agent update`

use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::json;
use workpulse_agent::{
    config::Loaded,
    update::{self, version},
};

use super::{Failure, Output, block_on};

#[derive(Args)]
pub(super) struct UpdateArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Clone, Copy, Subcommand)]
enum Action {
    /// Tell whether there is a newer version
    Check,
    /// Fetch the newer version, verify its signature, and say how it is installed
    Download,
}

pub(super) fn update(
    loaded: &Loaded,
    args: &UpdateArgs,
    output: &Output,
) -> Result<ExitCode, Failure> {
    match args.action {
        Action::Check => check(loaded, output),
        Action::Download => download(loaded, output),
    }
}

fn check(loaded: &Loaded, output: &Output) -> Result<ExitCode, Failure> {
    let offer = block_on(update::check(&loaded.settings))??;
    let running = version::running();
    let answer = json!({
        "running": running.to_string(),
        "available": offer.as_ref().map(|it| it.version.to_string()),
    });
    output.answer(&answer, || match offer {
        Some(offer) => format!(
            "Version {} is available; version {running} runs here. Fetch and verify it: `workpulse-agent update download`",
            offer.version
        ),
        None => format!("Version {running} is the newest."),
    });
    Ok(ExitCode::SUCCESS)
}

fn download(loaded: &Loaded, output: &Output) -> Result<ExitCode, Failure> {
    let ready = block_on(update::download(&loaded.settings))??;
    let answer = json!({
        "version": ready.version.to_string(),
        "path": ready.path,
        "command": ready.command,
    });
    output.answer(&answer, || {
        format!(
            "Version {} is here, and signed as it should be: {}\nNothing was installed. An administrator installs it with:\n{}",
            ready.version,
            ready.path.display(),
            ready.command
        )
    });
    Ok(ExitCode::SUCCESS)
}
