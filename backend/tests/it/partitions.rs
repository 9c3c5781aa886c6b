//! Activity by months: each row where it belongs, no row lost over a month that came too late,
//! and an emptied month dropped. On PostgreSQL; SQLite keeps one table.

use std::{collections::BTreeMap, fs};

use serde_json::{Value, json};
use shared_types::Timestamp;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use workpulse_server::{
    rights::retention,
    store::{Store, checks, partitions},
};

use crate::{
    harness::{Enrolled, PostgresDatabase, TestApp, postgres_url},
    meddle::meddle,
};

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

fn id(n: u32) -> String {
    format!("0192f0c1-2345-7000-8000-{n:012x}")
}

/// A session of three minutes from `began`, as a batch of a stream of its own.
fn minutes(app: &TestApp, device: &Enrolled, n: u32, began: Timestamp) -> Value {
    let activity = |minute: i64| {
        json!({ "seq": minute + 2, "item": { "activity": {
            "session_id": id(n), "activity_type": "active", "started_at": began.plus_seconds(minute * 60),
            "duration_seconds": 60, "application": "Editor",
        } } })
    };
    json!({
        "device_id": device.device_id, "epoch": id(1_000 + n), "clock": app.clock_now(), "items": [
            { "seq": 1, "item": { "session_started": { "session_id": id(n), "started_at": began } } },
            activity(0), activity(1), activity(2),
            { "seq": 5, "item": { "session_stopped": { "session_id": id(n), "stopped_at": began.plus_seconds(180) } } },
        ],
    })
}

async fn send(app: &TestApp, device: &Enrolled, batch: &Value) -> Vec<Value> {
    let answer = app
        .post("/api/v1/sync", &device.secret, batch)
        .await
        .expect(200);
    let results = answer["results"].as_array().expect("a list");
    results
        .iter()
        .map(|result| result["outcome"].clone())
        .collect()
}

/// Rows by the table that they lie in.
async fn rows(db: &mut PgConnection) -> BTreeMap<String, i64> {
    let rows: Vec<(String, i64)> =
        sqlx::query_as("SELECT tableoid::regclass::text, count(*) FROM activity_logs GROUP BY 1")
            .fetch_all(db)
            .await
            .expect("reads");
    rows.into_iter().collect()
}

fn lie<const N: usize>(expected: [(&str, i64); N]) -> BTreeMap<String, i64> {
    expected.map(|(name, rows)| (name.to_owned(), rows)).into()
}

async fn adds_up(app: &TestApp) {
    for outcome in checks::run(&app.state().store)
        .await
        .expect("the checks run")
    {
        assert_eq!(outcome.found, 0, "{}", outcome.counts);
    }
}

/// The months around an instant, whenever the database was made.
async fn months_at(app: &TestApp, now: Timestamp) {
    partitions::make(&app.state().store, now)
        .await
        .expect("made");
}

#[tokio::test]
async fn a_minute_lies_in_the_month_of_its_begin_and_a_day_opens_its_month_alone() {
    let Some(app) = TestApp::postgres().await else {
        return;
    };
    app.clock.set(at("2027-01-31T12:00:00Z"));
    months_at(&app, app.clock_now()).await;
    let ada = app.set_up().await;
    let device = app.device(&ada, ada.user_id).await;
    let began = at("2027-01-31T23:58:00Z");
    app.clock.set(at("2027-02-01T00:30:00Z"));
    months_at(&app, app.clock_now()).await;
    let batch = minutes(&app, &device, 1, began);
    assert!(
        send(&app, &device, &batch)
            .await
            .iter()
            .all(|outcome| outcome == "stored")
    );
    let mut db = app.owner().await;
    let both = lie([("activity_logs_2027_01", 2), ("activity_logs_2027_02", 1)]);
    assert_eq!(rows(&mut db).await, both);
    // The same again is known by its numbers, in whichever months they lie.
    assert!(
        send(&app, &device, &batch)
            .await
            .iter()
            .all(|outcome| outcome == "duplicate")
    );
    assert_eq!(rows(&mut db).await, both);
    adds_up(&app).await;
    let plan: Vec<String> = sqlx::query_scalar(
        "EXPLAIN SELECT * FROM activity_logs WHERE user_id = '0192f0c1-2345-7000-8000-000000000001'
         AND started_at >= '2027-02-01T00:00:00Z' AND started_at < '2027-02-02T00:00:00Z'",
    )
    .fetch_all(&mut db)
    .await
    .expect("explains");
    let plan = plan.join("\n");
    assert!(plan.contains("activity_logs_2027_02"), "{plan}");
    assert_eq!(plan.matches("on activity_logs_").count(), 1, "{plan}");
    app.close().await;
}

