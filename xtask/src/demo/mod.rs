//! `cargo xtask demo`: a small company at work, seen live, with this machine in it.
//!
//! The order is the story: server, organization, people, history, this machine, live. Every
//! child process is ended in the reverse order, by its id.

mod absent;
pub(crate) mod api;
mod company;
mod day_in_making;
pub(crate) mod desktop;
mod groups;
mod live;
pub(crate) mod machine;
mod notes;
mod office;
mod people;
mod rhythm;
pub(crate) mod seed;
pub(crate) mod server;
mod smoke;
pub(crate) mod state;

use std::{
    env,
    io::{self, BufRead as _, IsTerminal as _, Write as _},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail};

pub(crate) use self::company::with_company;
use self::{
    desktop::Virtual,
    machine::Agent,
    people::{ADMIN, EMPLOYEE, MACHINE, MANAGER, ORGANIZATION},
    server::Server,
    state::{Memory, SMOKE_DAYS},
};
use crate::{
    clock::{self, Stopwatch, spoken},
    cmd::Background,
    dashboard, logs, repo, setup, stop,
};

/// Show WorkPulse at work: a company with eight weeks of history, and this machine live
///
/// Installs what is missing, builds dashboard, server and agent, starts the server on embedded
/// SQLite, makes an organization with an admin, a manager and employees, sends eight weeks of
/// their work through the same door that agents use, enrols this machine and samples its desktop
/// (without a display: a virtual one), and prints the address and the log-ins. Ctrl-C stops
/// everything. A second run goes on where the first one stopped.
#[derive(clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub(crate) struct Args {
    /// Where the server listens, on 127.0.0.1; 0: any free port
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// Where the demo keeps its data [default: workpulse-data/demo in the repository]
    #[arg(long)]
    data_dir: Option<PathBuf>,
    /// Delete the demo's data first (asks)
    #[arg(long)]
    fresh: bool,
    /// With --fresh: do not ask
    #[arg(long, requires = "fresh")]
    yes: bool,
    /// Use the dashboard and the programs as they were last built
    #[arg(long)]
    no_build: bool,
    /// Do not sample this machine
    #[arg(long)]
    no_agent: bool,
    /// Start everything, check through the API that history and live rows are there, and stop;
    /// unless given, the data directory is a temporary one and the port any free one
    #[arg(long)]
    smoke: bool,
}

const STOP_LIMIT: Duration = Duration::from_secs(20);

pub(crate) fn run(args: &Args) -> Result<()> {
    let temporary = (args.smoke && args.data_dir.is_none())
        .then(|| repo::scratch_dir("demo-smoke"))
        .transpose()?;
    let dir = match (&temporary, &args.data_dir) {
        (Some(dir), _) => dir.clone(),
        (None, Some(dir)) => env::current_dir()?.join(dir),
        (None, None) => repo::root().join("workpulse-data/demo"),
    };
    let outcome = run_in(args, &dir);
    let outcome = outcome.and_then(|()| {
        if args.smoke {
            // Seeded people worked, and this machine's windows had titles.
            logs::tell_nothing(&[&dir.join("server.log"), &dir.join("agent.log")])?;
        }
        Ok(())
    });
    if let Some(dir) = temporary {
        if outcome.is_ok() {
            state::delete(&dir)?;
        } else {
            println!("The logs are kept in {}", dir.display());
        }
    }
    outcome
}

