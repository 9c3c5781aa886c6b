//! `cargo xtask measure-tray`: what the tray app costs, before and after its window was open, and
//! how long a window takes to its first paint.
//!
//! The optimized tray app with its icon in a real panel on a virtual desktop, enrolled and in a
//! session, against a server of its own; memory from `/proc`, so Linux only. The first paint is
//! what the page itself observes, from the moment at which the window's process is started.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    thread,
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;
use serde::Serialize;

use crate::{
    clock,
    cmd::{Background, Cmd},
    demo::{
        desktop::Virtual,
        machine, seed, server,
        state::{self, Memory},
    },
    measure_agent::{directory, field_mb, memory_mb},
    repo, setup, stop, window,
};

/// Measure the tray app's memory, before and after its window was open, and the first paint
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Fail above this resident memory of the tray app without a window, in megabytes
    #[arg(long, default_value_t = 65.0)]
    max_rss_mb: f64,
    /// Fail above this time from the start of the window to its first paint, in milliseconds
    #[arg(long, default_value_t = 500)]
    max_paint_ms: u32,
    /// How often the window is opened; the median counts
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=50))]
    windows: u32,
    /// The cargo profile of what is measured; `desktop` is what is shipped, `dev` is built sooner
    /// and costs more
    #[arg(long, default_value = "desktop")]
    profile: String,
    /// Measure the programs as they were last built
    #[arg(long)]
    no_build: bool,
    /// Also print what the tray app's memory is made of: resident megabytes by file
    #[arg(long)]
    mappings: bool,
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
    /// Without a window, none having been open.
    before: Memories,
    /// All of the window's processes, while it is open.
    window_rss_mb: f64,
    /// Without a window, after several were opened and closed.
    after: Memories,
    /// From the start of the process to the first paint, each time.
    paint_ms: Vec<u32>,
}

#[derive(Clone, Copy, Serialize)]
struct Memories {
    rss_mb: f64,
    pss_mb: f64,
}

/// Start-up is not what runs all day.
const WARM_UP: Duration = Duration::from_secs(30);
/// How long anything else may take.
const LOOKS: u32 = 600;
const LOOK: Duration = Duration::from_millis(100);
const STOP_LIMIT: Duration = Duration::from_secs(20);
/// What the window says of its first paint.
const PAINTED: &str = "painted_at_millis=";

pub(crate) fn run(args: &Args) -> Result<()> {
    ensure!(cfg!(target_os = "linux"), "this reads /proc: Linux only");
    setup::ensure(setup::Purpose::Test)?;
    if !args.no_build {
        build(&args.profile)?;
    }
    let dir = repo::scratch_dir("measure-tray")?;
    let measured = measure(args, &Memory::open(&dir, clock::now())?);
    state::delete(&dir)?;
    report(args, &measured?)
}

fn build(profile: &str) -> Result<()> {
    window::install()?;
    window::build()?;
    repo::cargo(&[
        "build",
        "-p",
        "workpulse-server",
        "--bin",
        "workpulse-server",
    ])
    .run()?;
    repo::cargo(&["build", "--profile", profile])
        .arg("-p")
        .arg("workpulse-agent")
        .arg("-p")
        .arg("workpulse-tray")
        .arg("--bins")
        .run()
}

fn measure(args: &Args, memory: &Memory) -> Result<Measured> {
    let mut server = server::start(memory.dir(), server::claim_port(0)?)?;
    let admin = seed::set_up(&server.api, memory)?;
    let owner = seed::people(&server.api, memory, &admin)?;
    let agent = machine::Agent::new(directory(&args.profile), memory);
    agent.enrol(&server.api, &server.base, &admin, owner)?;
    let desktop = Virtual::start(&memory.dir().join("desktop"))?;
    let (_bus, line) = Cmd::new(
        "dbus-daemon",
        &["--session", "--nofork", "--nopidfile", "--print-address=1"],
    )
    .start_piped("the session bus", &memory.dir().join("bus.log"))?;
    let mut address = String::new();
    BufReader::new(line).read_line(&mut address)?;
    let here = |cmd: Cmd| on(&desktop, address.trim(), memory.dir(), cmd);
    let _panel = here(Cmd::new("tint2", &[])).start("tint2", &memory.dir().join("tint2.log"))?;
    let log = memory.dir().join("tray.log");
    let mut tray = here(agent.tray(&["--minimized"])?).start("the tray app", &log)?;
    let hands = desktop.hands();
    thread::scope(|scope| {
        scope.spawn(move || hands.work());
        let outcome = watch(args, &mut tray, &log, || {
            // As the icon opens it, which has left OpenGL out already.
            here(agent.window()?)
                .env("GDK_GL", "disable")
                .start("the window", &log)
        });
        stop::request();
        let ended = tray.stop(STOP_LIMIT).and(server.process.stop(STOP_LIMIT));
        outcome.and_then(|measured| ended.map(|()| measured))
    })
}

