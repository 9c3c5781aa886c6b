//! Organizations: tenants, their zone and their capture policy.

use shared_types::{OrganizationId, Timestamp, auth::OrganizationSummary, policy::CapturePolicy};
use sqlx::types::Json;

use super::{Db, StoreError, SystemDb, SystemTx, TenantDb, TenantTx, sql};

/// Adds an organization with the careful policy, and its event counter.
pub async fn insert(
    tx: &mut SystemTx,
    id: OrganizationId,
    name: &str,
    time_zone: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    sql!(tx.db(), |c| {
        sqlx::query(
        "INSERT INTO organizations (id, name, time_zone, policy_version, capture_policy, created_at)
         VALUES ($1, $2, $3, 1, $4, $5)"
    )
    .bind(id)
    .bind(name)
    .bind(time_zone)
    .bind(Json(CapturePolicy::careful(1)))
    .bind(now)
    .execute(&mut *c)
    .await
    .map(drop)
    })?;
    sql!(tx.db(), |c| sqlx::query(
        "INSERT INTO event_counters (organization_id, seq) VALUES ($1, 0)"
    )
    .bind(id)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}

/// Whether there is any organization yet.
pub async fn any(db: SystemDb<'_>) -> Result<bool, StoreError> {
    let found: Option<i32> = sql!(db, |c| sqlx::query_scalar(
        "SELECT CAST(1 AS INTEGER) FROM organizations LIMIT 1"
    )
    .fetch_optional(&mut *c)
    .await)?;
    Ok(found.is_some())
}

/// Lets one set-up at a time through: whoever comes second waits for the first to commit.
/// SQLite needs nothing, it has one writer.
pub async fn lock_setup(tx: &mut SystemTx) -> Result<(), StoreError> {
    if let Db::Postgres(connection) = tx.db().raw() {
        // A number that nobody else here locks: "setup" in ASCII.
        sqlx::query("SELECT pg_advisory_xact_lock(495790519664)")
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// The organization itself.
pub async fn find(db: TenantDb<'_>) -> Result<Option<OrganizationSummary>, StoreError> {
    let id = db.organization();
    let row: Option<(OrganizationId, String, String)> = sql!(db, |c| sqlx::query_as(
        "SELECT id, name, time_zone FROM organizations WHERE id = $1"
    )
    .bind(id)
    .fetch_optional(&mut *c)
    .await)?;
    Ok(row.map(summary))
}

/// All organizations, oldest first.
pub async fn list(db: SystemDb<'_>) -> Result<Vec<OrganizationSummary>, StoreError> {
    let rows: Vec<(OrganizationId, String, String)> = sql!(db, |c| sqlx::query_as(
        "SELECT id, name, time_zone FROM organizations ORDER BY id"
    )
    .fetch_all(&mut *c)
    .await)?;
    Ok(rows.into_iter().map(summary).collect())
}

fn summary((id, name, time_zone): (OrganizationId, String, String)) -> OrganizationSummary {
    OrganizationSummary {
        id,
        name,
        time_zone,
    }
}

/// The capture policy in force.
pub async fn policy(db: TenantDb<'_>) -> Result<Option<CapturePolicy>, StoreError> {
    let id = db.organization();
    let row: Option<(Json<CapturePolicy>, i64)> = sql!(db, |c| sqlx::query_as(
        "SELECT capture_policy, policy_version FROM organizations WHERE id = $1"
    )
    .bind(id)
    .fetch_optional(&mut *c)
    .await)?;
    Ok(row.map(|(Json(policy), version)| CapturePolicy { version, ..policy }))
}

/// Replaces the policy if it still has `expected` as its version; false when somebody else
/// changed it first. The new version is `policy.version`.
pub async fn set_policy(
    tx: &mut TenantTx,
    expected: i64,
    policy: &CapturePolicy,
) -> Result<bool, StoreError> {
    let id = tx.organization();
    let rows = sql!(tx.db(), |c| sqlx::query(
        "UPDATE organizations SET capture_policy = $3, policy_version = $4
         WHERE id = $1 AND policy_version = $2"
    )
    .bind(id)
    .bind(expected)
    .bind(Json(policy))
    .bind(policy.version)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}
