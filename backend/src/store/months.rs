//! What whole months add up to: counting them, and knowing which count.
//!
//! A day that is counted into its month says since when (`month_at`); whoever changes what a day
//! adds up to takes that back in the same transaction. So a month whose days are all counted is
//! the sum of its days, and any other is read by its days. Nothing of a person is counted whose
//! days are gone: erasing removes the days first, and then what had been counted of them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use shared_types::{OrganizationId, Timestamp, UserId, live::DayTotals};

use super::{StoreError, SystemDb, TenantDb, TenantTx, day::Day, recategorize, sql};
use crate::domain::month::{Month, Piece, pieces, whole};

/// Rows written at once: with eight values each they stay below what either engine binds.
const AT_ONCE: usize = 500;

/// An organization, and its oldest day that is in no month.
#[derive(Debug, sqlx::FromRow)]
pub struct Waiting {
    /// Which.
    pub organization_id: OrganizationId,
    /// The zone that says which month has ended.
    pub time_zone: String,
    /// The day.
    pub day: Day,
}

/// Organizations with days that are not counted.
pub async fn waiting(db: SystemDb<'_>) -> Result<Vec<Waiting>, StoreError> {
    Ok(sql!(db, |c| sqlx::query_as(
        "SELECT x.organization_id, x.time_zone, x.day FROM (
             SELECT o.id AS organization_id, o.time_zone,
                 (SELECT min(d.day) FROM daily_summaries d
                  WHERE d.organization_id = o.id AND d.month_at IS NULL) AS day
             FROM organizations o) x
         WHERE x.day IS NOT NULL ORDER BY x.organization_id"
    )
    .fetch_all(&mut *c)
    .await)?)
}

/// The first month from `from` on of which a day is not counted.
pub async fn next(db: TenantDb<'_>, from: Month) -> Result<Option<Month>, StoreError> {
    let organization = db.organization();
    let day: Option<Day> = sql!(db, |c| sqlx::query_scalar(
        "SELECT min(day) FROM daily_summaries
         WHERE organization_id = $1 AND month_at IS NULL AND day >= $2"
    )
    .bind(organization)
    .bind(Day(from.first()))
    .fetch_one(&mut *c)
    .await)?;
    Ok(day.map(|day| Month::of(day.0)))
}

/// At most `limit` people of whom a day of the month is not counted, by id, behind `after`.
pub async fn people(
    db: TenantDb<'_>,
    month: Month,
    after: Option<UserId>,
    limit: i64,
) -> Result<Vec<UserId>, StoreError> {
    let organization = db.organization();
    Ok(sql!(db, |c| sqlx::query_scalar(
        "SELECT DISTINCT user_id FROM daily_summaries
         WHERE organization_id = $1 AND month_at IS NULL AND day BETWEEN $2 AND $3
             AND (CAST($4 AS INTEGER) = 0 OR user_id > $5)
         ORDER BY user_id LIMIT $6"
    )
    .bind(organization)
    .bind(Day(month.first()))
    .bind(Day(month.last()))
    .bind(i32::from(after.is_some()))
    .bind(after.unwrap_or(UserId(uuid::Uuid::nil())))
    .bind(limit)
    .fetch_all(&mut *c)
    .await)?)
}

/// A range in what can be added up for it: months that are the sums of their days, and days.
pub async fn of_range(db: TenantDb<'_>, from: Date, to: Date) -> Result<Vec<Piece>, StoreError> {
    let Some((first, last)) = whole(from, to) else {
        return Ok(vec![Piece::Days(from, to)]);
    };
    let organization = db.organization();
    let days: Vec<Day> = sql!(db, |c| sqlx::query_scalar(
        "SELECT DISTINCT day FROM daily_summaries
         WHERE organization_id = $1 AND month_at IS NULL AND day BETWEEN $2 AND $3"
    )
    .bind(organization)
    .bind(Day(first.first()))
    .bind(Day(last.last()))
    .fetch_all(&mut *c)
    .await)?;
    let open: BTreeSet<Month> = days.into_iter().map(|day| Month::of(day.0)).collect();
    Ok(pieces(from, to, &open))
}

