//! What the server stored of one person: read from its database, not from its API.

use std::path::Path;

use anyhow::{Context, Result};
use rusqlite::{Connection, OpenFlags};
use shared_types::{
    CategoryId, SessionId, Timestamp, UserId,
    activity::{Activity, ActivityType, UnobservedReason},
};
use sqlx::{Connection as _, PgConnection, Row as _};
use uuid::Uuid;

/// A session's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// The session.
    pub id: SessionId,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Active, idle and unobserved seconds.
    pub totals: [i64; 3],
    /// Its version.
    pub version: i64,
}

/// Everything of one person.
#[derive(Debug, Clone, Default)]
pub struct Stored {
    /// Their sessions.
    pub sessions: Vec<SessionRow>,
    /// Their spans, by epoch and number. A list: a key that is there twice must show.
    pub spans: Vec<((Uuid, i64), Activity)>,
    /// Active, idle and unobserved seconds of all their days.
    pub days: [i64; 3],
    /// Items of their devices that were refused.
    pub refusals: i64,
}

const SESSIONS: &str = "SELECT id, started_at, ended_at, total_active_seconds, total_idle_seconds, \
     total_unobserved_seconds, version FROM work_sessions WHERE user_id = $1 ORDER BY started_at";
const SPANS: &str = "SELECT s.epoch, a.seq, a.session_id, a.activity_type, a.reason, a.started_at, \
     a.duration_seconds, a.application, a.title, a.url, a.category_id \
     FROM activity_logs a JOIN sync_streams s ON s.id = a.stream_id WHERE a.user_id = $1";
const DAYS: &str = "SELECT CAST(coalesce(sum(active_seconds), 0) AS BIGINT), \
     CAST(coalesce(sum(idle_seconds), 0) AS BIGINT), \
     CAST(coalesce(sum(unobserved_seconds), 0) AS BIGINT) FROM daily_summaries WHERE user_id = $1";
const REFUSALS: &str = "SELECT count(*) FROM rejected_items r \
     JOIN sync_streams s ON s.id = r.stream_id WHERE s.user_id = $1";

/// Reads an embedded database that a server may be using.
///
/// # Errors
/// When it is not there, or not as its migrations make it.
pub fn sqlite(path: &Path, user: UserId) -> Result<Stored> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags).context("the server's database")?;
    db.busy_timeout(std::time::Duration::from_secs(5))?;
    let who = [user.uuid().as_bytes().to_vec()];
    let id = |row: &rusqlite::Row<'_>, at: usize| -> rusqlite::Result<Uuid> {
        let bytes: Vec<u8> = row.get(at)?;
        Ok(Uuid::from_slice(&bytes).unwrap_or_default())
    };
    let mut stored = Stored::default();
    let mut statement = db.prepare(SESSIONS)?;
    let sessions = statement.query_map(who.clone(), |row| {
        Ok(SessionRow {
            id: SessionId(id(row, 0)?),
            started_at: Timestamp::from_millis(row.get(1)?),
            ended_at: row.get::<_, Option<i64>>(2)?.map(Timestamp::from_millis),
            totals: [row.get(3)?, row.get(4)?, row.get(5)?],
            version: row.get(6)?,
        })
    })?;
    stored.sessions = sessions.collect::<Result<_, _>>()?;
    let mut statement = db.prepare(SPANS)?;
    let mut rows = statement.query(who.clone())?;
    while let Some(row) = rows.next()? {
        let kind: String = row.get(3)?;
        let reason: Option<String> = row.get(4)?;
        let span = Activity {
            session_id: SessionId(id(row, 2)?),
            activity_type: parsed(&kind)?,
            reason: parsed_reason(reason.as_deref())?,
            started_at: Timestamp::from_millis(row.get(5)?),
            duration_seconds: row.get(6)?,
            application: row.get(7)?,
            title: row.get(8)?,
            url: row.get(9)?,
            category_id: row
                .get::<_, Option<Vec<u8>>>(10)?
                .and_then(|bytes| Uuid::from_slice(&bytes).ok())
                .map(CategoryId),
        };
        stored.spans.push(((id(row, 0)?, row.get(1)?), span));
    }
    stored.days = db.query_row(DAYS, who.clone(), |row| {
        Ok([row.get(0)?, row.get(1)?, row.get(2)?])
    })?;
    stored.refusals = db.query_row(REFUSALS, who, |row| row.get(0))?;
    Ok(stored)
}

/// Reads a PostgreSQL database.
///
/// # Errors
/// When it is not there, or not as its migrations make it.
pub async fn postgres(url: &str, user: UserId) -> Result<Stored> {
    type Session = (SessionId, Timestamp, Option<Timestamp>, i64, i64, i64, i64);
    let mut db = PgConnection::connect(url).await?;
    let mut stored = Stored::default();
    let sessions: Vec<Session> = sqlx::query_as(SESSIONS)
        .bind(user)
        .fetch_all(&mut db)
        .await?;
    stored.sessions = sessions
        .into_iter()
        .map(
            |(id, started_at, ended_at, active, idle, unobserved, version)| SessionRow {
                id,
                started_at,
                ended_at,
                totals: [active, idle, unobserved],
                version,
            },
        )
        .collect();
    for row in sqlx::query(SPANS).bind(user).fetch_all(&mut db).await? {
        let span = Activity {
            session_id: row.try_get(2)?,
            activity_type: parsed(row.try_get(3)?)?,
            reason: parsed_reason(row.try_get(4)?)?,
            started_at: row.try_get(5)?,
            duration_seconds: u32::try_from(row.try_get::<i64, _>(6)?)?,
            application: row.try_get(7)?,
            title: row.try_get(8)?,
            url: row.try_get(9)?,
            category_id: row.try_get(10)?,
        };
        stored
            .spans
            .push(((row.try_get(0)?, row.try_get(1)?), span));
    }
    let (active, idle, unobserved): (i64, i64, i64) =
        sqlx::query_as(DAYS).bind(user).fetch_one(&mut db).await?;
    stored.days = [active, idle, unobserved];
    stored.refusals = sqlx::query_scalar(REFUSALS)
        .bind(user)
        .fetch_one(&mut db)
        .await?;
    db.close().await?;
    Ok(stored)
}

fn parsed(kind: &str) -> Result<ActivityType> {
    ActivityType::parse(kind).with_context(|| format!("activity_type {kind:?}"))
}

fn parsed_reason(reason: Option<&str>) -> Result<Option<UnobservedReason>> {
    let parse = |name| UnobservedReason::parse(name).with_context(|| format!("reason {name:?}"));
    reason.map(parse).transpose()
}
