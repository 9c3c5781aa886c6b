//! What the database alone does with the same rows: COPY on PostgreSQL, one prepared insert
//! in a loop on SQLite, into the schema of the server's own migrations, with its keys,
//! foreign keys, checks and indexes, durability on.
//!
//! No parsing, no tokens, no sessions to keep in step, no events: nothing that takes rows one
//! stream at a time can be faster, so this is what the server's rate is held against.

use std::{fmt::Write as _, path::Path, time::Duration};

use anyhow::{Context, Result, ensure};
use rusqlite::{Connection, params};
use shared_types::{OrganizationId, Timestamp, UserId};
use sqlx::{AssertSqlSafe, PgPool, postgres::PgPoolCopyExt as _};
use tokio::time::Instant;
use uuid::Uuid;
use workpulse_server::store::{DatabaseTarget, Store};

use super::stream::{Minute, Stream};
use crate::{database::Database, time::new_id};

const COPY: &str = "COPY activity_logs (stream_id, seq, organization_id, user_id, session_id, \
     activity_type, reason, started_at, duration_seconds, application, title, url) FROM STDIN";

/// One row, before it is put into a database's words.
struct Row {
    stream_id: i64,
    user_id: UserId,
    minute: Minute,
}

/// The rows of a run, in the order in which a server gets them.
struct Rows {
    organization: OrganizationId,
    device: Uuid,
    users: Vec<UserId>,
    /// Session, its user, its start.
    sessions: Vec<(Uuid, UserId, Timestamp)>,
    all: Vec<Row>,
}

impl Rows {
    fn make(agents: usize, activities: u32, count: usize, first_minute: i64) -> Self {
        let mut streams: Vec<Stream> = (0..agents)
            .map(|_| {
                let user = UserId(new_id());
                Stream::new(new_id().into(), user, "", first_minute)
            })
            .collect();
        let mut rows = Vec::with_capacity(count);
        let mut sessions = Vec::new();
        while rows.len() < count {
            for (stream_id, stream) in (1..).zip(&mut streams) {
                for _ in 0..activities {
                    if stream.turn_over().1.is_some() {
                        let started = Timestamp::from_millis(stream.position.minute * 60_000);
                        sessions.push((stream.position.session, stream.user_id, started));
                    }
                    rows.push(Row {
                        stream_id,
                        user_id: stream.user_id,
                        minute: stream.next_minute(),
                    });
                }
            }
        }
        rows.truncate(count);
        Self {
            organization: OrganizationId(new_id()),
            device: new_id(),
            users: streams.iter().map(|stream| stream.user_id).collect(),
            sessions,
            all: rows,
        }
    }

    /// The rows that the foreign keys ask for, as statements that both engines take. `id`
    /// and `time` write an id and an instant in the engine's words.
    fn surroundings(
        &self,
        id: impl Fn(Uuid) -> String,
        time: impl Fn(Timestamp) -> String,
    ) -> Vec<String> {
        let organization = id(self.organization.uuid());
        let then = time(Timestamp::UNIX_EPOCH);
        let mut statements = vec![format!(
            "INSERT INTO organizations (id, name, time_zone, capture_policy, created_at) \
             VALUES ({organization}, 'raw', 'UTC', '{{}}', {then})"
        )];
        for (number, user) in self.users.iter().enumerate() {
            statements.push(format!(
                "INSERT INTO users (organization_id, id, email, name, role, status, created_at, authority_changed_at) \
                 VALUES ({organization}, {}, '{number}@raw', 'raw', 'employee', 'active', {then}, {then})",
                id(user.uuid())
            ));
        }
        let device = id(self.device);
        if let Some(user) = self.users.first() {
            statements.push(format!(
                "INSERT INTO devices (organization_id, id, user_id, kind, name, os, agent_version, capabilities, created_at) \
                 VALUES ({organization}, {device}, {}, 'agent', 'raw', '', '', '{{}}', {then})",
                id(user.uuid())
            ));
        }
        for (session, user, started) in &self.sessions {
            statements.push(format!(
                "INSERT INTO work_sessions (organization_id, id, user_id, device_id, status, started_at) \
                 VALUES ({organization}, {}, {}, {device}, 'active', {})",
                id(*session),
                id(user.uuid()),
                time(*started)
            ));
        }
        statements
    }
}

/// How fast rows went in.
#[derive(Debug, Clone, Copy, serde::Serialize)]
pub struct Limit {
    /// Rows put in.
    pub rows: usize,
    /// Rows a second.
    pub rows_per_second: f64,
}

impl Limit {
    #[expect(clippy::cast_precision_loss, reason = "millions of rows at most")]
    fn new(rows: usize, took: Duration) -> Self {
        Self {
            rows,
            rows_per_second: rows as f64 / took.as_secs_f64(),
        }
    }
}

/// Size and shape of a raw run.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Devices.
    pub agents: usize,
    /// Rows of one device in a row.
    pub activities: u32,
    /// Rows in all.
    pub rows: usize,
    /// Minutes since 1970 at which every device begins.
    pub first_minute: i64,
}

/// COPY from memory into a database of its own, as one transaction in each of `lanes`
/// connections at once.
///
/// # Errors
/// When the cluster does not let us, or the rows are not all there afterwards.
pub async fn postgres(cluster: &str, shape: Shape, lanes: usize) -> Result<Limit> {
    let database = Database::create(cluster, "raw").await?;
    let outcome = copy(&database.url(), shape, lanes).await;
    database.drop().await?;
    outcome
}

