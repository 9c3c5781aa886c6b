//! What is older than the organization keeps it goes, in small steps, and what is left adds up.

use serde_json::json;
use shared_types::Timestamp;
use workpulse_server::{
    rights::retention,
    store::{DatabaseTarget, checks},
};

use crate::{
    harness::{BEGINNING, Enrolled, TestApp},
    meddle::meddle,
    raw::behind,
};

fn id(n: u32) -> String {
    format!("0192f0c1-2345-7000-8000-{n:012x}")
}

async fn count(app: &TestApp, what: &'static str) -> i64 {
    let text = format!("SELECT count(*) FROM {what}");
    behind!(app.target(), |c| sqlx::query_scalar(sqlx::AssertSqlSafe(
        text
    ))
    .fetch_one(&mut *c)
    .await)
    .expect("reads")
}

/// A stopped session of `minutes` minutes from `began`; its results.
async fn work(
    app: &TestApp,
    device: &Enrolled,
    n: u32,
    began: Timestamp,
    minutes: i64,
) -> Vec<String> {
    let mut items = vec![json!({
        "seq": 1, "item": { "session_started": { "session_id": id(n), "started_at": began } },
    })];
    for minute in 0..minutes {
        items.push(json!({ "seq": minute + 2, "item": { "activity": {
            "session_id": id(n), "activity_type": "active", "started_at": began.plus_seconds(minute * 60),
            "duration_seconds": 60, "application": "Editor", "title": "plan.md",
        } } }));
    }
    items.push(json!({ "seq": minutes + 2, "item": { "session_stopped": {
        "session_id": id(n), "stopped_at": began.plus_seconds(minutes * 60),
    } } }));
    let batch = json!({
        "device_id": device.device_id, "epoch": id(1_000 + n), "clock": app.clock_now(), "items": items,
    });
    let answer = app
        .post("/api/v1/sync", &device.secret, &batch)
        .await
        .expect(200);
    answer["results"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|result| result["reason"].as_str().unwrap_or("stored").to_owned())
        .collect()
}

async fn run(app: &TestApp, step: i64) -> retention::Removed {
    use workpulse_server::clock::Clock as _;
    retention::run(&app.state().store, app.clock.now(), step, |_| false)
        .await
        .expect("removed")
}

async fn everything_adds_up(app: &TestApp) {
    for outcome in checks::run(&app.state().store)
        .await
        .expect("the checks run")
    {
        assert_eq!(outcome.found, 0, "{}", outcome.counts);
    }
}

