//! `workpulse-load`: simulated agents against a real server, and the limits to compare with.

use std::{net::SocketAddr, path::PathBuf, process::ExitCode, time::Duration};

use anyhow::{Context, Result, ensure};
use clap::Parser;
use workpulse_tests::{
    database::Engine,
    load::{
        drive::Pace,
        empty, fan_out,
        run::{Options, run},
        size::{day::Spread, measure},
    },
    server::program,
};

/// Simulated agents over real HTTP: how many activities a second, how fast the answers, at
/// what cost, and how near to what the database alone can do.
///
/// Starts a server of its own on a fresh database, enrols the agents through the API, sends,
/// and asks the server at the end whether everything is stored exactly once. All on this
/// machine, and removed afterwards.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// A running server on this machine, instead of starting one
    #[arg(long)]
    url: Option<String>,
    /// The server's program [default: workpulse-server in `WORKPULSE_BIN_DIR`, or beside this one]
    #[arg(long)]
    server_bin: Option<PathBuf>,
    /// The database
    #[arg(long, value_enum, default_value = "sqlite")]
    engine: Engine,
    /// A PostgreSQL cluster in which databases may be made (`postgres://…`)
    #[arg(long, env = "WORKPULSE_TEST_POSTGRES", hide_env_values = true)]
    database_url: Option<String>,
    /// Where data is put while it runs; not a disk in memory, or nothing is proven
    #[arg(long, default_value_os_t = std::env::temp_dir())]
    scratch_dir: PathBuf,
    /// Simulated agents
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=20_000))]
    agents: u32,
    /// Organizations that they belong to
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=100))]
    organizations: u32,
    /// Keep-alive connections
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=5_000))]
    connections: u32,
    /// Servers on one database (PostgreSQL); the connections take them in turn
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=8), conflicts_with = "url")]
    instances: u8,
    /// Batches a second, at fixed times (open loop)
    #[arg(long, conflicts_with = "max", value_parser = clap::value_parser!(u32).range(1..=200_000))]
    rate: Option<u32>,
    /// As fast as the answers come (closed loop); the default
    #[arg(long)]
    max: bool,
    /// Activities in a batch
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=900))]
    activities: u32,
    /// Seconds measured
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    duration: u64,
    /// Seconds before that, not measured
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(0..=600))]
    warmup: u64,
    /// Rows for the limit of the database alone; 0 leaves it out
    #[arg(long, default_value_t = 600_000, value_parser = clap::value_parser!(u32).range(0..=10_000_000))]
    raw_rows: u32,
    /// Also measure a handler that only parses
    #[arg(long, value_enum, default_value = "none")]
    baseline: Baseline,
    /// How the result is written
    #[arg(long, value_enum, default_value = "text")]
    output: Output,
    /// Threads of the generator
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=64))]
    threads: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Baseline {
    None,
    Empty,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Output {
    Text,
    Json,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// A year of activities in the database, and what the server does there
    Fill(Fill),
    /// One change, and how long it takes to reach the last of many sockets
    FanOut(FanOut),
    /// The handler that only parses
    #[command(hide = true)]
    EmptyServer {
        /// Where
        #[arg(long)]
        listen: SocketAddr,
    },
}

/// Where a subcommand works.
#[derive(Debug, clap::Args)]
struct Place {
    /// The database
    #[arg(long, value_enum, default_value = "sqlite")]
    engine: Engine,
    /// A PostgreSQL cluster in which databases may be made (`postgres://…`)
    #[arg(long, env = "WORKPULSE_TEST_POSTGRES", hide_env_values = true)]
    database_url: Option<String>,
    /// The server's program [default: workpulse-server in `WORKPULSE_BIN_DIR`, or beside this one]
    #[arg(long)]
    server_bin: Option<PathBuf>,
    /// Where data is put while it runs
    #[arg(long, default_value_os_t = std::env::temp_dir())]
    scratch_dir: PathBuf,
}

#[derive(Debug, clap::Args)]
struct Fill {
    #[command(flatten)]
    place: Place,
    /// Activities: 1000000, 10000000, 100000000
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    activities: u64,
    /// People; all of a year's working days are spread over them
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    people: u64,
    /// Only fill
    #[arg(long)]
    no_measure: bool,
    /// Leave the server's own checks out: they read every row
    #[arg(long)]
    no_check: bool,
    /// Seconds of each ingest run
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    duration: u64,
    /// Leave the database where it is, and say where
    #[arg(long)]
    keep: bool,
}

#[derive(Debug, clap::Args)]
struct FanOut {
    #[command(flatten)]
    place: Place,
    /// Sockets
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=25_000))]
    sockets: u32,
    /// The sockets are those of a second instance on the same database (PostgreSQL)
    #[arg(long)]
    across: bool,
    /// Changes, one after the other
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    rounds: u32,
}