#[tokio::test]
async fn a_month_that_is_made_too_late_takes_its_rows_from_where_they_had_to_go() {
    let Some(app) = TestApp::postgres().await else {
        return;
    };
    let late = at("2031-05-10T09:00:00Z");
    app.clock.set(late);
    let ada = app.set_up().await;
    let device = app.device(&ada, ada.user_id).await;
    let batch = minutes(&app, &device, 1, late.plus_seconds(-3_600));
    assert!(
        send(&app, &device, &batch)
            .await
            .iter()
            .all(|outcome| outcome == "stored")
    );
    let mut db = app.owner().await;
    assert_eq!(rows(&mut db).await, lie([("activity_logs_rest", 3)]));
    let store = &app.state().store;
    assert_eq!(
        partitions::layout(store)
            .await
            .expect("read")
            .expect("months")
            .astray,
        3
    );

    let made = partitions::make(store, late).await.expect("made");
    assert_eq!(made, partitions::wanted(late));
    assert_eq!(rows(&mut db).await, lie([("activity_logs_2031_05", 3)]));
    let layout = partitions::layout(store)
        .await
        .expect("read")
        .expect("months");
    assert_eq!((layout.astray, layout.months.last()), (0, made.last()));
    assert!(
        partitions::make(store, late)
            .await
            .expect("nothing")
            .is_empty()
    );
    assert!(
        send(&app, &device, &batch)
            .await
            .iter()
            .all(|outcome| outcome == "duplicate")
    );
    let next = minutes(&app, &device, 2, late.plus_seconds(-600));
    assert!(
        send(&app, &device, &next)
            .await
            .iter()
            .all(|outcome| outcome == "stored")
    );
    assert_eq!(rows(&mut db).await, lie([("activity_logs_2031_05", 6)]));
    adds_up(&app).await;
    assert_eq!(
        workpulse_server::store::wall::gaps(store)
            .await
            .expect("asked"),
        Some(Vec::new()),
        "a partition that was made meanwhile is behind the wall"
    );
    app.close().await;
}

#[tokio::test]
async fn many_instances_that_make_the_same_months_make_each_once() {
    let Some(app) = TestApp::postgres().await else {
        return;
    };
    let late = at("2032-01-10T09:00:00Z");
    let store = &app.state().store;
    let made = tokio::try_join!(
        partitions::make(store, late),
        partitions::make(store, late),
        partitions::make(store, late)
    );
    let (one, two, three) = made.expect("made, or found");
    assert_eq!(one.len() + two.len() + three.len(), 3);
    app.close().await;
}

#[tokio::test]
async fn an_emptied_month_is_dropped_and_one_that_holds_a_row_stays() {
    let Some(app) = TestApp::postgres().await else {
        return;
    };
    let ada = app.set_up().await;
    let device = app.device(&ada, ada.user_id).await;
    for (n, began) in [(1, "2031-02-27T10:00:00Z"), (2, "2031-03-30T10:00:00Z")] {
        app.clock.set(at(began).plus_seconds(3_600));
        months_at(&app, app.clock_now()).await;
        let batch = minutes(&app, &device, n, at(began));
        assert!(
            send(&app, &device, &batch)
                .await
                .iter()
                .all(|outcome| outcome == "stored")
        );
    }
    let mut db = app.owner().await;
    let store = &app.state().store;
    meddle(
        app.target(),
        &["UPDATE organizations SET retention_days = 30"],
    )
    .await;
    // February is over for everybody, and its rows are not removed yet: it stays.
    let now = at("2031-04-10T10:00:00Z");
    let dropped = retention::drop_months(store, now).await.expect("looked");
    assert!(
        !dropped.contains(&"activity_logs_2031_02".to_owned()),
        "{dropped:?}"
    );
    retention::run(store, now, 1_000, |_| false)
        .await
        .expect("removed");
    assert_eq!(rows(&mut db).await, lie([("activity_logs_2031_03", 3)]));
    let dropped = retention::drop_months(store, now).await.expect("dropped");
    assert_eq!(dropped, ["activity_logs_2031_02"]);
    assert_eq!(rows(&mut db).await, lie([("activity_logs_2031_03", 3)]));
    assert!(
        retention::drop_months(store, now)
            .await
            .expect("nothing")
            .is_empty()
    );
    adds_up(&app).await;
    app.close().await;
}

