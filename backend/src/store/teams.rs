//! Teams and who is in them.

use std::collections::BTreeSet;

use shared_types::{
    TeamId, Timestamp, UserId,
    team::{Team, TeamMember},
};
use uuid::Uuid;

use super::{
    Db, StoreError, TenantDb, TenantTx, sql,
    visibility::{reach, seen},
};
use crate::domain::visibility::Viewer;

#[derive(Debug, sqlx::FromRow)]
struct TeamRow {
    id: TeamId,
    name: String,
    member_count: i64,
    is_manager: bool,
    created_at: Timestamp,
}

impl From<TeamRow> for Team {
    fn from(row: TeamRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            member_count: row.member_count,
            is_manager: row.is_manager,
            created_at: row.created_at,
        }
    }
}

/// Teams as a viewer (`$2`) has them: all of them for an admin (`$3` is 2), else their own.
macro_rules! team_columns {
    () => {
        "SELECT t.id, t.name, t.created_at, \
            (SELECT count(*) FROM team_members c \
              WHERE c.organization_id = t.organization_id AND c.team_id = t.id) AS member_count, \
            (m.user_id IS NOT NULL AND m.is_manager) AS is_manager \
         FROM teams t LEFT JOIN team_members m \
           ON m.organization_id = t.organization_id AND m.team_id = t.id AND m.user_id = $2 \
         WHERE t.organization_id = $1 AND (CAST($3 AS INTEGER) = 2 OR m.user_id IS NOT NULL)"
    };
}

/// Makes a team. A unique violation means that the name is taken.
pub async fn insert(
    tx: &mut TenantTx,
    id: TeamId,
    name: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(
        "INSERT INTO teams (organization_id, id, name, created_at) VALUES ($1, $2, $3, $4)"
    )
    .bind(organization)
    .bind(id)
    .bind(name)
    .bind(now)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}

/// Gives a team another name; false when there is no such team. A unique violation means that
/// the name is taken.
pub async fn rename(tx: &mut TenantTx, id: TeamId, name: &str) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| sqlx::query(
        "UPDATE teams SET name = $3 WHERE organization_id = $1 AND id = $2"
    )
    .bind(organization)
    .bind(id)
    .bind(name)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Removes a team and who was in it; false when there is no such team.
