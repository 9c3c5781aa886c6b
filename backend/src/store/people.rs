//! People: accounts and what they may do.

use shared_types::{
    DeviceId, OrganizationId, Timestamp, UserId,
    auth::{Role, User, UserStatus},
};
use uuid::Uuid;

use super::{
    Db, StoreError, SystemDb, TenantDb, TenantTx, sql,
    visibility::{reach, seen},
};
use crate::domain::{
    authority::{AuthorityChange, PersonAuthority},
    visibility::Viewer,
};

/// A person as the database has them.
#[derive(Debug, Clone, sqlx::FromRow)]
struct UserRow {
    id: UserId,
    name: String,
    email: String,
    role: String,
    status: String,
    last_seen_at: Option<Timestamp>,
    created_at: Timestamp,
}

impl UserRow {
    fn user(self) -> Result<User, StoreError> {
        Ok(User {
            id: self.id,
            name: self.name,
            email: self.email,
            role: role(&self.role)?,
            status: status(&self.status)?,
            last_seen_at: self.last_seen_at,
            created_at: self.created_at,
        })
    }
}

fn role(text: &str) -> Result<Role, StoreError> {
    Role::parse(text).ok_or_else(|| StoreError::Corrupt(format!("users.role is {text:?}")))
}

/// The status with this name in the database.
pub(super) fn status(text: &str) -> Result<UserStatus, StoreError> {
    [
        UserStatus::Active,
        UserStatus::Inactive,
        UserStatus::Suspended,
    ]
    .into_iter()
    .find(|status| status.as_str() == text)
    .ok_or_else(|| StoreError::Corrupt(format!("users.status is {text:?}")))
}

/// A person to add.
#[derive(Debug, Clone)]
pub struct NewUser<'a> {
    /// Made by the caller.
    pub id: UserId,
    /// As typed; kept in lower case.
    pub email: &'a str,
    /// Their name.
    pub name: &'a str,
    /// What they may do.
    pub role: Role,
    /// PHC string; absent: cannot log in until one is set.
    pub password_hash: Option<&'a str>,
}

/// Adds a person. A unique violation means that the address is taken in the organization.
pub async fn insert(
    tx: &mut TenantTx,
    user: &NewUser<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| {
        sqlx::query(
        "INSERT INTO users (organization_id, id, email, name, role, status, password_hash, created_at, authority_changed_at)
         VALUES ($1, $2, $3, $4, $5, 'active', $6, $7, $7)"
    )
    .bind(organization)
    .bind(user.id)
    .bind(user.email.to_lowercase())
    .bind(user.name)
    .bind(user.role.as_str())
    .bind(user.password_hash)
    .bind(now)
    .execute(&mut *c)
    .await
    .map(drop)
    })?;
    Ok(())
}

/// One person.
pub async fn find(db: TenantDb<'_>, user: UserId) -> Result<Option<User>, StoreError> {
    let organization = db.organization();
    let row: Option<UserRow> = sql!(db, |c| sqlx::query_as(
        "SELECT id, name, email, role, status, last_seen_at, created_at FROM users
         WHERE organization_id = $1 AND id = $2 AND erased_at IS NULL"
    )
    .bind(organization)
    .bind(user)
    .fetch_optional(&mut *c)
    .await)?;
    row.map(UserRow::user).transpose()
}

/// One person by address.
pub async fn find_by_email(db: TenantDb<'_>, email: &str) -> Result<Option<User>, StoreError> {
    let organization = db.organization();
    let row: Option<UserRow> = sql!(db, |c| sqlx::query_as(
        "SELECT id, name, email, role, status, last_seen_at, created_at FROM users
         WHERE organization_id = $1 AND email = $2 AND erased_at IS NULL"
    )
    .bind(organization)
    .bind(email.to_lowercase())
    .fetch_optional(&mut *c)
    .await)?;
    row.map(UserRow::user).transpose()
}

macro_rules! list_text {
    ($collation:literal) => {
        concat!(
            "SELECT id, name, email, role, status, last_seen_at, created_at FROM users
             WHERE organization_id = $1 AND erased_at IS NULL AND ",
            seen!("id", "$1", "$5", "$6"),
            " AND (name",
            $collation,
            ", id) > ($2, $3) ORDER BY name",
            $collation,
            ", id LIMIT $4"
        )
    };
}

/// The people whom a viewer sees, by name (in the order of code points, alike on both engines),
/// after `(name, id)`.
pub async fn list(
    db: TenantDb<'_>,
    viewer: Viewer,
    after: Option<(&str, UserId)>,
    limit: i64,
) -> Result<Vec<User>, StoreError> {
    let organization = db.organization();
    let (name, id) = after.unwrap_or(("", UserId(Uuid::nil())));
    let db = db.raw();
    let text = match &db {
        Db::Sqlite(_) => list_text!(""),
        Db::Postgres(_) => list_text!(" COLLATE \"C\""),
    };
    let rows: Vec<UserRow> = sql!(db, |c| sqlx::query_as(text)
        .bind(organization)
        .bind(name)
        .bind(id)
        .bind(limit)
        .bind(reach(viewer))
        .bind(viewer.user_id)
        .fetch_all(&mut *c)
        .await)?;
    rows.into_iter().map(UserRow::user).collect()
}

/// Everybody whose account may be used.
pub async fn in_use(db: TenantDb<'_>) -> Result<Vec<UserId>, StoreError> {
    let organization = db.organization();
    Ok(sql!(db, |c| sqlx::query_scalar(
        "SELECT id FROM users WHERE organization_id = $1 AND status = 'active'"
    )
    .bind(organization)
    .fetch_all(&mut *c)
    .await)?)
}

