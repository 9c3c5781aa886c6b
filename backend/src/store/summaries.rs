//! People's days: which wait to be closed, closing them, and reading them.

use shared_types::{OrganizationId, TeamId, Timestamp, UserId};
use uuid::Uuid;

use super::{
    StoreError, SystemDb, TenantDb, TenantTx,
    day::Day,
    reports::{Scope, bind_people, in_scope},
    sql,
    visibility::{reach, seen},
};
use crate::domain::report::Sums;

/// The oldest day of an organization that is not closed.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Oldest {
    /// The organization.
    pub organization_id: OrganizationId,
    /// Its zone.
    pub time_zone: String,
    /// The day; it may still run.
    pub day: Day,
}

/// Of each organization with days that are not closed, the oldest of them.
pub async fn oldest(db: SystemDb<'_>) -> Result<Vec<Oldest>, StoreError> {
    Ok(sql!(db, |c| sqlx::query_as(
        "SELECT d.organization_id, o.time_zone, min(d.day) AS day
         FROM daily_summaries d JOIN organizations o ON o.id = d.organization_id
         WHERE d.made_at IS NULL
         GROUP BY d.organization_id, o.time_zone ORDER BY d.organization_id"
    )
    .fetch_all(&mut *c)
    .await)?)
}

/// At most `limit` days before `before` that are not closed, by person and day: the order in
/// which whoever writes several of them locks them.
pub async fn open(
    db: TenantDb<'_>,
    before: Day,
    limit: i64,
) -> Result<Vec<(UserId, Day)>, StoreError> {
    let organization = db.organization();
    let mut days: Vec<(UserId, Day)> = sql!(db, |c| sqlx::query_as(
        "SELECT user_id, day FROM daily_summaries
         WHERE organization_id = $1 AND day < $2 AND made_at IS NULL
         ORDER BY day, user_id LIMIT $3"
    )
    .bind(organization)
    .bind(before)
    .bind(limit)
    .fetch_all(&mut *c)
    .await)?;
    days.sort_unstable_by_key(|(user, day)| (user.0, *day));
    Ok(days)
}

/// Closes a day; false when somebody else has.
pub async fn close(
    tx: &mut TenantTx,
    person: UserId,
    day: Day,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| sqlx::query(
        "UPDATE daily_summaries SET made_at = $1
         WHERE organization_id = $2 AND user_id = $3 AND day = $4 AND made_at IS NULL"
    )
    .bind(now)
    .bind(organization)
    .bind(person)
    .bind(day)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// One person's day.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct DayRow {
    /// The day.
    pub day: Day,
    /// The zone that it was cut in.
    pub time_zone: String,
    /// The person.
    pub user_id: UserId,
    /// Their name.
    pub name: String,
    /// Begin of the first active span.
    pub first_input_at: Option<Timestamp>,
    /// End of the last.
    pub last_input_at: Option<Timestamp>,
    /// When it was closed.
    pub made_at: Option<Timestamp>,
    /// When it was last added to.
    pub updated_at: Timestamp,
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
        ") SELECT x.day, x.time_zone, x.user_id, p.name, x.first_input_at, x.last_input_at, \
             x.made_at, x.updated_at, x.active_seconds, x.idle_seconds, x.unobserved_seconds \
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
