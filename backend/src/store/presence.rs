//! What the live page needs of people: account, running session, day and last contact.

use std::collections::{BTreeSet, HashMap};

use shared_types::{
    OrganizationId, Timestamp, UserId,
    live::{DayHours, DayTotals},
};

use super::{
    StoreError, SystemDb, TenantDb, TenantTx,
    day::Day,
    sessions::{SessionRow, session_columns},
    sql,
};
use crate::domain::session::Session;

/// A person as the database knows them now.
#[derive(Debug, Clone)]
pub struct PersonRecord {
    /// The person.
    pub user_id: UserId,
    /// Their name.
    pub name: String,
    /// When a desktop of theirs last synced.
    pub last_contact_at: Option<Timestamp>,
    /// The running session that was observed last.
    pub running: Option<Session>,
    /// The day's seconds.
    pub today: DayTotals,
    /// The same by hours.
    pub hours: DayHours,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: UserId,
    name: String,
    last_contact_at: Option<Timestamp>,
    active_seconds: i64,
    idle_seconds: i64,
    unobserved_seconds: i64,
}

macro_rules! people {
    ($filter:literal) => {
        concat!(
            "SELECT u.id, u.name, \
                (SELECT max(s.last_sync_at) FROM sync_streams s \
                  WHERE s.organization_id = u.organization_id AND s.user_id = u.id) AS last_contact_at, \
                COALESCE(d.active_seconds, 0) AS active_seconds, \
                COALESCE(d.idle_seconds, 0) AS idle_seconds, \
                COALESCE(d.unobserved_seconds, 0) AS unobserved_seconds \
             FROM users u LEFT JOIN daily_summaries d \
               ON d.organization_id = u.organization_id AND d.user_id = u.id AND d.day = $2 \
             WHERE u.organization_id = $1 AND u.status = 'active'",
            $filter
        )
    };
}

/// Through the people, so that each is found by the key's beginning.
macro_rules! hours {
    ($filter:literal) => {
        concat!(
            "SELECT h.user_id, h.hour, h.active_seconds, h.idle_seconds, h.unobserved_seconds \
             FROM users u JOIN hour_days h \
               ON h.organization_id = u.organization_id AND h.user_id = u.id AND h.day = $2 \
             WHERE u.organization_id = $1 AND u.status = 'active'",
            $filter
        )
    };
}

type HourRow = (UserId, i64, i64, i64, i64);

macro_rules! running {
    ($filter:literal) => {
        concat!(
            "SELECT ",
            session_columns!(),
            " FROM work_sessions WHERE organization_id = $1 AND status = 'active'",
            $filter
        )
    };
}

/// Everyone with a usable account, by name.
pub async fn everyone(mut db: TenantDb<'_>, day: Day) -> Result<Vec<PersonRecord>, StoreError> {
    let organization = db.organization();
    let rows: Vec<Row> = sql!(db.again(), |c| sqlx::query_as(people!(
        " ORDER BY u.name, u.id"
    ))
    .bind(organization)
    .bind(day)
    .fetch_all(&mut *c)
    .await)?;
    let sessions: Vec<SessionRow> = sql!(db.again(), |c| sqlx::query_as(running!(""))
        .bind(organization)
        .fetch_all(&mut *c)
        .await)?;
    let hours: Vec<HourRow> = sql!(db, |c| sqlx::query_as(hours!(""))
        .bind(organization)
        .bind(day)
        .fetch_all(&mut *c)
        .await)?;
    join(rows, sessions, hours)
}

/// One person, if their account is usable.
pub async fn person(
    mut db: TenantDb<'_>,
    user: UserId,
    day: Day,
) -> Result<Option<PersonRecord>, StoreError> {
    let organization = db.organization();
    let rows: Vec<Row> = sql!(db.again(), |c| sqlx::query_as(people!(" AND u.id = $3"))
        .bind(organization)
        .bind(day)
        .bind(user)
        .fetch_all(&mut *c)
        .await)?;
    let sessions: Vec<SessionRow> = sql!(db.again(), |c| sqlx::query_as(running!(
        " AND user_id = $2"
    ))
    .bind(organization)
    .bind(user)
    .fetch_all(&mut *c)
    .await)?;
    let hours: Vec<HourRow> = sql!(db, |c| sqlx::query_as(hours!(" AND u.id = $3"))
        .bind(organization)
        .bind(day)
        .bind(user)
        .fetch_all(&mut *c)
        .await)?;
    Ok(join(rows, sessions, hours)?.pop())
}

