//! One desktop's real work, seen live by a manager, on both engines at once.
//!
//! A display with three windows; a schedule of focus changes, key presses and one idle
//! stretch in real time; for each engine a real server, a real agent and a real browser.
//! Between agent and server every batch is sent twice. Meanwhile the agents are killed three
//! times and the servers twice, and one answer is cut behind the commit. In the end the
//! databases are judged against the schedule, to the second.

#![expect(
    clippy::print_stdout,
    reason = "what was counted is worth reading beside a test's name"
)]

mod pipeline;

use std::time::Duration;

use anyhow::{Result, ensure};
use pipeline::side::Side;
use workpulse_tests::{
    database::Engine,
    desktop::Desktop,
    oracle::schedule::Schedule,
    time::{now, wait_until},
};

/// No input for this long is idle.
const IDLE_AFTER_SECONDS: u32 = 20;
const APPLICATIONS: [&str; 3] = ["Alpha", "Beta", "Gamma"];
/// How long everything may take to arrive once nothing fails any more.
const SETTLE: Duration = Duration::from_mins(1);

/// What happens, in seconds from the start. Key presses come on top.
const PLAN: [(i64, Act); 12] = [
    (0, Act::Focus("Alpha")),
    (25, Act::KillAgents),
    (45, Act::KillServers),
    (70, Act::Focus("Beta")),
    (90, Act::CutAnswer),
    (105, Act::KillAgents),
    (135, Act::Focus("Gamma")),
    (165, Act::KillServers),
    (190, Act::Focus("Alpha")),
    (215, Act::KillAgents),
    (250, Act::Focus("Beta")),
    (320, Act::End),
];
/// Nobody touches the keyboard between these.
const IDLE: (i64, i64) = (145, 188);
const KEY_EVERY_SECONDS: usize = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    Focus(&'static str),
    KillAgents,
    KillServers,
    CutAnswer,
    End,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_minute_is_lost_or_counted_twice_and_a_manager_sees_it_live_on_both_engines() {
    run().await.unwrap();
}

async fn run() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let desktop = Desktop::start(&APPLICATIONS).await?;
    let mut sides = Vec::new();
    for engine in Engine::ALL {
        sides.push(Side::start(engine, dir.path(), desktop.display(), IDLE_AFTER_SECONDS).await?);
    }
    let mut schedule = Schedule {
        focus: Vec::new(),
        keys: Vec::new(),
        idle_after_seconds: i64::from(IDLE_AFTER_SECONDS),
        sample_seconds: 1,
        kills: 0,
        away_seconds: 0,
    };

    play(&desktop, &mut sides, &mut schedule).await?;

    for side in &mut sides {
        side.finish().await?;
    }
    let mut complaints = Vec::new();
    for side in &mut sides {
        complaints.extend(side.judge(&schedule, SETTLE).await?);
    }
    if !complaints.is_empty() {
        let kept = dir.keep();
        complaints.push(format!("everything is kept in {}", kept.display()));
    }
    for side in sides {
        side.close().await?;
    }
    ensure!(complaints.is_empty(), "{}", complaints.join("\n"));
    Ok(())
}

/// Plays the plan in real time and records what was done, when it was done.
async fn play(desktop: &Desktop, sides: &mut [Side], schedule: &mut Schedule) -> Result<()> {
    let start = now();
    let end = PLAN[PLAN.len() - 1].0;
    let idle = IDLE.0..IDLE.1;
    let keys = (1..end)
        .step_by(KEY_EVERY_SECONDS)
        .filter(|second| !idle.contains(second))
        .map(|second| (second, None));
    let acts = PLAN.iter().map(|(second, act)| (*second, Some(*act)));
    let mut script: Vec<(i64, Option<Act>)> = keys.chain(acts).collect();
    script.sort_by_key(|(second, _)| *second);
    for (second, act) in script {
        wait_until(start.plus_seconds(second)).await;
        match act {
            None => {
                desktop.press_key()?;
                schedule.keys.push(now());
            }
            Some(Act::Focus(application)) => {
                desktop.focus(application).await?;
                schedule.focus.push((now(), application.to_owned()));
            }
            Some(Act::KillAgents) => {
                let before = now();
                for side in sides.iter_mut() {
                    side.kill_agent()?;
                }
                let away = now().millis_since(before);
                schedule.kills += 1;
                schedule.away_seconds = schedule.away_seconds.max(away / 1_000 + 2);
            }
            // One after the other would delay the schedule: both at once.
            Some(Act::KillServers) => {
                futures_util::future::try_join_all(sides.iter_mut().map(Side::kill_server)).await?;
            }
            Some(Act::CutAnswer) => sides.iter().for_each(Side::cut_answer),
            Some(Act::End) => {}
        }
        for side in sides.iter() {
            side.check_watch()?;
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_network_that_swallows_everything_loses_nothing() {
    swallowed().await.unwrap();
}

/// A black hole that is longer than a minute, so that a closed minute falls into it.
const HOLE: std::ops::Range<i64> = 8..74;

async fn swallowed() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let desktop = Desktop::start(&APPLICATIONS[..1]).await?;
    let mut side = Side::start(Engine::Sqlite, dir.path(), desktop.display(), 10).await?;
    desktop.focus(APPLICATIONS[0]).await?;
    let mut schedule = Schedule {
        focus: vec![(now(), APPLICATIONS[0].to_owned())],
        keys: Vec::new(),
        idle_after_seconds: 10,
        sample_seconds: 1,
        kills: 0,
        away_seconds: 0,
    };
    let start = now();
    let mut waiting = 0;
    for second in (0..90).step_by(KEY_EVERY_SECONDS) {
        wait_until(start.plus_seconds(second)).await;
        desktop.press_key()?;
        schedule.keys.push(now());
        side.black_hole(HOLE.contains(&second));
        if HOLE.contains(&second) {
            waiting = side.pending()?;
        }
    }
    ensure!(waiting > 0, "nothing fell into the hole");
    side.finish().await?;
    let complaints = side.judge(&schedule, SETTLE * 2).await?;
    side.close().await?;
    ensure!(complaints.is_empty(), "{}", complaints.join("\n"));
    Ok(())
}
