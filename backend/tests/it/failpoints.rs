//! Servers and workers die at every place where dying could hurt, on both engines: nothing is
//! lost, nothing is done twice.

use serde_json::{Value, json};
use shared_types::Timestamp;
use uuid::Uuid;
use workpulse_server::{
    clock::{Clock as _, SystemClock},
    store::DatabaseTarget,
};

use crate::{
    fleet::{
        Fleet, client, free_port,
        load::{Load, assert_all_is_there_once},
        minute, minutes_ago,
    },
    harness::PASSWORD,
    mail::MailServer,
    meddle::meddle,
    raw::behind,
    start_up::until,
};

/// Places of a job that opens an alert, in their order. The effect is in a transaction of its own.
const OF_ALERTS: [&str; 6] = [
    "job.before_planned",
    "job.planned",
    "job.claimed",
    "job.before_publish",
    "job.half_done",
    "job.before_done",
];

/// Places of a job whose effect and end are one transaction.
const OF_MIDNIGHT: [&str; 5] = [
    "job.planned",
    "job.claimed",
    "job.half_done",
    "job.before_commit",
    "job.after_commit",
];

/// Places of a group of batches: the arrival at which the server ends is late enough that it has
/// taken some, and is under load.
const OF_INGEST: [&str; 3] = [
    "ingest_before_commit:30",
    "ingest_after_commit:30",
    "before_publish:30",
];

async fn count(fleet: &Fleet, text: &'static str) -> i64 {
    behind!(fleet.target(), |c| sqlx::query_scalar(text)
        .fetch_one(&mut *c)
        .await)
    .expect(text)
}

/// Some day as the engine keeps an instant.
fn literal(fleet: &Fleet, at: Timestamp) -> String {
    match fleet.target() {
        DatabaseTarget::File(_) => at.as_millis().to_string(),
        DatabaseTarget::Url(_) => format!("'{at}'"),
    }
}

/// Runs a worker until it dies at each place, and another behind it; `prepare` says what is to be
/// undone before each round, `holds` when the effect is there, once.
async fn killed_everywhere(
    fleet: &Fleet,
    schedule: &str,
    places: &[&str],
    prepare: &[&str],
    holds: impl AsyncFn() -> bool,
) {
    let mut first = fleet.worker("first").await;
    until(async || count(fleet, "SELECT count(*) FROM schedule_scopes").await > 0).await;
    first.stop().await;
    let only = format!("UPDATE schedules SET enabled = (name = '{schedule}')");
    let back = SystemClock.now().plus_seconds(-3 * 86_400);
    let due = format!(
        "UPDATE schedule_scopes SET decided_until = {}",
        literal(fleet, back)
    );
    for place in places.iter().copied() {
        let mut round = vec!["DELETE FROM jobs", only.as_str(), due.as_str()];
        round.extend(prepare);
        meddle(fleet.target(), &round).await;
        let mut dying = fleet.worker_at_once("dying", &[("WORKPULSE_FAILPOINT", place)]);
        dying.aborted(place).await;
        let mut next = fleet.worker("next").await;
        until(async || {
            let open = "SELECT count(*) FROM jobs WHERE state <> 'done'";
            holds().await && count(fleet, open).await == 0
        })
        .await;
        next.stop().await;
        assert!(holds().await, "{place}");
    }
}

/// Nine minutes ago somebody worked for a minute, then nothing; three days ago somebody else.
async fn world(fleet: &Fleet) {
    let mut server = fleet.server("world", 0, &[]).await;
    let device = fleet.device(&server).await;
    let session = SystemClock.new_uuid();
    let start = minutes_ago(9);
    let started =
        json!({ "session_started": { "session_id": session, "started_at": start.to_string() } });
    let items = [
        started,
        minute(session, "active", start),
        minute(session, "idle", start.plus_seconds(60)),
    ];
    sync(&server.address, &device.id, &device.secret, &items).await;
    let old = fleet.device(&server).await;
    let (session, start) = (SystemClock.new_uuid(), minutes_ago(3 * 24 * 60));
    let items = [
        json!({ "session_started": { "session_id": session, "started_at": start.to_string() } }),
        minute(session, "active", start),
        json!({ "session_stopped": { "session_id": session, "stopped_at": start.plus_seconds(60).to_string() } }),
    ];
    sync(&server.address, &old.id, &old.secret, &items).await;
    server.stop().await;
}

async fn sync(address: &str, device: &Uuid, secret: &str, items: &[Value]) {
    let items: Vec<Value> = (1..)
        .zip(items)
        .map(|(seq, item)| json!({ "seq": seq, "item": item }))
        .collect();
    let batch = json!({
        "device_id": device, "epoch": SystemClock.new_uuid(), "clock": SystemClock.now(), "items": items,
    });
    let answer = client()
        .post(format!("http://{address}/api/v1/sync"))
        .bearer_auth(secret)
        .json(&batch)
        .send()
        .await
        .expect("answers");
    let answer: Value = answer.json().await.expect("json");
    for result in answer["results"].as_array().expect("a list") {
        assert_eq!(result["outcome"], "stored", "{answer}");
    }
}

