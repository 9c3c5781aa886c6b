//! The tables behind the server's back: to see what a request changed, and to make states that
//! no route makes.

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    path::PathBuf,
    str::FromStr as _,
};

use rusqlite::types::Value;
use sqlx::{ConnectOptions as _, PgConnection, postgres::PgConnectOptions};
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::harness::TestApp;

/// A way to the database past the server.
pub(crate) enum Database {
    /// The embedded file.
    Sqlite(PathBuf),
    /// A connection as the tables' owner.
    Postgres(Mutex<PgConnection>),
}

/// Of each table, what is in it, as a number.
pub(crate) type Digest = BTreeMap<String, String>;

impl Database {
    /// The database of this server.
    pub(crate) async fn of(app: &TestApp) -> Self {
        match app.database_url() {
            Some(url) => {
                // The log that is searched is the server's.
                let options = PgConnectOptions::from_str(url)
                    .expect("an address")
                    .disable_statement_logging();
                let connection = options.connect().await.expect("it opens");
                Self::Postgres(Mutex::new(connection))
            }
            None => Self::Sqlite(app.state().config.data_dir.join("workpulse.db")),
        }
    }

    /// Runs a statement.
    pub(crate) async fn execute(&self, statement: &str) {
        match self {
            Self::Sqlite(path) => {
                let connection = rusqlite::Connection::open(path).expect("it opens");
                connection
                    .busy_timeout(std::time::Duration::from_secs(10))
                    .expect("it can wait");
                connection.execute_batch(statement).expect("it runs");
            }
            Self::Postgres(connection) => {
                sqlx::raw_sql(sqlx::AssertSqlSafe(statement.to_owned()))
                    .execute(&mut *connection.lock().await)
                    .await
                    .expect("it runs");
            }
        }
    }

    /// What is in all tables; or of one organization only, in those that say whose a row is.
    pub(crate) async fn digest(&self, organization: Option<Uuid>) -> Digest {
        match self {
            Self::Sqlite(path) => sqlite(path, organization),
            Self::Postgres(connection) => {
                postgres(&mut *connection.lock().await, organization).await
            }
        }
    }
}

fn sqlite(path: &PathBuf, organization: Option<Uuid>) -> Digest {
    let connection = rusqlite::Connection::open(path).expect("it opens");
    let tables = "SELECT name, EXISTS (SELECT 1 FROM pragma_table_info(m.name) WHERE name = 'organization_id') \
         FROM sqlite_schema m WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '%migrations%'";
    let tables: Vec<(String, bool)> = connection
        .prepare(tables)
        .and_then(|mut statement| {
            statement
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        })
        .expect("tables");
    let mut digest = Digest::new();
    for (table, has_owner) in tables {
        let (filter, parameters) = match organization {
            None => ("", Vec::new()),
            Some(id) if has_owner => ("WHERE organization_id = ?1", vec![id.as_bytes().to_vec()]),
            Some(_) => continue,
        };
        let mut statement = connection
            .prepare(&format!("SELECT * FROM \"{table}\" {filter}"))
            .expect("it is a table");
        let columns = statement.column_count();
        let rows = statement
            .query_map(rusqlite::params_from_iter(parameters), |row| {
                (0..columns)
                    .map(|column| row.get::<_, Value>(column))
                    .collect::<Result<Vec<Value>, _>>()
            })
            .expect("rows");
        let mut rows: Vec<String> = rows
            .map(|row| format!("{:?}", row.expect("a row")))
            .collect();
        rows.sort_unstable();
        let mut hasher = DefaultHasher::new();
        rows.hash(&mut hasher);
        digest.insert(table, format!("{} rows, {:x}", rows.len(), hasher.finish()));
    }
    digest
}

async fn postgres(connection: &mut PgConnection, organization: Option<Uuid>) -> Digest {
    let tables: Vec<(String, bool)> = sqlx::query_as(
        "SELECT t.table_name::text, EXISTS (SELECT 1 FROM information_schema.columns c \
             WHERE c.table_schema = 'public' AND c.table_name = t.table_name AND c.column_name = 'organization_id') \
         FROM information_schema.tables t WHERE t.table_schema = 'public' AND t.table_type = 'BASE TABLE' \
             AND t.table_name NOT LIKE '%migrations%' \
             AND NOT EXISTS (SELECT 1 FROM pg_class p WHERE p.relname = t.table_name AND p.relispartition)",
    )
    .fetch_all(&mut *connection)
    .await
    .expect("tables");
    let one = |(table, has_owner): &(String, bool)| {
        let filter = match organization {
            None => String::new(),
            Some(id) if *has_owner => format!("WHERE organization_id = '{id}'"),
            Some(_) => return None,
        };
        Some(format!(
            "SELECT '{table}' AS name, count(*) || ' rows, ' || COALESCE(md5(string_agg(t::text, '|' ORDER BY t::text)), '') AS digest \
             FROM \"{table}\" t {filter}"
        ))
    };
    let query: Vec<String> = tables.iter().filter_map(one).collect();
    let rows: Vec<(String, String)> =
        sqlx::query_as(sqlx::AssertSqlSafe(query.join(" UNION ALL ")))
            .fetch_all(&mut *connection)
            .await
            .expect("digests");
    rows.into_iter().collect()
}

/// The tables in which two digests differ.
pub(crate) fn changed<'d>(before: &'d Digest, after: &'d Digest) -> Vec<&'d str> {
    after
        .iter()
        .filter(|(table, digest)| before.get(*table) != Some(*digest))
        .map(|(table, _)| table.as_str())
        .collect()
}
