//! What `doctor` proves of the data, shown by data that is wrong: each check holds on what ingest
//! wrote, and fails alone on what somebody changed behind it. And its verdicts on the machine.

use std::{os::unix::fs::PermissionsExt as _, path::Path};

use serde_json::{Value, json};
use workpulse_server::store::DatabaseTarget;

use crate::{
    company::admin,
    harness::TestApp,
    meddle::meddle,
    remade::{doctor, world},
    start_up::{place, run},
    summaries::worker,
};

/// What is changed behind the server, how it is put right again, and which check finds it.
type Tampering = (&'static str, String, String);

/// Changes one column of some rows and back.
fn update(check: &'static str, table: &str, change: &str, back: &str, rows: &str) -> Tampering {
    (
        check,
        format!("UPDATE {table} SET {change} WHERE {rows}"),
        format!("UPDATE {table} SET {back} WHERE {rows}"),
    )
}

/// An instant moved by so many seconds, as the engine reckons.
fn moved(app: &TestApp, column: &str, seconds: i64) -> String {
    match app.target() {
        DatabaseTarget::File(_) => format!("{column} = {column} + {}", seconds * 1_000),
        DatabaseTarget::Url(_) => format!("{column} = {column} + interval '{seconds} seconds'"),
    }
}

/// The first span of the first day's session: the only one at its instant.
fn first_span(app: &TestApp) -> &'static str {
    match app.target() {
        DatabaseTarget::File(_) => "seq = 2 AND started_at < 1795046400000",
        DatabaseTarget::Url(_) => "seq = 2 AND started_at < '2026-11-19T00:00:00Z'",
    }
}

/// A field of the devices' accounts, as JSON of the engine.
fn account(app: &TestApp, field: &str, value: i64) -> String {
    match app.target() {
        DatabaseTarget::File(_) => {
            format!("counters = json_set(counters, '$.{field}', {value})")
        }
        DatabaseTarget::Url(_) => {
            format!("counters = jsonb_set(counters, '{{{field}}}', '{value}')")
        }
    }
}

/// The day on which there was one machine.
const ONE_DAY: &str = "day = '2026-11-18'";
/// The day on which there were two.
const TWO_MACHINES: &str = "day = '2026-11-19'";

/// Sessions, spans, and days as their spans make them.
fn of_sessions_and_days(app: &TestApp) -> Vec<Tampering> {
    vec![
        update(
            "session totals",
            "work_sessions",
            "total_idle_seconds = total_idle_seconds + 1",
            "total_idle_seconds = total_idle_seconds - 1",
            "total_idle_seconds > 0",
        ),
        update(
            "session versions",
            "work_sessions",
            "version = version + 1",
            "version = version - 1",
            "1 = 1",
        ),
        // On to the middle of the next one.
        update(
            "spans of a device",
            "activity_logs",
            &moved(app, "started_at", 30),
            &moved(app, "started_at", -30),
            first_span(app),
        ),
        update(
            "days of a person",
            "daily_summaries",
            &moved(app, "first_input_at", 60),
            &moved(app, "first_input_at", -60),
            ONE_DAY,
        ),
        // A union that is wrong: idle here, active there, and both were counted.
        (
            "days of a person",
            format!(
                "UPDATE daily_summaries SET active_seconds = active_seconds - 60, idle_seconds = idle_seconds + 60 WHERE {TWO_MACHINES}"
            ),
            format!(
                "UPDATE daily_summaries SET active_seconds = active_seconds + 60, idle_seconds = idle_seconds - 60 WHERE {TWO_MACHINES}"
            ),
        ),
        // On the wrong date, with all that belongs to it.
        (
            "days of a person",
            [
                "daily_summaries",
                "hour_days",
                "application_days",
                "session_days",
            ]
            .map(|table| format!("UPDATE {table} SET day = '2026-11-17' WHERE {ONE_DAY}"))
            .join(";"),
            [
                "daily_summaries",
                "hour_days",
                "application_days",
                "session_days",
            ]
            .map(|table| format!("UPDATE {table} SET {ONE_DAY} WHERE day = '2026-11-17'"))
            .join(";"),
        ),
        // In the wrong hour: the sum of the day is as it was.
        (
            "days of a person",
            format!("UPDATE hour_days SET hour = 7 WHERE hour = 6 AND {ONE_DAY}"),
            format!("UPDATE hour_days SET hour = 6 WHERE hour = 7 AND {ONE_DAY}"),
        ),
    ]
}

