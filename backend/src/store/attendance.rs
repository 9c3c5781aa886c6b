//! When people came and went, and how much of their session time is known.

use std::collections::BTreeMap;

use shared_types::{DeviceId, TeamId, Timestamp, UserId, sync::Counters};
use sqlx::types::Json;
use uuid::Uuid;

use super::{
    StoreError, TenantDb,
    day::Day,
    reports::{Scope, bind_people, in_scope},
    sql,
    visibility::{reach, seen},
};
use crate::domain::report::Sums;

/// One person's day.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct DayRow {
    /// The day.
    pub day: Day,
    /// The person.
    pub user_id: UserId,
    /// Their name.
    pub name: String,
    /// Begin of the first active span.
    pub first_input_at: Option<Timestamp>,
    /// End of the last.
    pub last_input_at: Option<Timestamp>,
    active_seconds: i64,
    idle_seconds: i64,
    unobserved_seconds: i64,
}

impl DayRow {
    /// What it adds up to.
    #[must_use]
    pub const fn sums(&self) -> Sums {
        Sums {
            active: self.active_seconds,
            idle: self.idle_seconds,
            unobserved: Some(self.unobserved_seconds),
        }
    }
}

/// Days with time in them, by day and person, behind a place.
pub async fn days(
    db: TenantDb<'_>,
    scope: &Scope,
    after: (Day, UserId),
    limit: i64,
) -> Result<Vec<DayRow>, StoreError> {
    const TEXT: &str = concat!(
        "WITH p AS MATERIALIZED (",
        in_scope!(),
        ") SELECT x.day, x.user_id, p.name, x.first_input_at, x.last_input_at, \
             x.active_seconds, x.idle_seconds, x.unobserved_seconds \
         FROM p JOIN daily_summaries x ON x.organization_id = $1 AND x.user_id = p.id \
             AND x.day BETWEEN $8 AND $9 \
         WHERE (x.day, x.user_id) > ($10, $11) \
           AND x.active_seconds + x.idle_seconds + x.unobserved_seconds > 0 \
         ORDER BY x.day, x.user_id LIMIT $12"
    );
    let organization = db.organization();
    // Days before the place need not be looked at.
    let from = after.0.0.max(scope.from);
    Ok(sql!(db, |c| bind_people!(
        sqlx::query_as(TEXT),
        organization,
        scope
    )
    .bind(Day(from))
    .bind(Day(scope.to))
    .bind(after.0)
    .bind(after.1)
    .bind(limit)
    .fetch_all(&mut *c)
    .await)?)
}

/// A person's stretches of input that begin between two instants, in the order of their begin.
pub async fn input(
    db: TenantDb<'_>,
    person: UserId,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<(Timestamp, Timestamp)>, StoreError> {
    let organization = db.organization();
    let rows: Vec<(Timestamp, i64)> = sql!(db, |c| sqlx::query_as(
        "SELECT started_at, duration_seconds FROM activity_logs \
         WHERE user_id = $1 AND started_at >= $2 AND started_at < $3 AND organization_id = $4 \
           AND activity_type = 'active' ORDER BY started_at"
    )
    .bind(person)
    .bind(from)
    .bind(to)
    .bind(organization)
    .fetch_all(&mut *c)
    .await)?;
    Ok(rows
        .into_iter()
        .map(|(from, seconds)| (from, from.plus_seconds(seconds)))
        .collect())
}

/// Spans that began before this have been removed for their age.
pub async fn removed_before(db: TenantDb<'_>) -> Result<Option<Timestamp>, StoreError> {
    let organization = db.organization();
    let found: Option<Option<Timestamp>> = sql!(db, |c| sqlx::query_scalar(
        "SELECT removed_before FROM organizations WHERE id = $1"
    )
    .bind(organization)
    .fetch_optional(&mut *c)
    .await)?;
    Ok(found.flatten())
}

/// Seconds of a person's sessions that something was reported of, in a range of days.
pub async fn accounted(
    db: TenantDb<'_>,
    person: UserId,
    from: Day,
    to: Day,
) -> Result<i64, StoreError> {
    let organization = db.organization();
    Ok(sql!(db, |c| {
        sqlx::query_scalar(
        "SELECT CAST(COALESCE(sum(active_seconds + idle_seconds + unobserved_seconds), 0) AS BIGINT) \
         FROM session_days \
         WHERE organization_id = $1 AND user_id = $2 AND day BETWEEN $3 AND $4"
    )
    .bind(organization)
    .bind(person)
    .bind(from)
    .bind(to)
    .fetch_one(&mut *c)
    .await
    })?)
}

/// Begins and ends of a person's sessions that ran between two instants; no end: they run.
/// Along the index of begins, from `reach_back` on: longer sessions than that are not found.
pub async fn ran(
    db: TenantDb<'_>,
    person: UserId,
    reach_back: Timestamp,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<(Timestamp, Option<Timestamp>)>, StoreError> {
    let organization = db.organization();
    Ok(sql!(db, |c| sqlx::query_as(
        "SELECT started_at, ended_at FROM work_sessions \
         WHERE organization_id = $1 AND user_id = $2 AND started_at >= $3 AND started_at < $5 \
           AND (ended_at IS NULL OR ended_at > $4)"
    )
    .bind(organization)
    .bind(person)
    .bind(reach_back)
    .bind(from)
    .bind(to)
    .fetch_all(&mut *c)
    .await)?)
}

/// What a device says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The device.
    pub device_id: DeviceId,
    /// Its name.
    pub name: String,
    /// When it was last heard of.
    pub last_contact_at: Option<Timestamp>,
    /// By its latest account.
    pub pending: i64,
    /// Over all of its accounts.
    pub dropped: BTreeMap<String, i64>,
}

/// A person's agents that are in use, and what each has said of itself.
pub async fn accounts(db: TenantDb<'_>, person: UserId) -> Result<Vec<Account>, StoreError> {
    type Row = (DeviceId, String, Option<Timestamp>, Option<Json<Counters>>);
    let organization = db.organization();
    let rows: Vec<Row> = sql!(db, |c| {
        sqlx::query_as(
        "SELECT d.id, d.name, s.last_sync_at, s.counters FROM devices d \
         LEFT JOIN sync_streams s ON s.organization_id = d.organization_id AND s.device_id = d.id \
         WHERE d.organization_id = $1 AND d.user_id = $2 AND d.kind = 'agent' AND d.revoked_at IS NULL \
         ORDER BY d.id, s.last_sync_at, s.id"
    )
    .bind(organization)
    .bind(person)
    .fetch_all(&mut *c)
    .await
    })?;
    let mut accounts: Vec<Account> = Vec::new();
    for (device_id, name, contact, counters) in rows {
        if accounts
            .last()
            .is_none_or(|last| last.device_id != device_id)
        {
            accounts.push(Account {
                device_id,
                name,
                last_contact_at: None,
                pending: 0,
                dropped: BTreeMap::new(),
            });
        }
        let Some(account) = accounts.last_mut() else {
            continue;
        };
        account.last_contact_at = account.last_contact_at.max(contact);
        if let Some(Json(counters)) = counters {
            // An older epoch's account of what waits ended with it.
            account.pending = counters.pending;
            for (reason, count) in counters.dropped {
                *account.dropped.entry(reason).or_default() += count;
            }
        }
    }
    Ok(accounts)
}
