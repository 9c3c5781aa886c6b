//! Refresh tokens, by the SHA-256 of their secrets.

use shared_types::{OrganizationId, Timestamp, UserId};
use uuid::Uuid;

use super::{StoreError, SystemDb, TenantDb, TenantTx, sql};

/// A refresh token.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct RefreshToken {
    /// The person.
    pub user_id: UserId,
    /// The log-in that it belongs to.
    pub family_id: Uuid,
    /// Set when it has been exchanged: the latest token given for it.
    pub successor_hash: Option<Vec<u8>>,
    /// Until when it may be used.
    pub expires_at: Timestamp,
    /// Set when its log-in was ended.
    pub revoked_at: Option<Timestamp>,
}

/// A refresh token to add.
#[derive(Debug, Clone, Copy)]
pub struct NewRefreshToken<'a> {
    /// SHA-256 of the secret.
    pub hash: &'a [u8],
    /// The person.
    pub user_id: UserId,
    /// The log-in that it belongs to.
    pub family_id: Uuid,
    /// Until when it may be used.
    pub expires_at: Timestamp,
}

/// Adds a refresh token.
pub async fn insert_refresh(
    tx: &mut TenantTx,
    token: &NewRefreshToken<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| {
        sqlx::query(
        "INSERT INTO refresh_tokens (token_hash, organization_id, user_id, family_id, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)"
    )
    .bind(token.hash)
    .bind(organization)
    .bind(token.user_id)
    .bind(token.family_id)
    .bind(now)
    .bind(token.expires_at)
    .execute(&mut *c)
    .await
    .map(drop)
    })?;
    Ok(())
}

/// Whose organization a refresh token is of; `None` when nobody has it.
pub async fn refresh_organization(
    db: SystemDb<'_>,
    hash: &[u8],
) -> Result<Option<OrganizationId>, StoreError> {
    Ok(sql!(db, |c| sqlx::query_scalar(
        "SELECT organization_id FROM refresh_tokens WHERE token_hash = $1"
    )
    .bind(hash)
    .fetch_optional(&mut *c)
    .await)?)
}

/// A refresh token, with its row locked until the transaction ends: two exchanges of one
/// token come one after the other.
pub async fn lock_refresh(
    tx: &mut TenantTx,
    hash: &[u8],
) -> Result<Option<RefreshToken>, StoreError> {
    let organization = tx.organization();
    // SQLite has one writer; PostgreSQL locks the row by a write that changes nothing.
    Ok(sql!(tx.db(), |c| sqlx::query_as(
        "UPDATE refresh_tokens SET token_hash = token_hash
         WHERE organization_id = $2 AND token_hash = $1
         RETURNING user_id, family_id, successor_hash, expires_at, revoked_at"
    )
    .bind(hash)
    .bind(organization)
    .fetch_optional(&mut *c)
    .await)?)
}

/// Notes that a token was exchanged for another.
pub async fn set_successor(
    tx: &mut TenantTx,
    hash: &[u8],
    successor: &[u8],
    now: Timestamp,
) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| {
        sqlx::query(
            "UPDATE refresh_tokens SET successor_hash = $2, used_at = COALESCE(used_at, $3)
         WHERE organization_id = $4 AND token_hash = $1",
        )
        .bind(hash)
        .bind(successor)
        .bind(now)
        .bind(organization)
        .execute(&mut *c)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// Ends a log-in: none of its tokens can be used any more.
pub async fn revoke_family(
    tx: &mut TenantTx,
    family: Uuid,
    now: Timestamp,
) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(
        "UPDATE refresh_tokens SET revoked_at = COALESCE(revoked_at, $3)
         WHERE organization_id = $1 AND family_id = $2"
    )
    .bind(organization)
    .bind(family)
    .bind(now)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}

/// Ends all log-ins of a person.
pub async fn revoke_all(tx: &mut TenantTx, user: UserId, now: Timestamp) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(
        "UPDATE refresh_tokens SET revoked_at = COALESCE(revoked_at, $3)
         WHERE organization_id = $1 AND user_id = $2"
    )
    .bind(organization)
    .bind(user)
    .bind(now)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}

/// Removes a person's refresh tokens that expired before `now`.
pub async fn delete_expired_of(
    tx: &mut TenantTx,
    user: UserId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(
        "DELETE FROM refresh_tokens WHERE organization_id = $1 AND user_id = $2 AND expires_at < $3"
    )
    .bind(organization)
    .bind(user)
    .bind(now)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}

/// Removes refresh tokens and enrolment tokens that expired before `before`, at most `limit`
/// of each; returns how many. An enrolment token that a device came by stays.
pub async fn delete_expired(
    tx: &mut TenantTx,
    before: Timestamp,
    limit: i64,
) -> Result<u64, StoreError> {
    let organization = tx.organization();
    let mut removed = 0;
    for text in [
        "DELETE FROM refresh_tokens WHERE organization_id = $1 AND token_hash IN (
             SELECT token_hash FROM refresh_tokens
             WHERE organization_id = $1 AND expires_at < $2 LIMIT $3)",
        "DELETE FROM enrolment_tokens WHERE organization_id = $1 AND id IN (
             SELECT t.id FROM enrolment_tokens t
             WHERE t.organization_id = $1 AND t.expires_at < $2 AND NOT EXISTS (
                 SELECT 1 FROM devices d
                 WHERE d.organization_id = t.organization_id AND d.enrolment_token_id = t.id)
             LIMIT $3)",
    ] {
        removed += sql!(tx.db(), |c| sqlx::query(text)
            .bind(organization)
            .bind(before)
            .bind(limit)
            .execute(&mut *c)
            .await
            .map(|done| done.rows_affected()))?;
    }
    Ok(removed)
}

/// Whether the successor of a token was ever used itself.
pub async fn was_used(db: TenantDb<'_>, hash: &[u8]) -> Result<bool, StoreError> {
    let organization = db.organization();
    let used: Option<bool> = sql!(db, |c| sqlx::query_scalar(
        "SELECT used_at IS NOT NULL FROM refresh_tokens
         WHERE organization_id = $2 AND token_hash = $1"
    )
    .bind(hash)
    .bind(organization)
    .fetch_optional(&mut *c)
    .await)?;
    Ok(used.unwrap_or(false))
}
