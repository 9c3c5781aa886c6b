//! `workpulse-agent completions`

use std::process::ExitCode;

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::Cli;

#[derive(Args)]
pub(super) struct Completions {
    /// For which shell
    shell: Shell,
}

pub(super) fn completions(args: &Completions) -> ExitCode {
    let mut command = Cli::command();
    clap_complete::generate(
        args.shell,
        &mut command,
        "workpulse-agent",
        &mut std::io::stdout(),
    );
    ExitCode::SUCCESS
}
