//! Work sessions as rows.

use shared_types::{
    DeviceId, OrganizationId, ProjectId, SessionId, Timestamp, UserId,
    activity::{ActivityType, UnobservedReason},
};

use super::{StoreError, TenantDb, TenantTx, sql};
use crate::domain::session::{Latest, Session};

/// The columns of [`SessionRow`], in any query that reads sessions.
macro_rules! session_columns {
    () => {
        "organization_id, id, user_id, device_id, project_id, started_at, ended_at, \
         total_active_seconds, total_idle_seconds, total_unobserved_seconds, last_activity_at, \
         last_span_end, current_type, current_reason, current_application, current_since, version"
    };
}
pub(crate) use session_columns;

/// A row of `work_sessions`.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct SessionRow {
    pub(crate) organization_id: OrganizationId,
    pub(crate) id: SessionId,
    pub(crate) user_id: UserId,
    pub(crate) device_id: DeviceId,
    pub(crate) project_id: Option<ProjectId>,
    pub(crate) started_at: Timestamp,
    pub(crate) ended_at: Option<Timestamp>,
    pub(crate) total_active_seconds: i64,
    pub(crate) total_idle_seconds: i64,
    pub(crate) total_unobserved_seconds: i64,
    pub(crate) last_activity_at: Option<Timestamp>,
    pub(crate) last_span_end: Option<Timestamp>,
    pub(crate) current_type: Option<String>,
    pub(crate) current_reason: Option<String>,
    pub(crate) current_application: Option<String>,
    pub(crate) current_since: Option<Timestamp>,
    pub(crate) version: i64,
}

impl TryFrom<SessionRow> for Session {
    type Error = StoreError;

    fn try_from(row: SessionRow) -> Result<Self, StoreError> {
        let latest = match (row.last_span_end, row.current_type.as_deref()) {
            (Some(ended_at), Some(kind)) => Some(Latest {
                ended_at,
                activity_type: activity_type(kind)?,
                reason: row.current_reason.as_deref().map(reason).transpose()?,
                application: row.current_application,
                since: row.current_since.unwrap_or(ended_at),
            }),
            _ => None,
        };
        Ok(Self {
            organization_id: row.organization_id,
            id: row.id,
            user_id: row.user_id,
            device_id: row.device_id,
            project_id: row.project_id,
            started_at: row.started_at,
            ended_at: row.ended_at,
            active_seconds: row.total_active_seconds,
            idle_seconds: row.total_idle_seconds,
            unobserved_seconds: row.total_unobserved_seconds,
            last_activity_at: row.last_activity_at,
            latest,
            version: row.version,
        })
    }
}

/// The kind with this stored name.
pub(crate) fn activity_type(name: &str) -> Result<ActivityType, StoreError> {
    ActivityType::parse(name).ok_or_else(|| StoreError::Corrupt(format!("activity_type {name:?}")))
}

/// The reason with this stored name.
pub(crate) fn reason(name: &str) -> Result<UnobservedReason, StoreError> {
    UnobservedReason::parse(name).ok_or_else(|| StoreError::Corrupt(format!("reason {name:?}")))
}

/// One session of an organization.
pub async fn find(db: TenantDb<'_>, id: SessionId) -> Result<Option<Session>, StoreError> {
    const TEXT: &str = concat!(
        "SELECT ",
        session_columns!(),
        " FROM work_sessions WHERE organization_id = $1 AND id = $2"
    );
    let organization = db.organization();
    let row: Option<SessionRow> = sql!(db, |c| sqlx::query_as(TEXT)
        .bind(organization)
        .bind(id)
        .fetch_optional(&mut *c)
        .await)?;
    row.map(Session::try_from).transpose()
}

/// Where a page of sessions goes on: behind this start and id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct After {
    /// Start of the last session seen.
    pub started_at: Timestamp,
    /// Its id, for those that began at the same instant.
    pub id: SessionId,
}

/// A person's sessions, newest first.
pub async fn page(
    db: TenantDb<'_>,
    user: UserId,
    after: Option<After>,
    limit: i64,
) -> Result<Vec<Session>, StoreError> {
    const TEXT: &str = concat!(
        "SELECT ",
        session_columns!(),
        " FROM work_sessions WHERE organization_id = $1 AND user_id = $2 \
         AND (started_at, id) < ($3, $4) ORDER BY started_at DESC, id DESC LIMIT $5"
    );
    let organization = db.organization();
    let after = after.unwrap_or(After {
        started_at: Timestamp::MAX,
        id: SessionId(uuid::Uuid::max()),
    });
    let rows: Vec<SessionRow> = sql!(db, |c| sqlx::query_as(TEXT)
        .bind(organization)
        .bind(user)
        .bind(after.started_at)
        .bind(after.id)
        .bind(limit)
        .fetch_all(&mut *c)
        .await)?;
    rows.into_iter().map(Session::try_from).collect()
}

/// The device that stands for a person's keyboard: sessions that they keep in the browser.
/// It has the person's own id, so that making it twice is making it once.
pub async fn ensure_keyboard(
    tx: &mut TenantTx,
    user: UserId,
    now: Timestamp,
) -> Result<DeviceId, StoreError> {
    let organization = tx.organization();
    let device = DeviceId(user.uuid());
    sql!(tx.db(), |c| {
        sqlx::query(
        "INSERT INTO devices (organization_id, id, user_id, kind, name, os, agent_version, capabilities, created_at) \
         VALUES ($1, $2, $3, 'keyboard', 'Browser', '', '', $4, $5) \
         ON CONFLICT (organization_id, id) DO NOTHING"
    )
    .bind(organization)
    .bind(device)
    .bind(user)
    .bind(sqlx::types::Json(shared_types::device::Capabilities::default()))
    .bind(now)
    .execute(&mut *c)
    .await
    .map(drop)
    })?;
    Ok(device)
}

/// Whether a person's keyboard device exists.
pub async fn has_keyboard(db: TenantDb<'_>, user: UserId) -> Result<bool, StoreError> {
    let organization = db.organization();
    let found: Option<String> = sql!(db, |c| sqlx::query_scalar(
        "SELECT kind FROM devices WHERE organization_id = $1 AND id = $2"
    )
    .bind(organization)
    .bind(DeviceId(user.uuid()))
    .fetch_optional(&mut *c)
    .await)?;
    Ok(found.is_some())
}
