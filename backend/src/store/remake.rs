//! Making a person's day again from its spans, all of what is kept of it.
//!
//! The day's own row is locked first, as ingest does: whichever of the two comes second sees what
//! the first has written. Several days of one person are made in their order.

use jiff::tz::TimeZone;
use shared_types::{CategoryId, DeviceId, SessionId, Timestamp, UserId, live::DayTotals};
use uuid::Uuid;

use super::{StoreError, TenantTx, categories, day::Day, months, sessions::activity_type, sql};
use crate::domain::{
    day::DayBounds,
    month::Month,
    rollup::{DaySpan, Rollup, Usage, Used, whole_day},
};

/// Rows written at once: with ten values each they stay below what either engine binds.
const AT_ONCE: usize = 500;

/// What a day is cut by, and when.
#[derive(Debug, Clone, Copy)]
pub struct Cut<'z> {
    /// The zone.
    pub zone: &'z TimeZone,
    /// Its IANA name.
    pub zone_name: &'z str,
    /// Now: days that ended before are closed with it.
    pub now: Timestamp,
}

/// Makes a day again: its sums, by hour, by application and by session. A day without a span is
/// gone afterwards. All of its spans must still be there.
pub async fn day(
    tx: &mut TenantTx,
    person: UserId,
    bounds: &DayBounds,
    cut: Cut<'_>,
) -> Result<(), StoreError> {
    let day = Day(bounds.date);
    lock(tx, person, day, cut).await?;
    let (spans, device) = spans(tx, person, bounds).await?;
    clear(tx, person, day).await?;
    if spans.is_empty() {
        remove(tx, person, day).await?;
        return months::forget(tx, person, Month::of(day.0)).await;
    }
    // By the rules of now, as ingest would: titles are still there to be asked.
    let rules = categories::ruleset(tx.db()).await?;
    let (totals, rollup) = whole_day(&spans, cut.zone, &rules);
    let made_at = (bounds.end <= cut.now).then_some(cut.now);
    replace(tx, person, day, cut, (device, made_at), totals, &rollup).await?;
    hours(tx, person, day, &rollup).await?;
    usage(tx, person, day, &rollup).await?;
    sessions(tx, person, day, &rollup).await
}

async fn lock(tx: &mut TenantTx, person: UserId, day: Day, cut: Cut<'_>) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| {
        sqlx::query(
        "INSERT INTO daily_summaries (organization_id, user_id, day, time_zone, updated_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (organization_id, user_id, day) DO UPDATE SET updated_at = excluded.updated_at"
    )
    .bind(organization)
    .bind(person)
    .bind(day)
    .bind(cut.zone_name)
    .bind(cut.now)
    .execute(&mut *c)
    .await
    .map(drop)
    })?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct SpanRow {
    stream_id: i64,
    session_id: SessionId,
    activity_type: String,
    started_at: Timestamp,
    duration_seconds: i64,
    application: Option<String>,
    url: Option<String>,
    title: Option<String>,
    category_id: Option<CategoryId>,
    device_id: DeviceId,
}

/// The day's spans, and the device that they are of, if it is one alone.
async fn spans(
    tx: &mut TenantTx,
    person: UserId,
    bounds: &DayBounds,
) -> Result<(Vec<DaySpan>, Option<DeviceId>), StoreError> {
    let organization = tx.organization();
    let rows: Vec<SpanRow> = sql!(tx.db(), |c| {
        sqlx::query_as(
        "SELECT a.stream_id, a.session_id, a.activity_type, a.started_at, a.duration_seconds,
             a.application, a.url, a.title, a.category_id, s.device_id
         FROM activity_logs a JOIN sync_streams s ON s.id = a.stream_id
         WHERE a.user_id = $1 AND a.started_at >= $2 AND a.started_at < $3 AND a.organization_id = $4"
    )
    .bind(person)
    .bind(bounds.start)
    .bind(bounds.end)
    .bind(organization)
    .fetch_all(&mut *c)
    .await
    })?;
    let first = rows.first().map(|row| row.device_id);
    let device = first.filter(|only| rows.iter().all(|row| row.device_id == *only));
    let spans = rows
        .into_iter()
        .map(|row| {
            Ok(DaySpan {
                stream_id: row.stream_id,
                session_id: row.session_id,
                kind: activity_type(&row.activity_type)?,
                start: row.started_at,
                seconds: row.duration_seconds,
                application: row.application,
                url: row.url,
                title: row.title,
                category_id: row.category_id,
            })
        })
        .collect::<Result<_, StoreError>>()?;
    Ok((spans, device))
}

const CLEAR: [&str; 3] = [
    "DELETE FROM hour_days WHERE organization_id = $1 AND user_id = $2 AND day = $3",
    "DELETE FROM application_days WHERE organization_id = $1 AND user_id = $2 AND day = $3",
    "DELETE FROM session_days WHERE organization_id = $1 AND user_id = $2 AND day = $3",
];

async fn clear(tx: &mut TenantTx, person: UserId, day: Day) -> Result<(), StoreError> {
    for text in CLEAR {
        execute(tx, text, person, day).await?;
    }
    Ok(())
}

