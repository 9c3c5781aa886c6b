//! What a person recognises their log-ins by. Whether one is open is for its refresh tokens to say.

use shared_types::{Timestamp, UserId, account::OpenLogin};
use uuid::Uuid;

use super::{StoreError, TenantDb, TenantTx, sql};

/// Notes that a log-in began, and forgets those of the person that were last used before
/// `forgotten`.
pub async fn begin(
    tx: &mut TenantTx,
    id: Uuid,
    user: UserId,
    client: &str,
    now: Timestamp,
    forgotten: Timestamp,
) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(
        "DELETE FROM logins WHERE organization_id = $1 AND user_id = $2 AND last_used_at < $3"
    )
    .bind(organization)
    .bind(user)
    .bind(forgotten)
    .execute(&mut *c)
    .await
    .map(drop))?;
    sql!(tx.db(), |c| sqlx::query(
        "INSERT INTO logins (organization_id, id, user_id, client, created_at, last_used_at)
         VALUES ($1, $2, $3, $4, $5, $5)"
    )
    .bind(organization)
    .bind(id)
    .bind(user)
    .bind(client)
    .bind(now)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}

/// Notes that a log-in was renewed.
pub async fn used(tx: &mut TenantTx, id: Uuid, now: Timestamp) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(
        "UPDATE logins SET last_used_at = $3 WHERE organization_id = $1 AND id = $2"
    )
    .bind(organization)
    .bind(id)
    .bind(now)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}

/// A person's open log-ins, newest first, before the given one.
pub async fn open(
    db: TenantDb<'_>,
    user: UserId,
    before: Option<Uuid>,
    limit: i64,
    now: Timestamp,
) -> Result<Vec<OpenLogin>, StoreError> {
    let organization = db.organization();
    let rows: Vec<(Uuid, String, Timestamp, Timestamp)> = sql!(db, |c| sqlx::query_as(
        "SELECT l.id, l.client, l.created_at, l.last_used_at FROM logins l
         WHERE l.organization_id = $1 AND l.user_id = $2 AND l.id < $3 AND EXISTS (
             SELECT 1 FROM refresh_tokens t WHERE t.family_id = l.id
               AND t.organization_id = l.organization_id AND t.user_id = l.user_id
               AND t.revoked_at IS NULL AND t.expires_at > $5)
         ORDER BY l.id DESC LIMIT $4"
    )
    .bind(organization)
    .bind(user)
    .bind(before.unwrap_or(Uuid::max()))
    .bind(limit)
    .bind(now)
    .fetch_all(&mut *c)
    .await)?;
    Ok(rows
        .into_iter()
        .map(|(id, client, created_at, last_used_at)| OpenLogin {
            id,
            client,
            created_at,
            last_used_at,
            current: false,
        })
        .collect())
}

/// Ends one log-in of a person; false when they have none of this id that is open.
pub async fn end(
    tx: &mut TenantTx,
    user: UserId,
    id: Uuid,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| sqlx::query(
        "UPDATE refresh_tokens SET revoked_at = $4
         WHERE organization_id = $1 AND user_id = $2 AND family_id = $3 AND revoked_at IS NULL"
    )
    .bind(organization)
    .bind(user)
    .bind(id)
    .bind(now)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Ends all log-ins of a person but one.
pub async fn end_others(
    tx: &mut TenantTx,
    user: UserId,
    kept: Uuid,
    now: Timestamp,
) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(
        "UPDATE refresh_tokens SET revoked_at = $4
         WHERE organization_id = $1 AND user_id = $2 AND family_id <> $3 AND revoked_at IS NULL"
    )
    .bind(organization)
    .bind(user)
    .bind(kept)
    .bind(now)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}
