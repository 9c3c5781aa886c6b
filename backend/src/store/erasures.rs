//! Erasures: who asked for them, and how far they are.

use shared_types::{OrganizationId, Timestamp, UserId, audit::Erasure};

use super::{StoreError, SystemDb, TenantDb, TenantTx, sql};

/// An erasure as it is stored.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct StoredErasure {
    /// The organization.
    pub organization_id: OrganizationId,
    /// Whose.
    pub user_id: UserId,
    /// Since when the person can neither log in nor send.
    pub requested_at: Timestamp,
    /// Since when everything that was there is gone.
    pub finished_at: Option<Timestamp>,
}

impl From<StoredErasure> for Erasure {
    fn from(row: StoredErasure) -> Self {
        Self {
            user_id: row.user_id,
            requested_at: row.requested_at,
            finished_at: row.finished_at,
        }
    }
}

/// Cuts a person off: their account, log-ins and devices, at once.
pub async fn cut_off(tx: &mut TenantTx, user: UserId, now: Timestamp) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| {
        sqlx::query(
        "UPDATE users SET status = 'inactive', password_hash = NULL, erased_at = $3, authority_changed_at = $3
         WHERE organization_id = $1 AND id = $2"
    )
    .bind(organization)
    .bind(user)
    .bind(now)
    .execute(&mut *c)
    .await
    .map(drop)
    })?;
    sql!(tx.db(), |c| sqlx::query(
        "UPDATE devices SET revoked_at = COALESCE(revoked_at, $3)
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

/// Other admins of the organization whose accounts may be used.
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

/// Notes an erasure that was asked for. Asking twice is asking once.
pub async fn insert(
    tx: &mut TenantTx,
    user: UserId,
    requested_by: Option<UserId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(
        "INSERT INTO erasures (organization_id, user_id, requested_by, requested_at)
         VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"
    )
    .bind(organization)
    .bind(user)
    .bind(requested_by)
    .bind(now)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}

/// One erasure.
pub async fn find(db: TenantDb<'_>, user: UserId) -> Result<Option<StoredErasure>, StoreError> {
    let organization = db.organization();
    Ok(sql!(db, |c| sqlx::query_as(
        "SELECT organization_id, user_id, requested_at, finished_at FROM erasures
         WHERE organization_id = $1 AND user_id = $2"
    )
    .bind(organization)
    .bind(user)
    .fetch_optional(&mut *c)
    .await)?)
}

/// Erasures that are not closed, oldest first.
pub async fn open(db: SystemDb<'_>) -> Result<Vec<StoredErasure>, StoreError> {
    Ok(sql!(db, |c| sqlx::query_as(
        "SELECT organization_id, user_id, requested_at, finished_at FROM erasures
         WHERE closed_at IS NULL ORDER BY requested_at, user_id LIMIT 100"
    )
    .fetch_all(&mut *c)
    .await)?)
}

/// Notes that everything is gone, and, with `close`, that nothing can come after.
pub async fn finish(
    tx: &mut TenantTx,
    user: UserId,
    close: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(
        "UPDATE erasures SET finished_at = COALESCE(finished_at, $3),
             closed_at = CASE WHEN $4 THEN COALESCE(closed_at, $3) ELSE closed_at END
         WHERE organization_id = $1 AND user_id = $2"
    )
    .bind(organization)
    .bind(user)
    .bind(now)
    .bind(close)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}
