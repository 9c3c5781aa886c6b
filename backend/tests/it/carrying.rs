//! `migrate-data`: everything of an embedded database in PostgreSQL, or nothing.

use std::path::Path;

use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use workpulse_server::{
    domain::personal_data::TABLES,
    store::{DatabaseTarget, Store, checks, copy, wall},
};

use crate::{
    harness::{PostgresDatabase, TestApp, postgres_url},
    matrix::world::{World, behind_a_proxy},
    start_up::{place, run, start, stderr},
    tenants::{
        login::{administer, given_to, login},
        sweep::work,
    },
};

/// A database file with two organizations and everything that people do in them.
async fn filled(data: &Path) -> World {
    let app = TestApp::configured(behind_a_proxy).await;
    let world = World::build(&app).await;
    let Store::Sqlite(engine) = &app.state().store else {
        panic!("an embedded one was asked for");
    };
    std::fs::create_dir_all(data).expect("a directory");
    copy::copy(engine.path(), &data.join("workpulse.db")).expect("copied");
    app.close().await;
    world
}

/// An empty database of a login that is nobody special.
async fn empty() -> Option<(PostgresDatabase, String)> {
    let server = postgres_url()?;
    let mut statements = vec![login("wp_test_carrier")];
    for role in ["tenant", "ingest", "system"] {
        statements.push(format!("CREATE ROLE workpulse_{role} NOLOGIN"));
        statements.push(format!("GRANT workpulse_{role} TO wp_test_carrier"));
    }
    administer(&statements).await;
    let database = PostgresDatabase::empty(&server).await;
    let url = given_to(&database.url, "wp_test_carrier").await;
    Some((database, url))
}

/// Rows of each table, as a superuser sees them.
async fn rows(database: &PostgresDatabase) -> Vec<(&'static str, i64)> {
    let mut owner = PgConnection::connect(&database.url).await.expect("answers");
    let mut all = Vec::new();
    for table in TABLES {
        let text = format!("SELECT count(*) FROM {}", table.name);
        let found = sqlx::query_scalar(AssertSqlSafe(text))
            .fetch_one(&mut owner)
            .await
            .expect("counted");
        all.push((table.name, found));
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_arrives_once_and_the_server_goes_on_with_it() {
    let Some((database, url)) = empty().await else {
        return;
    };
    let (_parent, data) = place();
    let world = filled(&data).await;
    let made = run(&data, &["migrate-data", "--to", &url, "--output", "json"]);
    assert!(made.status.success(), "{}", stderr(&made));
    let told = stderr(&made);
    assert!(
        told.contains("users: ") && told.contains("rows compared"),
        "{told}"
    );

    let file = rusqlite::Connection::open(data.join("workpulse.db")).expect("opens");
    let listed: Vec<Value> = serde_json::from_slice(&made.stdout).expect("json");
    assert_eq!(listed.len(), TABLES.len());
    let there = rows(&database).await;
    let mut with_rows = 0;
    for (name, found) in &there {
        let text = format!("SELECT count(*) FROM {name}");
        let had: i64 = file
            .query_row(&text, [], |row| row.get(0))
            .expect("counted");
        assert_eq!(*found, had, "{name}");
        let line = listed.iter().find(|line| line["table"] == *name);
        let line = line.unwrap_or_else(|| panic!("{name} is not listed"));
        assert_eq!(line["rows"], had, "{name}");
        assert_eq!(line["sha256"].as_str().map(str::len), Some(64), "{name}");
        with_rows += usize::from(had > 0);
    }
    assert!(with_rows >= 15, "the file held something: {with_rows}");

    let app = TestApp::on(DatabaseTarget::Url(url.clone())).await;
    let gaps = wall::gaps(&app.state().store).await.expect("looks");
    assert_eq!(gaps, Some(Vec::new()), "the wall stands as before");
    for outcome in checks::run(&app.state().store).await.expect("they run") {
        assert_eq!(outcome.found, 0, "{}", outcome.counts);
    }
    // Who was logged in still is, and new devices get numbers that nothing has yet.
    let ada = world.person("ada");
    let me = app.get("/api/v1/me", &ada.token).await.expect(200);
    assert_eq!(me["name"], "ada zqada");
    let ada = app.log_in(&ada.email).await;
    let zoe = app.person(&ada, "Zoe", "employee").await;
    work(&app, &zoe, "Editor").await;
    let mut owner = PgConnection::connect(&database.url).await.expect("answers");
    let twice: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM (SELECT stream_id FROM activity_logs GROUP BY stream_id HAVING count(DISTINCT user_id) > 1) x",
    )
    .fetch_one(&mut owner)
    .await
    .expect("counted");
    assert_eq!(twice, 0);
    app.close().await;

    let before = rows(&database).await;
    let again = run(&data, &["migrate-data", "--to", &url]);
    assert_eq!(again.status.code(), Some(1));
    let said = stderr(&again);
    assert!(
        said.contains("holds rows already") && said.contains("nothing was carried"),
        "{said}"
    );
    assert_eq!(rows(&database).await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_that_arrives_otherwise_is_found_and_nothing_stays() {
    let Some((database, url)) = empty().await else {
        return;
    };
    let (_parent, data) = place();
    filled(&data).await;
    let store = Store::open(&DatabaseTarget::Url(url.clone()), 4)
        .await
        .expect("opens");
    store.migrate().await.expect("migrates");
    // A column that pads what is put into it.
    let mut owner = PgConnection::connect(&database.url).await.expect("answers");
    sqlx::raw_sql("ALTER TABLE teams ALTER COLUMN name TYPE char(200)")
        .execute(&mut owner)
        .await
        .expect("altered");
    let made = run(&data, &["migrate-data", "--to", &url]);
    assert_eq!(made.status.code(), Some(1));
    let said = stderr(&made);
    assert!(
        said.contains("teams: the row ") && said.contains("is not the same in both"),
        "{said}"
    );
    for (name, found) in rows(&database).await {
        assert_eq!(found, 0, "{name}");
    }
    let gaps = wall::gaps(&store).await.expect("looks");
    assert_eq!(gaps, Some(Vec::new()), "the wall is back");
    store.close().await;
}

#[tokio::test]
async fn a_database_that_a_server_has_open_is_not_carried() {
    let Some((_database, url)) = empty().await else {
        return;
    };
    let (_parent, data) = place();
    let server = start(&data).await;
    let made = run(&data, &["migrate-data", "--to", &url]);
    assert_eq!(made.status.code(), Some(1));
    let said = stderr(&made);
    assert!(said.contains("stop it first"), "{said}");
    drop(server);
    let nowhere = run(&data, &["migrate-data"]);
    assert!(
        stderr(&nowhere).contains("Name it with --to"),
        "{}",
        stderr(&nowhere)
    );
}
