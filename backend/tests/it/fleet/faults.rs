//! The database fails: it is away, it ends connections, it has become read-only. Agents are told
//! to come again, and nothing is lost or doubled.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU16, Ordering},
    },
    time::Duration,
};

use reqwest::{Client, StatusCode};
use serde_json::json;
use sqlx::{Connection as _, PgConnection};
use tokio::net::{TcpListener, TcpStream};
use workpulse_server::clock::{Clock as _, SystemClock};

use super::{
    Fleet, client, free_port,
    load::{Load, assert_all_is_there_once},
};
use crate::{
    cluster::Cluster,
    harness::{TestApp, postgres_url},
    start_up::until,
};

/// Far more than a request waits for a connection; without a bound it would wait for ever.
const BOUND: Duration = Duration::from_secs(15);

async fn status(client: &Client, url: &str) -> StatusCode {
    let answer = client.get(url).send().await.expect("answers in time");
    answer.status()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_database_is_away_agents_are_told_to_come_again_and_then_everything_drains() {
    if postgres_url().is_none() {
        return;
    }
    let mut cluster = Cluster::start().await;
    let fleet = Fleet::on_cluster(cluster.url()).await;
    let port = free_port();
    let mut server = fleet.server("server", port, &[]).await;
    let mut devices = Vec::new();
    for _ in 0..6 {
        devices.push(fleet.device(&server).await);
    }
    let secret = devices[0].secret.clone();
    let heartbeat = json!({
        "device_id": devices[0].id, "epoch": SystemClock.new_uuid(), "clock": SystemClock.now(), "items": [],
    });
    let url = format!("http://127.0.0.1:{port}");
    let load = Load::begin(&client(), &url, devices);
    until(async || load.acknowledged() > 50).await;

    cluster.stop();
    let patient = Client::builder()
        .no_proxy()
        .timeout(BOUND)
        .build()
        .expect("a client");
    for _ in 0..5 {
        let answer = patient
            .post(format!("{url}/api/v1/sync"))
            .bearer_auth(&secret)
            .json(&heartbeat)
            .send()
            .await
            .expect("answers in time");
        assert_eq!(answer.status(), 503);
        let after = answer.headers()["retry-after"].to_str().expect("ascii");
        let after: u32 = after.parse().expect("seconds");
        assert!((1..=900).contains(&after), "{after}");
    }
    assert_eq!(status(&patient, &format!("{url}/health/ready")).await, 503);
    assert_eq!(status(&patient, &format!("{url}/health/live")).await, 200);

    cluster.run().await;
    until(async || status(&patient, &format!("{url}/health/ready")).await == 200).await;
    let before = load.acknowledged();
    until(async || load.acknowledged() > before + 50).await;
    let sent = load.end().await;
    assert!(sent.iter().any(|sent| sent.again > 0), "it was away");
    assert_all_is_there_once(&fleet, &sent).await;
    server.stop().await;
    fleet.store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_are_ended_in_the_middle_of_transactions_lose_and_double_nothing() {
    let Some(fleet) = Fleet::make().await else {
        return;
    };
    let port = free_port();
    let mut server = fleet.server("server", port, &[]).await;
    let mut devices = Vec::new();
    for _ in 0..6 {
        devices.push(fleet.device(&server).await);
    }
    let load = Load::begin(&client(), &format!("http://127.0.0.1:{port}"), devices);
    let mut owner = fleet.owner().await;
    let mut in_the_middle = 0;
    for round in 1..=12 {
        let wanted = 10 * round;
        until(async || load.acknowledged() >= wanted).await;
        let (ended, open): (i64, i64) = sqlx::query_as(
            "SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)),
                 count(*) FILTER (WHERE state <> 'idle')
             FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user
                 AND application_name = 'workpulse-server'",
        )
        .fetch_one(&mut owner)
        .await
        .expect("ended");
        assert!(ended > 0);
        in_the_middle += open;
    }
    let before = load.acknowledged();
    until(async || load.acknowledged() > before + 50).await;
    let sent = load.end().await;
    println!("{in_the_middle} connections were at work when they were ended");
    assert_all_is_there_once(&fleet, &sent).await;
    server.stop().await;
    fleet.store.close().await;
}

/// As after a failover: connections that are open lead to a database that takes no writes any
/// more, and whoever connects anew reaches the one that does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_has_become_read_only_is_left_and_writes_resume() {
    let Some(app) = TestApp::postgres().await else {
        return;
    };
    let ada = app.set_up().await;
    let device = app.device(&ada, ada.user_id).await;
    let mut owner = app.owner().await;
    let (name,): (String,) = sqlx::query_as("SELECT current_database()::text")
        .fetch_one(&mut owner)
        .await
        .expect("read");
    let heartbeat = json!({
        "device_id": device.device_id, "epoch": uuid::Uuid::from_u128(7),
        "clock": app.clock_now(), "items": [],
    });
    let team = |n: u32| json!({ "name": format!("Team {n}") });
    app.post("/api/v1/sync", &device.secret, &heartbeat)
        .await
        .expect(200);
    app.post("/api/v1/teams", &ada.token, &team(0))
        .await
        .expect(201);

    // Every connection of the server's is opened anew, and takes no writes.
    set_read_only(&mut owner, &name, true).await;
    sqlx::query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    .execute(&mut owner)
    .await
    .expect("ended");
    for n in 0..8 {
        let refused = app.post("/api/v1/teams", &ada.token, &team(100 + n)).await;
        refused.problem(503, "unavailable");
        assert!(refused.headers.contains_key("retry-after"));
        app.post("/api/v1/sync", &device.secret, &heartbeat)
            .await
            .problem(503, "unavailable");
    }
    // From here on whoever connects may write again; those that are open may not.
    set_read_only(&mut owner, &name, false).await;
    // One may still find a connection from before; the one after it must not.
    app.post("/api/v1/teams", &ada.token, &team(1)).await;
    for n in 2..10 {
        app.post("/api/v1/teams", &ada.token, &team(n))
            .await
            .expect(201);
    }
    app.post("/api/v1/sync", &device.secret, &heartbeat).await;
    for _ in 0..4 {
        app.post("/api/v1/sync", &device.secret, &heartbeat)
            .await
            .expect(200);
    }
    owner.close().await.expect("closed");
    app.close().await;
}

async fn set_read_only(owner: &mut PgConnection, database: &str, on: bool) {
    let value = if on { "on" } else { "off" };
    let text = format!("ALTER DATABASE {database} SET default_transaction_read_only = {value}");
    sqlx::query(sqlx::AssertSqlSafe(text))
        .execute(owner)
        .await
        .expect("set");
}

/// An address that leads to one port or, from some moment on, to another; connections that are
/// open stay where they are. As a name, a virtual address or a proxy does in a failover.
async fn address_in_front_of(port: &Arc<AtomicU16>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let own = listener.local_addr().expect("an address").port();
    let port = Arc::clone(port);
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            let port = port.load(Ordering::Relaxed);
            tokio::spawn(async move {
                if let Ok(mut far) = TcpStream::connect(("127.0.0.1", port)).await {
                    drop(tokio::io::copy_bidirectional(&mut near, &mut far).await);
                }
            });
        }
    });
    own
}

