//! One-time links by which a person sets a new password, by the SHA-256 of their secrets.

use shared_types::{OrganizationId, Timestamp, UserId};
use uuid::Uuid;

use super::{StoreError, SystemDb, TenantDb, TenantTx, sql};

/// A link to add.
#[derive(Debug, Clone, Copy)]
pub struct NewReset<'a> {
    /// Made by the caller.
    pub id: Uuid,
    /// SHA-256 of the secret.
    pub token_hash: &'a [u8],
    /// Whose password it sets.
    pub user_id: UserId,
    /// Who made it; absent: IT on the server itself, or the person asked for it.
    pub created_by: Option<UserId>,
    /// Until when it may be used.
    pub expires_at: Timestamp,
}

/// A link as its secret finds it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Presented {
    /// Whose password it sets.
    pub user_id: UserId,
    /// Until when it may be used.
    pub expires_at: Timestamp,
    /// Set when it was used, or overtaken by another change of the password.
    pub ended_at: Option<Timestamp>,
}

/// Adds a link.
pub async fn insert(
    tx: &mut TenantTx,
    reset: &NewReset<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| {
        sqlx::query(
        "INSERT INTO password_resets (organization_id, id, token_hash, user_id, created_by, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)"
    )
    .bind(organization)
    .bind(reset.id)
    .bind(reset.token_hash)
    .bind(reset.user_id)
    .bind(reset.created_by)
    .bind(now)
    .bind(reset.expires_at)
    .execute(&mut *c)
    .await
    .map(drop)
    })?;
    Ok(())
}

/// Whose organization a link is of; `None` when nobody has it.
pub async fn organization(
    db: SystemDb<'_>,
    hash: &[u8],
) -> Result<Option<OrganizationId>, StoreError> {
    Ok(sql!(db, |c| sqlx::query_scalar(
        "SELECT organization_id FROM password_resets WHERE token_hash = $1"
    )
    .bind(hash)
    .fetch_optional(&mut *c)
    .await)?)
}

/// A link by its secret's hash.
pub async fn presented(db: TenantDb<'_>, hash: &[u8]) -> Result<Option<Presented>, StoreError> {
    let organization = db.organization();
    Ok(sql!(db, |c| sqlx::query_as(
        "SELECT user_id, expires_at, ended_at FROM password_resets
         WHERE organization_id = $1 AND token_hash = $2"
    )
    .bind(organization)
    .bind(hash)
    .fetch_optional(&mut *c)
    .await)?)
}

/// A link by its secret's hash, locked until the transaction ends: it is used once.
pub async fn lock(tx: &mut TenantTx, hash: &[u8]) -> Result<Option<Presented>, StoreError> {
    let organization = tx.organization();
    Ok(sql!(tx.db(), |c| sqlx::query_as(
        "UPDATE password_resets SET token_hash = token_hash
         WHERE organization_id = $1 AND token_hash = $2 RETURNING user_id, expires_at, ended_at"
    )
    .bind(organization)
    .bind(hash)
    .fetch_optional(&mut *c)
    .await)?)
}

/// Ends all links of a person: their password has changed.
pub async fn end_all(tx: &mut TenantTx, user: UserId, now: Timestamp) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(
        "UPDATE password_resets SET ended_at = $3
         WHERE organization_id = $1 AND user_id = $2 AND ended_at IS NULL"
    )
    .bind(organization)
    .bind(user)
    .bind(now)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}
