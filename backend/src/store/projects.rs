//! Projects and who is in them. What is booked on them is `bookings`.

use std::collections::BTreeSet;

use shared_types::{
    ProjectId, Timestamp, UserId,
    project::{Project, ProjectMember},
};
use uuid::Uuid;

use super::{
    Db, StoreError, TenantDb, TenantTx, sql,
    visibility::{reach, seen},
};
use crate::domain::visibility::{Standing, Viewer};

#[derive(Debug, sqlx::FromRow)]
struct ProjectRow {
    id: ProjectId,
    name: String,
    open_to_all: bool,
    is_member: bool,
    is_manager: bool,
    archived_at: Option<Timestamp>,
    created_at: Timestamp,
}

/// A project, and how somebody stands to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The project.
    pub project: Project,
    /// How the person who asked stands to it.
    pub standing: Standing,
}

impl From<ProjectRow> for Found {
    fn from(row: ProjectRow) -> Self {
        Self {
            standing: Standing {
                manages: row.is_manager,
                knows: row.open_to_all || row.is_member,
            },
            project: Project {
                id: row.id,
                name: row.name,
                open_to_all: row.open_to_all,
                is_manager: row.is_manager,
                archived_at: row.archived_at,
                created_at: row.created_at,
            },
        }
    }
}

/// Projects with what a person (`$2`) is in them.
macro_rules! project_columns {
    () => {
        "SELECT p.id, p.name, p.open_to_all, p.archived_at, p.created_at, \
            (m.user_id IS NOT NULL) AS is_member, \
            (m.user_id IS NOT NULL AND m.is_manager) AS is_manager \
         FROM projects p LEFT JOIN project_members m \
           ON m.organization_id = p.organization_id AND m.project_id = p.id AND m.user_id = $2 \
         WHERE p.organization_id = $1"
    };
}

/// Makes a project. A unique violation means that the name is taken.
pub async fn insert(
    tx: &mut TenantTx,
    id: ProjectId,
    name: &str,
    open_to_all: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(
        "INSERT INTO projects (organization_id, id, name, open_to_all, created_at) \
         VALUES ($1, $2, $3, $4, $5)"
    )
    .bind(organization)
    .bind(id)
    .bind(name)
    .bind(open_to_all)
    .bind(now)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}

/// Writes what may change of a project. A unique violation means that the name is taken.
pub async fn update(tx: &mut TenantTx, project: &Project) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(
        "UPDATE projects SET name = $3, open_to_all = $4, archived_at = $5 \
         WHERE organization_id = $1 AND id = $2"
    )
    .bind(organization)
    .bind(project.id)
    .bind(&project.name)
    .bind(project.open_to_all)
    .bind(project.archived_at)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}

/// A project, and how a person stands to it; whether they may know of it is for the caller.
pub async fn find(
    db: TenantDb<'_>,
    person: UserId,
    id: ProjectId,
) -> Result<Option<Found>, StoreError> {
    const TEXT: &str = concat!(project_columns!(), " AND p.id = $3");
    let organization = db.organization();
    let row: Option<ProjectRow> = sql!(db, |c| sqlx::query_as(TEXT)
        .bind(organization)
        .bind(person)
        .bind(id)
        .fetch_optional(&mut *c)
        .await)?;
    Ok(row.map(Found::from))
}

/// The project with this name.
pub async fn by_name(db: TenantDb<'_>, name: &str) -> Result<Option<ProjectId>, StoreError> {
    let organization = db.organization();
    Ok(sql!(db, |c| sqlx::query_scalar(
        "SELECT id FROM projects WHERE organization_id = $1 AND name = $2"
    )
    .bind(organization)
    .bind(name)
    .fetch_optional(&mut *c)
    .await)?)
}

macro_rules! page_text {
    ($collation:literal) => {
        concat!(
            project_columns!(),
            " AND (CAST($3 AS INTEGER) = 2 OR p.open_to_all OR m.user_id IS NOT NULL) \
              AND (CAST($4 AS INTEGER) = 1 OR p.archived_at IS NULL) AND (p.name",
            $collation,
            ", p.id) > ($5, $6) ORDER BY p.name",
            $collation,
            ", p.id LIMIT $7"
        )
    };
}

/// Projects by name (in the order of code points, alike on both engines), after `(name, id)`:
/// all of them for an admin, else those that are open to all and those that the viewer is in.
pub async fn page(
    db: TenantDb<'_>,
    viewer: Viewer,
    archived_too: bool,
    after: Option<(&str, ProjectId)>,
    limit: i64,
) -> Result<Vec<Project>, StoreError> {
    let (name, id) = after.unwrap_or(("", ProjectId(Uuid::nil())));
    let organization = db.organization();
    let db = db.raw();
    let text = match &db {
        Db::Sqlite(_) => page_text!(""),
        Db::Postgres(_) => page_text!(" COLLATE \"C\""),
    };
    let rows: Vec<ProjectRow> = sql!(db, |c| sqlx::query_as(text)
        .bind(organization)
        .bind(viewer.user_id)
        .bind(reach(viewer))
        .bind(i32::from(archived_too))
        .bind(name)
        .bind(id)
        .bind(limit)
        .fetch_all(&mut *c)
        .await)?;
    Ok(rows
        .into_iter()
        .map(|row| Found::from(row).project)
        .collect())
}

