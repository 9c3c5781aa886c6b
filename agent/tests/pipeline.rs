//! The whole agent as a process: a real desktop, the real program, a server that keeps what
//! it is sent.

mod support;

use shared_types::activity::{ActivityType, UnobservedReason};
use support::{Machine, Server, desktop::Desktop, until};

#[test]
fn what_has_the_focus_arrives_and_a_session_is_accounted_for() {
    let server = Server::start();
    let mut desktop = Desktop::start();
    desktop.open("Editor", "first file");
    desktop.open("Browser", "second page");
    let machine = Machine::enrolled(&server, Some(&desktop.display));
    desktop.key();
    let agent = machine.run(&[]);
    until("a session started", || {
        desktop.key();
        (!server.sessions().is_empty()).then_some(())
    });
    desktop.focus("first file");
    until("it was seen for some seconds", || {
        desktop.key();
        (machine.status()["today"]["active_seconds"].as_i64()? >= 4).then_some(())
    });
    let status = machine.status();
    assert_eq!(status["state"], "working", "{status:#}");
    assert_eq!(status["user_name"], "Ada Lovelace");
    assert_eq!(
        status["capabilities"],
        serde_json::json!({"application": true, "title": true, "idle": true})
    );
    assert!(agent.end().success());

    server.check_accounts();
    let spans = server.spans();
    assert!(server.seconds(ActivityType::Active) >= 4, "{spans:#?}");
    assert_eq!(server.seconds(ActivityType::Unobserved), 0, "{spans:#?}");
    let apps: Vec<_> = spans
        .iter()
        .filter_map(|span| span.application.as_deref())
        .collect();
    assert!(apps.contains(&"Editor"), "{apps:?}");
    assert!(
        spans
            .iter()
            .any(|span| span.title.as_deref() == Some("first file"))
    );
    let (started, stopped) = server.sessions().into_values().next().unwrap();
    assert!(
        started.is_some() && stopped.is_some(),
        "nothing is left running"
    );
    let status = machine.status();
    assert_eq!(status["running"], false);
    assert_eq!(status["pending"], 0);
    assert_eq!(machine.call(&["status"]).status.code(), Some(5));
}

#[test]
fn a_kill_loses_nothing_but_the_time_since_the_last_look() {
    let server = Server::start();
    let mut desktop = Desktop::start();
    desktop.open("Editor", "a file");
    let machine = Machine::enrolled(&server, Some(&desktop.display));
    for round in 0..6 {
        let agent = machine.run(&[]);
        until("it looks", || {
            desktop.key();
            (machine.status()["today"]["active_seconds"].as_i64()? > round).then_some(())
        });
        agent.kill();
    }
    let agent = machine.run(&[]);
    until("it answers", || {
        (machine.status()["running"] == true).then_some(())
    });
    assert!(agent.end().success());
    server.check_accounts();
    assert_eq!(
        server.sessions().len(),
        1,
        "one session goes on through all of it"
    );
    let down: i64 = server
        .spans()
        .iter()
        .filter(|span| span.reason == Some(UnobservedReason::NotRunning))
        .map(|span| i64::from(span.duration_seconds))
        .sum();
    assert!(server.seconds(ActivityType::Active) >= 6);
    assert_eq!(server.seconds(ActivityType::Unobserved), down);
}

#[test]
fn commands_reach_the_running_agent() {
    let server = Server::start();
    let mut desktop = Desktop::start();
    desktop.open("Editor", "a file");
    let machine = Machine::enrolled(&server, Some(&desktop.display));
    assert_eq!(
        machine.call(&["stop"]).status.code(),
        Some(5),
        "nothing runs yet"
    );
    let agent = machine.run(&[]);
    until("it answers", || {
        (machine.status()["running"] == true).then_some(())
    });
    // Whether a session began by itself depends on the desktop's idle time: begin anew.
    machine.call(&["stop"]);
    assert_eq!(
        machine.call(&["stop"]).status.code(),
        Some(6),
        "nothing to stop"
    );
    let started = machine.call(&["start", "--output", "json"]);
    let report: serde_json::Value = serde_json::from_slice(&started.stdout).unwrap();
    assert!(report["session"]["id"].is_string(), "{report:#}");
    assert_eq!(
        machine.call(&["start"]).status.code(),
        Some(6),
        "it runs already"
    );
    assert!(machine.call(&["pause", "--for", "2h"]).status.success());
    let status = machine.status();
    assert_eq!(
        (&status["state"], &status["paused"]),
        (&"paused".into(), &true.into())
    );
    until("paused time is counted", || {
        (machine.status()["today"]["unobserved_seconds"].as_i64()? >= 1).then_some(())
    });
    assert!(machine.call(&["resume"]).status.success());
    assert_eq!(machine.status()["paused"], false);
    assert!(machine.call(&["stop"]).status.success());
    assert_eq!(machine.status()["state"], "not_working");
    desktop.key();
    assert!(agent.end().success());
    server.check_accounts();
    let reasons: Vec<_> = server
        .spans()
        .iter()
        .filter_map(|span| span.reason)
        .collect();
    assert!(reasons.contains(&UnobservedReason::Paused), "{reasons:?}");
}

#[test]
fn without_a_display_nothing_is_active_and_the_status_says_why() {
    let server = Server::start();
    let machine = Machine::enrolled(&server, None);
    let agent = machine.run(&[]);
    until("it answers", || {
        (machine.status()["running"] == true).then_some(())
    });
    let status = machine.status();
    assert_eq!(status["state"], "needs_attention");
    assert!(
        status["message"].as_str().unwrap().contains("display"),
        "{status:#}"
    );
    assert!(machine.call(&["start"]).status.success());
    until("its time is unobserved", || {
        (machine.status()["today"]["unobserved_seconds"].as_i64()? >= 1).then_some(())
    });
    assert!(agent.end().success());
    server.check_accounts();
    assert_eq!(server.seconds(ActivityType::Active), 0);
    assert!(
        server
            .spans()
            .iter()
            .all(|span| span.reason == Some(UnobservedReason::NoCapture))
    );
}

#[test]
fn a_second_agent_on_one_profile_ends_with_a_clear_message() {
    let server = Server::start();
    let machine = Machine::enrolled(&server, None);
    let agent = machine.run(&[]);
    until("it answers", || {
        (machine.status()["running"] == true).then_some(())
    });
    let second = machine.call(&["run"]);
    assert_eq!(second.status.code(), Some(4));
    let message = String::from_utf8_lossy(&second.stderr);
    assert!(message.contains("an agent is already running"), "{message}");
    assert!(agent.end().success());
}
