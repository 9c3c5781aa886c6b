//! A rolling restart under load: one server after the other, behind nginx.

use std::{sync::Arc, time::Duration};

use tokio::sync::watch;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::{
    Fleet, Process, client, free_port,
    load::{Load, assert_all_is_there_once},
    nginx::{BEHIND, Front},
};
use crate::start_up::until;
use workpulse_server::{clock::SystemClock, jobs};

/// How long a server that leaves goes on serving.
const DRAIN: (&str, &str) = ("WORKPULSE_DRAIN_SECONDS", "3");
/// A client's back-off, as the dashboard's: the first attempt comes at once.
const PAUSE: Duration = Duration::from_millis(500);
/// Attempts in a row that may fail: nginx leaves a server that failed alone for five seconds, and
/// when the other one goes within them, on a machine that does much else, there is none to ask.
const FAILURES_IN_A_ROW: u32 = 12;

/// What a client of the live page went through.
#[derive(Debug, Default)]
struct Watched {
    /// The last event that it was sent.
    last: i64,
    /// With which codes its sockets ended.
    ends: Vec<Option<CloseCode>>,
    /// Most attempts in a row to open one that failed.
    failed: u32,
    /// Whether an event came twice or out of order.
    disordered: bool,
}

/// Keeps a socket open until it has seen the event that `end` names at last.
async fn keep_watching(front: Arc<Front>, token: String, mut end: watch::Receiver<i64>) -> Watched {
    let mut watched = Watched::default();
    let mut after = None;
    let mut failed = 0;
    loop {
        let Ok(mut socket) = front.socket(&token, after).await else {
            failed += 1;
            watched.failed = watched.failed.max(failed);
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        failed = 0;
        loop {
            if watched.last >= *end.borrow_and_update() {
                return watched;
            }
            let frame = tokio::select! {
                changed = end.changed() => {
                    changed.expect("the test goes on");
                    continue;
                }
                frame = socket.frame_or_end() => frame,
            };
            let frame = match frame {
                Ok(frame) => frame,
                Err(code) => {
                    watched.ends.push(code);
                    break;
                }
            };
            if let Some(seq) = frame["event"]["seq"].as_i64() {
                watched.disordered |= seq <= watched.last;
                watched.last = seq;
            } else if after.is_none() {
                // The first greeting says where this client begins; a later one comes before
                // what it has missed.
                watched.last = frame["seq"].as_i64().expect("a number");
            }
            after = Some(watched.last);
        }
    }
}

async fn status(server: &Process, path: &str) -> Option<u16> {
    let url = format!("http://{}{path}", server.address);
    let answer = client().get(url).send().await.ok()?;
    Some(answer.status().as_u16())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rolling_restart_loses_nothing_doubles_nothing_and_leaves_no_client_without_a_socket() {
    let Some(fleet) = Fleet::make().await else {
        return;
    };
    let ports = [free_port(), free_port()];
    let more: Vec<(&str, &str)> = BEHIND.into_iter().chain([DRAIN]).collect();
    let names = ["a", "b"];
    let mut servers = [
        fleet.server(names[0], ports[0], &more).await,
        fleet.server(names[1], ports[1], &more).await,
    ];
    for server in &servers {
        server.hears().await;
    }
    let mut workers = [fleet.worker("w1").await, fleet.worker("w2").await];
    let mut devices = Vec::new();
    for _ in 0..4 {
        devices.push(fleet.device(&servers[0]).await);
    }
    let front = Arc::new(Front::start(ports).await);
    let load = Load::begin(&front.client_from(1), &front.url, devices);
    let (last, end) = watch::channel(i64::MAX);
    let watchers: Vec<_> = (0..6)
        .map(|_| {
            let token = fleet.token().to_owned();
            tokio::spawn(keep_watching(Arc::clone(&front), token, end.clone()))
        })
        .collect();
    let more_arrives = async || {
        let before = load.acknowledged();
        until(async || load.acknowledged() > before + 50).await;
    };
    more_arrives().await;
    for n in 0..2 {
        // The workers are restarted as well, with work before them.
        for name in ["idle_detector", "jobs_history", "months"] {
            jobs::ask_for(&fleet.store, &SystemClock, name)
                .await
                .expect("queued");
        }
        workers[n].stop().await;
        workers[n] = fleet.worker(["w1", "w2"][n]).await;
        servers[n].terminate();
        // It says that it leaves, and goes on serving while whoever asks finds out.
        until(async || status(&servers[n], "/health/ready").await == Some(503)).await;
        assert_eq!(status(&servers[n], "/health/live").await, Some(200));
        assert_eq!(status(&servers[n], "/api/v1/setup").await, Some(200));
        servers[n].stop().await;
        more_arrives().await;
        servers[n] = fleet.server(names[n], ports[n], &more).await;
        servers[n].hears().await;
        // nginx asks a server that failed again after five seconds.
        until(async || {
            let label = "path=\"/api/v1/sync\"";
            let name = "workpulse_http_request_duration_seconds_count";
            servers[n].figure(name, label).await > 0.5
        })
        .await;
    }
    more_arrives().await;
    // All that was asked for is done, by whom ever, and nothing was given up.
    until(async || {
        let open: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM jobs WHERE by_hand AND state IN ('queued', 'running')",
        )
        .fetch_one(&mut fleet.owner().await)
        .await
        .expect("read");
        open == 0
    })
    .await;
    let (done, failed): (i64, i64) = sqlx::query_as(
        "SELECT count(*) FILTER (WHERE by_hand AND state = 'done'), count(*) FILTER (WHERE state = 'failed')
         FROM jobs",
    )
    .fetch_one(&mut fleet.owner().await)
    .await
    .expect("read");
    assert!(done >= 3 && failed == 0, "{done} done, {failed} given up");
    let sent = load.end().await;
    let latest: i64 = sqlx::query_scalar("SELECT max(seq) FROM event_counters")
        .fetch_one(&mut fleet.owner().await)
        .await
        .expect("read");
    last.send(latest).expect("they watch");
    let mut watched = Vec::new();
    for watcher in watchers {
        watched.push(watcher.await.expect("a watcher does not panic"));
    }
    assert_all_is_there_once(&fleet, &sent).await;
    let again: i64 = sent.iter().map(|sent| sent.again).sum();
    assert_eq!(again, 0, "nginx found another server for each request");
    for watched in &watched {
        assert!(!watched.disordered, "{watched:?}");
        // Told to come back, never cut off; and somebody was there within the back-off.
        assert!(!watched.ends.is_empty(), "{watched:?}");
        let told = watched
            .ends
            .iter()
            .all(|end| *end == Some(CloseCode::Restart));
        assert!(told && watched.failed <= FAILURES_IN_A_ROW, "{watched:?}");
    }
    fleet.store.close().await;
}