async fn alerts(fleet: Fleet) {
    world(&fleet).await;
    let prepare = [
        "DELETE FROM alerts",
        "DELETE FROM events WHERE kind = 'INACTIVE_ALERT'",
    ];
    killed_everywhere(&fleet, "idle_detector", &OF_ALERTS, &prepare, async || {
        // Both in one question: they are committed together.
        let both = "SELECT (SELECT count(*) FROM alerts) * 10
             + (SELECT count(*) FROM events WHERE kind = 'INACTIVE_ALERT')";
        let both = count(&fleet, both).await;
        assert!([0, 11].contains(&both), "alerts and events: {both}");
        both == 11
    })
    .await;
    fleet.store.close().await;
}

async fn midnight(fleet: Fleet) {
    world(&fleet).await;
    let prepare = ["UPDATE daily_summaries SET made_at = NULL"];
    killed_everywhere(
        &fleet,
        "daily_summary",
        &OF_MIDNIGHT,
        &prepare,
        async || {
            // The day that is over is closed; each occurrence is one row, and ends once.
            let closed = "SELECT count(*) FROM daily_summaries WHERE made_at IS NOT NULL";
            count(&fleet, closed).await >= 1
        },
    )
    .await;
    fleet.store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_killed_at_every_place_opens_an_alert_once_on_sqlite() {
    alerts(Fleet::embedded().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_killed_at_every_place_opens_an_alert_once_on_postgres() {
    if let Some(fleet) = Fleet::make().await {
        alerts(fleet).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_killed_at_every_place_closes_the_day_on_sqlite() {
    midnight(Fleet::embedded().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_killed_at_every_place_closes_the_day_on_postgres() {
    if let Some(fleet) = Fleet::make().await {
        midnight(fleet).await;
    }
}

/// D1, D2, A1: what was acknowledged is there once, whatever the server was at when it died.
async fn ingest(fleet: Fleet) {
    let port = free_port();
    let mut devices = Vec::new();
    let mut server = fleet.server("server", port, &[]).await;
    for _ in 0..6 {
        devices.push(fleet.device(&server).await);
    }
    server.stop().await;
    let load = Load::begin(&client(), &format!("http://127.0.0.1:{port}"), devices);
    for place in OF_INGEST {
        let mut dying = fleet
            .server("server", port, &[("WORKPULSE_FAILPOINT", place)])
            .await;
        dying.aborted(place).await;
    }
    let mut server = fleet.server("server", port, &[]).await;
    let before = load.acknowledged();
    until(async || load.acknowledged() > before + 30).await;
    let sent = load.end().await;
    server.stop().await;
    assert!(sent.iter().map(|sent| sent.again).sum::<i64>() > 0);
    assert_all_is_there_once(&fleet, &sent).await;
    let (mut doctor, _) = fleet.command("server", &["doctor"], &[]);
    let found = doctor.output().expect("the binary runs");
    let told = String::from_utf8_lossy(&found.stdout);
    assert!(found.status.success(), "{told}");
    fleet.store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_around_its_commits_loses_and_doubles_nothing_on_sqlite() {
    ingest(Fleet::embedded().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_around_its_commits_loses_and_doubles_nothing_on_postgres() {
    if let Some(fleet) = Fleet::make().await {
        ingest(fleet).await;
    }
}

/// At least once, and known by the same `Message-ID`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_whose_server_died_behind_it_comes_again_and_can_be_told_to_be_the_same() {
    let fleet = Fleet::embedded().await;
    let post = MailServer::start().await;
    let settings = post.settings();
    let mut more: Vec<(&str, &str)> = settings
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    more.push(("WORKPULSE_FAILPOINT", "mail.sent"));
    let mut dying = fleet.server("server", 0, &more).await;
    let request = json!({
        "current_password": PASSWORD, "new_password": "seven copper lanterns drift",
    });
    let url = format!("http://{}/api/v1/auth/password", dying.address);
    let answer = client()
        .post(url)
        .bearer_auth(fleet.token())
        .json(&request)
        .send()
        .await;
    // The answer may be lost: the mail goes out in the middle of it.
    drop(answer);
    dying.aborted("mail.sent").await;
    let id = |text: &str| {
        text.lines()
            .find(|line| line.to_lowercase().starts_with("message-id:"))
            .expect("it has one")
            .to_owned()
    };
    let first: Vec<String> = post.take().iter().map(|mail| id(&mail.text)).collect();
    assert_eq!(first.len(), 1);
    // Its claim has ended.
    meddle(
        fleet.target(),
        &["UPDATE mails SET next_attempt_at = 0 WHERE sent_at IS NULL"],
    )
    .await;
    more.pop();
    let mut server = fleet.server("server", 0, &more).await;
    let again = parking_lot::Mutex::new(Vec::new());
    until(async || {
        again.lock().extend(post.take());
        !again.lock().is_empty()
    })
    .await;
    server.stop().await;
    let again: Vec<String> = again.lock().iter().map(|mail| id(&mail.text)).collect();
    assert_eq!(again, first);
    fleet.store.close().await;
}
