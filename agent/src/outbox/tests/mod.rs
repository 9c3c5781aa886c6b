//! The outbox: its limits here; against a simple model in [`model`]; damaged files and disks
//! that are full in [`trouble`].

mod aside;
mod lane;
mod model;
mod reader;
mod trouble;

use std::{collections::BTreeMap, fs, path::Path};

use shared_types::{
    SessionId,
    sync::{ItemResult, Outcome, RejectReason, SessionStopped},
};

use super::{account::count_pending, *};
use crate::clock::SystemClock;

fn item(n: u128) -> SyncItemBody {
    SyncItemBody::SessionStopped(SessionStopped {
        session_id: SessionId(Uuid::from_u128(n)),
        stopped_at: Timestamp::UNIX_EPOCH,
    })
}

fn span(start_seconds: i64, seconds: u32) -> SyncItemBody {
    SyncItemBody::Activity(Activity {
        session_id: SessionId(Uuid::from_u128(1)),
        activity_type: ActivityType::Active,
        reason: None,
        started_at: Timestamp::from_millis(start_seconds * 1_000),
        duration_seconds: seconds,
        application: Some("XTerm".into()),
        title: None,
        url: None,
        category_id: None,
    })
}

fn open(path: &Path) -> Outbox {
    let (outbox, salvaged) = Outbox::open(path, &SystemClock).unwrap();
    assert_eq!(salvaged, None);
    outbox
}

fn answer(seq: i64, outcome: Outcome) -> ItemResult {
    let reason = (outcome == Outcome::Rejected).then_some(RejectReason::Future);
    ItemResult {
        seq,
        outcome,
        reason,
    }
}

#[test]
fn a_batch_is_bounded_in_items_and_bytes_and_never_empty_without_need() {
    let dir = tempfile::tempdir().unwrap();
    let mut outbox = open(&dir.path().join("outbox.db"));
    let items: Vec<_> = (0..10).map(item).collect();
    outbox.insert(&items, &[], Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!(outbox.batch(3, usize::MAX).unwrap().items.len(), 3);
    let one = outbox.batch(10, 1).unwrap().items;
    assert_eq!(one.len(), 1);
    assert_eq!(
        outbox
            .batch(10, 2 * (one[0].1.len() + 32))
            .unwrap()
            .items
            .len(),
        2
    );
}

#[test]
fn acknowledged_rows_stay_a_day_and_rejected_ones_a_month() {
    let dir = tempfile::tempdir().unwrap();
    let mut outbox = open(&dir.path().join("outbox.db"));
    let day = 86_400;
    let at = |seconds: i64| Timestamp::from_millis(seconds * 1_000);
    outbox
        .insert(&[item(1), item(2), item(3)], &[], at(0))
        .unwrap();
    let batch = outbox.batch(2, usize::MAX).unwrap();
    let results = [answer(1, Outcome::Stored), answer(2, Outcome::Rejected)];
    outbox.settle(&batch, &results, at(0)).unwrap();
    let mut kept_at = |seconds| {
        outbox.prune(at(seconds)).unwrap();
        read_only(outbox.path(), 10).unwrap().0.len()
    };
    assert_eq!(kept_at(day), 3);
    assert_eq!(kept_at(day + 1), 2);
    assert_eq!(kept_at(30 * day + 1), 1, "what is pending stays for ever");
    assert_eq!(
        outbox.counters().unwrap().stored,
        1,
        "the account does not forget"
    );
}

#[test]
fn a_minute_takes_less_than_400_bytes() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.db");
    let mut outbox = open(&path);
    let minutes = 3_000;
    let items: Vec<_> = (0..minutes).map(|minute| span(minute * 60, 60)).collect();
    outbox.insert(&items, &[], Timestamp::UNIX_EPOCH).unwrap();
    drop(outbox);
    let bytes = fs::metadata(&path).unwrap().len();
    assert!(bytes < 400 * 3_000, "{} bytes a minute", bytes / 3_000);
}