pub async fn remove(tx: &mut TenantTx, id: TeamId) -> Result<bool, StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(
        "DELETE FROM team_members WHERE organization_id = $1 AND team_id = $2"
    )
    .bind(organization)
    .bind(id)
    .execute(&mut *c)
    .await
    .map(drop))?;
    let rows = sql!(tx.db(), |c| sqlx::query(
        "DELETE FROM teams WHERE organization_id = $1 AND id = $2"
    )
    .bind(organization)
    .bind(id)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// A team, if the viewer is an admin or in it.
pub async fn find(
    db: TenantDb<'_>,
    viewer: Viewer,
    id: TeamId,
) -> Result<Option<Team>, StoreError> {
    const TEXT: &str = concat!(team_columns!(), " AND t.id = $4");
    let organization = db.organization();
    let row: Option<TeamRow> = sql!(db, |c| sqlx::query_as(TEXT)
        .bind(organization)
        .bind(viewer.user_id)
        .bind(reach(viewer))
        .bind(id)
        .fetch_optional(&mut *c)
        .await)?;
    Ok(row.map(Team::from))
}

/// The team with this name.
pub async fn by_name(db: TenantDb<'_>, name: &str) -> Result<Option<TeamId>, StoreError> {
    let organization = db.organization();
    Ok(sql!(db, |c| sqlx::query_scalar(
        "SELECT id FROM teams WHERE organization_id = $1 AND name = $2"
    )
    .bind(organization)
    .bind(name)
    .fetch_optional(&mut *c)
    .await)?)
}

macro_rules! page_text {
    ($collation:literal) => {
        concat!(
            team_columns!(),
            " AND (t.name",
            $collation,
            ", t.id) > ($4, $5) ORDER BY t.name",
            $collation,
            ", t.id LIMIT $6"
        )
    };
}

/// Teams by name (in the order of code points, alike on both engines), after `(name, id)`: all
/// of them for an admin, else those that the viewer is in.
pub async fn page(
    db: TenantDb<'_>,
    viewer: Viewer,
    after: Option<(&str, TeamId)>,
    limit: i64,
) -> Result<Vec<Team>, StoreError> {
    let (name, id) = after.unwrap_or(("", TeamId(Uuid::nil())));
    let organization = db.organization();
    let db = db.raw();
    let text = match &db {
        Db::Sqlite(_) => page_text!(""),
        Db::Postgres(_) => page_text!(" COLLATE \"C\""),
    };
    let rows: Vec<TeamRow> = sql!(db, |c| sqlx::query_as(text)
        .bind(organization)
        .bind(viewer.user_id)
        .bind(reach(viewer))
        .bind(name)
        .bind(id)
        .bind(limit)
        .fetch_all(&mut *c)
        .await)?;
    Ok(rows.into_iter().map(Team::from).collect())
}

/// Whether a person is in a team, and then whether they manage it.
pub async fn member(
    db: TenantDb<'_>,
    team: TeamId,
    user: UserId,
) -> Result<Option<bool>, StoreError> {
    let organization = db.organization();
    Ok(sql!(db, |c| sqlx::query_scalar(
        "SELECT is_manager FROM team_members \
         WHERE organization_id = $1 AND team_id = $2 AND user_id = $3"
    )
    .bind(organization)
    .bind(team)
    .bind(user)
    .fetch_optional(&mut *c)
    .await)?)
}

/// Who manages a team.
pub async fn managers(db: TenantDb<'_>, team: TeamId) -> Result<BTreeSet<UserId>, StoreError> {
    let organization = db.organization();
    let rows: Vec<(UserId,)> = sql!(db, |c| sqlx::query_as(
        "SELECT user_id FROM team_members \
         WHERE organization_id = $1 AND team_id = $2 AND is_manager"
    )
    .bind(organization)
    .bind(team)
    .fetch_all(&mut *c)
    .await)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Puts a person into a team, or changes what they are in it. A foreign key violation means
/// that one of them is not there.
pub async fn set_member(
    tx: &mut TenantTx,
    team: TeamId,
    user: UserId,
    is_manager: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| {
        sqlx::query(
        "INSERT INTO team_members (organization_id, team_id, user_id, is_manager, added_at) \
         VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (organization_id, team_id, user_id) DO UPDATE SET is_manager = excluded.is_manager"
    )
    .bind(organization)
    .bind(team)
    .bind(user)
    .bind(is_manager)
    .bind(now)
    .execute(&mut *c)
    .await
    .map(drop)
    })?;
    Ok(())
}

/// Takes a person out of a team; false when they were not in it.
pub async fn remove_member(
    tx: &mut TenantTx,
    team: TeamId,
    user: UserId,
) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| sqlx::query(
        "DELETE FROM team_members WHERE organization_id = $1 AND team_id = $2 AND user_id = $3"
    )
    .bind(organization)
    .bind(team)
    .bind(user)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

#[derive(Debug, sqlx::FromRow)]
struct MemberRow {
    user_id: UserId,
    name: String,
    is_manager: bool,
    added_at: Timestamp,
}

macro_rules! members_text {
    ($collation:literal) => {
        concat!(
            "SELECT m.user_id, u.name, m.is_manager, m.added_at FROM team_members m \
             JOIN users u ON u.organization_id = m.organization_id AND u.id = m.user_id \
             WHERE m.organization_id = $1 AND m.team_id = $2 AND ",
            seen!("m.user_id", "$1", "$3", "$4"),
            " AND (u.name",
            $collation,
            ", u.id) > ($5, $6) ORDER BY u.name",
            $collation,
            ", u.id LIMIT $7"
        )
    };
}

/// The people of a team whom a viewer sees, by name, after `(name, id)`.
pub async fn members(
    db: TenantDb<'_>,
    viewer: Viewer,
    team: TeamId,
    after: Option<(&str, UserId)>,
    limit: i64,
) -> Result<Vec<TeamMember>, StoreError> {
    let (name, id) = after.unwrap_or(("", UserId(Uuid::nil())));
    let organization = db.organization();
    let db = db.raw();
    let text = match &db {
        Db::Sqlite(_) => members_text!(""),
        Db::Postgres(_) => members_text!(" COLLATE \"C\""),
    };
    let rows: Vec<MemberRow> = sql!(db, |c| sqlx::query_as(text)
        .bind(organization)
        .bind(team)
        .bind(reach(viewer))
        .bind(viewer.user_id)
        .bind(name)
        .bind(id)
        .bind(limit)
        .fetch_all(&mut *c)
        .await)?;
    let member = |row: MemberRow| TeamMember {
        user_id: row.user_id,
        name: row.name,
        is_manager: row.is_manager,
        added_at: row.added_at,
    };
    Ok(rows.into_iter().map(member).collect())
}