fn port_of(url: &str) -> u16 {
    let rest = url.rsplit_once(':').expect("a port").1;
    let (port, _) = rest.split_once('/').expect("a database");
    port.parse().expect("a number")
}

async fn text(connection: &mut PgConnection, question: &'static str) -> String {
    sqlx::query_scalar(question)
        .fetch_one(connection)
        .await
        .expect(question)
}

/// A failover to a real standby: the old primary is alive and takes no writes, and the server's
/// connections to it stay open.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_failover_writes_go_on_at_the_new_primary_and_nothing_is_lost() {
    if postgres_url().is_none() {
        return;
    }
    let primary = Cluster::start().await;
    let leads_to = Arc::new(AtomicU16::new(port_of(&primary.url())));
    let front = address_in_front_of(&leads_to).await;
    let old = port_of(&primary.url()).to_string();
    let url = primary.url().replace(&old, &front.to_string());
    let fleet = Fleet::on_cluster(url).await;
    let standby = primary.standby().await;
    let port = free_port();
    let mut server = fleet.server("server", port, &[]).await;
    let mut devices = Vec::new();
    for _ in 0..6 {
        devices.push(fleet.device(&server).await);
    }
    let load = Load::begin(&client(), &format!("http://127.0.0.1:{port}"), devices);
    until(async || load.acknowledged() > 50).await;

    // The old primary is fenced off; what it has committed reaches the standby.
    let mut before = PgConnection::connect(&primary.url())
        .await
        .expect("answers");
    let mut after = PgConnection::connect(&standby.url())
        .await
        .expect("answers");
    for statement in [
        "ALTER SYSTEM SET default_transaction_read_only = on",
        "SELECT pg_reload_conf()",
    ] {
        sqlx::query(statement)
            .execute(&mut before)
            .await
            .expect(statement);
    }
    let refused = tokio::sync::Mutex::new(&mut before);
    until(async || text(&mut **refused.lock().await, "SHOW transaction_read_only").await == "on")
        .await;
    // What was under way has ended, one way or another.
    until(async || {
        let writing = "SELECT count(*)::text FROM pg_stat_activity WHERE backend_xid IS NOT NULL";
        text(&mut **refused.lock().await, writing).await == "0"
    })
    .await;
    let end = text(
        &mut **refused.lock().await,
        "SELECT pg_current_wal_lsn()::text",
    )
    .await;
    let follows = tokio::sync::Mutex::new(&mut after);
    until(async || {
        let reached: bool = sqlx::query_scalar("SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn")
            .bind(&end)
            .fetch_one(&mut **follows.lock().await)
            .await
            .expect("read");
        reached
    })
    .await;
    let promoted = text(&mut **follows.lock().await, "SELECT pg_promote()::text").await;
    assert_eq!(promoted, "true");
    leads_to.store(port_of(&standby.url()), Ordering::Relaxed);

    let acknowledged = load.acknowledged();
    until(async || load.acknowledged() > acknowledged + 50).await;
    let sent = load.end().await;
    assert_all_is_there_once(&fleet, &sent).await;
    server.stop().await;
    fleet.store.close().await;
}
