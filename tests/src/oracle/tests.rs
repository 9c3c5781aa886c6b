//! A judge that cannot condemn is no judge: each check is shown a case that it must catch.

use shared_types::{
    SessionId, Timestamp,
    sync::{SessionStarted, SessionStopped},
};
use uuid::Uuid;

use super::{stored::SessionRow, *};

const EPOCH: Uuid = Uuid::from_u128(1);
const SESSION: SessionId = SessionId(Uuid::from_u128(2));

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_795_338_000_000 + seconds * 1_000)
}

fn span(start: i64, seconds: u32, kind: ActivityType, application: &str) -> Activity {
    Activity {
        session_id: SESSION,
        activity_type: kind,
        reason: None,
        started_at: at(start),
        duration_seconds: seconds,
        application: Some(application.to_owned()),
        title: None,
        url: None,
        category_id: None,
    }
}

/// Three minutes: alpha, alpha then idle, beta.
fn story() -> (Schedule, Kept, Stored) {
    let spans = [
        span(0, 60, ActivityType::Active, "alpha"),
        span(60, 20, ActivityType::Active, "alpha"),
        span(80, 40, ActivityType::Idle, "alpha"),
        span(120, 60, ActivityType::Active, "beta"),
        span(180, 10, ActivityType::Active, "beta"),
    ];
    let mut bodies = vec![SyncItemBody::SessionStarted(SessionStarted {
        session_id: SESSION,
        project_id: None,
        started_at: at(0),
    })];
    bodies.extend(spans.iter().cloned().map(SyncItemBody::Activity));
    bodies.push(SyncItemBody::SessionStopped(SessionStopped {
        session_id: SESSION,
        stopped_at: at(190),
    }));
    let kept = Kept {
        items: (1..)
            .zip(bodies)
            .map(|(seq, it)| ((EPOCH, seq), it))
            .collect(),
        produced: 7,
        stored: 7,
        ..Kept::default()
    };
    let stored = Stored {
        sessions: vec![SessionRow {
            id: SESSION,
            started_at: at(0),
            ended_at: Some(at(190)),
            totals: [150, 40, 0],
            version: 7,
        }],
        spans: (2..)
            .zip(spans)
            .map(|(seq, it)| ((EPOCH, seq), it))
            .collect(),
        days: [150, 40, 0],
        refusals: 0,
    };
    let keys = (0..=80).step_by(4).chain((120..190).step_by(4));
    let schedule = Schedule {
        focus: vec![(at(-5), "alpha".to_owned()), (at(120), "beta".to_owned())],
        keys: keys.map(at).collect(),
        idle_after_seconds: 20,
        sample_seconds: 1,
        kills: 0,
        away_seconds: 0,
    };
    (schedule, kept, stored)
}

fn complaints(change: impl FnOnce(&mut Schedule, &mut Kept, &mut Stored)) -> String {
    let (mut schedule, mut kept, mut stored) = story();
    change(&mut schedule, &mut kept, &mut stored);
    judge(&schedule, &kept, &stored).join("; ")
}

#[test]
fn a_true_story_has_no_complaints() {
    assert_eq!(complaints(|_, _, _| {}), "");
}

#[test]
fn a_lost_minute_shows() {
    let said = complaints(|_, _, stored| drop(stored.spans.remove(1)));
    assert!(said.contains("lost: number 3"), "{said}");
    assert!(
        said.contains("version") && said.contains("totals"),
        "{said}"
    );
}

#[test]
fn a_minute_counted_twice_shows() {
    let said = complaints(|_, _, stored| stored.spans.push(stored.spans[0].clone()));
    assert!(said.contains("stored 2 times: number 2"), "{said}");
}

#[test]
fn a_row_that_nobody_made_shows() {
    let said = complaints(|_, kept, _| {
        kept.items.remove(&(EPOCH, 6));
    });
    assert!(said.contains("never made: number 6"), "{said}");
    assert!(said.contains("rows kept in the outbox"), "{said}");
}

#[test]
fn a_span_that_changed_on_its_way_shows() {
    let said = complaints(|_, _, stored| stored.spans[0].1.duration_seconds = 59);
    assert!(said.contains("made as"), "{said}");
    assert!(said.contains("the one before it ends"), "{said}");
}

#[test]
fn a_version_that_counts_a_duplicate_shows() {
    let said = complaints(|_, _, stored| stored.sessions[0].version += 1);
    assert_eq!(said, "version: 8, not 7");
}

#[test]
fn days_that_count_a_duplicate_show() {
    let said = complaints(|_, _, stored| stored.days[0] += 60);
    assert!(said.starts_with("sums of the days"), "{said}");
}

#[test]
fn what_is_pending_dropped_or_refused_shows() {
    let said = complaints(|_, kept, stored| {
        kept.pending = 1;
        kept.dropped = 1;
        kept.rejected.push((3, "overlap".to_owned()));
        stored.refusals = 1;
    });
    for part in ["pending", "dropped", "overlap", "refusals"] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn time_in_the_wrong_application_shows() {
    let said = complaints(|schedule, _, _| schedule.focus[1].0 = at(60));
    assert!(
        said.contains("active in alpha: 80 s counted, 60 s done"),
        "{said}"
    );
}

#[test]
fn idle_time_that_was_counted_as_active_shows() {
    let said = complaints(|schedule, _, _| schedule.keys.extend((84..120).step_by(4).map(at)));
    assert!(said.contains("idle: 40 s counted"), "{said}");
}