/// Gives each person their hours, and the running session that was observed last, if they have
/// several.
fn join(
    rows: Vec<Row>,
    sessions: Vec<SessionRow>,
    hours: Vec<HourRow>,
) -> Result<Vec<PersonRecord>, StoreError> {
    let mut days: HashMap<UserId, Vec<(usize, DayTotals)>> = HashMap::new();
    for (user, hour, active_seconds, idle_seconds, unobserved_seconds) in hours {
        let hour =
            usize::try_from(hour).map_err(|_| StoreError::Corrupt(format!("the hour {hour}")))?;
        let totals = DayTotals {
            active_seconds,
            idle_seconds,
            unobserved_seconds,
        };
        days.entry(user).or_default().push((hour, totals));
    }
    let mut running: HashMap<UserId, Session> = HashMap::new();
    for row in sessions {
        let session = Session::try_from(row)?;
        let rank = |s: &Session| (s.latest.as_ref().map(|l| l.ended_at), s.started_at, s.id);
        match running.get(&session.user_id) {
            Some(other) if rank(other) >= rank(&session) => {}
            _ => {
                running.insert(session.user_id, session);
            }
        }
    }
    Ok(rows
        .into_iter()
        .map(|row| PersonRecord {
            running: running.remove(&row.id),
            hours: DayHours::of(days.get(&row.id).map_or(&[], Vec::as_slice)),
            user_id: row.id,
            name: row.name,
            // A keyboard's stream is never in contact: it holds the epoch's first instant.
            last_contact_at: row.last_contact_at.filter(|at| *at > Timestamp::UNIX_EPOCH),
            today: DayTotals {
                active_seconds: row.active_seconds,
                idle_seconds: row.idle_seconds,
                unobserved_seconds: row.unobserved_seconds,
            },
        })
        .collect())
}

/// The zone that an organization's days are cut in.
pub async fn zone_name(db: TenantDb<'_>) -> Result<Option<String>, StoreError> {
    let organization = db.organization();
    Ok(sql!(db, |c| sqlx::query_scalar(
        "SELECT time_zone FROM organizations WHERE id = $1"
    )
    .bind(organization)
    .fetch_optional(&mut *c)
    .await)?)
}

/// The organizations that have a stream announced as in contact which has been silent since
/// `before`.
pub async fn with_silent(
    db: SystemDb<'_>,
    before: Timestamp,
) -> Result<Vec<OrganizationId>, StoreError> {
    Ok(sql!(db, |c| sqlx::query_scalar(
        "SELECT DISTINCT organization_id FROM sync_streams \
         WHERE online AND last_sync_at < $1 ORDER BY organization_id"
    )
    .bind(before)
    .fetch_all(&mut *c)
    .await)?)
}

/// Streams that are announced as in contact and have been silent since `before`.
pub async fn overdue(db: SystemDb<'_>, before: Timestamp) -> Result<i64, StoreError> {
    Ok(sql!(db, |c| sqlx::query_scalar(
        "SELECT count(*) FROM sync_streams WHERE online AND last_sync_at < $1"
    )
    .bind(before)
    .fetch_one(&mut *c)
    .await)?)
}

/// When somebody was last said to be out of contact, as far as events are kept.
pub async fn last_marked(db: SystemDb<'_>) -> Result<Option<Timestamp>, StoreError> {
    Ok(sql!(db, |c| sqlx::query_scalar(
        "SELECT max(created_at) FROM events WHERE kind = 'USER_OFFLINE'"
    )
    .fetch_one(&mut *c)
    .await)?)
}

/// What one step of looking for silent streams came to.
#[derive(Debug, Default)]
pub struct Silent {
    /// Streams that were looked at; fewer than asked for: there are no more.
    pub seen: usize,
    /// People none of whose devices is in contact any more.
    pub gone: BTreeSet<UserId>,
}

/// Takes back the announcement of at most `limit` streams that have been silent since `before`.
///
/// Several instances may do this at once. Each row's own condition decides who takes it back,
/// and so who announces it. Rows are taken in the order in which ingest locks them, so that
/// neither waits for the other in a circle.
pub async fn mark_silent(
    tx: &mut TenantTx,
    before: Timestamp,
    limit: i64,
) -> Result<Silent, StoreError> {
    let organization = tx.organization();
    let candidates: Vec<i64> = sql!(tx.db(), |c| sqlx::query_scalar(
        "SELECT id FROM sync_streams \
         WHERE organization_id = $1 AND online AND last_sync_at < $2 ORDER BY id LIMIT $3"
    )
    .bind(organization)
    .bind(before)
    .bind(limit)
    .fetch_all(&mut *c)
    .await)?;
    let mut silent = BTreeSet::new();
    for stream in &candidates {
        let user: Option<UserId> = sql!(tx.db(), |c| sqlx::query_scalar(
            "UPDATE sync_streams SET online = FALSE \
             WHERE id = $1 AND organization_id = $2 AND online AND last_sync_at < $3 \
             RETURNING user_id"
        )
        .bind(stream)
        .bind(organization)
        .bind(before)
        .fetch_optional(&mut *c)
        .await)?;
        silent.extend(user);
    }
    let mut gone = BTreeSet::new();
    for user in silent {
        let other: Option<i64> = sql!(tx.db(), |c| sqlx::query_scalar(
            "SELECT id FROM sync_streams \
             WHERE organization_id = $1 AND user_id = $2 AND online LIMIT 1"
        )
        .bind(organization)
        .bind(user)
        .fetch_optional(&mut *c)
        .await)?;
        if other.is_none() {
            gone.insert(user);
        }
    }
    Ok(Silent {
        seen: candidates.len(),
        gone,
    })
}
