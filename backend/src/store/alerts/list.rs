//! Alerts as people read them: newest first, of those whom the reader sees.

use shared_types::{
    AlertId, SessionId, Timestamp, UserId,
    alert::{Alert, AlertKind, AlertState},
};

use super::Kind;
use crate::{
    domain::{alert, visibility::Viewer},
    store::{
        StoreError, TenantDb, sql,
        visibility::{reach, seen},
    },
};

/// Behind which alert a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct After {
    /// When it was opened.
    pub opened_at: Timestamp,
    /// The alert.
    pub id: AlertId,
}

/// Which alerts; all of what is given must hold.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// Open or resolved.
    pub state: Option<AlertState>,
    /// About what.
    pub kind: Option<AlertKind>,
    /// About this person. The caller has looked whether the viewer sees them.
    pub person: Option<UserId>,
    /// Opened at this instant or later.
    pub from: Option<Timestamp>,
    /// Opened before this instant.
    pub to: Option<Timestamp>,
    /// Opened before this one.
    pub after: Option<After>,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: AlertId,
    user_id: UserId,
    user_name: String,
    session_id: Option<SessionId>,
    kind: String,
    episode: String,
    opened_at: Timestamp,
    seconds: i64,
    agent_online: Option<bool>,
    quiet: bool,
    ended_at: Option<Timestamp>,
    resolved_at: Option<Timestamp>,
    resolution: Option<String>,
    resolved_by: Option<UserId>,
    resolved_by_name: Option<String>,
    note: Option<String>,
}

impl TryFrom<Row> for Alert {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let corrupt = |what: &str, value: &str| StoreError::Corrupt(format!("{what} is {value:?}"));
        let kind = match row.kind.as_str() {
            "idle" => AlertKind::Idle,
            "overtime" => AlertKind::Overtime,
            other => return Err(corrupt("alerts.kind", other)),
        };
        let resolution = match &row.resolution {
            None => None,
            Some(name) => {
                Some(alert::resolution(name).ok_or_else(|| corrupt("alerts.resolution", name))?)
            }
        };
        let state = match row.resolved_at {
            None => AlertState::Open,
            Some(_) => AlertState::Resolved,
        };
        let idle = kind == AlertKind::Idle;
        Ok(Self {
            id: row.id,
            user_id: row.user_id,
            message: alert::message(kind, &row.user_name, row.seconds, row.agent_online),
            user_name: row.user_name,
            kind,
            state,
            opened_at: row.opened_at,
            seconds: row.seconds,
            since: idle.then(|| row.episode.parse().ok()).flatten(),
            session_id: row.session_id,
            agent_online: row.agent_online,
            day: (!idle).then_some(row.episode),
            quiet: row.quiet,
            ended_at: row.ended_at,
            resolved_at: row.resolved_at,
            resolution,
            resolved_by: row.resolved_by,
            resolved_by_name: row.resolved_by_name,
            note: row.note,
        })
    }
}

/// A query for alerts with these conditions.
macro_rules! alerts {
    ($($condition:tt)*) => {
        concat!(
            "SELECT a.id, a.user_id, u.name AS user_name, a.session_id, a.kind, a.episode, a.opened_at,
                    COALESCE(a.seconds, 0) AS seconds, a.agent_online, a.quiet, a.ended_at, a.resolved_at,
                    a.resolution, a.resolved_by, r.name AS resolved_by_name, a.note
             FROM alerts a
             JOIN users u ON u.organization_id = a.organization_id AND u.id = a.user_id
             LEFT JOIN users r ON r.organization_id = a.organization_id AND r.id = a.resolved_by AND r.erased_at IS NULL
             WHERE a.organization_id = $1 AND ",
            $($condition)*
        )
    };
}

/// A page of everybody's alerts in a state.
macro_rules! of_all {
    ($state:literal) => {
        alerts!(
            "($2 = '' OR a.kind = $2) AND a.opened_at >= $3 AND a.opened_at < $4
             AND (a.opened_at, a.id) < ($5, $6) AND ",
            seen!("a.user_id", "$1", "$7", "$8"),
            $state,
            " ORDER BY a.opened_at DESC, a.id DESC LIMIT $9"
        )
    };
}

/// A page of one person's.
macro_rules! of_one {
    ($state:literal) => {
        alerts!(
            "($2 = '' OR a.kind = $2) AND a.opened_at >= $3 AND a.opened_at < $4
             AND (a.opened_at, a.id) < ($5, $6) AND a.user_id = $7",
            $state,
            " ORDER BY a.opened_at DESC, a.id DESC LIMIT $8"
        )
    };
}

/// Alerts of the people whom a viewer sees, newest first.
pub async fn page(
    db: TenantDb<'_>,
    viewer: Viewer,
    filter: Filter,
    limit: i64,
) -> Result<Vec<Alert>, StoreError> {
    // A text for each state: with the condition in it, the index of open alerts answers, however
    // many resolved ones there are.
    let text = match (filter.person.is_some(), filter.state) {
        (false, None) => of_all!(""),
        (false, Some(AlertState::Open)) => of_all!(" AND a.resolved_at IS NULL"),
        (false, Some(AlertState::Resolved)) => of_all!(" AND a.resolved_at IS NOT NULL"),
        (true, None) => of_one!(""),
        (true, Some(AlertState::Open)) => of_one!(" AND a.resolved_at IS NULL"),
        (true, Some(AlertState::Resolved)) => of_one!(" AND a.resolved_at IS NOT NULL"),
    };
    let organization = db.organization();
    let after = filter.after.unwrap_or(After {
        opened_at: Timestamp::MAX,
        id: AlertId(uuid::Uuid::max()),
    });
    let rows: Vec<Row> = sql!(db, |c| {
        let query = sqlx::query_as(text)
            .bind(organization)
            .bind(filter.kind.map_or("", |kind| Kind::of(kind).name()))
            .bind(filter.from.unwrap_or(Timestamp::UNIX_EPOCH))
            .bind(filter.to.unwrap_or(Timestamp::MAX))
            .bind(after.opened_at)
            .bind(after.id);
        let query = match filter.person {
            Some(person) => query.bind(person),
            None => query.bind(reach(viewer)).bind(viewer.user_id),
        };
        query.bind(limit).fetch_all(&mut *c).await
    })?;
    rows.into_iter().map(Alert::try_from).collect()
}

/// One alert; the caller looks whether it may be seen.
pub async fn find(db: TenantDb<'_>, id: AlertId) -> Result<Option<Alert>, StoreError> {
    let organization = db.organization();
    let row: Option<Row> = sql!(db, |c| sqlx::query_as(alerts!("a.id = $2"))
        .bind(organization)
        .bind(id)
        .fetch_optional(&mut *c)
        .await)?;
    row.map(Alert::try_from).transpose()
}

/// A person's alerts that were opened between two instants, and idle ones that were opened before
/// and go on; oldest first, at most 1,000. A long day is a matter of its own day only.
pub async fn of_person(
    db: TenantDb<'_>,
    person: UserId,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Alert>, StoreError> {
    let organization = db.organization();
    let rows: Vec<Row> = sql!(db, |c| sqlx::query_as(alerts!(
        "a.user_id = $2 AND a.opened_at < $3
         AND (a.opened_at >= $4 OR (a.kind = 'idle' AND (a.ended_at IS NULL OR a.ended_at > $4)))
         ORDER BY a.opened_at, a.id LIMIT 1000"
    ))
    .bind(organization)
    .bind(person)
    .bind(to)
    .bind(from)
    .fetch_all(&mut *c)
    .await)?;
    rows.into_iter().map(Alert::try_from).collect()
}
