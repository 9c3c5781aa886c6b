//! The command line: one file per subcommand.
//!
//! Owns flags, texts and exit codes. It must not know how anything is done.

mod completions;
mod config;
mod control;
mod enrol;
mod exit;
mod man;
mod notice;
mod outbox;
mod output;
mod policy;
mod run;
mod status;
mod update;

use std::{collections::BTreeMap, path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use workpulse_agent::{
    config::{Flags, Loaded},
    credentials::SecretChoice,
};

use self::{
    exit::Failure,
    output::{Format, Output},
};

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  an error that has no code of its own
  2  wrong usage, or a configuration that cannot be used
  3  this machine is not enrolled
  4  an agent is running already
  5  no agent is running
  6  refused, and trying again would not help
  7  the server cannot be reached or is busy; try again
  8  the data directory or the outbox cannot be used

Settings: managed policy > flags > environment (WORKPULSE_AGENT_…) > agent.toml > defaults;
`workpulse-agent config show --origin` tells where each comes from.
Logs go to stderr; WORKPULSE_AGENT_LOG=debug shows more. They never hold window titles or addresses.";

/// Records what this desktop is used for during work, as far as your organization's policy
/// allows, and sends it to your organization's WorkPulse server.
#[derive(Parser)]
#[command(name = "workpulse-agent", version, after_help = EXIT_CODES, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// What every subcommand takes.
#[derive(Args)]
struct Common {
    /// How answers are written
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    output: Format,
    /// Where outbox, enrolment and lock live
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// The configuration file
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// Enrol this machine: with a token from an administrator, or by logging in
    Enrol(enrol::Enrol),
    /// Show what is collected, and why, and accept it; nothing is recorded before
    Notice(notice::NoticeArgs),
    /// Run the agent in the foreground until it is told to end
    Run(run::Run),
    /// Tell what the agent is doing, and what is pending
    Status,
    /// Start a work session now
    Start(control::Start),
    /// Stop the running session; none begins by itself for the rest of the day
    Stop,
    /// Do not look at the desktop for a while
    Pause(control::Pause),
    /// Look at the desktop again
    Resume,
    /// Send what is pending now
    Sync,
    /// Read what is kept on this machine: every row, before and after it was sent
    Outbox(outbox::OutboxArgs),
    /// Show the settings
    Config(config::ConfigArgs),
    /// Find, fetch and verify a newer version; it never installs one
    Update(update::UpdateArgs),
    /// Write a completion script for a shell
    Completions(completions::Completions),
    /// Write the man pages into a directory
    #[command(hide = true)]
    Man(man::Man),
}

/// Parses, calls, and turns failures into a text and a code.
pub(crate) fn main() -> ExitCode {
    let cli = Cli::parse();
    let output = Output::new(cli.common.output);
    match dispatch(cli, &output) {
        Ok(code) => code,
        Err(failure) => failure.tell(&output),
    }
}

fn dispatch(cli: Cli, output: &Output) -> Result<ExitCode, Failure> {
    let common = cli.common;
    match cli.command {
        Command::Enrol(args) => enrol::enrol(&common, args, output),
        Command::Notice(args) => notice::notice(&common.load()?, &args, output),
        Command::Run(args) => run::run(&common, &args),
        Command::Status => status::status(&common.load()?, output),
        Command::Start(args) => control::send(&common.load()?, &args.into(), output),
        Command::Stop => control::send(&common.load()?, &workpulse_agent::Command::Stop, output),
        Command::Pause(args) => control::send(&common.load()?, &args.into_command()?, output),
        Command::Resume => {
            control::send(&common.load()?, &workpulse_agent::Command::Resume, output)
        }
        Command::Sync => control::send(&common.load()?, &workpulse_agent::Command::SyncNow, output),
        Command::Outbox(args) => outbox::outbox(&common.load()?, &args, output),
        Command::Config(args) => Ok(config::config(&common.load()?, &args, output)),
        Command::Update(args) => update::update(&common.load()?, &args, output),
        Command::Completions(args) => Ok(completions::completions(&args)),
        Command::Man(args) => man::man(&args),
    }
}

impl Common {
    fn load(&self) -> Result<Loaded, Failure> {
        self.load_with(BTreeMap::new())
    }

    /// Settings with a subcommand's own flags.
    fn load_with(
        &self,
        mut values: BTreeMap<&'static str, toml::Value>,
    ) -> Result<Loaded, Failure> {
        if let Some(dir) = &self.data_dir {
            values.insert(
                "data_dir",
                toml::Value::from(dir.to_string_lossy().into_owned()),
            );
        }
        let flags = Flags {
            config: self.config.clone(),
            values,
        };
        Ok(workpulse_agent::config::load(&flags)?)
    }
}

/// `--no-keychain` of the subcommands that touch the secret.
fn no_keychain(on: bool, values: &mut BTreeMap<&'static str, toml::Value>) {
    if on {
        let file = serde_json::to_value(SecretChoice::File).expect("plain data");
        values.insert(
            "credentials",
            toml::Value::from(file.as_str().unwrap_or_default()),
        );
    }
}

/// A small runtime for one question.
fn block_on<T>(future: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(anyhow::Error::from)?;
    Ok(runtime.block_on(future))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
