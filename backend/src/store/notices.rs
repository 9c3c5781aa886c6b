//! PostgreSQL's notifications: how instances tell each other that there is something to read.
//!
//! A notice is a hint and nothing else: it may be lost, and it may come twice. It is never sent
//! from a transaction that writes, because PostgreSQL then commits one such transaction at a
//! time. Neither sending nor hearing needs a right, so both work under the narrow roles.

use sqlx::{
    PgPool,
    postgres::{PgListener, PgPoolOptions},
};

use super::{Store, StoreError, raw::Db};

/// What the notices of all instances on one database go by.
const CHANNEL: &str = "workpulse";

/// Hears the notices of all instances, this one's included.
#[derive(Debug)]
pub struct Notices {
    listener: PgListener,
    /// The listener's only connection comes from here.
    pool: PgPool,
}

impl Store {
    /// Whether other instances can be told of something at all: SQLite has no others.
    #[must_use]
    pub const fn has_notices(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// Begins to listen on a connection of its own; `None` on SQLite.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn notices(&self) -> Result<Option<Notices>, StoreError> {
        let Self::Postgres(engine) = self else {
            return Ok(None);
        };
        // A pool for each listener: one that was left behind on a connection that never
        // answers again holds up nobody.
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .max_lifetime(None)
            .idle_timeout(None)
            .acquire_timeout(super::connect::ACQUIRE_TIMEOUT)
            .connect_lazy_with((*engine.options).clone());
        let mut listener = PgListener::connect_with(&pool).await?;
        // Whoever lost the connection must look at what it missed; that is not hidden here.
        listener.eager_reconnect(false);
        listener.listen(CHANNEL).await?;
        Ok(Some(Notices { listener, pool }))
    }

    /// Tells all instances. At most 7,999 bytes. Nothing happens on SQLite.
    ///
    /// # Errors
    /// When the database does not answer; nobody was told then.
    pub async fn tell(&self, text: &str) -> Result<(), StoreError> {
        if !self.has_notices() {
            return Ok(());
        }
        let mut reader = self.system().read().await?;
        if let Db::Postgres(connection) = reader.db().raw() {
            sqlx::query("SELECT pg_notify($1, $2)")
                .bind(CHANNEL)
                .bind(text)
                .execute(connection)
                .await?;
        }
        Ok(())
    }
}

impl Notices {
    /// The next notice; `None` when the connection has gone, and with it whatever was said
    /// since.
    pub async fn next(&mut self) -> Option<String> {
        match self.listener.try_recv().await {
            Ok(Some(notice)) => Some(notice.payload().to_owned()),
            Ok(None) => None,
            Err(error) => {
                tracing::debug!(cause = %error, "listening ended");
                None
            }
        }
    }
}

impl Drop for Notices {
    fn drop(&mut self) {
        // Closes the connection as soon as the listener lets go of it.
        let pool = self.pool.clone();
        tokio::spawn(async move { pool.close().await });
    }
}
