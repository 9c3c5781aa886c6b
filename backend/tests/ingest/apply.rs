//! What one batch does.

use shared_types::{
    EpochId, SessionId, Timestamp,
    activity::{Activity, ActivityType},
    sync::{Counters, Outcome, RejectReason, SyncItemBody},
};
use uuid::Uuid;
use workpulse_server::{
    clock::{Clock as _, SystemClock},
    ingest::{Item, SEQ_MAX, Source},
};

use super::fixture::{
    Engine, NOW, START, World, minute, on_both_engines, one, session_id, span, started, stopped,
    whole_session,
};

on_both_engines! {
    async fn a_whole_session_is_stored_and_its_accounts_balance(world: World) {
        let (device, id) = (world.new_device().await, session_id());
        let answer = world.send(&device, &whole_session(id, 9)).await.expect("applied");
        assert!(answer.results.iter().all(|r| r.outcome == Outcome::Stored), "{answer:?}");
        assert_eq!(answer.watermark, 11);
        assert_eq!(answer.policy_version, 1);
        assert_eq!(answer.resend_from, None);
        assert_eq!(world.totals(id).await, (180, 180, 180, 11));
        assert_eq!(answer.sessions[0].version, 11);
        world.assert_accounts_balance().await;
        let day: (i64, i64, i64) = one!(world,
            "SELECT active_seconds, idle_seconds, unobserved_seconds FROM daily_summaries WHERE user_id = $1",
            device.user_id);
        assert_eq!(day, (180, 180, 180));
    }
}

on_both_engines! {
    async fn one_bad_item_is_named_and_the_others_are_stored(world: World) {
        let (device, id) = (world.new_device().await, session_id());
        let mut batch = device.batch(&[
            (1, started(id)),
            (2, minute(id, 0, ActivityType::Active)),
            (3, span(id, 90, 60, ActivityType::Active, "crosses the minute")),
            (4, minute(id, 0, ActivityType::Idle)),
            (5, minute(session_id(), 5, ActivityType::Active)),
            (7, minute(id, 1, ActivityType::Idle)),
        ]);
        batch.items.insert(5, Item { seq: 6, body: None });
        let answer = world.ingest.submit(batch.clone()).await.expect("applied");
        let reasons: Vec<_> = answer.results.iter().map(|r| r.reason).collect();
        assert_eq!(reasons, [
            None, None,
            Some(RejectReason::CrossesMinute), Some(RejectReason::Overlap),
            Some(RejectReason::UnknownSession), Some(RejectReason::Malformed),
            None,
        ]);
        assert_eq!(answer.watermark, 7, "what is refused is handled, too");
        assert_eq!(world.totals(id).await, (60, 60, 0, 3));

        let again = world.ingest.submit(batch).await.expect("applied");
        let repeated: Vec<_> = again.results.iter().map(|r| r.reason).collect();
        assert_eq!(repeated, reasons, "a refused item gets the same answer again");
        assert_eq!(world.totals(id).await, (60, 60, 0, 3));
        world.assert_accounts_balance().await;
    }
}

on_both_engines! {
    async fn the_same_number_with_other_content_is_a_conflict_and_the_first_stays(world: World) {
        let (device, id) = (world.new_device().await, session_id());
        world.send(&device, &whole_session(id, 3)).await.expect("applied");
        let other = [(2, span(id, 0, 60, ActivityType::Active, "Another machine"))];
        let answer = world.send(&device, &other).await.expect("answered");
        assert_eq!(answer.results[0].reason, Some(RejectReason::Conflict));
        assert!(answer.new_epoch, "a copied profile is told to number anew");
        assert_eq!(world.totals(id).await, (60, 60, 60, 5));
    }
}

