//! The schema: both engines' migrations make the same one, and the hot queries use its
//! indexes.

#![expect(
    clippy::unwrap_used,
    reason = "test code; the lint's own exemption does not reach helpers outside of #[test]"
)]

mod plans;
mod shape;

use rusqlite::Connection;
use sqlx::{Connection as _, PgConnection};
use workpulse_server::store::{DatabaseTarget, Store};
use workpulse_tests::database::{Database, cluster_from_environment};

/// An SQLite file with the server's migrations.
async fn sqlite(dir: &tempfile::TempDir) -> Connection {
    let path = dir.path().join("schema.db");
    let store = Store::open(&DatabaseTarget::File(path.clone()), 2)
        .await
        .unwrap();
    store.migrate().await.unwrap();
    store.close().await;
    Connection::open(path).unwrap()
}

/// A PostgreSQL database with the server's migrations.
async fn postgres() -> (Database, PgConnection) {
    let cluster = cluster_from_environment().unwrap();
    let database = Database::create(&cluster, "schema").await.unwrap();
    let store = Store::open(&DatabaseTarget::Url(database.url()), 2)
        .await
        .unwrap();
    store.migrate().await.unwrap();
    store.close().await;
    let connection = PgConnection::connect(&database.url()).await.unwrap();
    (database, connection)
}
