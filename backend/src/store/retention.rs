//! How far each organization's activity has been removed, and what sessions lose with it.

use jiff::tz::TimeZone;
use shared_types::{OrganizationId, Timestamp, UserId};

use super::{StoreError, SystemDb, TenantTx, day::Day, sql};
use crate::domain::{day::DayBounds, retention::Terms};

/// Each organization's terms.
pub async fn terms(db: SystemDb<'_>) -> Result<Vec<(OrganizationId, Terms)>, StoreError> {
    type Row = (OrganizationId, String, i64, Option<Timestamp>);
    let rows: Vec<Row> = sql!(db, |c| sqlx::query_as(
        "SELECT id, time_zone, retention_days, removed_before FROM organizations ORDER BY id"
    )
    .fetch_all(&mut *c)
    .await)?;
    rows.into_iter()
        .map(|(id, zone, retention_days, removed_before)| {
            let zone = TimeZone::get(&zone)
                .map_err(|_| StoreError::Corrupt(format!("time zone {zone:?}")))?;
            let terms = Terms {
                zone,
                retention_days,
                removed_before,
            };
            Ok((id, terms))
        })
        .collect()
}

/// Notes that spans before a day are being removed, before the first of them goes: checks of
/// totals begin behind it. It never moves back.
pub async fn note(tx: &mut TenantTx, before: &DayBounds) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(
        "UPDATE organizations SET removed_before = $2, removed_before_day = $3
         WHERE id = $1 AND (removed_before IS NULL OR removed_before < $2)"
    )
    .bind(organization)
    .bind(before.start)
    .bind(Day(before.date))
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}

/// Takes the application in use out of at most `limit` sessions whose spans have been removed;
/// returns how many.
pub async fn strip_sessions(
    tx: &mut TenantTx,
    person: UserId,
    before: Timestamp,
    limit: i64,
) -> Result<u64, StoreError> {
    let organization = tx.organization();
    Ok(sql!(tx.db(), |c| sqlx::query(
        "UPDATE work_sessions SET current_application = NULL
         WHERE (organization_id, id) IN (
             SELECT organization_id, id FROM work_sessions
             WHERE organization_id = $1 AND user_id = $2 AND started_at < $3
               AND current_application IS NOT NULL
               AND COALESCE(ended_at, last_span_end, started_at) < $3
             LIMIT $4)"
    )
    .bind(organization)
    .bind(person)
    .bind(before)
    .bind(limit)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?)
}