on_both_engines! {
    async fn time_on_two_devices_at_once_counts_once(world: World) {
        let laptop = world.new_device().await;
        let desktop = world.device(world.organization, laptop.user_id).await;
        let (a, b) = (session_id(), session_id());
        world.send(&laptop, &[
            (1, started(a)),
            (2, minute(a, 0, ActivityType::Active)),
            (3, minute(a, 1, ActivityType::Idle)),
        ]).await.expect("applied");
        world.send(&desktop, &[
            (1, started(b)),
            (2, minute(b, 1, ActivityType::Active)),
            (3, minute(b, 2, ActivityType::Unobserved)),
        ]).await.expect("applied");
        let day: (i64, i64, i64) = one!(world,
            "SELECT active_seconds, idle_seconds, unobserved_seconds FROM daily_summaries WHERE user_id = $1",
            laptop.user_id);
        assert_eq!(day, (120, 0, 60), "minute 1 was active on one device and idle on the other");
        world.send(&laptop, &[(4, minute(a, 2, ActivityType::Active))]).await.expect("applied");
        let day: (i64, i64, i64) = one!(world,
            "SELECT active_seconds, idle_seconds, unobserved_seconds FROM daily_summaries WHERE user_id = $1",
            laptop.user_id);
        assert_eq!(day, (180, 0, 0));
        let hours: (i64, i64) = one!(world,
            "SELECT count(*), CAST(sum(active_seconds) AS BIGINT) FROM hour_days WHERE user_id = $1",
            laptop.user_id);
        assert_eq!(hours, (1, 180), "one clock hour, each second once");
        let sessions: (i64, i64) = one!(world,
            "SELECT count(*), CAST(sum(active_seconds + idle_seconds + unobserved_seconds) AS BIGINT) \
             FROM session_days WHERE user_id = $1", laptop.user_id);
        assert_eq!(sessions, (2, 300), "a session keeps its own seconds");
        world.assert_accounts_balance().await;
    }
}

on_both_engines! {
    async fn late_minutes_land_on_their_own_day(world: World) {
        let (device, id) = (world.new_device().await, session_id());
        // 22:58 to 23:02 UTC is midnight in Berlin, five days ago.
        let begin = START.plus_seconds(-5 * 86_400 + 12 * 3_600 + 58 * 60);
        let mut items = vec![(1, SyncItemBody::SessionStarted(shared_types::sync::SessionStarted {
            session_id: id, project_id: None, started_at: begin,
        }))];
        for number in 0..4_i64 {
            items.push((number + 2, SyncItemBody::Activity(Activity {
                session_id: id,
                activity_type: ActivityType::Active,
                reason: None,
                started_at: begin.plus_seconds(number * 60),
                duration_seconds: 60,
                application: None, title: None, url: None, category_id: None,
            })));
        }
        world.send(&device, &items).await.expect("applied");
        let days: (i64, i64, i64) = one!(world,
            "SELECT count(*), CAST(min(active_seconds) AS BIGINT), CAST(max(active_seconds) AS BIGINT) \
             FROM daily_summaries WHERE user_id = $1", device.user_id);
        assert_eq!(days, (2, 120, 120));
    }
}

on_both_engines! {
    async fn somebody_elses_session_is_as_unknown_as_a_random_one(world: World) {
        let (victim, id) = (world.new_device().await, session_id());
        world.send(&victim, &[(1, started(id))]).await.expect("applied");
        let colleague = world.new_device().await;
        let elsewhere = world.new_organization().await;
        let stranger = world.person(elsewhere).await;
        let stranger = world.device(elsewhere, stranger).await;
        for thief in [colleague, stranger] {
            let attempts = [
                (1, minute(id, 0, ActivityType::Active)),
                (2, minute(session_id(), 0, ActivityType::Active)),
                (3, stopped(id, 60)),
                (4, stopped(session_id(), 60)),
            ];
            let answer = world.send(&thief, &attempts).await.expect("answered");
            for result in &answer.results {
                assert_eq!(result.reason, Some(RejectReason::UnknownSession), "{result:?}");
            }
            assert!(answer.sessions.is_empty(), "nothing is told of it: {answer:?}");
        }
        assert_eq!(world.totals(id).await, (0, 0, 0, 1));
    }
}

on_both_engines! {
    async fn a_salvaged_outbox_may_send_its_rows_under_new_numbers(world: World) {
        let (mut device, id) = (world.new_device().await, session_id());
        let items = whole_session(id, 4);
        world.send(&device, &items[..4]).await.expect("applied");
        device.epoch = EpochId(SystemClock.new_uuid());
        let answer = world.send(&device, &items).await.expect("applied");
        let outcomes: Vec<_> = answer.results.iter().map(|r| r.outcome).collect();
        assert_eq!(outcomes[..4], [Outcome::Duplicate; 4]);
        assert_eq!(outcomes[4..], [Outcome::Stored; 2]);
        assert_eq!(world.totals(id).await, (120, 60, 60, 6));
        world.assert_accounts_balance().await;
    }
}