/// Lets a program run on the virtual desktop, on its session bus, in a home of its own.
fn on(desktop: &Virtual, bus: &str, home: &Path, cmd: Cmd) -> Cmd {
    let cmd = cmd
        .without_env("WAYLAND_DISPLAY")
        .env("DBUS_SESSION_BUS_ADDRESS", bus)
        .env("NO_AT_BRIDGE", "1")
        .env("HOME", home)
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_DATA_HOME", home.join("data"))
        .env("XDG_CACHE_HOME", home.join("cache"));
    desktop
        .environment()
        .into_iter()
        .fold(cmd, |cmd, (name, value)| cmd.env(name, value))
}

fn watch(
    args: &Args,
    tray: &mut Background,
    log: &Path,
    open: impl Fn() -> Result<Background>,
) -> Result<Measured> {
    ensure!(!stop::wait(WARM_UP), "interrupted");
    tray.check()?;
    let before = memories(tray.pid())?;
    if args.mappings {
        print_mappings(tray.pid())?;
    }
    let mut paint_ms = Vec::new();
    let mut window_rss_mb: f64 = 0.0;
    for turn in 1..=args.windows {
        let began = clock::now();
        let mut window = open()?;
        let painted = eventually("the window's first paint", || {
            painted(log, usize::try_from(turn).unwrap_or(usize::MAX))
        })?;
        let took = painted - began.as_millis();
        paint_ms.push(u32::try_from(took).context("the clock went back")?);
        window_rss_mb = window_rss_mb.max(with_children(window.pid())?);
        window.stop(STOP_LIMIT)?;
        tray.check()?;
    }
    // What its closing set free is given back by then.
    ensure!(!stop::wait(Duration::from_secs(5)), "interrupted");
    Ok(Measured {
        before,
        window_rss_mb,
        after: memories(tray.pid())?,
        paint_ms,
    })
}

/// The instant of the n-th first paint in the log.
fn painted(log: &Path, turn: usize) -> Result<Option<i64>> {
    let text = fs::read_to_string(log)?;
    let found = text.split(PAINTED).nth(turn).map(|rest| {
        rest.chars()
            .take_while(char::is_ascii_digit)
            .collect::<String>()
    });
    found
        .map(|digits| digits.parse().context("an instant"))
        .transpose()
}

fn eventually<T>(what: &str, mut look: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    for _ in 0..LOOKS {
        if let Some(found) = look()? {
            return Ok(found);
        }
        ensure!(!stop::wait(LOOK), "interrupted");
    }
    anyhow::bail!("waited in vain for {what}")
}

fn memories(pid: u32) -> Result<Memories> {
    Ok(Memories {
        rss_mb: memory_mb(pid, "VmRSS")?,
        pss_mb: rollup_mb(pid)?,
    })
}

/// Its share of what it shares with others counts for a part.
fn rollup_mb(pid: u32) -> Result<f64> {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup"))
        .context("the tray app has ended")?;
    field_mb(&text, "Pss").context("smaps_rollup has no Pss")
}

/// Resident memory of a process and all that it has started.
fn with_children(pid: u32) -> Result<f64> {
    let mut sum = memory_mb(pid, "VmRSS")?;
    for thread in fs::read_dir(format!("/proc/{pid}/task"))? {
        let list = fs::read_to_string(thread?.path().join("children")).unwrap_or_default();
        for child in list.split_whitespace() {
            // One that has ended meanwhile costs nothing.
            sum += with_children(child.parse()?).unwrap_or(0.0);
        }
    }
    Ok(sum)
}

