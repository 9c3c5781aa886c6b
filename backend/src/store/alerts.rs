//! Alerts: who is watched, which episodes go on, what is opened and resolved.

mod list;

use std::collections::HashMap;

use jiff::tz::TimeZone;
use shared_types::{
    AlertId, OrganizationId, SessionId, Timestamp, UserId,
    alert::{AlertKind, QuietHours},
    policy::CapturePolicy,
};
use sqlx::types::Json;

pub use list::{After, Filter, find, of_person, page};

use super::{StoreError, SystemDb, TenantDb, TenantTx, day::Day, sql};
use crate::domain::{
    alert::{BY_HAND, Ending, Open, Opening, Watched, idle_threshold},
    presence::{is_catching_up, is_online},
    quiet::is_quiet,
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

    /// The kind that a client asks for.
    #[must_use]
    pub const fn of(kind: AlertKind) -> Self {
        match kind {
            AlertKind::Idle => Self::Idle,
            AlertKind::Overtime => Self::Overtime,
        }
    }
}

/// When an organization is told of what, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Seconds without input in a running session; never less than it takes until the person
    /// is told themselves.
    pub idle_seconds: i64,
    /// Seconds worked in a day.
    pub overtime_seconds: i64,
    /// Whether managers are told by mail as well.
    pub mail: bool,
    quiet_hours: Vec<QuietHours>,
    zone: TimeZone,
}

impl Settings {
    /// Whether nobody is told of what happens at this instant.
    #[must_use]
    pub fn is_quiet(&self, at: Timestamp) -> bool {
        is_quiet(&self.quiet_hours, &self.zone, at)
    }
}

/// The organization's settings; `None` when there is no such organization.
pub async fn settings(db: TenantDb<'_>) -> Result<Option<Settings>, StoreError> {
    type Row = (
        i64,
        i64,
        bool,
        Json<Vec<QuietHours>>,
        String,
        Json<CapturePolicy>,
    );
    let organization = db.organization();
    let row: Option<Row> = sql!(db, |c| {
        sqlx::query_as(
            "SELECT idle_alert_seconds, overtime_alert_seconds, alert_mail, quiet_hours, time_zone,
                 capture_policy
             FROM organizations WHERE id = $1",
        )
        .bind(organization)
        .fetch_optional(&mut *c)
        .await
    })?;
    row.map(
        |(idle, overtime, mail, Json(quiet_hours), zone, Json(policy))| {
            Ok(Settings {
                idle_seconds: idle_threshold(idle, policy.idle_after_seconds),
                overtime_seconds: overtime,
                mail,
                quiet_hours,
                zone: TimeZone::get(&zone)
                    .map_err(|_| StoreError::Corrupt(format!("time zone {zone:?}")))?,
            })
        },
    )
    .transpose()
}

