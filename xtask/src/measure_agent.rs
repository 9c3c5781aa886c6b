//! `cargo xtask measure-agent`: what the agent costs the person whose desktop it looks at.
//!
//! The optimized headless agent, on a virtual desktop whose focus moves and where somebody
//! types, against a server of its own; processor time and memory from `/proc`, so Linux only.

mod backlog;
mod fsyncs;

use std::{fs, thread, time::Duration};

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;
use serde::Serialize;

use crate::{
    clock::{self, Stopwatch, spoken},
    cmd::{Background, Cmd},
    demo::{
        desktop::Virtual,
        machine, seed, server,
        state::{self, Memory},
    },
    repo, setup, stop,
};

/// Measure the headless agent's processor time and memory on a desktop at work
#[derive(clap::Args)]
pub(crate) struct Args {
    /// How long
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=600))]
    minutes: u32,
    /// Fail above this share of one core, in percent
    #[arg(long, default_value_t = 0.1)]
    max_cpu_percent: f64,
    /// Fail above this resident memory, in megabytes
    #[arg(long, default_value_t = 15.0)]
    max_rss_mb: f64,
    /// Count the times that it waits for the disk, by strace, in as many minutes more
    #[arg(long)]
    fsyncs: bool,
    /// Measure how fast 130,000 rows of 90 days offline are sent, and nothing else
    #[arg(long)]
    backlog: bool,
    /// Fail above this many seconds for the backlog
    #[arg(long, default_value_t = 60.0)]
    max_backlog_seconds: f64,
    /// The cargo profile of what is measured; `desktop` is what is shipped
    #[arg(long, default_value = "desktop", conflicts_with = "backlog")]
    profile: String,
    /// Measure the programs as they were last built
    #[arg(long, conflicts_with = "backlog")]
    no_build: bool,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Output::Text)]
    output: Output,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Output {
    /// For people
    Text,
    /// For programs
    Json,
}

#[derive(Serialize)]
struct Measured {
    seconds: f64,
    cpu_percent_of_one_core: f64,
    rss_mb: f64,
    peak_rss_mb: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    fsyncs_a_minute: Option<f64>,
}

/// Start-up is not what runs all day.
const WARM_UP: Duration = Duration::from_secs(20);
const STOP_LIMIT: Duration = Duration::from_secs(20);

pub(crate) fn run(args: &Args) -> Result<()> {
    ensure!(cfg!(target_os = "linux"), "this reads /proc: Linux only");
    setup::ensure(setup::Purpose::Test)?;
    if args.backlog {
        return backlog::run(args.max_backlog_seconds, args.output == Output::Json);
    }
    if !args.no_build {
        repo::cargo(&[
            "build",
            "--package",
            "workpulse-server",
            "--bin",
            "workpulse-server",
        ])
        .run()?;
        repo::cargo(&["build", "--profile", &args.profile])
            .arg("--package")
            .arg("workpulse-agent")
            .arg("--bin")
            .arg("workpulse-agent")
            .run()?;
    }
    let dir = repo::scratch_dir("measure-agent")?;
    let measured = measure(args, &Memory::open(&dir, clock::now())?);
    state::delete(&dir)?;
    report(args, &measured?)
}

fn measure(args: &Args, memory: &Memory) -> Result<Measured> {
    let mut server = server::start(memory.dir(), server::claim_port(0)?)?;
    let admin = seed::set_up(&server.api, memory)?;
    let owner = seed::people(&server.api, memory, &admin)?;
    let agent = machine::Agent::new(directory(&args.profile), memory);
    agent.enrol(&server.api, &server.base, &admin, owner)?;
    let desktop = Virtual::start(&memory.dir().join("desktop"))?;
    let hands = desktop.hands();
    let mut process = agent.run(Some(&desktop))?;
    thread::scope(|scope| {
        scope.spawn(move || hands.work());
        let outcome = watch(args, &mut process);
        stop::request();
        let ended = process
            .stop(STOP_LIMIT)
            .and(server.process.stop(STOP_LIMIT));
        outcome.and_then(|measured| ended.map(|()| measured))
    })
}

