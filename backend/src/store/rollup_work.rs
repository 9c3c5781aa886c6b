//! Whose days wait to be made again, and how far that is.

use shared_types::{OrganizationId, Timestamp, UserId};

use super::{StoreError, SystemDb, TenantDb, TenantTx, day::Day, sql};
use crate::domain::remake::Reason;

/// One person's days that are made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Work {
    /// Whose.
    pub user_id: UserId,
    /// Why.
    pub reason: Reason,
    /// Days before it are done.
    pub next_day: Day,
    /// When it was asked for; who asks again meanwhile is told apart by this.
    pub asked_at: Timestamp,
}

/// How far an organization's days are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Why the latest of them are made again.
    pub reason: Reason,
    /// Since when.
    pub asked_at: Timestamp,
    /// People whose days are made again.
    pub people: i64,
    /// People with whom that is done.
    pub done: i64,
}

/// Organizations of which nobody has looked yet whether days lack their rollups.
pub async fn unchecked(db: SystemDb<'_>) -> Result<Vec<OrganizationId>, StoreError> {
    Ok(sql!(db, |c| sqlx::query_scalar(
        "SELECT id FROM organizations WHERE rollups_checked_at IS NULL ORDER BY id"
    )
    .fetch_all(&mut *c)
    .await)?)
}

/// Organizations in which somebody's days wait, and since when.
pub async fn open(db: SystemDb<'_>) -> Result<Vec<(OrganizationId, Timestamp)>, StoreError> {
    Ok(sql!(db, |c| sqlx::query_as(
        "SELECT organization_id, min(asked_at) FROM rollup_work WHERE finished_at IS NULL
         GROUP BY organization_id ORDER BY organization_id"
    )
    .fetch_all(&mut *c)
    .await)?)
}

/// Has the days of all people made again whose days lack rollups that could still be made, and
/// notes that it was looked; how many people.
pub async fn ask_where_missing(tx: &mut TenantTx, now: Timestamp) -> Result<u64, StoreError> {
    let organization = tx.organization();
    let asked = sql!(tx.db(), |c| {
        sqlx::query(
        "INSERT INTO rollup_work (organization_id, user_id, reason, next_day, asked_at)
         SELECT d.organization_id, d.user_id, 'missing', min(d.day), $1
         FROM daily_summaries d JOIN organizations o ON o.id = d.organization_id
         LEFT JOIN (
             SELECT user_id, day, CAST(sum(active_seconds) AS BIGINT) AS active,
                 CAST(sum(idle_seconds) AS BIGINT) AS idle, CAST(sum(unobserved_seconds) AS BIGINT) AS unobserved
             FROM hour_days WHERE organization_id = $2 GROUP BY user_id, day) h
             ON h.user_id = d.user_id AND h.day = d.day
         WHERE d.organization_id = $3 AND (o.removed_before_day IS NULL OR d.day >= o.removed_before_day)
           AND (d.active_seconds <> COALESCE(h.active, 0) OR d.idle_seconds <> COALESCE(h.idle, 0)
             OR d.unobserved_seconds <> COALESCE(h.unobserved, 0))
         GROUP BY d.organization_id, d.user_id
         ON CONFLICT (organization_id, user_id) DO UPDATE SET reason = excluded.reason,
             next_day = excluded.next_day, asked_at = excluded.asked_at, finished_at = NULL
         WHERE rollup_work.finished_at IS NOT NULL"
    )
    .bind(now)
    .bind(organization)
    .bind(organization)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected())
    })?;
    sql!(tx.db(), |c| sqlx::query(
        "UPDATE organizations SET rollups_checked_at = $1 WHERE id = $2"
    )
    .bind(now)
    .bind(organization)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(asked)
}