async fn copy(url: &str, shape: Shape, lanes: usize) -> Result<Limit> {
    let store = Store::open(&DatabaseTarget::Url(url.to_owned()), 8).await?;
    store.migrate().await?;
    store.close().await;
    let rows = Rows::make(
        shape.agents,
        shape.activities,
        shape.rows,
        shape.first_minute,
    );
    let pool = PgPool::connect(url).await?;
    let statements = rows.surroundings(|id| format!("'{id}'"), |time| format!("'{time}'"));
    for chunk in statements.chunks(500) {
        sqlx::raw_sql(AssertSqlSafe(chunk.join(";\n")))
            .execute(&pool)
            .await
            .context("the rows around")?;
    }
    // By stream, so that no two lanes write rows of one device.
    let mut texts = vec![String::new(); lanes];
    for row in &rows.all {
        let lane = usize::try_from(row.stream_id).unwrap_or(0) % lanes;
        copy_line(&mut texts[lane], rows.organization, row);
    }
    let begun = Instant::now();
    let copies = texts.iter().map(|text| async {
        let mut copy = pool.copy_in_raw(COPY).await?;
        copy.send(text.as_bytes()).await?;
        copy.finish().await
    });
    let stored: u64 = futures_util::future::try_join_all(copies)
        .await?
        .iter()
        .sum();
    let took = begun.elapsed();
    let there: i64 = sqlx::query_scalar("SELECT count(*) FROM activity_logs")
        .fetch_one(&pool)
        .await?;
    pool.close().await;
    ensure!(
        u64::try_from(there)? == stored && there == i64::try_from(rows.all.len())?,
        "{there} rows are there, {} were copied",
        rows.all.len()
    );
    Ok(Limit::new(rows.all.len(), took))
}

fn copy_line(text: &mut String, organization: OrganizationId, row: &Row) {
    let minute = &row.minute;
    writeln!(
        text,
        "{}\t{}\t{organization}\t{}\t{}\t{}\t\\N\t{}\t60\t{}\t{}\t\\N",
        row.stream_id,
        minute.seq,
        row.user_id,
        minute.session,
        if minute.is_active { "active" } else { "idle" },
        Timestamp::from_millis(minute.minute * 60_000),
        minute.application,
        minute.title(),
    )
    .expect("a String takes everything");
}

/// One prepared insert in a loop, with so many rows a transaction.
///
/// # Errors
/// When the file cannot be made, or the rows are not all there afterwards.
pub async fn sqlite(dir: &Path, shape: Shape, rows_per_transaction: usize) -> Result<Limit> {
    let path = dir.join(format!("raw-{rows_per_transaction}.db"));
    let store = Store::open(&DatabaseTarget::File(path.clone()), 2).await?;
    store.migrate().await?;
    store.close().await;
    let rows = Rows::make(
        shape.agents,
        shape.activities,
        shape.rows,
        shape.first_minute,
    );
    let limit = tokio::task::spawn_blocking(move || {
        let limit = insert(&path, &rows, rows_per_transaction);
        std::fs::remove_file(&path)?;
        limit
    });
    limit.await?
}

fn insert(path: &Path, rows: &Rows, rows_per_transaction: usize) -> Result<Limit> {
    let mut connection = Connection::open(path)?;
    // The settings of the server's own writer.
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    connection.pragma_update(None, "cache_size", -64_000)?;
    connection.pragma_update(None, "wal_autocheckpoint", 16_000)?;
    let tx = connection.transaction()?;
    let statements = rows.surroundings(
        |id| format!("x'{}'", id.simple()),
        |time| time.as_millis().to_string(),
    );
    for statement in statements {
        tx.execute(&statement, [])?;
    }
    tx.commit()?;

    let begun = Instant::now();
    for chunk in rows.all.chunks(rows_per_transaction) {
        let tx = connection.transaction()?;
        {
            let mut statement = tx.prepare_cached(
                "INSERT INTO activity_logs (stream_id, seq, organization_id, user_id, session_id, \
                 activity_type, reason, started_at, duration_seconds, application, title, url) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL, ?7, 60, ?8, ?9, NULL)",
            )?;
            for row in chunk {
                let minute = &row.minute;
                statement.execute(params![
                    row.stream_id,
                    minute.seq,
                    rows.organization.uuid().as_bytes(),
                    row.user_id.uuid().as_bytes(),
                    minute.session.as_bytes(),
                    if minute.is_active { "active" } else { "idle" },
                    minute.minute * 60_000,
                    minute.application,
                    minute.title(),
                ])?;
            }
        }
        tx.commit()?;
    }
    let took = begun.elapsed();
    let there: usize = connection.query_row("SELECT count(*) FROM activity_logs", [], |row| {
        row.get::<_, i64>(0)
            .map(|count| usize::try_from(count).unwrap_or(0))
    })?;
    ensure!(there == rows.all.len(), "{there} rows are there");
    Ok(Limit::new(there, took))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_loop_fills_the_real_schema_and_every_key_holds() {
        let dir = tempfile::tempdir().expect("a directory");
        let shape = Shape {
            agents: 3,
            activities: 60,
            rows: 3_000,
            first_minute: 29_000_000,
        };
        let limit = sqlite(dir.path(), shape, 1_000).await.expect("it runs");
        assert_eq!(limit.rows, 3_000);
        assert!(limit.rows_per_second > 0.0);
    }
}