/// What reports read.
fn of_sums() -> Vec<Tampering> {
    vec![
        update(
            "hours of a day",
            "hour_days",
            "idle_seconds = idle_seconds + 1",
            "idle_seconds = idle_seconds - 1",
            &format!("hour = 5 AND {ONE_DAY}"),
        ),
        update(
            "applications of a day",
            "application_days",
            "idle_seconds = idle_seconds + 1",
            "idle_seconds = idle_seconds - 1",
            ONE_DAY,
        ),
        update(
            "sessions of a day",
            "session_days",
            "idle_seconds = idle_seconds + 1",
            "idle_seconds = idle_seconds - 1",
            ONE_DAY,
        ),
        update(
            "months of a person",
            "person_months",
            "idle_seconds = idle_seconds + 1",
            "idle_seconds = idle_seconds - 1",
            "1 = 1",
        ),
        update(
            "days in their months",
            "person_months",
            "last_day = '2026-11-20'",
            "last_day = '2026-11-30'",
            "1 = 1",
        ),
        update(
            "titles' share",
            "application_days",
            "titled_idle_seconds = titled_idle_seconds - 100000",
            "titled_idle_seconds = titled_idle_seconds + 100000",
            ONE_DAY,
        ),
    ]
}

/// What devices say, and numbers.
fn of_devices(app: &TestApp) -> Vec<Tampering> {
    vec![
        update(
            "event numbers",
            "event_counters",
            "seq = seq - 100",
            "seq = seq + 100",
            "1 = 1",
        ),
        update(
            "devices' accounts",
            "sync_streams",
            &account(app, "produced", 4),
            &account(app, "produced", 3),
            "counters IS NOT NULL",
        ),
        // Balanced, and more than was ever taken here: items are lost.
        (
            "devices' stored",
            format!(
                "UPDATE sync_streams SET {} WHERE counters IS NOT NULL;UPDATE sync_streams SET {} WHERE counters IS NOT NULL",
                account(app, "stored", 4),
                account(app, "produced", 5),
            ),
            format!(
                "UPDATE sync_streams SET {} WHERE counters IS NOT NULL;UPDATE sync_streams SET {} WHERE counters IS NOT NULL",
                account(app, "stored", 2),
                account(app, "produced", 3),
            ),
        ),
        // The stream with the account: 1 to 3 are handled, 2 is a span.
        update(
            "handled numbers",
            "sync_streams",
            "watermark = 1, ahead = '3-5'",
            "watermark = 3, ahead = ''",
            "counters IS NOT NULL",
        ),
        update(
            "handled numbers",
            "sync_streams",
            "ahead = '2-1'",
            "ahead = ''",
            "counters IS NOT NULL",
        ),
        (
            "handled numbers",
            "INSERT INTO rejected_items (stream_id, seq, reason, rejected_at) SELECT stream_id, seq, 'overlap', started_at FROM activity_logs WHERE seq = 3 LIMIT 1".to_owned(),
            "DELETE FROM rejected_items".to_owned(),
        ),
    ]
}

fn tamperings(app: &TestApp) -> Vec<Tampering> {
    [of_sessions_and_days(app), of_sums(), of_devices(app)].concat()
}

async fn meddled(app: &TestApp, text: &str) {
    let statements: Vec<&str> = text.split(';').collect();
    meddle(app.target(), &statements).await;
}

