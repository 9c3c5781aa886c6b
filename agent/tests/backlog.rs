//! 90 days offline: 130,000 rows go out, today's first, and every one arrives once.

mod support;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use shared_types::{
    SessionId, Timestamp,
    activity::{Activity, ActivityType},
    problem::ProblemCode,
    sync::{SessionStarted, SessionStopped, SyncItemBody},
};
use support::{Fault, Machine, Server, until};
use uuid::Uuid;
use workpulse_agent::{
    Agent, Clock as _, Settings, SystemClock, credentials::SecretChoice, outbox::Outbox,
};

const DAYS: u32 = 90;
/// With start and stop, 130,050 rows.
const MINUTES: u32 = 1_443;
const SECONDS_OF_A_DAY: i64 = 86_400;

/// What a day of one session made; `day` counts back from today.
fn day(day: u32, now: Timestamp) -> (Timestamp, Vec<SyncItemBody>) {
    // Today's session began a moment ago, so that it is of today whatever the time is.
    let began = now.plus_seconds(-i64::from(day) * SECONDS_OF_A_DAY);
    let session_id = SessionId(Uuid::from_u128(u128::from(day) + 1));
    let mut items = vec![SyncItemBody::SessionStarted(SessionStarted {
        session_id,
        project_id: None,
        started_at: began,
    })];
    items.extend((0..MINUTES).map(|minute| {
        SyncItemBody::Activity(Activity {
            session_id,
            activity_type: ActivityType::Active,
            reason: None,
            started_at: began.plus_seconds(i64::from(minute) * 59),
            duration_seconds: 59,
            application: Some("Editor".into()),
            title: Some(format!("file {minute} of day {day}")),
            url: None,
            category_id: None,
        })
    }));
    items.push(SyncItemBody::SessionStopped(SessionStopped {
        session_id,
        stopped_at: began.plus_seconds(i64::from(MINUTES) * 59),
    }));
    (began, items)
}

#[test]
fn ninety_days_arrive_once_today_first_and_429_is_obeyed() {
    let server = Server::start();
    let machine = Machine::enrolled(&server, None);
    let now = SystemClock.wall();
    let mut made: BTreeMap<i64, SyncItemBody> = BTreeMap::new();
    let mut todays = BTreeSet::new();
    {
        let path = machine.data_dir().join("outbox.db");
        let (mut outbox, _) = Outbox::open(&path, &SystemClock).unwrap();
        for back in (0..DAYS).rev() {
            let (at, items) = day(back, now);
            let last = outbox.insert(&items, &[], at).unwrap();
            let first = last + 1 - i64::try_from(items.len()).unwrap();
            if back == 0 {
                todays.extend(first..=last);
            }
            made.extend((first..).zip(items));
        }
    }
    assert!(made.len() >= 130_000);
    server.fault(Fault::Problem(
        ProblemCode::TooManyRequests,
        vec![("retry-after", "2".into())],
    ));
    let settings = Settings {
        sync_interval_seconds: 1,
        auto_start: false,
        credentials: SecretChoice::File,
        ..Settings::for_data_dir(&machine.data_dir())
    };
    let agent = Agent::start(settings, Arc::new(SystemClock)).unwrap();
    let mut told = BTreeSet::new();
    let mut left = i64::MAX;
    while left > 0 {
        left = until("more is settled", || {
            let status = agent.status();
            if let Some(backlog) = status.backlog {
                told.insert((backlog.sent, backlog.of));
            }
            (status.counters.produced > 0 && status.pending < left).then_some(status.pending)
        });
    }
    let kept = server.kept.lock();

    // The oracle knows what was made.
    let arrived: BTreeMap<i64, SyncItemBody> = kept
        .items
        .iter()
        .map(|((_, seq), item)| (*seq, item.clone()))
        .filter(|(seq, _)| made.contains_key(seq))
        .collect();
    assert!(arrived == made, "what was made is what arrived");
    let mut known = BTreeSet::new();
    let mut missing = todays;
    for (n, request) in kept.requests.iter().enumerate().skip(1) {
        for item in &request.items {
            match &item.item {
                SyncItemBody::SessionStarted(it) => {
                    known.insert(it.session_id);
                }
                SyncItemBody::Activity(it) => {
                    assert!(known.contains(&it.session_id), "behind its session's start");
                }
                _ => {}
            }
        }
        let before = missing.len();
        for item in &request.items {
            missing.remove(&item.seq);
        }
        assert!(
            missing.is_empty() || missing.len() < before,
            "request {n} took older rows while {before} of today's waited"
        );
        assert!(request.items.len() <= 1_000, "bounded");
    }
    assert!(missing.is_empty());
    let pause = kept.requests[1].clock.millis_since(kept.requests[0].clock);
    assert!(pause >= 1_900, "again after {pause} ms");
    assert!(
        told.iter()
            .any(|(sent, of)| *sent > 0 && sent < of && *of >= 130_000),
        "progress was told: {told:?}"
    );
    assert_eq!(agent.status().backlog, None);
}