/// Counts a person's days into their month. The days are locked first: ingest comes before, and
/// is counted, or after, and says that its day is not counted any more.
pub async fn count(
    tx: &mut TenantTx,
    person: UserId,
    month: Month,
    now: Timestamp,
) -> Result<(), StoreError> {
    const TEXTS: [&str; 2] = [
        "INSERT INTO person_months (organization_id, user_id, month, last_day,
             active_seconds, idle_seconds, unobserved_seconds)
         SELECT organization_id, user_id, $1, $2, CAST(sum(active_seconds) AS BIGINT),
             CAST(sum(idle_seconds) AS BIGINT), CAST(sum(unobserved_seconds) AS BIGINT)
         FROM daily_summaries
         WHERE organization_id = $3 AND user_id = $4 AND day BETWEEN $1 AND $2
         GROUP BY organization_id, user_id",
        "INSERT INTO application_months (organization_id, user_id, month, application, domain,
             category_id, active_seconds, idle_seconds)
         SELECT organization_id, user_id, $1, application, domain, category_id,
             CAST(sum(active_seconds) AS BIGINT), CAST(sum(idle_seconds) AS BIGINT)
         FROM application_days
         WHERE day BETWEEN $1 AND $2 AND organization_id = $3 AND user_id = $4
             AND (active_seconds > 0 OR idle_seconds > 0)
         GROUP BY organization_id, user_id, application, domain, category_id",
    ];
    let organization = tx.organization();
    let (first, last) = (Day(month.first()), Day(month.last()));
    recategorize::lock(tx, person, (first.0, last.0)).await?;
    let days = sql!(tx.db(), |c| sqlx::query(
        "UPDATE daily_summaries SET month_at = $1
         WHERE organization_id = $2 AND user_id = $3 AND day BETWEEN $4 AND $5"
    )
    .bind(now)
    .bind(organization)
    .bind(person)
    .bind(first)
    .bind(last)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?;
    clear(tx, person, first).await?;
    if days == 0 {
        return Ok(());
    }
    for text in TEXTS {
        sql!(tx.db(), |c| sqlx::query(text)
            .bind(first)
            .bind(last)
            .bind(organization)
            .bind(person)
            .execute(&mut *c)
            .await
            .map(drop))?;
    }
    hours(tx, person, (first, last)).await
}

/// A day of the month is gone: what was counted goes with it, and the other days are counted
/// again.
pub async fn forget(tx: &mut TenantTx, person: UserId, month: Month) -> Result<(), StoreError> {
    let (first, last) = (month.first(), month.last());
    uncount(tx, person, (first, last)).await?;
    clear(tx, person, Day(first)).await
}

/// Takes back that a person's days are counted, because what they add up to changes.
pub async fn uncount(
    tx: &mut TenantTx,
    person: UserId,
    (from, to): (Date, Date),
) -> Result<(), StoreError> {
    let organization = tx.organization();
    recategorize::lock(tx, person, (from, to)).await?;
    sql!(tx.db(), |c| {
        sqlx::query(
        "UPDATE daily_summaries SET month_at = NULL
         WHERE organization_id = $1 AND user_id = $2 AND day BETWEEN $3 AND $4 AND month_at IS NOT NULL"
    )
    .bind(organization)
    .bind(person)
    .bind(Day(from))
    .bind(Day(to))
    .execute(&mut *c)
    .await
    .map(drop)
    })?;
    Ok(())
}

async fn clear(tx: &mut TenantTx, person: UserId, month: Day) -> Result<(), StoreError> {
    const TEXTS: [&str; 3] = [
        "DELETE FROM person_months WHERE organization_id = $1 AND user_id = $2 AND month = $3",
        "DELETE FROM application_months WHERE organization_id = $1 AND user_id = $2 AND month = $3",
        "DELETE FROM hour_months WHERE organization_id = $1 AND user_id = $2 AND month = $3",
    ];
    let organization = tx.organization();
    for text in TEXTS {
        sql!(tx.db(), |c| sqlx::query(text)
            .bind(organization)
            .bind(person)
            .bind(month)
            .execute(&mut *c)
            .await
            .map(drop))?;
    }
    Ok(())
}

/// By day of the week, which the engines do not tell in the same words.
async fn hours(
    tx: &mut TenantTx,
    person: UserId,
    (first, last): (Day, Day),
) -> Result<(), StoreError> {
    let organization = tx.organization();
    let rows: Vec<(Day, i64, i64, i64, i64)> = sql!(tx.db(), |c| sqlx::query_as(
        "SELECT day, hour, active_seconds, idle_seconds, unobserved_seconds FROM hour_days
         WHERE organization_id = $1 AND user_id = $2 AND day BETWEEN $3 AND $4"
    )
    .bind(organization)
    .bind(person)
    .bind(first)
    .bind(last)
    .fetch_all(&mut *c)
    .await)?;
    let mut week: BTreeMap<(i64, i64), DayTotals> = BTreeMap::new();
    for (day, hour, active, idle, unobserved) in rows {
        if active + idle + unobserved == 0 {
            continue;
        }
        let weekday = i64::from(day.0.weekday().to_monday_one_offset());
        let sum = week.entry((weekday, hour)).or_default();
        sum.active_seconds += active;
        sum.idle_seconds += idle;
        sum.unobserved_seconds += unobserved;
    }
    let rows: Vec<((i64, i64), DayTotals)> = week.into_iter().collect();
    for rows in rows.chunks(AT_ONCE) {
        sql!(tx.db(), |c| {
            let mut query = sqlx::QueryBuilder::new(
                "INSERT INTO hour_months (organization_id, user_id, month, weekday, hour, active_seconds, idle_seconds, unobserved_seconds) ",
            );
            query.push_values(rows, |mut row, ((weekday, hour), sum)| {
                row.push_bind(organization)
                    .push_bind(person)
                    .push_bind(first)
                    .push_bind(*weekday)
                    .push_bind(*hour)
                    .push_bind(sum.active_seconds)
                    .push_bind(sum.idle_seconds)
                    .push_bind(sum.unobserved_seconds);
            });
            query.build().execute(&mut *c).await.map(drop)
        })?;
    }
    Ok(())
}
