//! `workpulse-agent man`: the pages that packages install.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use clap::{Args, CommandFactory as _};

use super::{Cli, Failure};

#[derive(Args)]
pub(super) struct Man {
    /// The directory to write into
    directory: PathBuf,
}

pub(super) fn man(args: &Man) -> Result<ExitCode, Failure> {
    clap_mangen::generate_to(Cli::command(), &args.directory).with_context(|| {
        format!(
            "the pages cannot be written to {}",
            args.directory.display()
        )
    })?;
    Ok(ExitCode::SUCCESS)
}
