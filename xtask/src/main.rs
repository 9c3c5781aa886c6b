//! The one door for people and CI: `cargo xtask <command>`.
//!
//! Owns everything that is done *to* the repository and this machine: installing system
//! packages, running npm and cargo, starting servers for a demo or a test. It must not
//! know what is inside the server or the agent: it speaks to them as anybody would, by
//! command line and HTTP. It compiles first on a fresh machine, so it stays small.
//!
//! One command a file, in the order in which a newcomer needs them; what they share
//! (running programs, reporting steps, stopping) stands first.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool: the terminal is where its results go"
)]

mod clock;
mod cmd;
mod repo;
mod steps;
mod stop;

mod setup;

mod codegen;
mod dashboard;
mod web;
mod window;

mod demo;

mod check;
mod contract;
mod logs;
mod postgres;
mod screenshots;
mod test;

mod bench;
mod measure_agent;
mod measure_tray;

mod dist;
mod packages;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Builds, runs, checks and measures WorkPulse.
#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    disable_help_subcommand = true
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Demo(demo::Args),
    Test(test::Args),
    Check(check::Args),
    Setup(setup::Args),
    Dashboard(dashboard::Args),
    Codegen(codegen::Args),
    Bench(bench::Args),
    MeasureAgent(measure_agent::Args),
    MeasureTray(measure_tray::Args),
    Dist(dist::Args),
    TestPackages(packages::Args),
    Postgres(postgres::Args),
    Screenshots(screenshots::Args),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = stop::install().and_then(|()| match cli.command {
        Command::Demo(args) => demo::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Setup(args) => setup::run(&args),
        Command::Dashboard(args) => dashboard::run(&args),
        Command::Codegen(args) => codegen::run(&args),
        Command::Bench(args) => bench::run(&args),
        Command::MeasureAgent(args) => measure_agent::run(&args),
        Command::MeasureTray(args) => measure_tray::run(&args),
        Command::Screenshots(args) => screenshots::run(&args),
        Command::Dist(args) => dist::run(&args),
        Command::TestPackages(args) => packages::run(&args),
        Command::Postgres(args) => postgres::run(&args),
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if stop::interrupted() => {
            eprintln!("\nStopped: {error:#}");
            ExitCode::from(130)
        }
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}
