//! What can happen to a running agent's process, disk and clock, done to a real one.
#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "what fails here fails the test, and clippy knows only `#[test]` functions as tests"
)]

mod support;

use std::process::{Child, Command, Stdio};

use shared_types::activity::{ActivityType, UnobservedReason};
use support::{Machine, Running, Server, desktop::Desktop, until};
use workpulse_agent::{Clock as _, SystemClock};

fn signal(process: u32, name: &str) {
    let sent = Command::new("kill")
        .args([&format!("-{name}"), &process.to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
}

/// Makes every fsync of a process and its threads fail, until it is ended.
fn break_the_disk(of: &Running) -> Child {
    let tracer = Command::new("strace")
        .args(["-f", "-qq", "-o", "/dev/null"])
        .args(["-e", "trace=fsync,fdatasync"])
        .args(["-e", "inject=fsync,fdatasync:error=EIO"])
        .args(["-p", &of.child.id().to_string()])
        .stdin(Stdio::null())
        .spawn()
        .expect("strace is missing: install the Debian package strace (this test makes a real fsync fail)");
    until("it is traced", || {
        let status = std::fs::read_to_string(format!("/proc/{}/status", of.child.id())).ok()?;
        let traced = status
            .lines()
            .find_map(|line| line.strip_prefix("TracerPid:"))?;
        (traced.trim() != "0").then_some(())
    });
    tracer
}

#[test]
fn while_no_fsync_works_recording_goes_on_in_memory_and_nothing_is_lost() {
    let server = Server::start();
    let mut desktop = Desktop::start();
    desktop.open("Editor", "a file");
    let machine = Machine::enrolled(&server, Some(&desktop.display));
    let agent = machine.run(&[]);
    until("it works", || {
        desktop.key();
        (machine.status()["state"] == "working").then_some(())
    });
    let mut tracer = break_the_disk(&agent);
    // Each is an item that has to reach the disk.
    machine.call(&["stop"]);
    machine.call(&["start"]);
    let broken = until("it says so", || {
        let status = machine.status();
        let told = status["state"] == "needs_attention" && status["message"].is_string();
        (told && status["waiting_in_memory"].as_i64()? >= 2).then_some(status)
    });
    let message = broken["message"].as_str().unwrap();
    assert!(
        message.contains("Nothing that was kept is lost"),
        "{message}"
    );
    until("it goes on recording", || {
        desktop.key();
        let seconds = machine.status()["today"]["active_seconds"].as_i64()?;
        (seconds > broken["today"]["active_seconds"].as_i64()? + 2).then_some(())
    });
    signal(tracer.id(), "TERM");
    tracer.wait().unwrap();
    until("it recovers by itself", || {
        let status = machine.status();
        (status["waiting_in_memory"] == 0 && status["pending"] == 0).then_some(())
    });
    assert!(agent.end().success());
    let status = machine.status();
    let arrived = i64::try_from(server.kept.lock().items.len()).unwrap();
    assert_eq!(status["counters"]["produced"], arrived, "{status:#}");
    server.check_accounts();
}

#[test]
fn a_process_that_is_stopped_for_a_while_makes_no_burst_and_counts_it_as_not_running() {
    let server = Server::start();
    let mut desktop = Desktop::start();
    desktop.open("Editor", "a file");
    let machine = Machine::enrolled(&server, Some(&desktop.display));
    let agent = machine.run(&[]);
    until("it works", || {
        desktop.key();
        (machine.status()["state"] == "working").then_some(())
    });
    signal(agent.child.id(), "STOP");
    // Longer than looks may be apart.
    let stopped = SystemClock.mono_millis();
    until("20 seconds have passed", || {
        (SystemClock.mono_millis() - stopped > 20_000).then_some(())
    });
    signal(agent.child.id(), "CONT");
    until("it goes on", || {
        desktop.key();
        (machine.status()["state"] == "working").then_some(())
    });
    assert!(agent.end().success());
    server.check_accounts();
    let missing: u32 = server
        .spans()
        .iter()
        .filter(|span| span.reason == Some(UnobservedReason::NotRunning))
        .map(|span| span.duration_seconds)
        .sum();
    assert!((18..=30).contains(&missing), "{missing} s");
    assert!(server.seconds(ActivityType::Active) > 0);
}