/// Where cargo puts what it builds with a profile.
pub(crate) fn directory(profile: &str) -> &str {
    match profile {
        "dev" => "debug",
        other => other,
    }
}

fn watch(args: &Args, process: &mut Background) -> Result<Measured> {
    let pause = |length| -> Result<()> {
        ensure!(!stop::wait(length), "interrupted");
        Ok(())
    };
    pause(WARM_UP)?;
    process.check()?;
    let ticks_per_second: f64 = Cmd::new("getconf", &["CLK_TCK"])
        .capture()?
        .trim()
        .parse()?;
    let pid = process.pid();
    let before = ticks(pid)?;
    let watch = Stopwatch::start();
    for _ in 0..args.minutes {
        pause(Duration::from_mins(1))?;
        process.check()?;
    }
    let seconds = watch.elapsed().as_secs_f64();
    let used = f64::from(u32::try_from(ticks(pid)? - before).context("too many ticks")?);
    let (rss_mb, peak_rss_mb) = (memory_mb(pid, "VmRSS")?, memory_mb(pid, "VmHWM")?);
    // Afterwards: whoever is traced is slower.
    let fsyncs_a_minute = args
        .fsyncs
        .then(|| fsyncs::a_minute(pid, args.minutes))
        .transpose()?;
    Ok(Measured {
        seconds,
        cpu_percent_of_one_core: used / ticks_per_second / seconds * 100.0,
        rss_mb,
        peak_rss_mb,
        fsyncs_a_minute,
    })
}

/// Processor time of a process and its threads, user and system, in clock ticks.
fn ticks(pid: u32) -> Result<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).context("the agent has ended")?;
    parse_ticks(&text).context("/proc/<pid>/stat has another form than proc(5) says")
}

fn parse_ticks(stat: &str) -> Option<u64> {
    // The name in parentheses may hold anything; fields 14 and 15 are counted from its end.
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

pub(crate) fn memory_mb(pid: u32, field: &str) -> Result<f64> {
    let text =
        fs::read_to_string(format!("/proc/{pid}/status")).context("the process has ended")?;
    field_mb(&text, field).with_context(|| format!("/proc/<pid>/status has no {field}"))
}

/// A field of a file in `/proc` that counts kibibytes, in megabytes.
pub(crate) fn field_mb(text: &str, field: &str) -> Option<f64> {
    let value = text
        .lines()
        .find_map(|line| line.strip_prefix(field)?.strip_prefix(':'))?;
    let kib: f64 = value.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kib * 1_024.0 / 1_000_000.0)
}

fn report(args: &Args, measured: &Measured) -> Result<()> {
    if args.output == Output::Json {
        println!("{}", serde_json::to_string(measured)?);
    } else {
        println!(
            "headless agent over {}: {:.3} % of one core (goal {} %), {:.1} MB resident (goal {} MB), peak {:.1} MB",
            spoken(Duration::from_secs_f64(measured.seconds)),
            measured.cpu_percent_of_one_core,
            args.max_cpu_percent,
            measured.rss_mb,
            args.max_rss_mb,
            measured.peak_rss_mb
        );
        if let Some(fsyncs) = measured.fsyncs_a_minute {
            println!("{fsyncs:.1} fsyncs a minute (goal 1)");
        }
    }
    ensure!(
        measured.cpu_percent_of_one_core <= args.max_cpu_percent
            && measured.rss_mb <= args.max_rss_mb,
        "the agent costs more than its goal"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_found_behind_a_name_with_spaces_and_parentheses() {
        let stat = "42 (a (b) c) S 1 42 42 0 -1 4194560 100 0 0 0 17 5 0 0 20 0 4 0 100 1000 200";
        assert_eq!(parse_ticks(stat), Some(22));
        assert_eq!(parse_ticks("nonsense"), None);
    }
}