/// Organizations in which somebody is in a session, or an episode of this kind goes on.
pub async fn concerned(db: SystemDb<'_>, kind: Kind) -> Result<Vec<OrganizationId>, StoreError> {
    Ok(sql!(db, |c| sqlx::query_scalar(
        "SELECT organization_id FROM work_sessions WHERE status = 'active'
         UNION SELECT organization_id FROM alerts WHERE ended_at IS NULL AND kind = $1"
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
    known_until: Timestamp,
    last_contact_at: Option<Timestamp>,
    device_contact_at: Option<Timestamp>,
}

/// Everyone in a running session, with the latest input on any of their devices. A session
/// that is kept by hand is watched once it holds activity: nothing looks for input before.
pub async fn watched(mut db: TenantDb<'_>, now: Timestamp) -> Result<Vec<Watched>, StoreError> {
    let organization = db.organization();
    let rows: Vec<Running> = sql!(db.again(), |c| {
        sqlx::query_as(
        "SELECT w.user_id, w.id, COALESCE(w.last_activity_at, w.started_at) AS last_input,
             COALESCE(w.last_span_end, w.started_at) AS known_until,
             (SELECT max(s.last_sync_at) FROM sync_streams s
               WHERE s.organization_id = w.organization_id AND s.user_id = w.user_id) AS last_contact_at,
             (SELECT max(s.last_sync_at) FROM sync_streams s
               WHERE s.organization_id = w.organization_id AND s.user_id = w.user_id
                 AND s.device_id = w.device_id) AS device_contact_at
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
            catching_up: is_catching_up(row.known_until, row.device_contact_at, now),
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

/// The alerts of a kind whose episodes go on, also those that somebody has resolved: they are
/// what keeps a second one from being opened.
pub async fn open(db: TenantDb<'_>, kind: Kind) -> Result<Vec<Open>, StoreError> {
    let organization = db.organization();
    let rows: Vec<(AlertId, UserId, String, bool)> = sql!(db, |c| sqlx::query_as(
        "SELECT id, user_id, episode, quiet AND resolved_at IS NULL FROM alerts
         WHERE organization_id = $1 AND kind = $2 AND ended_at IS NULL ORDER BY opened_at, id"
    )
    .bind(organization)
    .bind(kind.name())
    .fetch_all(&mut *c)
    .await)?;
    Ok(rows
        .into_iter()
        .map(|(id, user_id, episode, untold)| Open {
            id,
            user_id,
            episode,
            untold,
        })
        .collect())
}

/// Opens an alert; false when its episode has had one.
pub async fn insert(
    tx: &mut TenantTx,
    id: AlertId,
    kind: Kind,
    opening: &Opening,
    quiet: bool,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| {
        sqlx::query(
        "INSERT INTO alerts (organization_id, id, user_id, session_id, kind, episode, opened_at, seconds, agent_online, quiet)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
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
    .bind(quiet)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}

/// Notes that people are told of an alert that was opened in quiet hours; false when it has been
/// told, resolved or ended meanwhile.
pub async fn tell(tx: &mut TenantTx, id: AlertId) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| {
        sqlx::query(
        "UPDATE alerts SET quiet = $1
         WHERE organization_id = $2 AND id = $3 AND quiet AND resolved_at IS NULL AND ended_at IS NULL"
    )
    .bind(false)
    .bind(organization)
    .bind(id)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}

/// What the end of an episode did to its alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// It resolved the alert; else somebody had resolved it before.
    pub resolved: bool,
    /// Nobody was told of the alert.
    pub quiet: bool,
}

/// Notes that an episode is over, and resolves its alert unless somebody has. `None`: it was
/// noted before.
pub async fn end(
    tx: &mut TenantTx,
    id: AlertId,
    ending: Ending,
    now: Timestamp,
) -> Result<Option<Ended>, StoreError> {
    let organization = tx.organization();
    let row: Option<(String, bool)> = sql!(tx.db(), |c| {
        sqlx::query_as(
            "UPDATE alerts SET ended_at = $1, resolved_at = COALESCE(resolved_at, $1),
                    resolution = COALESCE(resolution, $2)
             WHERE organization_id = $3 AND id = $4 AND ended_at IS NULL
             RETURNING resolution, quiet",
        )
        .bind(now)
        .bind(ending.name())
        .bind(organization)
        .bind(id)
        .fetch_optional(&mut *c)
        .await
    })?;
    Ok(row.map(|(resolution, quiet)| Ended {
        resolved: resolution != BY_HAND,
        quiet,
    }))
}

/// Somebody resolves an alert; false when it is resolved already.
pub async fn resolve(
    tx: &mut TenantTx,
    id: AlertId,
    by: UserId,
    note: Option<&str>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| sqlx::query(
        "UPDATE alerts SET resolved_at = $1, resolved_by = $2, resolution = $3, note = $4
         WHERE organization_id = $5 AND id = $6 AND resolved_at IS NULL"
    )
    .bind(now)
    .bind(by)
    .bind(BY_HAND)
    .bind(note)
    .bind(organization)
    .bind(id)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Who is to hear of an alert about a person: whoever manages a team or project of theirs and so
/// sees them; the admins where nobody does. Never the person.
pub async fn concerned_managers(
    mut db: TenantDb<'_>,
    person: UserId,
) -> Result<Vec<UserId>, StoreError> {
    let organization = db.organization();
    let managers: Vec<UserId> = sql!(db.again(), |c| {
        sqlx::query_scalar(
        "SELECT u.id FROM users u
         WHERE u.organization_id = $1 AND u.id <> $2 AND u.status = 'active' AND u.role IN ('manager', 'admin')
           AND u.id IN (
               SELECT m.user_id FROM team_members o JOIN team_members m
                 ON m.organization_id = o.organization_id AND m.team_id = o.team_id
               WHERE o.organization_id = $1 AND o.user_id = $2 AND m.is_manager
               UNION SELECT m.user_id FROM project_members o JOIN project_members m
                 ON m.organization_id = o.organization_id AND m.project_id = o.project_id
               WHERE o.organization_id = $1 AND o.user_id = $2 AND o.gives_sight AND m.is_manager)
         ORDER BY u.id"
    )
    .bind(organization)
    .bind(person)
    .fetch_all(&mut *c)
    .await
    })?;
    if !managers.is_empty() {
        return Ok(managers);
    }
    Ok(sql!(db, |c| {
        sqlx::query_scalar(
        "SELECT id FROM users
         WHERE organization_id = $1 AND id <> $2 AND status = 'active' AND role = 'admin' ORDER BY id"
    )
    .bind(organization)
    .bind(person)
    .fetch_all(&mut *c)
    .await
    })?)
}