fn names(found: &[(&'static str, i64)]) -> Vec<&'static str> {
    found.iter().map(|(name, _)| *name).collect()
}

on_both_engines! {
    async fn each_check_of_the_data_fails_when_what_it_looks_at_is_wrong(app) {
        let (_, _, machines) = world(app).await;
        // A device's own account: a start, a span and the account itself.
        let (session, epoch) = (uuid::Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0071), uuid::Uuid::from_u128(0x72));
        let begin = "2026-11-22T08:00:00.000Z";
        let batch = json!({ "device_id": machines[0].device_id, "epoch": epoch, "clock": app.clock_now(), "items": [
            { "seq": 1, "item": { "session_started": { "session_id": session, "started_at": begin } } },
            { "seq": 2, "item": { "activity": { "session_id": session, "activity_type": "active", "started_at": begin, "duration_seconds": 60 } } },
            { "seq": 3, "item": { "counters": { "produced": 3, "stored": 2, "pending": 1, "dropped": {} } } },
        ] });
        app.post("/api/v1/sync", &machines[0].secret, &batch).await.expect(200);
        let worker = worker(app, &["months"]).await;
        app.clock.set("2026-12-03T08:00:00Z".parse().expect("an instant"));
        worker.turn().await.expect("worked");
        assert_eq!(doctor(app).await, []);
        let mut seen = Vec::new();
        for (check, wrong, right) in tamperings(app) {
            meddled(app, &wrong).await;
            let found = names(&doctor(app).await);
            assert!(found.contains(&check), "{wrong}: {found:?}");
            meddled(app, &right).await;
            assert_eq!(doctor(app).await, [], "{right}");
            seen.push(check);
        }
        // A day and an hour that are too long for the clock (A4).
        meddled(app, "UPDATE hour_days SET idle_seconds = idle_seconds + 3600 WHERE day = '2026-11-18' AND hour = 5").await;
        assert!(names(&doctor(app).await).contains(&"time at once"));
        meddled(app, "UPDATE hour_days SET idle_seconds = idle_seconds - 3600 WHERE day = '2026-11-18' AND hour = 5").await;
        meddled(app, "UPDATE daily_summaries SET idle_seconds = 86401 WHERE day = '2026-11-18'").await;
        assert!(names(&doctor(app).await).contains(&"time at once"));
        // No check is left without a case: the audit has its own tests.
        seen.extend(["time at once", "audit"]);
        let all = workpulse_server::store::checks::run(&app.state().store).await.expect("they run");
        for outcome in all {
            assert!(seen.contains(&outcome.name), "{} is not shown to fail", outcome.name);
        }
    }

    async fn a_day_whose_row_is_missing_is_found_by_its_spans(app) {
        world(app).await;
        meddled(app, &["daily_summaries", "hour_days", "application_days", "session_days"].map(|table| format!("DELETE FROM {table} WHERE day = '2026-11-19'")).join(";")).await;
        assert_eq!(doctor(app).await, [("days of a person", 1)]);
    }
}

fn finding(data: &Path, check: &str) -> Value {
    let output = run(data, &["doctor", "--output", "json"]);
    let findings: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let findings = findings.as_array().expect("a list");
    let found = findings.iter().find(|finding| finding["check"] == check);
    found.expect("it is looked at").clone()
}

#[test]
fn a_data_directory_that_others_may_read_and_a_clock_that_is_behind_are_named() {
    let (_parent, data) = place();
    assert!(run(&data, &["migrate"]).status.success());
    admin(&data, &["create-organization", "--name", "Acme"], "");
    assert_eq!(finding(&data, "permissions")["verdict"], "ok");
    assert_eq!(finding(&data, "clock")["verdict"], "ok");
    std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o755)).expect("opened");
    let found = finding(&data, "permissions");
    assert_eq!(found["verdict"], "warning");
    let told = found["detail"].as_str().expect("a text");
    assert!(told.contains("chmod 700"), "{told}");
    // Something was written an hour from now: this machine's clock was set back.
    let database = rusqlite::Connection::open(data.join("workpulse.db")).expect("opens");
    database
        .execute_batch(
            "INSERT INTO events (organization_id, seq, kind, subject, created_at)
             SELECT id, 1, 'X', '{}', (unixepoch() + 3600) * 1000 FROM organizations;
             UPDATE event_counters SET seq = 1",
        )
        .expect("written");
    drop(database);
    let found = finding(&data, "clock");
    assert_eq!(found["verdict"], "failed", "{found}");
    let told = found["detail"].as_str().expect("a text");
    assert!(told.contains("behind what was written last"), "{told}");
    std::fs::remove_dir_all(&data).expect("removed");
    assert_eq!(finding(&data, "data directory")["verdict"], "failed");
}