/// What a person is in a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct MemberState {
    /// Whether they manage it.
    pub is_manager: bool,
    /// Whether its managers see them because of it.
    pub gives_sight: bool,
}

/// What a person is in a project; `None` when they are not in it.
pub async fn member(
    db: TenantDb<'_>,
    project: ProjectId,
    user: UserId,
) -> Result<Option<MemberState>, StoreError> {
    let organization = db.organization();
    Ok(sql!(db, |c| sqlx::query_as(
        "SELECT is_manager, gives_sight FROM project_members \
         WHERE organization_id = $1 AND project_id = $2 AND user_id = $3"
    )
    .bind(organization)
    .bind(project)
    .bind(user)
    .fetch_optional(&mut *c)
    .await)?)
}

/// Who manages a project.
pub async fn managers(
    db: TenantDb<'_>,
    project: ProjectId,
) -> Result<BTreeSet<UserId>, StoreError> {
    let organization = db.organization();
    let rows: Vec<(UserId,)> = sql!(db, |c| sqlx::query_as(
        "SELECT user_id FROM project_members \
         WHERE organization_id = $1 AND project_id = $2 AND is_manager"
    )
    .bind(organization)
    .bind(project)
    .fetch_all(&mut *c)
    .await)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Puts a person into a project, or changes what they are in it. A foreign key violation means
/// that one of them is not there.
pub async fn set_member(
    tx: &mut TenantTx,
    project: ProjectId,
    user: UserId,
    state: MemberState,
    now: Timestamp,
) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| {
        sqlx::query(
            "INSERT INTO project_members \
                 (organization_id, project_id, user_id, is_manager, gives_sight, added_at) \
             VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (organization_id, project_id, user_id) DO UPDATE SET \
                 is_manager = excluded.is_manager, gives_sight = excluded.gives_sight",
        )
        .bind(organization)
        .bind(project)
        .bind(user)
        .bind(state.is_manager)
        .bind(state.gives_sight)
        .bind(now)
        .execute(&mut *c)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// Takes a person out of a project; false when they were not in it.
pub async fn remove_member(
    tx: &mut TenantTx,
    project: ProjectId,
    user: UserId,
) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| sqlx::query(
        "DELETE FROM project_members \
         WHERE organization_id = $1 AND project_id = $2 AND user_id = $3"
    )
    .bind(organization)
    .bind(project)
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
    gives_sight: bool,
    added_at: Timestamp,
}

macro_rules! members_text {
    ($collation:literal) => {
        concat!(
            "SELECT m.user_id, u.name, m.is_manager, m.gives_sight, m.added_at \
             FROM project_members m \
             JOIN users u ON u.organization_id = m.organization_id AND u.id = m.user_id \
             WHERE m.organization_id = $1 AND m.project_id = $2 AND ",
            seen!("m.user_id", "$1", "$3", "$4"),
            " AND (u.name",
            $collation,
            ", u.id) > ($5, $6) ORDER BY u.name",
            $collation,
            ", u.id LIMIT $7"
        )
    };
}

/// The people of a project whom a viewer sees, by name, after `(name, id)`.
pub async fn members(
    db: TenantDb<'_>,
    viewer: Viewer,
    project: ProjectId,
    after: Option<(&str, UserId)>,
    limit: i64,
) -> Result<Vec<ProjectMember>, StoreError> {
    let (name, id) = after.unwrap_or(("", UserId(Uuid::nil())));
    let organization = db.organization();
    let db = db.raw();
    let text = match &db {
        Db::Sqlite(_) => members_text!(""),
        Db::Postgres(_) => members_text!(" COLLATE \"C\""),
    };
    let rows: Vec<MemberRow> = sql!(db, |c| sqlx::query_as(text)
        .bind(organization)
        .bind(project)
        .bind(reach(viewer))
        .bind(viewer.user_id)
        .bind(name)
        .bind(id)
        .bind(limit)
        .fetch_all(&mut *c)
        .await)?;
    let member = |row: MemberRow| ProjectMember {
        user_id: row.user_id,
        name: row.name,
        is_manager: row.is_manager,
        gives_sight: row.gives_sight,
        added_at: row.added_at,
    };
    Ok(rows.into_iter().map(member).collect())
}