fn run_in(args: &Args, dir: &Path) -> Result<()> {
    let watch = Stopwatch::start();
    let port = server::claim_port(if args.smoke && args.port == 3000 {
        0
    } else {
        args.port
    })?;
    if args.fresh && state::exists(dir) {
        confirm(dir, args.yes)?;
        state::delete(dir)?;
    }
    let memory = if args.smoke {
        Memory::open_with(dir, clock::now(), SMOKE_DAYS)?
    } else {
        Memory::open(dir, clock::now())?
    };

    stage("System packages, Node.js");
    setup::ensure(setup::Purpose::Demo)?;
    if !args.no_build {
        stage("Dashboard");
        dashboard::install()?;
        dashboard::build(false)?;
        stage("Server and agent (the first build takes some minutes)");
        build(args.no_agent)?;
    }

    stage("Starting the server on embedded SQLite");
    let mut server = server::start(dir, port)?;
    stage("Organization and people");
    let admin = seed::set_up(&server.api, &memory)?;
    let owner = seed::people(&server.api, &memory, &admin)?;
    groups::make(&server.api, &memory, &admin, owner)?;
    // Before the hours arrive: they come into their categories at once.
    office::furnish(&server.api, &admin, &manager(&server, &memory)?)?;
    history(&server, &memory)?;
    happenings(&server, &memory, &admin)?;

    let mut desktop = None;
    let mut agent = None;
    if !args.no_agent {
        stage("This machine");
        let machine = Agent::new("debug", &memory);
        machine.enrol(&server.api, &server.base, &admin, owner)?;
        if !setup::has_display() {
            desktop = Some(Virtual::start(&dir.join("desktop"))?);
        }
        agent = Some(machine.run(desktop.as_ref())?);
    }
    println!("Ready after {}.", spoken(watch.elapsed()));

    let outcome = live(args, &memory, &mut server, desktop.as_mut(), agent.as_mut());
    println!("\nStopping …");
    // The agent first: it can still hand in its last minute.
    let agent = agent.map_or(Ok(()), |mut agent| agent.stop(STOP_LIMIT));
    drop(desktop);
    let server = server.process.stop(STOP_LIMIT);
    memory.save()?;
    outcome.and(agent).and(server)?;
    println!(
        "Stopped. The data is in {}; the next run goes on from here.",
        dir.display()
    );
    Ok(())
}

fn stage(name: &str) {
    println!("==> {name}");
}

fn build(without_agent: bool) -> Result<()> {
    let mut cargo = repo::cargo(&[
        "build",
        "--package",
        "workpulse-server",
        "--bin",
        "workpulse-server",
    ]);
    if !without_agent {
        for word in ["--package", "workpulse-agent", "--bin", "workpulse-agent"] {
            cargo = cargo.arg(word);
        }
    }
    cargo.run()
}

/// The first run sends all of it; a later one catches up in the background.
fn history(server: &Server, memory: &Memory) -> Result<()> {
    if memory.state().seeded {
        return Ok(());
    }
    stage("History, through POST /api/v1/sync");
    let watch = Stopwatch::start();
    let items = seed::history(&server.api, memory)?;
    println!("    {items} items in {}", spoken(watch.elapsed()));
    Ok(())
}

fn manager(server: &Server, memory: &Memory) -> Result<String> {
    let password = memory.state().passwords.manager.clone();
    let email = format!("{MANAGER}@northwind.example");
    seed::log_in(&server.api, &email, &password).context("the manager's log-in")
}

/// What there is besides hours: what people say of their time, and alerts, of which some are
/// resolved.
fn happenings(server: &Server, memory: &Memory, admin: &str) -> Result<()> {
    stage("Notes and alerts");
    let api = &server.api;
    let manager = manager(server, memory)?;
    notes::tell(api, memory, &manager)?;
    absent::leave(api, memory, admin)?;
    for detector in ["idle_detector", "overtime_checker"] {
        server::run_job(memory.dir(), detector)?;
    }
    absent::resolve_some(api, &manager)
}