/// All rows in one text, by the columns that there were before: later ones may come.
const SUM: &str =
    "SELECT md5(string_agg(ROW(stream_id, seq, organization_id, user_id, session_id, activity_type,
        reason, started_at, duration_seconds, application, title, url)::text, '|' ORDER BY seq))
    FROM activity_logs";

#[tokio::test]
async fn what_was_there_before_there_were_months_is_there_afterwards() {
    let Some(server) = postgres_url() else { return };
    let database = PostgresDatabase::empty(&server).await;
    let mut db = PgConnection::connect(&database.url).await.expect("answers");
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../migrations/postgres");
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("the migrations")
        .map(|file| file.expect("a file").path())
        .collect();
    files.sort_unstable();
    let (before, since) = files.split_at(
        files
            .iter()
            .position(|file| file.ends_with("0020_partitions.sql"))
            .expect("is there"),
    );
    // The table of applied migrations is the migrator's own; a later one grants a right to it.
    run(&mut db, "CREATE TABLE _sqlx_migrations (version BIGINT)").await;
    for file in before {
        run(&mut db, &fs::read_to_string(file).expect("text")).await;
    }
    run(
        &mut db,
        "INSERT INTO organizations (id, name, time_zone, capture_policy, created_at) SELECT gen_random_uuid(), 'Acme', 'UTC', '{}', now();
         INSERT INTO users (organization_id, id, email, name, role, status, created_at, authority_changed_at)
             SELECT id, gen_random_uuid(), 'eve@acme.test', 'Eve', 'employee', 'active', now(), now() FROM organizations;
         INSERT INTO devices (organization_id, id, user_id, kind, name, os, agent_version, capabilities, created_at)
             SELECT organization_id, gen_random_uuid(), id, 'agent', 'desk', 'Debian', '0.1.0', '{}', now() FROM users;
         INSERT INTO work_sessions (organization_id, id, user_id, device_id, status, started_at)
             SELECT organization_id, gen_random_uuid(), user_id, id, 'active', '2026-01-01' FROM devices;
         INSERT INTO activity_logs (stream_id, seq, organization_id, user_id, session_id, activity_type, started_at, duration_seconds)
             SELECT 1, n, organization_id, user_id, id, 'active', timestamptz '2026-01-01' + n * interval '1 day', 60
             FROM work_sessions, generate_series(1, 300) n",
    )
    .await;
    let kept: String = sqlx::query_scalar(SUM)
        .fetch_one(&mut db)
        .await
        .expect("reads");
    for file in since {
        run(&mut db, &fs::read_to_string(file).expect("text")).await;
    }
    assert_eq!(rows(&mut db).await, lie([("activity_logs_before", 300)]));
    let now: String = sqlx::query_scalar(SUM)
        .fetch_one(&mut db)
        .await
        .expect("reads");
    assert_eq!(now, kept);
    // What is written from now on for the months to come has its own.
    run(
        &mut db,
        "INSERT INTO activity_logs (stream_id, seq, organization_id, user_id, session_id, activity_type, started_at, duration_seconds)
         SELECT 1, 301, organization_id, user_id, id, 'active', date_trunc('month', now()) + interval '40 days', 60 FROM work_sessions",
    )
    .await;
    assert_eq!(rows(&mut db).await.len(), 2);
    assert!(!rows(&mut db).await.contains_key("activity_logs_rest"));
    db.close().await.expect("closed");
}

async fn run(db: &mut PgConnection, text: &str) {
    let done = sqlx::raw_sql(AssertSqlSafe(text.to_owned()))
        .execute(db)
        .await;
    if let Err(error) = done {
        panic!("{error} in {text}");
    }
}

#[tokio::test]
async fn an_embedded_database_has_no_months_and_nothing_to_do() {
    let app = TestApp::sqlite().await;
    let store: &Store = &app.state().store;
    assert_eq!(partitions::layout(store).await.expect("asked"), None);
    assert!(
        partitions::make(store, app.clock_now())
            .await
            .expect("nothing")
            .is_empty()
    );
    assert!(
        retention::drop_months(store, app.clock_now())
            .await
            .expect("nothing")
            .is_empty()
    );
    app.close().await;
}
