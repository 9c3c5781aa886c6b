//! `man`: the pages that packages install.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

/// Where the pages go.
#[derive(Debug, Args)]
pub(super) struct ManFlags {
    /// The directory to write into
    directory: PathBuf,
}

pub(super) fn run(flags: &ManFlags) -> anyhow::Result<()> {
    clap_mangen::generate_to(super::command(), &flags.directory).with_context(|| {
        format!(
            "the pages cannot be written to {}",
            flags.directory.display()
        )
    })
}
