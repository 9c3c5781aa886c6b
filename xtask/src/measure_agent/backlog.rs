//! 130,000 rows of 90 days offline: how long they take to the server, and that all arrive.
//!
//! The real agent and the real server, both optimized, with fsync on; the outbox is filled
//! beforehand by the agent's own code (an example beside it).

use std::time::Duration;

use anyhow::{Result, ensure};
use serde::Serialize;

use crate::{
    clock::{self, Stopwatch},
    cmd::Cmd,
    demo::{
        machine, seed, server,
        state::{self, Memory},
    },
    repo, stop,
};

const ROWS: i64 = 130_000;
const PROFILE: &str = "bench-fast";
const STOP_LIMIT: Duration = Duration::from_secs(20);
/// Long behind every goal: something is wrong.
const LIMIT: Duration = Duration::from_mins(15);

#[derive(Serialize)]
struct Drained {
    rows: i64,
    seconds: f64,
    rows_a_second: f64,
}

pub(super) fn run(goal_seconds: f64, json: bool) -> Result<()> {
    for package in ["workpulse-server", "workpulse-agent"] {
        repo::cargo(&[
            "build",
            "--profile",
            PROFILE,
            "--package",
            package,
            "--bin",
            package,
        ])
        .run()?;
    }
    repo::cargo(&[
        "build",
        "--package",
        "workpulse-agent",
        "--example",
        "fill_backlog",
    ])
    .run()?;
    let dir = repo::scratch_dir("measure-backlog")?;
    let drained = drain(&Memory::open(&dir, clock::now())?);
    state::delete(&dir)?;
    let drained = drained?;
    if json {
        println!("{}", serde_json::to_string(&drained)?);
    } else {
        println!(
            "{} rows of backlog sent in {:.1} s, {:.0} a second (goal {goal_seconds} s)",
            drained.rows, drained.seconds, drained.rows_a_second
        );
    }
    ensure!(
        drained.seconds <= goal_seconds,
        "the backlog takes longer than its goal"
    );
    Ok(())
}

fn drain(memory: &Memory) -> Result<Drained> {
    let port = server::claim_port(0)?;
    let mut server = server::start_built(PROFILE, memory.dir(), port, None)?;
    let admin = seed::set_up(&server.api, memory)?;
    let owner = seed::people(&server.api, memory, &admin)?;
    let agent = machine::Agent::new(PROFILE, memory);
    agent.enrol(&server.api, &server.base, &admin, owner)?;
    let filler = repo::target_dir()?.join("debug/examples/fill_backlog");
    let rows: i64 = Cmd::new(filler, &[])
        .arg(agent.data_dir())
        .arg(ROWS.to_string())
        .capture()?
        .trim()
        .parse()?;
    ensure!(rows >= ROWS, "the outbox holds {rows} rows only");
    let watch = Stopwatch::start();
    let mut process = agent.run(None)?;
    let seconds = loop {
        ensure!(!stop::wait(Duration::from_millis(500)), "interrupted");
        process.check()?;
        ensure!(watch.elapsed() < LIMIT, "the backlog does not get less");
        // Not answered yet: the agent is starting.
        let Ok(status) = agent.status() else { continue };
        let count = |name: &str| status["counters"][name].as_i64().unwrap_or(0);
        if count("produced") >= rows && count("pending") == 0 {
            ensure!(
                count("stored") >= rows,
                "the server refused rows: {}",
                status["counters"]
            );
            break watch.elapsed().as_secs_f64();
        }
    };
    process
        .stop(STOP_LIMIT)
        .and(server.process.stop(STOP_LIMIT))?;
    #[expect(clippy::cast_precision_loss, reason = "thousands of rows")]
    let rows_a_second = rows as f64 / seconds;
    Ok(Drained {
        rows,
        seconds,
        rows_a_second,
    })
}
