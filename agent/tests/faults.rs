//! What can happen to a running agent's process, disk and clock, done to a real one.
#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "what fails here fails the test, and clippy knows only `#[test]` functions as tests"
)]

mod support;

use std::{
    io::{Seek as _, SeekFrom},
    path::Path,
    process::{Child, Command, Stdio},
};

use shared_types::activity::{ActivityType, UnobservedReason};
use support::{Fault, Machine, Running, Server, desktop::Desktop, until};
use workpulse_agent::{Clock as _, SystemClock};

fn signal(process: u32, name: &str) {
    let sent = Command::new("kill")
        .args([&format!("-{name}"), &process.to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
}

/// Somebody's agent that works on a desktop where they type.
fn at_work(server: &Server) -> (Desktop, Machine, Running) {
    let mut desktop = Desktop::start();
    desktop.open("Editor", "a file");
    let machine = Machine::enrolled(server, Some(&desktop.display));
    let agent = machine.run(&[]);
    until("it works", || {
        desktop.key();
        (machine.status()["state"] == "working").then_some(())
    });
    (desktop, machine, agent)
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
        let followed = status
            .lines()
            .find_map(|line| line.strip_prefix("TracerPid:"))?;
        (followed.trim() != "0").then_some(())
    });
    tracer
}

#[test]
fn while_no_fsync_works_recording_goes_on_in_memory_and_nothing_is_lost() {
    let server = Server::start();
    let (desktop, machine, agent) = at_work(&server);
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

/// What a disk of memory gives at a time.
const PAGE: usize = 4_096;

/// A file system of two megabytes, mounted here; gone with this.
struct SmallDisk<'a>(&'a Path);

impl<'a> SmallDisk<'a> {
    fn mount(at: &'a Path) -> Option<Self> {
        std::fs::create_dir_all(at).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=2m,mode=0700", "tmpfs"])
            .arg(at)
            .output()
            .unwrap();
        mounted.status.success().then_some(Self(at))
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0).status();
    }
}

#[test]
fn on_a_disk_that_is_full_rows_wait_in_memory_until_there_is_room() {
    let server = Server::start();
    let machine = Machine::new(None);
    let dir = machine.data_dir();
    let Some(_disk) = SmallDisk::mount(&dir) else {
        eprintln!("not run: only root may mount a small file system");
        return;
    };
    let enrolled = machine.call(&[
        "enrol",
        "--server",
        &server.url(),
        "--token",
        support::TOKEN,
        "--accept-notice",
    ]);
    assert!(enrolled.status.success(), "{enrolled:?}");
    let agent = machine.run(&[]);
    until("it answers", || {
        (machine.status()["running"] == true).then_some(())
    });
    // What is made stays in the outbox, which has to grow for it: nothing acknowledged leaves
    // pages behind that the next rows could take.
    server.kept.lock().always = Some(Fault::Bare(503, Vec::new()));
    // Something else takes what is left of the disk, again and again.
    let ballast = dir.join("ballast");
    let mut file = std::fs::File::create(&ballast).unwrap();
    let top_up = |file: &mut std::fs::File| {
        while std::io::Write::write(file, &[0; PAGE]).is_ok_and(|written| written == PAGE) {}
    };
    top_up(&mut file);
    until("the disk takes no more rows, and it says so", || {
        machine.call(&["start"]);
        machine.call(&["stop"]);
        let asked = machine.call(&["status", "--output", "json"]);
        let waiting = serde_json::from_slice::<serde_json::Value>(&asked.stdout)
            .ok()
            .and_then(|status| status["waiting_in_memory"].as_i64());
        match waiting {
            Some(waiting) if waiting > 0 => Some(()),
            // The disk had room for them.
            Some(_) => {
                top_up(&mut file);
                None
            }
            // Not even room for the question.
            None => {
                let held = file.metadata().unwrap().len() - PAGE as u64;
                file.set_len(held).unwrap();
                file.seek(SeekFrom::End(0)).unwrap();
                None
            }
        }
    });
    server.kept.lock().always = None;
    drop(file);
    std::fs::remove_file(&ballast).unwrap();
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
    let (desktop, machine, agent) = at_work(&server);
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
