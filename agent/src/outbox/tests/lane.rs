//! Today's rows before a backlog.

use shared_types::sync::SessionStarted;

use super::*;

const DAY: i64 = 86_400;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1_000)
}

fn started(n: u128) -> SyncItemBody {
    SyncItemBody::SessionStarted(SessionStarted {
        session_id: SessionId(Uuid::from_u128(n)),
        project_id: None,
        started_at: Timestamp::UNIX_EPOCH,
    })
}

fn numbers(batch: &Batch) -> Vec<i64> {
    batch.items.iter().map(|(seq, _)| *seq).collect()
}

#[test]
fn the_lane_begins_at_todays_first_row_and_takes_the_start_of_its_session_along() {
    let dir = tempfile::tempdir().unwrap();
    let mut outbox = open(&dir.path().join("outbox.db"));
    // 1 to 3 a session of before, 4 a session that runs over midnight.
    let old = [started(1), span(0, 60), item(1), started(2), span(120, 60)];
    outbox.insert(&old, &[], at(0)).unwrap();
    let next = outbox.lane(at(DAY)).unwrap();
    assert_eq!(outbox.lane(at(0)).unwrap(), None, "all is of today");
    let new = [span(DAY, 60), span(DAY + 60, 60)];
    outbox.insert(&new, &[], at(DAY)).unwrap();
    let lane = outbox.lane(at(DAY)).unwrap().unwrap();
    assert_eq!(next, Some(lane), "it is known before its first row is made");
    let batch = outbox.lane_batch(&lane, 10, usize::MAX).unwrap();
    assert_eq!(numbers(&batch), [4, 6, 7]);
    let bounded = outbox.lane_batch(&lane, 2, usize::MAX).unwrap();
    assert_eq!(numbers(&bounded), [4, 6]);

    outbox
        .settle(&bounded, &[answer(4, Outcome::Stored)], at(DAY))
        .unwrap();
    outbox.insert(&[item(2)], &[], at(DAY + 60)).unwrap();
    let batch = outbox.lane_batch(&lane, 10, usize::MAX).unwrap();
    assert_eq!(
        numbers(&batch),
        [6, 7, 8],
        "what comes later is of the lane"
    );
    assert_eq!(numbers(&outbox.batch(10, usize::MAX).unwrap())[..2], [1, 2]);

    outbox.begin_new_epoch(&SystemClock).unwrap();
    assert!(
        outbox
            .lane_batch(&lane, 10, usize::MAX)
            .unwrap()
            .items
            .is_empty(),
        "its numbers mean other rows now"
    );
}

#[test]
fn a_lane_that_begins_with_a_session_needs_no_other() {
    let dir = tempfile::tempdir().unwrap();
    let mut outbox = open(&dir.path().join("outbox.db"));
    outbox.insert(&[started(1), item(1)], &[], at(0)).unwrap();
    outbox
        .insert(&[started(2), span(DAY, 60)], &[], at(DAY))
        .unwrap();
    let lane = outbox.lane(at(DAY)).unwrap().unwrap();
    let batch = outbox.lane_batch(&lane, 10, usize::MAX).unwrap();
    assert_eq!(numbers(&batch), [3, 4]);
}

#[test]
fn a_row_is_pending_until_it_is_acknowledged_or_set_aside() {
    let dir = tempfile::tempdir().unwrap();
    let mut outbox = open(&dir.path().join("outbox.db"));
    outbox
        .insert(&[item(1), item(2), item(3)], &[], at(0))
        .unwrap();
    let batch = outbox.batch(1, usize::MAX).unwrap();
    outbox
        .settle(&batch, &[answer(1, Outcome::Stored)], at(0))
        .unwrap();
    outbox.set_aside(2, "too_large", at(0)).unwrap();
    let states: Vec<_> = (1..=4).map(|seq| outbox.state_of(seq).unwrap()).collect();
    assert_eq!(
        states,
        [
            Some(ItemState::Acknowledged),
            Some(ItemState::Rejected),
            Some(ItemState::Pending),
            None
        ]
    );
}