on_both_engines! {
    async fn a_hole_in_the_numbers_is_asked_for(world: World) {
        let (device, id) = (world.new_device().await, session_id());
        let items = whole_session(id, 6);
        world.send(&device, &items[..2]).await.expect("applied");
        let answer = world.send(&device, &items[4..6]).await.expect("applied");
        assert_eq!((answer.watermark, answer.resend_from), (2, Some(3)));
        let answer = world.send(&device, &items[2..4]).await.expect("applied");
        assert_eq!((answer.watermark, answer.resend_from), (6, None));
        world.assert_accounts_balance().await;
    }
}

on_both_engines! {
    async fn a_person_may_correct_a_refused_item_under_its_number(world: World) {
        let (device, id) = (world.new_device().await, session_id());
        let mut batch = device.batch(&[(1, started(id)), (2, span(id, 30, 60, ActivityType::Active, "x"))]);
        batch.source = Source::Keyboard;
        let answer = world.ingest.submit(batch.clone()).await.expect("answered");
        assert_eq!(answer.results[1].reason, Some(RejectReason::CrossesMinute));
        batch.items = device.batch(&[(2, span(id, 30, 30, ActivityType::Active, "x")), (SEQ_MAX, stopped(id, 60))]).items;
        let answer = world.ingest.submit(batch).await.expect("answered");
        assert!(answer.results.iter().all(|r| r.outcome == Outcome::Stored), "{answer:?}");
        let (online,): (i64,) = one!(world,
            "SELECT count(*) FROM events WHERE kind = 'USER_ONLINE' AND organization_id = $1", world.organization);
        assert_eq!(online, 0, "a keyboard is no desktop in contact");
    }
}

on_both_engines! {
    async fn times_outside_the_window_are_refused_by_item(world: World) {
        let (device, id) = (world.new_device().await, session_id());
        let at = |started_at: Timestamp| SyncItemBody::SessionStarted(shared_types::sync::SessionStarted {
            session_id: SessionId(Uuid::from_u128(started_at.as_millis().unsigned_abs().into())),
            project_id: None,
            started_at,
        });
        let now = NOW;
        let answer = world.send(&device, &[
            (1, started(id)),
            (2, at(now.plus_seconds(121))),
            (3, at(now.plus_seconds(120))),
            (4, at(now.plus_seconds(-401 * 86_400))),
            (5, at(now.plus_millis(-1))),
        ]).await.expect("answered");
        let reasons: Vec<_> = answer.results.iter().map(|r| r.reason).collect();
        assert_eq!(reasons, [
            None, Some(RejectReason::Future), None, Some(RejectReason::TooOld), Some(RejectReason::OutOfRange),
        ]);
    }
}

on_both_engines! {
    async fn a_devices_own_account_is_kept(world: World) {
        let device = world.new_device().await;
        let counters = Counters { produced: 7, stored: 5, pending: 1, dropped: [("future".to_owned(), 1)].into() };
        world.send(&device, &[(1, SyncItemBody::Counters(counters))]).await.expect("applied");
        let (kept,): (sqlx::types::Json<Counters>,) = one!(world,
            "SELECT counters FROM sync_streams WHERE device_id = $1", device.id);
        assert_eq!(kept.0.produced, kept.0.stored + kept.0.pending + kept.0.dropped["future"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_clean_stop_leaves_one_file_and_no_log_beside_it() {
    let world = World::new(Engine::Sqlite).await;
    let (device, id) = (world.new_device().await, session_id());
    let sent = world.send(&device, &whole_session(id, 3)).await;
    sent.expect("applied");
    world.ingest.shutdown().await;
    world.store.close().await;
    let workpulse_server::store::Store::Sqlite(engine) = &world.store else {
        panic!("asked for SQLite");
    };
    let log = engine.path().with_extension("db-wal");
    assert!(engine.path().exists() && !log.exists(), "{}", log.display());
}
