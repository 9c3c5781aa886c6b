//! What an insert returned for is there after SIGKILL, every time.
//!
//! The child is this very test binary, told by a variable to insert and to print each number
//! after its commit.
#![expect(
    clippy::unwrap_used,
    reason = "what fails here fails the test, and clippy knows only `#[test]` functions as tests"
)]

use std::{
    collections::BTreeSet,
    io::{BufRead as _, BufReader, Write as _},
    process::{Command, Stdio},
};

use shared_types::{
    SessionId, Timestamp,
    sync::{SessionStopped, SyncItemBody},
};
use uuid::Uuid;
use workpulse_agent::{SystemClock, outbox::Outbox};

const CHILD: &str = "OUTBOX_KILL_CHILD";

#[test]
fn every_committed_row_survives_sigkill() {
    if let Some(path) = std::env::var_os(CHILD) {
        return insert_for_ever(path.as_ref());
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.db");
    let mut printed = BTreeSet::new();
    for kill in 0..40 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "every_committed_row_survives_sigkill",
                "--exact",
                "--nocapture",
            ])
            .env(CHILD, &path)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut seen = 0;
        // Another number of rows each time, so that the kill falls on other places.
        while seen < 3 + kill % 7 {
            let line = lines
                .next()
                .expect("it goes on until it is killed")
                .unwrap();
            if let Some(seq) = line.strip_prefix("seq ") {
                printed.insert(seq.parse::<i64>().unwrap());
                seen += 1;
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        // What was printed before the kill took effect counts too.
        printed.extend(
            lines
                .map_while(Result::ok)
                .filter_map(|line| line.strip_prefix("seq ")?.parse::<i64>().ok()),
        );
        let (outbox, salvaged) = Outbox::open(&path, &SystemClock).unwrap();
        assert_eq!(salvaged, None, "a kill is no damage");
        let held: BTreeSet<i64> = outbox
            .batch(usize::MAX, usize::MAX)
            .unwrap()
            .items
            .iter()
            .map(|(seq, _)| *seq)
            .collect();
        assert!(
            held.is_superset(&printed),
            "lost: {:?}",
            printed.difference(&held)
        );
        let last = *held.last().unwrap();
        assert_eq!(held, (1..=last).collect(), "numbers have no gaps");
    }
    assert!(printed.len() >= 40 * 3);
}

fn insert_for_ever(path: &std::path::Path) {
    let (mut outbox, _) = Outbox::open(path, &SystemClock).unwrap();
    let item = SyncItemBody::SessionStopped(SessionStopped {
        session_id: SessionId(Uuid::from_u128(1)),
        stopped_at: Timestamp::UNIX_EPOCH,
    });
    loop {
        let seq = outbox
            .insert(std::slice::from_ref(&item), &[], Timestamp::UNIX_EPOCH)
            .unwrap();
        let mut out = std::io::stdout().lock();
        writeln!(out, "\nseq {seq}").unwrap();
        out.flush().unwrap();
    }
}
