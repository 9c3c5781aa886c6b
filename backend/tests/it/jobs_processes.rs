//! Workers as processes: killed in the middle, taken over; asked from the command line.

use std::process::{Child, Stdio};

use serde_json::Value;
use shared_types::Timestamp;
use sqlx::{Connection as _, PgConnection};
use workpulse_server::{
    auth::accounts::{self, NewOrganization},
    clock::{Clock as _, SystemClock},
    jobs,
    store::{DatabaseTarget, Store, job_list as table},
};

use crate::{
    harness::{PostgresDatabase, postgres_url},
    start_up::{command, place, run, start, stderr, terminate, until},
};

/// A worker process, killed when the test is over whatever happens.
pub(crate) struct Working(pub(crate) Child);

impl Drop for Working {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(crate) fn worker(data: &std::path::Path, url: &str) -> Working {
    let child = command(data, &["worker", "--job-lease-seconds", "3"])
        .env("DATABASE_URL", url)
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary runs");
    Working(child)
}

/// J2: the middle of a job is a `DELETE` that waits for a row that the test has locked.
#[tokio::test]
async fn a_worker_killed_in_the_middle_of_a_job_is_replaced_by_another() {
    let Some(server) = postgres_url() else { return };
    let database = PostgresDatabase::create(&server).await;
    let store = Store::open(&DatabaseTarget::Url(database.url.clone()), 4)
        .await
        .expect("it opens");
    store.migrate().await.expect("migrated");
    let organization = NewOrganization {
        name: "Acme",
        time_zone: "UTC",
    };
    let organization = accounts::create_organization(&store, &SystemClock, organization)
        .await
        .expect("made");
    let mut direct = PgConnection::connect(&database.url)
        .await
        .expect("connects");
    let old = SystemClock.now().plus_seconds(-10 * 86_400);
    sqlx::query("INSERT INTO events (organization_id, seq, kind, subject, created_at) VALUES ($1, 1, 'OLD', '{}', $2)")
        .bind(organization)
        .bind(old)
        .execute(&mut direct)
        .await
        .expect("inserted");
    let mut hold = direct.begin().await.expect("begun");
    sqlx::query("SELECT 1 FROM events FOR UPDATE")
        .execute(&mut *hold)
        .await
        .expect("locked");

    let (_parent, data) = place();
    let mut first = worker(&data, &database.url);
    let asked = jobs::ask_for(&store, &SystemClock, "events_retention")
        .await
        .expect("queued")
        .expect("there is such a job")[0];
    let job = async || {
        let mut reader = store.system().read().await.expect("read");
        let found = table::find(reader.db(), asked).await.expect("read");
        found.expect("it is kept")
    };
    until(async || job().await.state == "running").await;
    // `Child::kill` is SIGKILL.
    first.0.kill().expect("it was running");
    first.0.wait().expect("it is gone");
    let killed: Timestamp = SystemClock.now();
    assert_eq!(job().await.attempts, 1);

    let mut second = worker(&data, &database.url);
    until(async || job().await.attempts == 2).await;
    let waited = SystemClock.now().millis_since(killed);
    assert!(waited < 60_000, "taken over after {waited} ms");
    hold.rollback().await.expect("let go");
    until(async || job().await.state == "done").await;
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM events WHERE kind = 'OLD'")
        .fetch_one(&mut direct)
        .await
        .expect("counted");
    assert_eq!(left, 0);

    // In good order: 0, and nothing left running.
    let pid = second.0.id().to_string();
    let told = std::process::Command::new("kill")
        .args(["-TERM", &pid])
        .status();
    assert!(told.expect("kill runs").success());
    assert!(second.0.wait().expect("it ends").success());
    store.close().await;
}

#[tokio::test]
async fn the_command_line_lists_schedules_and_runs_one_now() {
    let (_parent, data) = place();
    let server = start(&data).await;
    let ran = run(
        &data,
        &["jobs", "run", "jobs_history", "--wait", "--output", "json"],
    );
    assert!(ran.status.success(), "{}", stderr(&ran));
    let ran: Value = serde_json::from_slice(&ran.stdout).expect("json");
    assert_eq!(ran[0]["state"], "done");
    assert_eq!(ran[0]["by_hand"], true);
    let listed = run(&data, &["jobs", "list", "--output", "json"]);
    let listed: Value = serde_json::from_slice(&listed.stdout).expect("json");
    let line = listed
        .as_array()
        .expect("a list")
        .iter()
        .find(|line| line["name"] == "jobs_history")
        .expect("it is listed");
    assert_eq!(line["last_run"]["outcome"], "0 past jobs removed");
    assert!(line["last_run_seconds"].as_f64().expect("a number") >= 0.0);
    assert!(line["next_due_at"].is_string());
    let history = run(&data, &["jobs", "history", "jobs_history"]);
    assert!(String::from_utf8_lossy(&history.stdout).contains("0 past jobs removed"));
    // What was given up, with its reason: in the history, and counted in the list.
    let database = rusqlite::Connection::open(data.join("workpulse.db")).expect("opens");
    database
        .execute_batch(
            "INSERT INTO jobs (id, schedule, due_at, state, attempts, started_at, finished_at, last_error)
             VALUES (randomblob(16), 'token_expiry', 1000, 'failed', 5, 1000, 3000, 'the disk was full')",
        )
        .expect("written");
    drop(database);
    let failed = run(&data, &["jobs", "history", "--failed"]);
    let failed = String::from_utf8_lossy(&failed.stdout).into_owned();
    assert!(
        failed.contains("the disk was full") && failed.contains("token_expiry"),
        "{failed}"
    );
    assert!(!failed.contains("past jobs removed"), "{failed}");
    let failed = run(&data, &["jobs", "history", "--failed", "--output", "json"]);
    let failed: Value = serde_json::from_slice(&failed.stdout).expect("json");
    assert_eq!(failed.as_array().map(Vec::len), Some(1), "{failed}");
    assert_eq!(failed[0]["last_error"], "the disk was full");
    let listed = run(&data, &["jobs", "list", "--output", "json"]);
    let listed: Value = serde_json::from_slice(&listed.stdout).expect("json");
    let named = |name: &str| {
        let lines = listed.as_array().expect("a list");
        let found = lines.iter().find(|line| line["name"] == name);
        found.expect("it is listed").clone()
    };
    assert_eq!(named("token_expiry")["failed"], 1);
    // No schedule, but work all the same: it is shown with what it is.
    let offline = named("offline_marking");
    assert_eq!(offline["upkeep"]["every_seconds"], 5);
    assert_eq!(
        (&offline["open"], &offline["last_run"]),
        (&Value::from(0), &Value::Null)
    );
    let unknown = run(&data, &["jobs", "run", "nonsense"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(
        stderr(&unknown).contains("events_retention"),
        "{}",
        stderr(&unknown)
    );
    for (word, on) in [("disable", false), ("enable", true)] {
        assert!(run(&data, &["jobs", word, "jobs_history"]).status.success());
        let listed = run(&data, &["jobs", "list", "--output", "json"]);
        let listed: Value = serde_json::from_slice(&listed.stdout).expect("json");
        let line = listed
            .as_array()
            .expect("a list")
            .iter()
            .find(|line| line["name"] == "jobs_history");
        assert_eq!(line.expect("listed")["enabled"], on);
    }
    terminate(&server);
}

#[tokio::test]
async fn a_server_without_a_worker_leaves_jobs_to_a_worker_process() {
    let (_parent, data) = place();
    let server = crate::start_up::start_with(&data, &["serve", "--no-worker"]).await;
    let waited = run(&data, &["jobs", "run", "jobs_history", "--wait", "2"]);
    assert_eq!(waited.status.code(), Some(1));
    assert!(
        stderr(&waited).contains("stays queued"),
        "{}",
        stderr(&waited)
    );
    let _worker = Working(
        command(&data, &["worker"])
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary runs"),
    );
    until(async || {
        let history = run(
            &data,
            &["jobs", "history", "jobs_history", "--output", "json"],
        );
        let history: Value = serde_json::from_slice(&history.stdout).expect("json");
        history[0]["state"] == "done"
    })
    .await;
    terminate(&server);
}
