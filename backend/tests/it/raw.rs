//! A connection of a test's own, as whoever owns the database: it looks behind the store's
//! scope and behind PostgreSQL's policies.

use std::str::FromStr as _;

use sqlx::{
    ConnectOptions as _, Connection as _, PgConnection, SqliteConnection,
    postgres::PgConnectOptions, sqlite::SqliteConnectOptions,
};
use workpulse_server::store::DatabaseTarget;

/// To either engine.
#[derive(Debug)]
pub(crate) enum Raw {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Raw {
    pub(crate) async fn open(target: &DatabaseTarget) -> Self {
        match target {
            DatabaseTarget::File(path) => {
                let options = SqliteConnectOptions::new().filename(path);
                Self::Sqlite(options.connect().await.expect("the file opens"))
            }
            DatabaseTarget::Url(url) => {
                let options = PgConnectOptions::from_str(url).expect("an address");
                Self::Postgres(options.connect().await.expect("the database answers"))
            }
        }
    }

    pub(crate) async fn close(self) {
        match self {
            Self::Sqlite(connection) => connection.close().await.expect("closes"),
            Self::Postgres(connection) => connection.close().await.expect("closes"),
        }
    }
}

/// Expands one query body for both engines: `behind!(target, |c| sqlx::query(…)…)`.
macro_rules! behind {
    ($target:expr, |$connection:ident| $body:expr) => {{
        let mut raw = crate::raw::Raw::open($target).await;
        let outcome = match &mut raw {
            crate::raw::Raw::Sqlite($connection) => $body,
            crate::raw::Raw::Postgres($connection) => $body,
        };
        raw.close().await;
        outcome
    }};
}
pub(crate) use behind;
