//! `completions`: a script for a shell.

use clap::Args;
use clap_complete::Shell;

/// Which shell.
#[derive(Debug, Args)]
pub(super) struct CompletionFlags {
    /// Which shell.
    shell: Shell,
}

pub(super) fn run(flags: &CompletionFlags) {
    let mut command = super::command();
    clap_complete::generate(
        flags.shell,
        &mut command,
        "workpulse-server",
        &mut std::io::stdout(),
    );
}