/// Everything runs: shows it, or judges it, until a stop is asked for or something ends.
fn live(
    args: &Args,
    memory: &Memory,
    server: &mut Server,
    mut desktop: Option<&mut Virtual>,
    mut agent: Option<&mut Background>,
) -> Result<()> {
    let hands = desktop.as_ref().map(|desktop| desktop.hands());
    let base = server.base.clone();
    thread::scope(|scope| {
        if let Some(hands) = hands {
            scope.spawn(move || hands.work());
        }
        let api = &server.api;
        let process = &mut server.process;
        scope.spawn(|| live::run(api, memory));
        let mut watch_children = |process: &mut Background| -> Result<()> {
            process.check()?;
            agent.as_deref_mut().map_or(Ok(()), Background::check)?;
            desktop.as_deref_mut().map_or(Ok(()), Virtual::check)
        };
        let outcome = if args.smoke {
            smoke::judge(api, memory, !args.no_agent).and_then(|()| watch_children(process))
        } else {
            print_box(args, memory, &base);
            wait_for_the_end(process, watch_children)
        };
        // The threads above end at a stop; an end for another reason is one, too.
        stop::request();
        outcome
    })
}

fn wait_for_the_end(
    process: &mut Background,
    mut watch_children: impl FnMut(&mut Background) -> Result<()>,
) -> Result<()> {
    while !stop::wait(Duration::from_secs(1)) {
        watch_children(process)?;
    }
    Ok(())
}

fn confirm(dir: &Path, yes: bool) -> Result<()> {
    if yes {
        return Ok(());
    }
    if !io::stdin().is_terminal() {
        bail!(
            "--fresh would delete {}; say --yes where nobody can be asked",
            dir.display()
        );
    }
    print!("Delete the demo's data in {}? [y/N] ", dir.display());
    io::stdout().flush()?;
    let mut answer = String::new();
    io::stdin()
        .lock()
        .read_line(&mut answer)
        .context("no answer")?;
    if answer.trim().eq_ignore_ascii_case("y") {
        Ok(())
    } else {
        bail!("nothing was deleted")
    }
}

/// The address, the log-ins, and what is real and what is not.
fn print_box(args: &Args, memory: &Memory, base: &str) {
    let passwords = memory.state().passwords.clone();
    let at = |key: &str| format!("{key}@northwind.example");
    let log_in =
        |role: &str, email: &str, password: &str| format!("  {role:9} {email:35} {password}");
    let mut lines = vec![
        format!("WorkPulse demo: {ORGANIZATION}"),
        String::new(),
        format!("  {base}"),
        String::new(),
        log_in("Manager", &at(MANAGER), &passwords.manager),
        log_in("Admin", ADMIN.1, &passwords.admin),
        log_in("Employee", &at(EMPLOYEE), &passwords.employee),
        String::new(),
    ];
    let at_work = live::at_work(memory);
    lines.push(match at_work.len() {
        0 => "The colleagues are simulated; at this hour none of them works.".to_owned(),
        1 => "The colleagues are simulated; one of them works at this hour:".to_owned(),
        count => format!("The colleagues are simulated; {count} of them work at this hour:"),
    });
    lines.extend(
        at_work
            .chunks(3)
            .map(|names| format!("  {}", names.join(", "))),
    );
    if args.no_agent {
        lines.push("This machine is not sampled (--no-agent).".to_owned());
    } else if setup::has_display() {
        lines.push(format!(
            "\"{}\" is real: the window that has your focus.",
            MACHINE.0
        ));
        lines.push("Its first minute shows within two minutes.".to_owned());
    } else {
        lines.push(format!(
            "\"{}\" is real, on a virtual desktop, because this",
            MACHINE.0
        ));
        lines.push(
            "session has no display: real windows in Xvfb, whose focus changes every".to_owned(),
        );
        lines.push("20 s. Its first minute shows within two minutes.".to_owned());
    }
    lines.extend([
        String::new(),
        "Ctrl-C stops everything; the next run starts at once.".to_owned(),
    ]);
    let width = lines
        .iter()
        .map(|line| line.chars().count())
        .max()
        .unwrap_or(0);
    let edge = "─".repeat(width + 2);
    println!("\n┌{edge}┐");
    for line in lines {
        println!("│ {line:width$} │");
    }
    println!("└{edge}┘");
}
