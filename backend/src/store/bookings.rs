//! What sessions are booked on, and what that adds up to.

use shared_types::{ProjectId, Timestamp, UserId, project::BookedTime};

use super::{StoreError, TenantDb, TenantTx, sql};
use crate::domain::session::Session;

/// How a project stands to a person who wants to book time on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Bookable {
    /// It is open to all, or they are in it.
    pub open: bool,
    /// It takes no new sessions.
    pub archived: bool,
}

/// How a project stands to a person; `None` when there is no such project.
pub async fn bookable(
    db: TenantDb<'_>,
    project: ProjectId,
    person: UserId,
) -> Result<Option<Bookable>, StoreError> {
    let organization = db.organization();
    Ok(sql!(db, |c| sqlx::query_as(
        "SELECT (p.open_to_all OR m.user_id IS NOT NULL) AS open, \
                (p.archived_at IS NOT NULL) AS archived \
         FROM projects p LEFT JOIN project_members m \
           ON m.organization_id = p.organization_id AND m.project_id = p.id AND m.user_id = $3 \
         WHERE p.organization_id = $1 AND p.id = $2"
    )
    .bind(organization)
    .bind(project)
    .bind(person)
    .fetch_optional(&mut *c)
    .await)?)
}

/// Writes a session's other project and its version; false when the session is no longer at
/// the version that it was read at.
pub async fn book(tx: &mut TenantTx, session: &Session, expected: i64) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| sqlx::query(
        "UPDATE work_sessions \
         SET project_id = $3, version = $4, project_changes = project_changes + 1 \
         WHERE organization_id = $1 AND id = $2 AND version = $5"
    )
    .bind(organization)
    .bind(session.id)
    .bind(session.project_id)
    .bind(session.version)
    .bind(expected)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// What one person booked.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Booked {
    /// Who.
    pub user_id: UserId,
    /// Their name.
    pub name: String,
    sessions: i64,
    active: i64,
    idle: i64,
    unobserved: i64,
}

impl Booked {
    /// Their time.
    #[must_use]
    pub const fn time(&self) -> BookedTime {
        BookedTime {
            sessions: self.sessions,
            active_seconds: self.active,
            idle_seconds: self.idle,
            unobserved_seconds: self.unobserved,
        }
    }
}

/// What everybody booked on a project with sessions that began in `[from, to)`, by id. From
/// the sessions' totals, so that its cost is that of the sessions and not of their spans.
pub async fn totals(
    db: TenantDb<'_>,
    project: ProjectId,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Booked>, StoreError> {
    let organization = db.organization();
    Ok(sql!(db, |c| {
        sqlx::query_as(
        "SELECT s.user_id, u.name, s.sessions, s.active, s.idle, s.unobserved FROM ( \
             SELECT organization_id, user_id, count(*) AS sessions, \
                 CAST(sum(total_active_seconds) AS BIGINT) AS active, \
                 CAST(sum(total_idle_seconds) AS BIGINT) AS idle, \
                 CAST(sum(total_unobserved_seconds) AS BIGINT) AS unobserved \
             FROM work_sessions \
             WHERE organization_id = $1 AND project_id = $2 AND started_at >= $3 AND started_at < $4 \
             GROUP BY organization_id, user_id) s \
         JOIN users u ON u.organization_id = s.organization_id AND u.id = s.user_id \
         ORDER BY s.user_id"
    )
    .bind(organization)
    .bind(project)
    .bind(from)
    .bind(to)
    .fetch_all(&mut *c)
    .await
    })?)
}
