//! The database takes no writes any more on connections that are open, as after a failover.

use serde_json::json;
use sqlx::{Connection as _, PgConnection};

use crate::harness::TestApp;

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
