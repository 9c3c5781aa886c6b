//! The agent dies at every place where dying could hurt, and nothing is lost or doubled.
//!
//! The soak does it for as long as it is told to, at random places and moments:
//! `WORKPULSE_SOAK_KILLS=2000 cargo nextest run -p workpulse-agent --run-ignored only soak`.
#![cfg(feature = "failpoints")]
#![expect(
    clippy::unwrap_used,
    reason = "what fails here fails the test, and clippy knows only `#[test]` functions as tests"
)]

mod support;

use std::{os::unix::process::ExitStatusExt as _, process::Child};

use shared_types::activity::ActivityType;
use support::{Machine, Server, desktop::Desktop, until};
use workpulse_agent::{Clock as _, SystemClock};

const SIGABRT: i32 = 6;

/// Places that every minute passes, in its order.
const PLACES: [&str; 11] = [
    "tick:2",
    "sampled:3",
    "before_insert",
    "before_commit",
    "after_commit",
    "batch_chosen:2",
    "request_half_sent:2",
    "answer_begun:2",
    "response_parsed:2",
    "before_ack:2",
    "after_ack:2",
];

#[test]
fn wherever_it_dies_every_item_arrives_exactly_once() {
    let server = Server::start();
    let mut desktop = Desktop::start();
    desktop.open("Editor", "a file");
    let machine = Machine::enrolled(&server, Some(&desktop.display));
    for place in PLACES {
        let mut agent = machine.run(&[("WORKPULSE_FAILPOINT", place)]);
        // Commands make items, which pass all places without waiting for a minute's end.
        let status = until(place, || {
            desktop.key();
            machine.command(&["stop"]).output().ok()?;
            machine.command(&["start"]).output().ok()?;
            agent.child.try_wait().ok()?
        });
        assert_eq!(status.signal(), Some(SIGABRT), "{place}: {status}");
    }
    check_everything(&machine, &server);
}

/// Lets an agent finish what the others left, and compares what was made with what arrived.
fn check_everything(machine: &Machine, server: &Server) {
    let agent = machine.run(&[]);
    until("it answers", || {
        (machine.status()["running"] == true).then_some(())
    });
    assert!(agent.end().success());
    server.check_accounts();
    let status = machine.status();
    assert_eq!(status["pending"], 0, "{status:#}");
    let arrived = i64::try_from(server.kept.lock().items.len()).unwrap();
    assert_eq!(
        status["counters"]["produced"], arrived,
        "made = arrived: {status:#}"
    );
    assert_eq!(status["counters"]["stored"], arrived);
    assert!(server.seconds(ActivityType::Active) + server.seconds(ActivityType::Unobserved) > 0);
    let unfinished = server
        .sessions()
        .values()
        .filter(|(_, stopped)| stopped.is_none())
        .count();
    assert_eq!(unfinished, 0, "every session came to its end");
}

#[test]
#[ignore = "takes as long as it is told to: see the head of this file"]
fn soak_of_kills_at_random_loses_and_doubles_nothing() {
    let number = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    let kills = number("WORKPULSE_SOAK_KILLS").unwrap_or(500);
    let mut seed = number("WORKPULSE_SOAK_SEED").unwrap_or_else(|| SystemClock.random());
    eprintln!("WORKPULSE_SOAK_SEED={seed}");
    let mut random = |below: u64| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let server = Server::start();
    let mut desktop = Desktop::start();
    desktop.open("Editor", "a file");
    let machine = Machine::enrolled(&server, Some(&desktop.display));
    for kill in 0..kills {
        let place = usize::try_from(random(2 * PLACES.len() as u64)).unwrap();
        // Half of the time at a place, the other half only at a moment.
        let environment: Vec<(&str, &str)> = PLACES
            .get(place)
            .map(|place| ("WORKPULSE_FAILPOINT", *place))
            .into_iter()
            .collect();
        let mut agent = machine.run(&environment);
        let end = SystemClock.mono_millis() + i64::try_from(50 + random(1_500)).unwrap();
        let mut asking: Vec<Child> = Vec::new();
        until("its end has come", || {
            desktop.key();
            if asking.len() < 4 && random(4) == 0 {
                let what = ["start", "stop", "sync", "pause"][usize::try_from(random(4)).unwrap()];
                asking.push(machine.command(&[what]).spawn().unwrap());
            }
            let over = SystemClock.mono_millis() >= end;
            (over || agent.child.try_wait().unwrap().is_some()).then_some(())
        });
        agent.kill();
        for mut child in asking {
            let _ = child.kill();
            child.wait().unwrap();
        }
        if kill % 100 == 99 {
            eprintln!("{} kills", kill + 1);
            check_everything(&machine, &server);
        }
    }
    check_everything(&machine, &server);
}
