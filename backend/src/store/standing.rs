//! A person's standing, name and password, as they change; and when they were last heard of.

use shared_types::{Timestamp, UserId};

use super::{Db, StoreError, TenantDb, TenantTx, sql};
use crate::domain::standing::Standing;

/// Lets one change of an organization's people or settings at a time through: two admins who
/// demote each other come one after the other. SQLite needs nothing, it has one writer.
pub async fn lock(tx: &mut TenantTx) -> Result<(), StoreError> {
    let organization = tx.organization();
    if let Db::Postgres(connection) = tx.db().raw() {
        sqlx::query("SELECT 1 FROM organizations WHERE id = $1 FOR NO KEY UPDATE")
            .bind(organization)
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// How many other active admins there are.
pub async fn other_admins(db: TenantDb<'_>, user: UserId) -> Result<i64, StoreError> {
    let organization = db.organization();
    Ok(sql!(db, |c| sqlx::query_scalar(
        "SELECT count(*) FROM users
         WHERE organization_id = $1 AND id <> $2 AND role = 'admin' AND status = 'active'"
    )
    .bind(organization)
    .bind(user)
    .fetch_one(&mut *c)
    .await)?)
}

/// Sets a person's role and status; caches on every instance forget them.
pub async fn set(
    tx: &mut TenantTx,
    user: UserId,
    standing: Standing,
    now: Timestamp,
) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(
        "UPDATE users SET role = $3, status = $4, authority_changed_at = $5
         WHERE organization_id = $1 AND id = $2"
    )
    .bind(organization)
    .bind(user)
    .bind(standing.role.as_str())
    .bind(standing.status.as_str())
    .bind(now)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}

/// Sets a person's name.
pub async fn set_name(tx: &mut TenantTx, user: UserId, name: &str) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(
        "UPDATE users SET name = $3 WHERE organization_id = $1 AND id = $2"
    )
    .bind(organization)
    .bind(user)
    .bind(name)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}

/// The hash of a person's password.
pub async fn password_hash(db: TenantDb<'_>, user: UserId) -> Result<Option<String>, StoreError> {
    let organization = db.organization();
    let hash: Option<Option<String>> = sql!(db, |c| sqlx::query_scalar(
        "SELECT password_hash FROM users WHERE organization_id = $1 AND id = $2"
    )
    .bind(organization)
    .bind(user)
    .fetch_optional(&mut *c)
    .await)?;
    Ok(hash.flatten())
}

/// Replaces the hash of a password if it is still the expected one; false when somebody else
/// changed the password first.
pub async fn replace_hash(
    tx: &mut TenantTx,
    user: UserId,
    expected: &str,
    hash: &str,
) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| sqlx::query(
        "UPDATE users SET password_hash = $4
         WHERE organization_id = $1 AND id = $2 AND password_hash = $3"
    )
    .bind(organization)
    .bind(user)
    .bind(expected)
    .bind(hash)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Notes when a person, or a device of theirs, was last heard of; never moves it back.
pub async fn seen(tx: &mut TenantTx, user: UserId, at: Timestamp) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(
        "UPDATE users SET last_seen_at = $3
         WHERE organization_id = $1 AND id = $2 AND (last_seen_at IS NULL OR last_seen_at < $3)"
    )
    .bind(organization)
    .bind(user)
    .bind(at)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}