/// Has the days of all people made again, from `from` on; how many people.
pub async fn ask(
    tx: &mut TenantTx,
    reason: Reason,
    from: Day,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let organization = tx.organization();
    Ok(sql!(tx.db(), |c| sqlx::query(
        "INSERT INTO rollup_work (organization_id, user_id, reason, next_day, asked_at)
         SELECT d.organization_id, d.user_id, $1, $2, $3
         FROM daily_summaries d WHERE d.organization_id = $4
         GROUP BY d.organization_id, d.user_id
         ON CONFLICT (organization_id, user_id) DO UPDATE SET reason = excluded.reason,
             next_day = excluded.next_day, asked_at = excluded.asked_at, finished_at = NULL"
    )
    .bind(reason.name())
    .bind(from)
    .bind(now)
    .bind(organization)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?)
}

/// An organization's work that is open, by person.
pub async fn of_organization(db: TenantDb<'_>) -> Result<Vec<Work>, StoreError> {
    let organization = db.organization();
    let rows: Vec<(UserId, String, Day, Timestamp)> = sql!(db, |c| sqlx::query_as(
        "SELECT user_id, reason, next_day, asked_at FROM rollup_work
         WHERE organization_id = $1 AND finished_at IS NULL ORDER BY user_id"
    )
    .bind(organization)
    .fetch_all(&mut *c)
    .await)?;
    rows.into_iter()
        .map(|(user_id, name, next_day, asked_at)| {
            Ok(Work {
                user_id,
                reason: reason(&name)?,
                next_day,
                asked_at,
            })
        })
        .collect()
}

fn reason(name: &str) -> Result<Reason, StoreError> {
    Reason::parse(name).ok_or_else(|| StoreError::Corrupt(format!("a reason {name:?}")))
}

/// At most `limit` days that are kept of a person, from `from` on, with the zone of each.
pub async fn kept(
    db: TenantDb<'_>,
    person: UserId,
    from: Day,
    limit: i64,
) -> Result<Vec<(Day, String)>, StoreError> {
    let organization = db.organization();
    Ok(sql!(db, |c| sqlx::query_as(
        "SELECT day, time_zone FROM daily_summaries
         WHERE organization_id = $1 AND user_id = $2 AND day >= $3 ORDER BY day LIMIT $4"
    )
    .bind(organization)
    .bind(person)
    .bind(from)
    .bind(limit)
    .fetch_all(&mut *c)
    .await)?)
}

/// Notes how far a person's days are; false when it was asked for again meanwhile, or they are
/// being erased: then nothing of this transaction may stay.
pub async fn advance(tx: &mut TenantTx, work: &Work, next_day: Day) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| sqlx::query(
        "UPDATE rollup_work SET next_day = $1
         WHERE organization_id = $2 AND user_id = $3 AND asked_at = $4 AND finished_at IS NULL"
    )
    .bind(next_day)
    .bind(organization)
    .bind(work.user_id)
    .bind(work.asked_at)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Notes that a person's days are done; false as for [`advance`].
pub async fn finish(tx: &mut TenantTx, work: &Work, now: Timestamp) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| sqlx::query(
        "UPDATE rollup_work SET finished_at = $1
         WHERE organization_id = $2 AND user_id = $3 AND asked_at = $4 AND finished_at IS NULL"
    )
    .bind(now)
    .bind(organization)
    .bind(work.user_id)
    .bind(work.asked_at)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// How far an organization is; `None` when nothing waits.
pub async fn progress(db: TenantDb<'_>) -> Result<Option<Progress>, StoreError> {
    let organization = db.organization();
    let rows: Vec<(String, Timestamp, i64, i64)> = sql!(db, |c| sqlx::query_as(
        "SELECT w.reason, min(w.asked_at), count(*), count(w.finished_at)
         FROM rollup_work w JOIN (
             SELECT min(asked_at) AS oldest FROM rollup_work
             WHERE organization_id = $1 AND finished_at IS NULL) x ON w.asked_at >= x.oldest
         WHERE w.organization_id = $2 GROUP BY w.reason ORDER BY min(w.asked_at) DESC"
    )
    .bind(organization)
    .bind(organization)
    .fetch_all(&mut *c)
    .await)?;
    let Some((latest, ..)) = rows.first() else {
        return Ok(None);
    };
    Ok(Some(Progress {
        reason: reason(latest)?,
        asked_at: rows[0].1,
        people: rows.iter().map(|row| row.2).sum(),
        done: rows.iter().map(|row| row.3).sum(),
    }))
}

/// What days are cut by now: the zone's name, and up to where spans were removed for their age.
pub async fn terms(db: TenantDb<'_>) -> Result<Option<(String, Option<Timestamp>)>, StoreError> {
    let organization = db.organization();
    Ok(sql!(db, |c| sqlx::query_as(
        "SELECT time_zone, removed_before FROM organizations WHERE id = $1"
    )
    .bind(organization)
    .fetch_optional(&mut *c)
    .await)?)
}
