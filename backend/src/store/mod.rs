//! The database: embedded SQLite or PostgreSQL, asked with one text per query.
//!
//! Owns connections, transactions, migrations and every SQL text. Must not know HTTP, nor
//! make decisions that belong to `domain`. Each area of the schema is a file; its functions
//! take a [`TenantDb`] or a [`SystemDb`] (a borrowed connection of either engine, and whose data
//! it may ask for: see [`scope`]) and expand one query body for both drivers with the `sql!`
//! macro.
//!
//! Rules that keep one text valid on both: `$n` placeholders; instants are bound, never
//! `now()`; sums are cast to BIGINT; no ILIKE and no arrays (the ingest path is the
//! exception, each engine having its own file there).
//!
//! On SQLite there is one writer at a time. Everybody in this process who writes holds the
//! [`WriteGate`] first, so that writers queue fairly instead of polling for the file's lock.

mod connect;
mod error;
mod migrate;
mod notices;
mod raw;
mod read_only;
mod replica;

pub mod scope;

pub mod day;

pub mod alerts;
pub mod attendance;
pub mod audit;
pub mod bookings;
pub mod carry;
pub mod categories;
pub mod checks;
pub mod copy;
pub mod credentials;
pub mod devices;
pub mod enrolment_tokens;
pub mod erasures;
pub mod events;
pub mod exports;
pub mod ingest;
pub mod invitations;
pub mod job_list;
pub mod jobs;
pub mod logins;
pub mod mails;
pub mod months;
pub mod notes;
pub mod organizations;
pub mod partitions;
pub mod people;
pub mod personal;
pub mod policies;
pub mod presence;
pub mod projects;
pub mod recategorize;
pub mod remake;
pub mod report_schedules;
pub mod reports;
pub mod resets;
pub mod retention;
pub mod rollup_work;
pub mod sessions;
pub mod settings;
pub mod standing;
pub mod summaries;
pub mod teams;
pub mod timeline;
pub mod visibility;
pub mod wall;
pub mod webhook_deliveries;
pub mod webhooks;

pub use connect::{DatabaseTarget, PostgresStore, SqliteStore};
pub use error::StoreError;
pub use migrate::MigrationReport;
pub use notices::Notices;
pub use replica::Standing;
pub use scope::{SystemDb, SystemTx, TenantDb, TenantTx};

use std::sync::Arc;

use raw::{Db, sql};

/// Whoever writes to SQLite in this process holds this.
pub type WriteGate = Arc<tokio::sync::Mutex<()>>;

/// A database of either engine. Cheap to clone. It is asked through [`Store::tenant`] or
/// [`Store::system`].
#[derive(Clone, Debug)]
pub enum Store {
    /// An embedded file.
    Sqlite(SqliteStore),
    /// A server.
    Postgres(PostgresStore),
}

impl Store {
    /// `sqlite` or `postgres`, for logs and metrics.
    #[must_use]
    pub fn engine(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }
}