fn main() -> Result<ExitCode> {
    // Two providers end up in one build; a builder without a default then panics.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(usize::from(arguments.threads))
        .enable_all()
        .build()?;
    runtime.block_on(async {
        match &arguments.command {
            None => load(&arguments).await,
            Some(Command::EmptyServer { listen }) => {
                let listener = tokio::net::TcpListener::bind(listen).await?;
                empty::serve(listener).await?;
                Ok(ExitCode::SUCCESS)
            }
            Some(Command::Fill(fill)) => at_size(fill).await,
            Some(Command::FanOut(fan_out)) => to_sockets(fan_out).await,
        }
    })
}

/// The program that was named, the one beside this one, or the one under test.
fn server_program(named: Option<&PathBuf>) -> Result<PathBuf> {
    if let Some(path) = named {
        return Ok(path.clone());
    }
    let beside = std::env::current_exe()?.with_file_name("workpulse-server");
    if beside.is_file() {
        Ok(beside)
    } else {
        program("workpulse-server")
    }
}

impl Place {
    fn check(&self) -> Result<()> {
        ensure!(
            self.engine == Engine::Sqlite || self.database_url.is_some(),
            "--engine postgres needs --database-url"
        );
        Ok(())
    }
}

#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it is a program for people"
)]
async fn at_size(fill: &Fill) -> Result<ExitCode> {
    fill.place.check()?;
    let size = measure::Size {
        server: server_program(fill.place.server_bin.as_ref())?,
        own_program: std::env::current_exe()?,
        engine: fill.place.engine,
        cluster: fill.place.database_url.clone(),
        scratch: fill.place.scratch_dir.clone(),
        spread: Spread::new(fill.activities, fill.people)?,
        check: !fill.no_check,
        measure: !fill.no_measure,
        seconds: fill.duration,
        keep: fill.keep,
    };
    println!(
        "{}",
        measure::run(&size, &|text| eprintln!("{text}")).await?
    );
    Ok(ExitCode::SUCCESS)
}

#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it is a program for people"
)]
async fn to_sockets(arguments: &FanOut) -> Result<ExitCode> {
    arguments.place.check()?;
    let options = fan_out::Options {
        server: server_program(arguments.place.server_bin.as_ref())?,
        engine: arguments.place.engine,
        cluster: arguments.place.database_url.clone(),
        scratch: arguments.place.scratch_dir.clone(),
        sockets: arguments.sockets as usize,
        rounds: arguments.rounds as usize,
        across: arguments.across,
    };
    println!(
        "{}",
        fan_out::run(&options, &|text| eprintln!("{text}")).await?
    );
    Ok(ExitCode::SUCCESS)
}

#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it is a program for people"
)]
async fn load(arguments: &Arguments) -> Result<ExitCode> {
    let own_program = std::env::current_exe()?;
    let server = match &arguments.url {
        Some(_) => None,
        None => Some(server_program(arguments.server_bin.as_ref())?),
    };
    ensure!(
        arguments.engine == Engine::Sqlite || arguments.database_url.is_some(),
        "--engine postgres needs --database-url"
    );
    let options = Options {
        url: arguments.url.clone(),
        server,
        engine: arguments.engine,
        cluster: arguments.database_url.clone(),
        scratch: arguments.scratch_dir.clone(),
        agents: arguments.agents as usize,
        organizations: arguments.organizations as usize,
        connections: arguments.connections as usize,
        pace: arguments
            .rate
            .map_or(Pace::Max, |rate| Pace::Rate(f64::from(rate))),
        activities: arguments.activities,
        warm_up: Duration::from_secs(arguments.warmup),
        duration: Duration::from_secs(arguments.duration),
        raw_rows: arguments.raw_rows as usize,
        empty_baseline: arguments.baseline == Baseline::Empty,
        own_program,
        instances: usize::from(arguments.instances),
    };
    let report = run(&options, &|text| eprintln!("{text}")).await?;
    match arguments.output {
        Output::Text => println!("{}", report.text()),
        Output::Json => println!(
            "{}",
            serde_json::to_string_pretty(&report).context("the report")?
        ),
    }
    Ok(if report.is_sound() {
        ExitCode::SUCCESS
    } else {
        eprintln!("what is stored is not what was sent");
        ExitCode::FAILURE
    })
}
