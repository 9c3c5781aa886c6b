//! Alerts: who is watched, what is open, what is opened and resolved.

use std::collections::HashMap;

use shared_types::{AlertId, OrganizationId, SessionId, Timestamp, UserId};

use super::{StoreError, SystemDb, TenantDb, TenantTx, day::Day, sql};
use crate::domain::{
    alert::{Open, Opening, Watched},
    presence::is_online,
};

/// Which alerts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// No input for long.
    Idle,
    /// Worked for long.
    Overtime,
}

impl Kind {
    /// As the database calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Overtime => "overtime",
        }
    }

    /// The event that announces it.
    #[must_use]
    pub const fn event(self) -> &'static str {
        match self {
            Self::Idle => "INACTIVE_ALERT",
            Self::Overtime => "OVERTIME_ALERT",
        }
    }
}

/// When an organization is told, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Thresholds {
    /// Without input in a running session.
    pub idle_alert_seconds: i64,
    /// Worked in a day.
    pub overtime_alert_seconds: i64,
}

/// The organization's thresholds.
pub async fn thresholds(db: TenantDb<'_>) -> Result<Option<Thresholds>, StoreError> {
    let organization = db.organization();
    Ok(sql!(db, |c| sqlx::query_as(
        "SELECT idle_alert_seconds, overtime_alert_seconds FROM organizations WHERE id = $1"
    )
    .bind(organization)
    .fetch_optional(&mut *c)
    .await)?)
}

/// Organizations in which somebody is in a session, or an alert of this kind is open.
pub async fn concerned(db: SystemDb<'_>, kind: Kind) -> Result<Vec<OrganizationId>, StoreError> {
    Ok(sql!(db, |c| sqlx::query_scalar(
        "SELECT organization_id FROM work_sessions WHERE status = 'active'
         UNION SELECT organization_id FROM alerts WHERE resolved_at IS NULL AND kind = $1"
    )
    .bind(kind.name())
    .fetch_all(&mut *c)
    .await)?)
}

#[derive(sqlx::FromRow)]
struct Running {
    user_id: UserId,
    id: SessionId,
    last_input: Timestamp,
    last_contact_at: Option<Timestamp>,
}

/// Everyone in a running session, with the latest input on any of their devices. A session
/// that is kept by hand is watched once it holds activity: nothing looks for input before.
pub async fn watched(mut db: TenantDb<'_>, now: Timestamp) -> Result<Vec<Watched>, StoreError> {
    let organization = db.organization();
    let rows: Vec<Running> = sql!(db.again(), |c| {
        sqlx::query_as(
        "SELECT w.user_id, w.id, COALESCE(w.last_activity_at, w.started_at) AS last_input,
             (SELECT max(s.last_sync_at) FROM sync_streams s
               WHERE s.organization_id = w.organization_id AND s.user_id = w.user_id) AS last_contact_at
         FROM work_sessions w
         JOIN users u ON u.organization_id = w.organization_id AND u.id = w.user_id
         JOIN devices d ON d.organization_id = w.organization_id AND d.id = w.device_id
         WHERE w.organization_id = $1 AND w.status = 'active' AND u.status = 'active'
           AND (d.kind = 'agent' OR w.last_activity_at IS NOT NULL)
         ORDER BY w.user_id, w.id"
    )
    .bind(organization)
    .fetch_all(&mut *c)
    .await
    })?;
    let mut people: HashMap<UserId, Watched> = HashMap::new();
    for row in rows {
        // A keyboard's stream is never in contact: it holds the epoch's first instant.
        let contact = row.last_contact_at.filter(|at| *at > Timestamp::UNIX_EPOCH);
        let found = Watched {
            user_id: row.user_id,
            session_id: row.id,
            last_input: row.last_input,
            agent_online: contact.map(|at| is_online(Some(at), now)),
        };
        people
            .entry(row.user_id)
            .and_modify(|known| {
                if known.last_input < found.last_input {
                    *known = found;
                }
            })
            .or_insert(found);
    }
    let mut people: Vec<Watched> = people.into_values().collect();
    people.sort_unstable_by_key(|person| person.user_id.0);
    Ok(people)
}

/// Seconds that each person has worked on a day, where it is more than `limit`.
pub async fn worked_more_than(
    db: TenantDb<'_>,
    day: Day,
    limit: i64,
) -> Result<Vec<(UserId, i64)>, StoreError> {
    let organization = db.organization();
    Ok(sql!(db, |c| sqlx::query_as(
        "SELECT user_id, active_seconds + idle_seconds FROM daily_summaries
         WHERE organization_id = $1 AND day = $2 AND active_seconds + idle_seconds > $3
         ORDER BY user_id"
    )
    .bind(organization)
    .bind(day)
    .bind(limit)
    .fetch_all(&mut *c)
    .await)?)
}

/// The alerts of a kind that are open.
pub async fn open(db: TenantDb<'_>, kind: Kind) -> Result<Vec<Open>, StoreError> {
    let organization = db.organization();
    let rows: Vec<(AlertId, UserId, String)> = sql!(db, |c| sqlx::query_as(
        "SELECT id, user_id, episode FROM alerts
         WHERE organization_id = $1 AND kind = $2 AND resolved_at IS NULL ORDER BY opened_at, id"
    )
    .bind(organization)
    .bind(kind.name())
    .fetch_all(&mut *c)
    .await)?;
    Ok(rows
        .into_iter()
        .map(|(id, user_id, episode)| Open {
            id,
            user_id,
            episode,
        })
        .collect())
}

/// Opens an alert; false when its episode has had one.
pub async fn insert(
    tx: &mut TenantTx,
    id: AlertId,
    kind: Kind,
    opening: &Opening,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| {
        sqlx::query(
        "INSERT INTO alerts (organization_id, id, user_id, session_id, kind, episode, opened_at, seconds, agent_online)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (organization_id, user_id, kind, episode) DO NOTHING"
    )
    .bind(organization)
    .bind(id)
    .bind(opening.user_id)
    .bind(opening.session_id)
    .bind(kind.name())
    .bind(&opening.episode)
    .bind(now)
    .bind(opening.seconds)
    .bind(opening.agent_online)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}

/// Resolves an alert; false when it is resolved already. Nobody did it where `by` is absent.
pub async fn resolve(
    tx: &mut TenantTx,
    id: AlertId,
    by: Option<UserId>,
    resolution: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| sqlx::query(
        "UPDATE alerts SET resolved_at = $3, resolved_by = $4, resolution = $5
         WHERE organization_id = $1 AND id = $2 AND resolved_at IS NULL"
    )
    .bind(organization)
    .bind(id)
    .bind(now)
    .bind(by)
    .bind(resolution)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}