async fn remove(tx: &mut TenantTx, person: UserId, day: Day) -> Result<(), StoreError> {
    const TEXT: &str =
        "DELETE FROM daily_summaries WHERE organization_id = $1 AND user_id = $2 AND day = $3";
    execute(tx, TEXT, person, day).await
}

async fn execute(
    tx: &mut TenantTx,
    text: &'static str,
    person: UserId,
    day: Day,
) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(text)
        .bind(organization)
        .bind(person)
        .bind(day)
        .execute(&mut *c)
        .await
        .map(drop))?;
    Ok(())
}

async fn replace(
    tx: &mut TenantTx,
    person: UserId,
    day: Day,
    cut: Cut<'_>,
    (device, made_at): (Option<DeviceId>, Option<Timestamp>),
    totals: DayTotals,
    rollup: &Rollup,
) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| {
        sqlx::query(
        "UPDATE daily_summaries SET device_id = $1, active_seconds = $2, idle_seconds = $3,
             unobserved_seconds = $4, time_zone = $5, first_input_at = $6, last_input_at = $7, made_at = $8,
             month_at = NULL
         WHERE organization_id = $9 AND user_id = $10 AND day = $11"
    )
    .bind(device)
    .bind(totals.active_seconds)
    .bind(totals.idle_seconds)
    .bind(totals.unobserved_seconds)
    .bind(cut.zone_name)
    .bind(rollup.first_input)
    .bind(rollup.last_input)
    .bind(made_at)
    .bind(organization)
    .bind(person)
    .bind(day)
    .execute(&mut *c)
    .await
    .map(drop)
    })?;
    Ok(())
}

async fn hours(
    tx: &mut TenantTx,
    person: UserId,
    day: Day,
    rollup: &Rollup,
) -> Result<(), StoreError> {
    let organization = tx.organization();
    let rows: Vec<(i64, DayTotals)> = rollup
        .hours
        .iter()
        .map(|(hour, totals)| (i64::from(*hour), *totals))
        .collect();
    for rows in rows.chunks(AT_ONCE) {
        sql!(tx.db(), |c| {
            let mut query = sqlx::QueryBuilder::new(
                "INSERT INTO hour_days (organization_id, user_id, day, hour, active_seconds, idle_seconds, unobserved_seconds) ",
            );
            query.push_values(rows, |mut row, (hour, totals)| {
                row.push_bind(organization)
                    .push_bind(person)
                    .push_bind(day)
                    .push_bind(*hour)
                    .push_bind(totals.active_seconds)
                    .push_bind(totals.idle_seconds)
                    .push_bind(totals.unobserved_seconds);
            });
            query.build().execute(&mut *c).await.map(drop)
        })?;
    }
    Ok(())
}

async fn usage(
    tx: &mut TenantTx,
    person: UserId,
    day: Day,
    rollup: &Rollup,
) -> Result<(), StoreError> {
    let organization = tx.organization();
    let rows: Vec<(&Usage, Used)> = rollup
        .usage
        .iter()
        .map(|(usage, used)| (usage, *used))
        .collect();
    for rows in rows.chunks(AT_ONCE) {
        sql!(tx.db(), |c| {
            let mut query = sqlx::QueryBuilder::new(
                "INSERT INTO application_days (organization_id, user_id, day, application, domain, category_id, active_seconds, idle_seconds, titled_active_seconds, titled_idle_seconds) ",
            );
            query.push_values(rows, |mut row, (usage, used)| {
                row.push_bind(organization)
                    .push_bind(person)
                    .push_bind(day)
                    .push_bind(usage.application.clone())
                    .push_bind(usage.domain.clone())
                    .push_bind(usage.category)
                    .push_bind(used.active_seconds)
                    .push_bind(used.idle_seconds)
                    .push_bind(used.titled_active_seconds)
                    .push_bind(used.titled_idle_seconds);
            });
            query.build().execute(&mut *c).await.map(drop)
        })?;
    }
    Ok(())
}

async fn sessions(
    tx: &mut TenantTx,
    person: UserId,
    day: Day,
    rollup: &Rollup,
) -> Result<(), StoreError> {
    let organization = tx.organization();
    let rows: Vec<(Uuid, DayTotals)> = rollup
        .sessions
        .iter()
        .map(|(session, totals)| (session.uuid(), *totals))
        .collect();
    for rows in rows.chunks(AT_ONCE) {
        sql!(tx.db(), |c| {
            let mut query = sqlx::QueryBuilder::new(
                "INSERT INTO session_days (organization_id, user_id, day, session_id, active_seconds, idle_seconds, unobserved_seconds) ",
            );
            query.push_values(rows, |mut row, (session, totals)| {
                row.push_bind(organization)
                    .push_bind(person)
                    .push_bind(day)
                    .push_bind(*session)
                    .push_bind(totals.active_seconds)
                    .push_bind(totals.idle_seconds)
                    .push_bind(totals.unobserved_seconds);
            });
            query.build().execute(&mut *c).await.map(drop)
        })?;
    }
    Ok(())
}
