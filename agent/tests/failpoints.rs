//! The agent dies at every place where dying could hurt, and nothing is lost or doubled.
#![cfg(feature = "failpoints")]

mod support;

use std::os::unix::process::ExitStatusExt as _;

use shared_types::activity::ActivityType;
use support::{Machine, Server, desktop::Desktop, until};

const SIGABRT: i32 = 6;

/// Places that every minute passes, in its order.
const PLACES: [&str; 8] = [
    "sampled:3",
    "before_insert",
    "before_commit",
    "after_commit",
    "request_sent:2",
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
