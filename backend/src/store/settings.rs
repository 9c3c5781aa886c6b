//! An organization's settings, other than its capture policy.

use shared_types::{OrganizationId, account::Organization};
use sqlx::types::Json;

use super::{StoreError, TenantDb, TenantTx, sql};

/// The settings; `None` when there is no such organization.
pub async fn find(db: TenantDb<'_>) -> Result<Option<Organization>, StoreError> {
    type Row = (
        OrganizationId,
        String,
        String,
        bool,
        Json<Vec<String>>,
        bool,
        i64,
    );
    let id = db.organization();
    let row: Option<Row> = sql!(db, |c| sqlx::query_as(
        "SELECT id, name, time_zone, registration_open, registration_domains,
                devices_need_approval, CAST(retention_days AS BIGINT)
         FROM organizations WHERE id = $1"
    )
    .bind(id)
    .fetch_optional(&mut *c)
    .await)?;
    Ok(row.map(
        |(id, name, time_zone, open, Json(domains), approval, retention_days)| Organization {
            id,
            name,
            time_zone,
            registration_open: open,
            registration_domains: domains,
            devices_need_approval: approval,
            retention_days,
            days_remade: None,
        },
    ))
}

/// Replaces the settings. Whoever changes the zone has its days made again.
pub async fn set(tx: &mut TenantTx, settings: &Organization) -> Result<(), StoreError> {
    let id = tx.organization();
    sql!(tx.db(), |c| sqlx::query(
        "UPDATE organizations SET name = $2, registration_open = $3, registration_domains = $4,
                devices_need_approval = $5, retention_days = $6, time_zone = $7 WHERE id = $1"
    )
    .bind(id)
    .bind(&settings.name)
    .bind(settings.registration_open)
    .bind(Json(&settings.registration_domains))
    .bind(settings.devices_need_approval)
    .bind(settings.retention_days)
    .bind(&settings.time_zone)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}
