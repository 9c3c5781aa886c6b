//! The command line: one file a command.
//!
//! Exit codes: 0 done; 1 failed; 2 wrong arguments, configuration or data directory.

mod admin;
mod backup;
mod completions;
mod confirm;
mod doctor;
mod jobs;
mod man;
mod migrate;
mod migrate_data;
mod openapi;
mod output;
mod process;
mod restore;
mod serve;
mod service_manager;
mod settings;
mod worker;

use std::{ffi::OsString, io::Write as _, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::{config::sources::ConfigError, store::StoreError};
use settings::DataFlags;

/// Working time, as it happens: the server.
#[derive(Debug, Parser)]
#[command(name = "workpulse-server", version, about, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    data: DataFlags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API and the dashboard until stopped.
    Serve(serve::ServeFlags),
    /// Work on scheduled jobs until stopped, without serving anybody.
    Worker(worker::WorkerFlags),
    /// Look at scheduled jobs, or run one now.
    #[command(subcommand)]
    Jobs(jobs::JobsCommand),
    /// Copy the embedded database into a file, also beside a running server, and verify the copy.
    Backup(backup::BackupFlags),
    /// Put a backup in the place of the embedded database; the one before is kept.
    Restore(restore::RestoreFlags),
    /// Bring the database up to this version, and stop.
    Migrate,
    /// Carry the embedded database's rows to an empty PostgreSQL database, and compare each.
    MigrateData(migrate_data::MigrateDataFlags),
    /// Manage organizations, people and devices on the database itself, also beside a running server.
    #[command(subcommand)]
    Admin(admin::AdminCommand),
    /// Look at the deployment from end to end; code 1 when something has failed.
    Doctor(doctor::DoctorFlags),
    /// Print the OpenAPI document.
    Openapi,
    /// Print a completion script for a shell.
    Completions(completions::CompletionFlags),
    /// Write the man pages into a directory.
    #[command(hide = true)]
    Man(man::ManFlags),
}

/// Runs a command; the process's exit code.
pub fn run(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are "errors" with code 0. A closed pipe is nobody's fault.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match dispatch(cli) {
        Ok(code) => code,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "workpulse-server: {error:#}");
            ExitCode::from(if is_setting(&error) { 2 } else { 1 })
        }
    }
}

fn is_setting(error: &anyhow::Error) -> bool {
    error.is::<ConfigError>() || matches!(error.downcast_ref(), Some(StoreError::Unusable { .. }))
}

fn dispatch(cli: Cli) -> anyhow::Result<ExitCode> {
    let runtime = || {
        tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
    };
    match cli.command {
        Command::Serve(flags) => runtime()?.block_on(serve::run(&cli.data, flags))?,
        Command::Worker(flags) => runtime()?.block_on(worker::run(&cli.data, flags))?,
        Command::Jobs(command) => {
            if !runtime()?.block_on(jobs::run(&cli.data, command))? {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::Backup(flags) => runtime()?.block_on(backup::run(&cli.data, &flags))?,
        Command::Restore(flags) => runtime()?.block_on(restore::run(&cli.data, &flags))?,
        Command::Migrate => runtime()?.block_on(migrate::run(&cli.data))?,
        Command::MigrateData(flags) => {
            runtime()?.block_on(migrate_data::run(&cli.data, &flags))?;
        }
        Command::Admin(command) => runtime()?.block_on(admin::run(&cli.data, command))?,
        Command::Doctor(flags) => {
            if !runtime()?.block_on(doctor::run(&cli.data, &flags))? {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::Openapi => openapi::run()?,
        Command::Completions(flags) => completions::run(&flags),
        Command::Man(flags) => man::run(&flags)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The command line's description, for completions.
fn command() -> clap::Command {
    <Cli as clap::CommandFactory>::command()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_well_formed() {
        super::command().debug_assert();
    }
}
