//! A server with a read replica: reports come from there, what gates a write does not.

use serde_json::{Value, json};
use sqlx::{Connection as _, PgConnection};

use super::{Fleet, minute, minutes_ago};
use crate::{
    cluster::Cluster,
    harness::{PASSWORD, postgres_url},
    start_up::until,
};
use workpulse_server::clock::{Clock as _, SystemClock};

async fn run(url: &str, statement: &'static str) {
    let mut connection = PgConnection::connect(url).await.expect("answers");
    sqlx::query(statement)
        .execute(&mut connection)
        .await
        .expect(statement);
}

fn worked(report: &Value) -> i64 {
    report["total"]["worked_seconds"]
        .as_i64()
        .expect("a number")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(
    clippy::too_many_lines,
    reason = "one replica, made once, is asked everything"
)]
async fn reports_are_read_from_the_replica_and_what_gates_a_write_from_the_primary() {
    if postgres_url().is_none() {
        return;
    }
    let primary = Cluster::start().await;
    let fleet = Fleet::on_cluster(primary.url()).await;
    let standby = primary.standby().await;
    let replica = standby.url();
    let more = [
        ("WORKPULSE_REPLICA_URL", replica.as_str()),
        ("WORKPULSE_REPLICA_MAX_LAG_SECONDS", "3600"),
    ];
    let mut server = fleet.server("server", 0, &more).await;
    let device = fleet.device(&server).await;
    let (session, epoch) = (SystemClock.new_uuid(), SystemClock.new_uuid());
    let start = minutes_ago(30);
    let send = async |seq: i64, item: Value| {
        let batch = json!({
            "device_id": device.id, "epoch": epoch, "clock": SystemClock.now(),
            "items": [{ "seq": seq, "item": item }],
        });
        let (status, answer) = fleet.post(&server, "/sync", &device.secret, &batch).await;
        assert_eq!(status, 200, "{answer}");
        assert_eq!(answer["results"][0]["outcome"], "stored", "{answer}");
    };
    let started =
        json!({ "session_started": { "session_id": session, "started_at": start.to_string() } });
    send(1, started).await;
    send(2, minute(session, "active", start)).await;
    let yesterday = SystemClock.now().plus_seconds(-86_400).to_string();
    let tomorrow = SystemClock.now().plus_seconds(86_400).to_string();
    let report = format!(
        "/reports?from={}&to={}&group_by=day",
        &yesterday[..10],
        &tomorrow[..10]
    );
    until(async || server.figure("workpulse_replica_used", "").await > 0.5).await;
    until(async || worked(&fleet.get(&server, &report).await) == 60).await;

    // The replica stands still: what comes from it is old, what comes from the primary is not.
    run(&replica, "SELECT pg_wal_replay_pause()").await;
    until(async || {
        let mut connection = PgConnection::connect(&replica).await.expect("answers");
        let state: String = sqlx::query_scalar("SELECT pg_get_wal_replay_pause_state()")
            .fetch_one(&mut connection)
            .await
            .expect("read");
        state == "paused"
    })
    .await;
    send(3, minute(session, "active", start.plus_seconds(60))).await;
    let from_replica = "from=\"replica\"";
    let before = server
        .figure("workpulse_replica_reads_total", from_replica)
        .await;
    assert_eq!(worked(&fleet.get(&server, &report).await), 60);
    let reads = server
        .figure("workpulse_replica_reads_total", from_replica)
        .await;
    assert!(reads > before, "{before} {reads}");

    // The version of a list that a writer names is looked up where it was written.
    let rules = fleet.get(&server, "/category-rules").await;
    let put = async |version: &Value, application: &str| {
        let kept = fleet.get(&server, "/categories").await;
        let category = kept["items"][0]["id"].clone();
        let body = json!({
            "version": version, "rules": [{ "application": application, "category_id": category }],
        });
        let url = format!("http://{}/api/v1/category-rules", server.address);
        let request = super::client()
            .put(url)
            .bearer_auth(fleet.token())
            .json(&body);
        let answer = request.send().await.expect("answers");
        let status = answer.status().as_u16();
        (status, answer.json::<Value>().await.expect("json"))
    };
    let made = json!({ "name": "Craft", "kind": "productive" });
    let (status, answer) = fleet
        .post(&server, "/categories", fleet.token(), &made)
        .await;
    assert_eq!(status, 201, "{answer}");
    let (status, next) = put(&rules["version"], "first").await;
    assert_eq!(status, 200, "{next}");
    assert_eq!(put(&rules["version"], "late").await.0, 409);
    assert_eq!(put(&next["version"], "second").await.0, 200);

    // Who may do what: somebody whom the replica has never heard of logs in, and is suspended.
    let eve = json!({ "name": "Eve", "email": "eve@acme.test", "role": "employee", "password": PASSWORD });
    let (status, eve) = fleet.post(&server, "/users", fleet.token(), &eve).await;
    assert_eq!(status, 201, "{eve}");
    let log_in = json!({ "email": "eve@acme.test", "password": PASSWORD });
    let (status, logged_in) = fleet.post(&server, "/auth/login", "", &log_in).await;
    assert_eq!(status, 200, "{logged_in}");
    let token = logged_in["tokens"]["access_token"].as_str().expect("text");
    let own = async || {
        let url = format!("http://{}/api/v1{report}", server.address);
        let answer = super::client().get(url).bearer_auth(token).send().await;
        answer.expect("answers").status().as_u16()
    };
    assert_eq!(own().await, 200);
    let url = format!(
        "http://{}/api/v1/users/{}",
        server.address,
        eve["id"].as_str().expect("an id")
    );
    let suspended = super::client()
        .patch(url)
        .bearer_auth(fleet.token())
        .json(&json!({ "status": "suspended" }))
        .send()
        .await
        .expect("answers");
    assert_eq!(suspended.status(), 200);
    assert!([401, 403].contains(&own().await));

    run(&replica, "SELECT pg_wal_replay_resume()").await;
    until(async || worked(&fleet.get(&server, &report).await) == 120).await;
    server.stop().await;
    fleet.store.close().await;
}
