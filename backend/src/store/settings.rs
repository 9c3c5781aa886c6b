//! An organization's settings, other than its capture policy.

use shared_types::{OrganizationId, account::Organization, alert::QuietHours};
use sqlx::types::Json;

use super::{StoreError, TenantDb, TenantTx, sql};

#[derive(sqlx::FromRow)]
struct Row {
    id: OrganizationId,
    name: String,
    time_zone: String,
    registration_open: bool,
    registration_domains: Json<Vec<String>>,
    devices_need_approval: bool,
    retention_days: i64,
    idle_alert_seconds: i64,
    overtime_alert_seconds: i64,
    quiet_hours: Json<Vec<QuietHours>>,
    alert_mail: bool,
}

impl Row {
    fn settings(self) -> Organization {
        Organization {
            id: self.id,
            name: self.name,
            time_zone: self.time_zone,
            registration_open: self.registration_open,
            registration_domains: self.registration_domains.0,
            devices_need_approval: self.devices_need_approval,
            retention_days: self.retention_days,
            idle_alert_seconds: self.idle_alert_seconds,
            overtime_alert_seconds: self.overtime_alert_seconds,
            quiet_hours: self.quiet_hours.0,
            alert_mail: self.alert_mail,
            days_remade: None,
        }
    }
}

/// The settings; `None` when there is no such organization.
pub async fn find(db: TenantDb<'_>) -> Result<Option<Organization>, StoreError> {
    let id = db.organization();
    let row: Option<Row> = sql!(db, |c| sqlx::query_as(
        "SELECT id, name, time_zone, registration_open, registration_domains,
                devices_need_approval, CAST(retention_days AS BIGINT) AS retention_days,
                idle_alert_seconds, overtime_alert_seconds, quiet_hours, alert_mail
         FROM organizations WHERE id = $1"
    )
    .bind(id)
    .fetch_optional(&mut *c)
    .await)?;
    Ok(row.map(Row::settings))
}

/// Replaces the settings. Whoever changes the zone has its days made again.
pub async fn set(tx: &mut TenantTx, settings: &Organization) -> Result<(), StoreError> {
    let id = tx.organization();
    sql!(tx.db(), |c| {
        sqlx::query(
        "UPDATE organizations SET name = $2, registration_open = $3, registration_domains = $4,
                devices_need_approval = $5, retention_days = $6, time_zone = $7, idle_alert_seconds = $8,
                overtime_alert_seconds = $9, quiet_hours = $10, alert_mail = $11 WHERE id = $1"
    )
    .bind(id)
    .bind(&settings.name)
    .bind(settings.registration_open)
    .bind(Json(&settings.registration_domains))
    .bind(settings.devices_need_approval)
    .bind(settings.retention_days)
    .bind(&settings.time_zone)
    .bind(settings.idle_alert_seconds)
    .bind(settings.overtime_alert_seconds)
    .bind(Json(&settings.quiet_hours))
    .bind(settings.alert_mail)
    .execute(&mut *c)
    .await
    .map(drop)
    })?;
    Ok(())
}