/// Resident megabytes by what is mapped, the largest first.
fn print_mappings(pid: u32) -> Result<()> {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps"))?;
    let mut sums = by_mapping(&text).into_iter().collect::<Vec<_>>();
    sums.sort_by_key(|(_, kib)| std::cmp::Reverse(*kib));
    for (name, kib) in sums.into_iter().take(25) {
        println!("{:>8.1} MB  {name}", f64::from(kib) * 1_024.0 / 1_000_000.0);
    }
    Ok(())
}

/// Resident kibibytes by the mapping's name: the file's, or in brackets what it is.
fn by_mapping(smaps: &str) -> BTreeMap<String, u32> {
    let mut sums = BTreeMap::new();
    let mut name = String::new();
    for line in smaps.lines() {
        if let Some(kib) = line.strip_prefix("Rss:") {
            let kib: u32 = kib.trim().trim_end_matches(" kB").parse().unwrap_or(0);
            *sums.entry(name.clone()).or_default() += kib;
        } else if line
            .split_whitespace()
            .next()
            .is_some_and(|it| !it.ends_with(':'))
        {
            // address, permissions, offset, device, inode, name
            let path = line.split_whitespace().nth(5).unwrap_or("[anonymous]");
            path.rsplit('/')
                .next()
                .unwrap_or(path)
                .clone_into(&mut name);
        }
    }
    sums
}

fn report(args: &Args, measured: &Measured) -> Result<()> {
    let mut paints = measured.paint_ms.clone();
    paints.sort_unstable();
    let median = paints[paints.len() / 2];
    if args.output == Output::Json {
        println!("{}", serde_json::to_string(measured)?);
    } else {
        println!(
            "tray app, enrolled, in a session, no window: {:.1} MB resident ({:.1} of them its share), {:.2} of the goal of {} MB",
            measured.before.rss_mb,
            measured.before.pss_mb,
            measured.before.rss_mb / args.max_rss_mb,
            args.max_rss_mb
        );
        println!(
            "after {} windows were opened and closed: {:.1} MB resident ({:.1}), {:.2} of the goal; a window while it is open: {:.1} MB in all its processes",
            measured.paint_ms.len(),
            measured.after.rss_mb,
            measured.after.pss_mb,
            measured.after.rss_mb / args.max_rss_mb,
            measured.window_rss_mb
        );
        println!(
            "window, from its start to the first paint: {median} ms (median of {:?}), {:.2} of the goal of {} ms",
            measured.paint_ms,
            f64::from(median) / f64::from(args.max_paint_ms),
            args.max_paint_ms
        );
    }
    ensure!(
        measured.before.rss_mb <= args.max_rss_mb
            && measured.after.rss_mb <= args.max_rss_mb
            && median <= args.max_paint_ms,
        "the tray app costs more than its goals"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mappings_are_summed_by_their_file() {
        let smaps = "7f00-7f10 r-xp 00000000 fe:01 12 /usr/lib/libgtk-3.so.0\nSize: 64 kB\nRss:                  40 kB\nVmFlags: rd ex\n7f10-7f20 rw-p 00000000 fe:01 12 /usr/lib/libgtk-3.so.0\nRss:                   2 kB\n7f20-7f30 rw-p 00000000 00:00 0 \nRss:                   8 kB\n7f30-7f40 rw-p 00000000 00:00 0                          [heap]\nRss:                  16 kB\n";
        let sums = by_mapping(smaps);
        assert_eq!(sums["libgtk-3.so.0"], 42);
        assert_eq!(sums["[anonymous]"], 8);
        assert_eq!(sums["[heap]"], 16);
    }

    #[test]
    fn a_field_of_proc_is_read_in_megabytes() {
        assert_eq!(field_mb("Rss: 1 kB\nPss:    1000 kB\n", "Pss"), Some(1.024));
        assert_eq!(field_mb("nothing", "Pss"), None);
    }
}
