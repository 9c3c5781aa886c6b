//! The tests' databases on PostgreSQL: each test has one of its own, as a copy of one that was
//! migrated once. To migrate takes longer than most tests.

use std::str::FromStr as _;

use sqlx::{Connection as _, PgConnection, postgres::PgConnectOptions};
use workpulse_server::{
    clock::{Clock as _, SystemClock},
    store::{DatabaseTarget, Store},
};

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../migrations/postgres");

/// Whoever makes the database to copy holds this lock of the cluster.
const MAKING: i64 = 0x776f_726b_7075_6c73;

/// A connection to the tests' server.
pub(crate) async fn connect(server: &str) -> PgConnection {
    let options =
        PgConnectOptions::from_str(server).expect("WORKPULSE_TEST_POSTGRES is an address");
    PgConnection::connect_with(&options)
        .await
        .expect("WORKPULSE_TEST_POSTGRES answers")
}

/// Runs a statement that was put together from names of our own.
pub(crate) async fn run(connection: &mut PgConnection, statement: &str) {
    sqlx::query(sqlx::AssertSqlSafe(statement.to_owned()))
        .execute(connection)
        .await
        .expect("the tests' user may make and remove databases");
}

/// The address of another database of the same server.
pub(crate) fn address(server: &str, name: &str) -> String {
    let (base, query) = server.split_once('?').unwrap_or((server, ""));
    let base = base
        .rsplit_once('/')
        .filter(|(rest, _)| !rest.ends_with('/'))
        .map_or(base, |(rest, _)| rest);
    let separator = if query.is_empty() { "" } else { "?" };
    format!("{base}/{name}{separator}{query}")
}

/// A new database without anything in it: its name.
pub(crate) async fn empty(server: &str) -> String {
    let name = new_name();
    run(
        &mut connect(server).await,
        &format!("CREATE DATABASE {name}"),
    )
    .await;
    name
}

/// A new database with all tables: its name.
pub(crate) async fn migrated(server: &str) -> String {
    let mut connection = connect(server).await;
    let original = original();
    if !exists(&mut connection, &original).await {
        make(server, &mut connection, &original).await;
    }
    let name = new_name();
    let copy = format!("CREATE DATABASE {name} TEMPLATE {original}");
    run(&mut connection, &copy).await;
    name
}

fn new_name() -> String {
    format!("wp_test_{}", SystemClock.new_uuid().simple())
}

/// By what it was made of, so that a cluster which outlives a run keeps no old one in use.
fn original() -> String {
    let mut sum = 0xcbf2_9ce4_8422_2325_u64;
    for byte in MIGRATIONS.iter().flat_map(|one| one.checksum.iter()) {
        sum = (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("wp_original_{sum:016x}")
}

async fn exists(connection: &mut PgConnection, name: &str) -> bool {
    sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)")
        .bind(name)
        .fetch_one(connection)
        .await
        .expect("databases are listed")
}

/// Makes the one to copy, unless another test has meanwhile. It takes its name when it is whole.
async fn make(server: &str, connection: &mut PgConnection, original: &str) {
    run(connection, &format!("SELECT pg_advisory_lock({MAKING})")).await;
    if !exists(connection, original).await {
        let name = empty(server).await;
        let store = Store::open(&DatabaseTarget::Url(address(server, &name)), 2)
            .await
            .expect("opens");
        store.migrate().await.expect("migrates");
        store.close().await;
        // Nobody connects to it any more: a copy cannot be made beside a connection.
        run(
            connection,
            &format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"),
        )
        .await;
        run(
            connection,
            &format!("ALTER DATABASE {name} RENAME TO {original}"),
        )
        .await;
    }
    run(connection, &format!("SELECT pg_advisory_unlock({MAKING})")).await;
}
