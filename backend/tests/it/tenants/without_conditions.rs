//! The whole server with its conditions taken out of the queries, by a wire-tap in front of
//! PostgreSQL: what the store asks is then asked for everybody, and the wall alone decides.

use std::sync::{Arc, atomic::Ordering};

use serde_json::json;
use shared_types::Timestamp;
use workpulse_server::clock::Clock as _;

use super::{
    seeds::{run, tables},
    sweep::{another, attack, leaks, rows, work},
    wire::{Tap, listen},
};
use crate::harness::TestApp;

fn whole_minute(at: Timestamp) -> Timestamp {
    Timestamp::from_millis(at.as_millis() - at.as_millis().rem_euclid(60_000))
}

async fn tapped() -> Option<(TestApp, Arc<Tap>)> {
    let mut tap = None;
    let app = TestApp::postgres_by_way_of(async |url| {
        let (heard, address) = listen(&url).await;
        tap = Some(heard);
        address
    })
    .await?;
    Some((app, tap.expect("asked for an address")))
}

/// Ends every connection of the server's, as a restart of the database does.
async fn end_connections(owner: &mut sqlx::PgConnection) {
    let text = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()";
    run(owner, text).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_leaks_nothing_without_its_conditions() {
    let Some((app, tap)) = tapped().await else {
        return;
    };
    let ada = app.set_up().await;
    work(&app, &ada, "ours").await;
    let theirs = another(&app).await;
    let before = rows(&app, theirs.organization).await;

    // Connections that prepared the whole text before are done with.
    tap.unconditional.store(true, Ordering::Relaxed);
    let mut owner = app.owner().await;
    end_connections(&mut owner).await;

    let seen = app.get("/api/v1/users", &ada.token).await.expect(200);
    assert_eq!(
        seen["items"].as_array().map(Vec::len),
        Some(1),
        "its own: {seen}"
    );
    assert_eq!(leaks(&app, &ada, &theirs).await, Vec::<String>::new());
    for (what, status) in attack(&app, &ada, &theirs).await {
        assert!((400..500).contains(&status), "{what}: {status}");
    }
    assert_eq!(rows(&app, theirs.organization).await, before);
    let changed = tap.changed.lock().clone();
    assert!(
        changed.len() >= 12,
        "only {} texts had a condition: {changed:#?}",
        changed.len()
    );

    // The same without the wall: the tap does take the conditions out, and it is the wall alone
    // that has kept them apart.
    for table in tables(&mut owner).await {
        run(
            &mut owner,
            &format!("ALTER TABLE {} DISABLE ROW LEVEL SECURITY", table.name),
        )
        .await;
    }
    let leaked = leaks(&app, &ada, &theirs).await;
    for place in ["/users", "/devices", "/presence", "/sessions/"] {
        assert!(
            leaked.iter().any(|leak| leak.contains(place)),
            "{place} in {leaked:#?}"
        );
    }
    app.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_scope_costs_no_round_trip_of_its_own() {
    let Some((app, tap)) = tapped().await else {
        return;
    };
    let ada = app.set_up().await;
    let trips = async |path: &str| {
        // Each connection prepares a text once: the least of many is what a request waits for.
        let mut least = u64::MAX;
        for _ in 0..16 {
            let before = tap.tenant_trips.load(Ordering::Relaxed);
            app.get(path, &ada.token).await.expect(200);
            least = least.min(tap.tenant_trips.load(Ordering::Relaxed) - before);
        }
        least
    };
    // The setting, in place of the pool's own ping, and one for each query.
    assert_eq!(trips("/api/v1/me").await, 3);
    assert_eq!(trips("/api/v1/users").await, 2);
    // BEGIN and the setting are one message; then zone, number, people, sessions, hours. ROLLBACK comes
    // behind the answer, or counts for the request after.
    let presence = trips("/api/v1/presence").await;
    assert!((6..=7).contains(&presence), "{presence}");

    let session = work(&app, &ada, "ours").await;
    let path = format!("/api/v1/sessions/{session}/activity");
    let mut counts = Vec::new();
    for seq in 2..6 {
        app.clock.advance_seconds(60);
        let at = whole_minute(app.clock.now().plus_seconds(-60));
        let span = json!({ "seq": seq, "activity_type": "active", "started_at": at, "duration_seconds": 60 });
        let before = tap.ingest_trips.load(Ordering::Relaxed);
        app.post(&path, &ada.token, &span).await.expect(201);
        counts.push(tap.ingest_trips.load(Ordering::Relaxed) - before);
    }
    // BEGIN, three loads, ten writes (three of them for what reports read), COMMIT: as many as
    // without roles.
    assert_eq!(counts, [15; 4]);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_the_database_has_ended_are_replaced_unnoticed() {
    let Some(app) = TestApp::postgres().await else {
        return;
    };
    let ada = app.set_up().await;
    let mut owner = app.owner().await;
    for _ in 0..3 {
        let me = async || app.get("/api/v1/me", &ada.token).await;
        futures_util::future::join_all((0..4).map(|_| me())).await;
        end_connections(&mut owner).await;
        for answer in futures_util::future::join_all((0..4).map(|_| me())).await {
            answer.expect(200);
        }
        end_connections(&mut owner).await;
        let token = app.enrolment_token(&ada, ada.user_id, 1).await;
        assert!(token["id"].is_string());
    }
    app.close().await;
}
