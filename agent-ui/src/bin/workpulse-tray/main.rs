//! `workpulse-tray`: parses, checks the desktop, and hands over to the wiring.

mod app;
mod cli;
mod open_window;
mod tray;

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use clap::{CommandFactory as _, Parser as _};
use workpulse_tray::{
    exit::Exit,
    preflight::{self, Finding, Weight},
    start::{self, Program},
};

fn main() -> ExitCode {
    run(cli::Arguments::parse()).into()
}

fn run(arguments: cli::Arguments) -> Exit {
    if let Some(directory) = &arguments.write_man {
        return start::write_man(cli::Arguments::command(), directory);
    }
    if arguments.check {
        return told(&preflight::judge(&preflight::observe()));
    }
    match start::begin(Program::Tray, arguments.profile) {
        Ok((settings, flags)) => start::ended(app::run(settings, &flags, arguments.minimized)),
        Err(exit) => exit,
    }
}

/// Prints every finding, for `--check`.
fn told(findings: &[Finding]) -> Exit {
    let mut output = io::stdout().lock();
    for finding in findings {
        let mark = match finding.weight {
            Weight::Fine => "ok",
            Weight::Limit => "limit",
            Weight::Missing(_) => "MISSING",
        };
        // A closed pipe (`| head`) is no reason to fail; the code still tells.
        let _ = writeln!(
            output,
            "{mark:>8}  {}: {}",
            finding.subject, finding.message
        );
    }
    preflight::verdict(findings).unwrap_or(Exit::Done)
}
