//! What somebody can do who has the database itself.

use workpulse_server::store::DatabaseTarget;

use crate::raw::Raw;

/// Runs statements one after the other on one connection, with the audit's own rules and foreign
/// keys out of the way: whoever has the database can do that.
pub(crate) async fn meddle(target: &DatabaseTarget, statements: &[&str]) {
    let mut raw = Raw::open(target).await;
    match &mut raw {
        Raw::Sqlite(file) => {
            let triggers: Vec<String> =
                sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                    .fetch_all(&mut *file)
                    .await
                    .expect("reads");
            let drops = triggers.iter().map(|name| format!("DROP TRIGGER {name}"));
            let first = [
                "PRAGMA foreign_keys = off".to_owned(),
                "PRAGMA secure_delete = on".to_owned(),
            ];
            let wanted = statements.iter().map(ToString::to_string);
            for text in first.into_iter().chain(drops).chain(wanted) {
                sqlx::query(sqlx::AssertSqlSafe(text.clone()))
                    .execute(&mut *file)
                    .await
                    .unwrap_or_else(|error| panic!("{text}: {error}"));
            }
        }
        Raw::Postgres(server) => {
            let first = "SET session_replication_role = replica";
            for text in std::iter::once(&first).chain(statements) {
                sqlx::query(sqlx::AssertSqlSafe((*text).to_owned()))
                    .execute(&mut *server)
                    .await
                    .unwrap_or_else(|error| panic!("{text}: {error}"));
            }
        }
    }
    raw.close().await;
}
