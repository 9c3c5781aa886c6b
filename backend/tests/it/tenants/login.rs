//! The server as a login that is nobody special: it owns its tables and may not make roles.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use workpulse_server::store::{DatabaseTarget, Store, checks, wall};

use super::sweep::work;
use crate::harness::{PostgresDatabase, TestApp, postgres_url};

/// What a database administrator does. Roles belong to the cluster, where other tests run: what
/// is there already is fine, and what is being changed is tried again.
pub(crate) async fn administer(statements: &[String]) {
    let server = postgres_url().expect("asked before");
    let mut admin = PgConnection::connect(&server).await.expect("answers");
    for statement in statements {
        for attempt in 0.. {
            let done = sqlx::raw_sql(AssertSqlSafe(statement.clone()))
                .execute(&mut admin)
                .await;
            let Err(error) = done else { break };
            let code = error
                .as_database_error()
                .and_then(sqlx::error::DatabaseError::code);
            // 42710 and 23505: it is there. XX000: somebody changes the same row.
            match code.as_deref() {
                Some("42710" | "23505") => break,
                Some("XX000") if attempt < 100 => tokio::task::yield_now().await,
                _ => panic!("{statement}: {error}"),
            }
        }
    }
}

pub(crate) fn login(name: &str) -> String {
    format!(
        "CREATE ROLE {name} LOGIN PASSWORD 'nobody-special' NOSUPERUSER NOCREATEROLE NOBYPASSRLS"
    )
}

/// The address of a database as another login, which owns it from now on.
pub(crate) async fn given_to(url: &str, name: &str) -> String {
    let database = url.rsplit('/').next().expect("it has a name");
    let database = database.split('?').next().expect("it has a name");
    administer(&[format!("ALTER DATABASE {database} OWNER TO {name}")]).await;
    let (scheme, rest) = url.split_once("://").expect("an address");
    let (_, place) = rest.split_once('@').expect("a login");
    format!("{scheme}://{name}:nobody-special@{place}")
}

#[tokio::test]
async fn who_may_not_make_roles_is_told_what_an_administrator_has_to_run() {
    let Some(server) = postgres_url() else {
        return;
    };
    administer(&[login("wp_test_stranger")]).await;
    let database = PostgresDatabase::empty(&server).await;
    let url = given_to(&database.url, "wp_test_stranger").await;
    let store = Store::open(&DatabaseTarget::Url(url), 2)
        .await
        .expect("opens");
    let error = store.migrate().await.expect_err("it may not").to_string();
    let needed = "GRANT workpulse_tenant, workpulse_ingest, workpulse_system TO wp_test_stranger;";
    assert!(
        error.contains(needed) && error.contains("CREATE ROLE workpulse_ingest NOLOGIN;"),
        "{error}"
    );
    assert!(error.contains("Nothing was changed"), "{error}");
    // What came before stays, so that the same command goes on from there.
    assert_eq!(
        store.applied_versions().await.expect("reads"),
        [1, 2, 3, 4, 5]
    );
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_needs_no_more_than_its_roles() {
    if postgres_url().is_none() {
        return;
    }
    let mut statements = vec![login("wp_test_plain")];
    for role in ["tenant", "ingest", "system"] {
        statements.push(format!("CREATE ROLE workpulse_{role} NOLOGIN"));
        statements.push(format!("GRANT workpulse_{role} TO wp_test_plain"));
    }
    administer(&statements).await;
    let app = TestApp::postgres_by_way_of(async |url| given_to(&url, "wp_test_plain").await)
        .await
        .expect("there is a server");
    let ada = app.set_up().await;
    let eve = app.person(&ada, "Eve", "employee").await;
    app.device(&ada, eve.user_id).await;
    work(&app, &eve, "Editor").await;
    let presence = app.get("/api/v1/presence", &ada.token).await.expect(200);
    assert_eq!(presence["people"].as_array().map(Vec::len), Some(2));
    app.another_organization("grace@other.test").await;
    let gaps = wall::gaps(&app.state().store).await.expect("looks");
    assert_eq!(gaps, Some(Vec::new()));
    for outcome in checks::run(&app.state().store)
        .await
        .expect("the checks run")
    {
        assert_eq!(outcome.found, 0, "{}", outcome.counts);
    }
    app.close().await;
}