/// An account that an address may log in to.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Account {
    /// The organization.
    pub organization_id: OrganizationId,
    /// The person.
    pub id: UserId,
    /// PHC string; absent: cannot log in.
    pub password_hash: Option<String>,
    /// `active`, or not.
    pub status: String,
}

/// Accounts with this address, in all organizations or in one; at most five are looked at.
pub async fn accounts(
    db: SystemDb<'_>,
    email: &str,
    organization: Option<OrganizationId>,
) -> Result<Vec<Account>, StoreError> {
    Ok(sql!(db, |c| sqlx::query_as(
        "SELECT organization_id, id, password_hash, status FROM users
         WHERE email = $1 AND (CAST($2 AS INTEGER) = 0 OR organization_id = $3)
         ORDER BY organization_id LIMIT 5"
    )
    .bind(email.to_lowercase())
    .bind(i32::from(organization.is_some()))
    .bind(organization.unwrap_or(OrganizationId(Uuid::nil())))
    .fetch_all(&mut *c)
    .await)?)
}

/// Sets a person's status; false when there is no such person. Ending log-ins is the caller's.
pub async fn set_status(
    tx: &mut TenantTx,
    user: UserId,
    status: UserStatus,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| {
        sqlx::query(
        "UPDATE users SET status = $3, authority_changed_at = $4 WHERE organization_id = $1 AND id = $2"
    )
    .bind(organization)
    .bind(user)
    .bind(status.as_str())
    .bind(now)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}

/// Sets a person's password; false when there is no such person.
pub async fn set_password(
    tx: &mut TenantTx,
    user: UserId,
    password_hash: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| {
        sqlx::query(
        "UPDATE users SET password_hash = $3, authority_changed_at = $4 WHERE organization_id = $1 AND id = $2"
    )
    .bind(organization)
    .bind(user)
    .bind(password_hash)
    .bind(now)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}

/// Notes that a person's log-ins or devices changed, for caches on every instance.
pub async fn touch_authority(
    tx: &mut TenantTx,
    user: UserId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(
        "UPDATE users SET authority_changed_at = $3 WHERE organization_id = $1 AND id = $2"
    )
    .bind(organization)
    .bind(user)
    .bind(now)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}

/// What a person's log-in is good for; `None` when there is no such person.
pub async fn authority(
    db: TenantDb<'_>,
    user: UserId,
    login: Uuid,
) -> Result<Option<PersonAuthority>, StoreError> {
    let organization = db.organization();
    let row: Option<(String, String, bool)> = sql!(db, |c| sqlx::query_as(
        "SELECT u.role, u.status, EXISTS (
             SELECT 1 FROM refresh_tokens t
             WHERE t.family_id = $3 AND t.organization_id = u.organization_id AND t.user_id = u.id
               AND t.revoked_at IS NULL)
         FROM users u WHERE u.organization_id = $1 AND u.id = $2"
    )
    .bind(organization)
    .bind(user)
    .bind(login)
    .fetch_optional(&mut *c)
    .await)?;
    row.map(|(role_name, status_name, login_open)| {
        Ok(PersonAuthority {
            role: role(&role_name)?,
            status: status(&status_name)?,
            login_open,
        })
    })
    .transpose()
}

/// People whose authority changed since, and when.
pub async fn authority_changes_since(
    db: SystemDb<'_>,
    since: Timestamp,
) -> Result<Vec<(OrganizationId, UserId, Timestamp)>, StoreError> {
    Ok(sql!(db, |c| {
        sqlx::query_as(
        "SELECT organization_id, id, authority_changed_at FROM users WHERE authority_changed_at >= $1"
    )
    .bind(since)
    .fetch_all(&mut *c)
    .await
    })?)
}

/// What a person's authority is after a change; `None` when there is no such person.
pub async fn authority_change(
    mut db: TenantDb<'_>,
    user: UserId,
) -> Result<Option<AuthorityChange>, StoreError> {
    let organization = db.organization();
    let row: Option<(String, String)> = sql!(db.again(), |c| sqlx::query_as(
        "SELECT role, status FROM users WHERE organization_id = $1 AND id = $2"
    )
    .bind(organization)
    .bind(user)
    .fetch_optional(&mut *c)
    .await)?;
    let Some((role_name, status_name)) = row else {
        return Ok(None);
    };
    let logins: Vec<(Uuid,)> = sql!(db.again(), |c| sqlx::query_as(
        "SELECT DISTINCT family_id FROM refresh_tokens
         WHERE organization_id = $1 AND user_id = $2 AND revoked_at IS NOT NULL"
    )
    .bind(organization)
    .bind(user)
    .fetch_all(&mut *c)
    .await)?;
    let devices: Vec<(DeviceId,)> = sql!(db.again(), |c| sqlx::query_as(
        "SELECT id FROM devices
         WHERE organization_id = $1 AND user_id = $2 AND revoked_at IS NOT NULL"
    )
    .bind(organization)
    .bind(user)
    .fetch_all(&mut *c)
    .await)?;
    Ok(Some(AuthorityChange {
        organization_id: organization,
        user_id: user,
        role: role(&role_name)?,
        status: status(&status_name)?,
        ended_logins: logins.into_iter().map(|(id,)| id).collect(),
        revoked_devices: devices.into_iter().map(|(id,)| id).collect(),
    }))
}