on_both_engines! {
    async fn old_activity_goes_in_small_steps_and_totals_stay(app) {
        let ada = app.set_up().await;
        let device = app.device(&ada, ada.user_id).await;
        let now = BEGINNING;
        for (n, days, minutes) in [(1, 40, 30), (2, 31, 30), (3, 10, 20)] {
            app.clock.set(now.plus_seconds(-days * 86_400 + 7_200));
            let results = work(app, &device, n, now.plus_seconds(-days * 86_400), minutes).await;
            assert!(results.iter().all(|result| result == "stored"), "{results:?}");
        }
        app.clock.set(now);
        meddle(app.target(), &["UPDATE organizations SET retention_days = 30"]).await;
        everything_adds_up(app).await;

        let removed = run(app, 7).await;
        // 60 spans, two applications in sessions, and whatever expired: seven at a time.
        assert!(removed.rows >= 62, "{removed:?}");
        assert!(removed.transactions >= 60_u64.div_ceil(7), "{removed:?}");
        assert_eq!(count(app, "activity_logs").await, 20);
        assert_eq!(count(app, "work_sessions").await, 3, "begin and end of work stay");
        assert_eq!(count(app, "work_sessions WHERE current_application IS NOT NULL").await, 1);
        assert_eq!(count(app, "daily_summaries").await, 3, "a day's seconds stay");
        everything_adds_up(app).await;

        // Nothing is due twice, and then nobody waits for a writer.
        assert_eq!(run(app, 7).await, retention::Removed::default());
        // Late items that are older are refused by item, and bring nothing back.
        let late = work(app, &device, 4, now.plus_seconds(-31 * 86_400), 2).await;
        assert!(late.iter().all(|reason| reason == "too_old"), "{late:?}");
        // Items as old as is still accepted land on a day that is whole.
        let results = work(app, &device, 5, now.plus_seconds(-30 * 86_400), 3).await;
        assert!(results.iter().all(|result| result == "stored"), "{results:?}");
        assert_eq!(run(app, 7).await, retention::Removed::default());
        everything_adds_up(app).await;
    }

    async fn a_step_is_never_larger_than_asked_for_however_much_is_due(app) {
        let ada = app.set_up().await;
        let device = app.device(&ada, ada.user_id).await;
        app.clock.set(BEGINNING.plus_seconds(-50 * 86_400));
        work(app, &device, 1, BEGINNING.plus_seconds(-50 * 86_400 - 600), 1).await;
        app.clock.set(BEGINNING);
        let many = match app.target() {
            DatabaseTarget::File(_) => "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
                INSERT INTO activity_logs (stream_id, seq, organization_id, user_id, session_id, activity_type, started_at, duration_seconds)
                SELECT stream_id, 1000 + n.i, organization_id, user_id, session_id, 'active', started_at - n.i * 60000, 60 FROM activity_logs, n",
            DatabaseTarget::Url(_) => "INSERT INTO activity_logs (stream_id, seq, organization_id, user_id, session_id, activity_type, started_at, duration_seconds)
                SELECT stream_id, 1000 + n.i, organization_id, user_id, session_id, 'active', started_at - n.i * interval '1 minute', 60
                FROM activity_logs, generate_series(1, 20000) AS n (i)",
        };
        meddle(app.target(), &[many, "UPDATE organizations SET retention_days = 30"]).await;
        let removed = run(app, 500).await;
        assert_eq!(count(app, "activity_logs").await, 0);
        assert!(removed.transactions >= removed.rows / 500, "{removed:?}");
        assert!(removed.transactions >= 40, "{removed:?}");
    }

    async fn a_retention_that_is_cut_short_goes_on_and_another_organization_keeps_its_own(app) {
        let ada = app.set_up().await;
        let grace = app.another_organization("grace@other.test").await;
        let (hers, theirs) = (app.device(&ada, ada.user_id).await, app.device(&grace, grace.user_id).await);
        app.clock.set(BEGINNING.plus_seconds(-40 * 86_400 + 7_200));
        for (n, device) in [(1, &hers), (2, &theirs)] {
            work(app, device, n, BEGINNING.plus_seconds(-40 * 86_400), 20).await;
        }
        app.clock.set(BEGINNING);
        meddle(app.target(), &["UPDATE organizations SET retention_days = 30 WHERE name = 'Acme'"]).await;
        let left = std::sync::atomic::AtomicI64::new(8);
        let stop = |_| left.fetch_sub(1, std::sync::atomic::Ordering::Relaxed) <= 0;
        retention::run(&app.state().store, BEGINNING, 3, stop).await.expect("stopped");
        let between = count(app, "activity_logs").await;
        assert!(between > 20, "{between}");
        everything_adds_up(app).await;
        run(app, 3).await;
        assert_eq!(count(app, "activity_logs").await, 20, "the other organization keeps 400 days");
        everything_adds_up(app).await;
    }

    async fn what_has_expired_goes_after_its_days(app) {
        let ada = app.set_up().await;
        for _ in 0..3 {
            app.log_in("ada@acme.test").await;
        }
        assert_eq!(count(app, "refresh_tokens").await, 4);
        app.clock.advance_seconds(8 * 86_400);
        let removed = run(app, 2).await;
        assert_eq!(count(app, "refresh_tokens").await, 0);
        assert!(removed.rows >= 4 && removed.transactions >= 2, "{removed:?}");
        let _ = ada;
    }
}
