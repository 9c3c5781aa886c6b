//! Writing what a group adds to people's days, on PostgreSQL.
//!
//! The day's own row comes first and holds the lock of all that belongs to the day.

use std::collections::HashSet;

use shared_types::{CategoryId, OrganizationId, SessionId, Timestamp, UserId, live::DayTotals};
use sqlx::PgConnection;

use super::{
    super::super::{CLEAR_ROLLUPS, DAY_SPANS, REPLACE_DAY},
    column,
};
use crate::{
    domain::rollup::{DaySpan, Rollup, Usage, Used, whole_day},
    ingest::plan::DayChange,
    store::{StoreError, day::Day, sessions::activity_type},
};

/// Adds to the days that one device has to itself; makes the others again from their spans.
pub(super) async fn write(
    db: &mut PgConnection,
    changes: &[DayChange],
    now: Timestamp,
) -> Result<(), StoreError> {
    if changes.is_empty() {
        return Ok(());
    }
    let added = add(db, changes, now).await?;
    let mut rollups: Vec<(&DayChange, Rollup)> = Vec::with_capacity(changes.len());
    for change in changes {
        let key = (change.organization_id, change.user_id, Day(change.day.date));
        rollups.push(if change.device_id.is_none() || !added.contains(&key) {
            (change, again(db, change, now).await?)
        } else {
            (change, change.rollup.clone())
        });
    }
    hours(db, &rollups).await?;
    usage(db, &rollups).await?;
    sessions(db, changes).await
}

type DayKey = (OrganizationId, UserId, Day);

async fn add(
    db: &mut PgConnection,
    changes: &[DayChange],
    now: Timestamp,
) -> Result<HashSet<DayKey>, StoreError> {
    let added: Vec<DayKey> = sqlx::query_as(
        "INSERT INTO daily_summaries AS d (organization_id, user_id, day, time_zone, device_id, \
             active_seconds, idle_seconds, unobserved_seconds, updated_at, first_input_at, last_input_at) \
         SELECT u.organization_id, u.user_id, u.day, u.time_zone, u.device_id, u.active, u.idle, u.unobserved, $9, \
             u.first_input_at, u.last_input_at \
         FROM unnest($1::uuid[], $2::uuid[], $3::date[], $4::text[], $5::uuid[], $6::bigint[], $7::bigint[], \
                     $8::bigint[], $10::timestamptz[], $11::timestamptz[]) \
             AS u (organization_id, user_id, day, time_zone, device_id, active, idle, unobserved, first_input_at, last_input_at) \
         ON CONFLICT (organization_id, user_id, day) DO UPDATE SET \
             active_seconds = d.active_seconds + excluded.active_seconds, \
             idle_seconds = d.idle_seconds + excluded.idle_seconds, \
             unobserved_seconds = d.unobserved_seconds + excluded.unobserved_seconds, \
             first_input_at = LEAST(d.first_input_at, excluded.first_input_at), \
             last_input_at = GREATEST(d.last_input_at, excluded.last_input_at), \
             updated_at = excluded.updated_at, made_at = NULL, month_at = NULL \
         WHERE d.device_id = excluded.device_id AND d.time_zone = excluded.time_zone \
         RETURNING organization_id, user_id, day",
    )
    .bind(column(changes, |d| d.organization_id.uuid()))
    .bind(column(changes, |d| d.user_id.uuid()))
    .bind(column(changes, |d| Day(d.day.date)))
    .bind(column(changes, |d| d.zone_name.as_str()))
    .bind(column(changes, |d| d.device_id.map(shared_types::DeviceId::uuid)))
    .bind(column(changes, |d| d.totals.active_seconds))
    .bind(column(changes, |d| d.totals.idle_seconds))
    .bind(column(changes, |d| d.totals.unobserved_seconds))
    .bind(now)
    .bind(column(changes, |d| d.rollup.first_input))
    .bind(column(changes, |d| d.rollup.last_input))
    .fetch_all(&mut *db)
    .await?;
    Ok(added.into_iter().collect())
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
}

/// Makes a day again from its spans: several devices, each second counted once. The row is
/// locked already, by the upsert that came before. What it says by hour and by usage is cleared,
/// and returned to be added.
async fn again(
    db: &mut PgConnection,
    change: &DayChange,
    now: Timestamp,
) -> Result<Rollup, StoreError> {
    let rows: Vec<SpanRow> = sqlx::query_as(DAY_SPANS)
        .bind(change.user_id)
        .bind(change.day.start)
        .bind(change.day.end)
        .bind(change.organization_id)
        .fetch_all(&mut *db)
        .await?;
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
        .collect::<Result<Vec<_>, StoreError>>()?;
    let (totals, rollup) = whole_day(&spans, &change.zone, &change.categories);
    sqlx::query(REPLACE_DAY)
        .bind(totals.active_seconds)
        .bind(totals.idle_seconds)
        .bind(totals.unobserved_seconds)
        .bind(&change.zone_name)
        .bind(now)
        .bind(rollup.first_input)
        .bind(rollup.last_input)
        .bind(change.organization_id)
        .bind(change.user_id)
        .bind(Day(change.day.date))
        .execute(&mut *db)
        .await?;
    for text in CLEAR_ROLLUPS {
        sqlx::query(text)
            .bind(change.organization_id)
            .bind(change.user_id)
            .bind(Day(change.day.date))
            .execute(&mut *db)
            .await?;
    }
    Ok(rollup)
}

async fn hours(db: &mut PgConnection, rollups: &[(&DayChange, Rollup)]) -> Result<(), StoreError> {
    let rows: Vec<(&DayChange, i64, &DayTotals)> = rollups
        .iter()
        .flat_map(|(change, rollup)| {
            rollup
                .hours
                .iter()
                .map(|(hour, totals)| (*change, i64::from(*hour), totals))
        })
        .collect();
    sqlx::query(
        "INSERT INTO hour_days AS h (organization_id, user_id, day, hour, active_seconds, idle_seconds, unobserved_seconds) \
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::date[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[]) \
         ON CONFLICT (organization_id, user_id, day, hour) DO UPDATE SET \
             active_seconds = h.active_seconds + excluded.active_seconds, \
             idle_seconds = h.idle_seconds + excluded.idle_seconds, \
             unobserved_seconds = h.unobserved_seconds + excluded.unobserved_seconds",
    )
    .bind(column(&rows, |r| r.0.organization_id.uuid()))
    .bind(column(&rows, |r| r.0.user_id.uuid()))
    .bind(column(&rows, |r| Day(r.0.day.date)))
    .bind(column(&rows, |r| r.1))
    .bind(column(&rows, |r| r.2.active_seconds))
    .bind(column(&rows, |r| r.2.idle_seconds))
    .bind(column(&rows, |r| r.2.unobserved_seconds))
    .execute(db)
    .await?;
    Ok(())
}

/// Under the rules that the group was planned with. The days are locked by now: where newer
/// rules have been written meanwhile, the work that makes sums follow them may have gone past
/// these days already. Then nothing is written and the whole group is planned again.
async fn usage(db: &mut PgConnection, rollups: &[(&DayChange, Rollup)]) -> Result<(), StoreError> {
    let rows: Vec<(&DayChange, &Usage, &Used)> = rollups
        .iter()
        .flat_map(|(change, rollup)| {
            rollup
                .usage
                .iter()
                .map(|(usage, used)| (*change, usage, used))
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let versions: Vec<(OrganizationId, i64)> = rows
        .iter()
        .map(|row| (row.0.organization_id, row.0.categories.version()))
        .collect::<HashSet<_>>()
        .into_iter()
        .collect();
    let written = sqlx::query(
        "INSERT INTO application_days AS a (organization_id, user_id, day, application, domain, category_id, \
             active_seconds, idle_seconds, titled_active_seconds, titled_idle_seconds) \
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::date[], $4::text[], $5::text[], $6::uuid[], $7::bigint[], \
             $8::bigint[], $9::bigint[], $10::bigint[]) \
         WHERE NOT EXISTS (SELECT 1 FROM unnest($11::uuid[], $12::bigint[]) AS k (organization_id, version) \
             JOIN category_rules r ON r.organization_id = k.organization_id AND r.version > k.version) \
         ON CONFLICT (organization_id, user_id, day, application, domain, category_id) DO UPDATE SET \
             active_seconds = a.active_seconds + excluded.active_seconds, \
             idle_seconds = a.idle_seconds + excluded.idle_seconds, \
             titled_active_seconds = a.titled_active_seconds + excluded.titled_active_seconds, \
             titled_idle_seconds = a.titled_idle_seconds + excluded.titled_idle_seconds",
    )
    .bind(column(&rows, |r| r.0.organization_id.uuid()))
    .bind(column(&rows, |r| r.0.user_id.uuid()))
    .bind(column(&rows, |r| Day(r.0.day.date)))
    .bind(column(&rows, |r| r.1.application.as_str()))
    .bind(column(&rows, |r| r.1.domain.as_str()))
    .bind(column(&rows, |r| r.1.category))
    .bind(column(&rows, |r| r.2.active_seconds))
    .bind(column(&rows, |r| r.2.idle_seconds))
    .bind(column(&rows, |r| r.2.titled_active_seconds))
    .bind(column(&rows, |r| r.2.titled_idle_seconds))
    .bind(column(&versions, |v| v.0.uuid()))
    .bind(column(&versions, |v| v.1))
    .execute(db)
    .await?
    .rows_affected();
    if written == 0 {
        return Err(StoreError::Contended);
    }
    Ok(())
}

/// A session's own seconds are added, whatever other devices said meanwhile.
async fn sessions(db: &mut PgConnection, changes: &[DayChange]) -> Result<(), StoreError> {
    let rows: Vec<(&DayChange, SessionId, &DayTotals)> = changes
        .iter()
        .flat_map(|change| {
            change
                .rollup
                .sessions
                .iter()
                .map(move |(session, totals)| (change, *session, totals))
        })
        .collect();
    sqlx::query(
        "INSERT INTO session_days AS s (organization_id, user_id, day, session_id, active_seconds, idle_seconds, unobserved_seconds) \
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::date[], $4::uuid[], $5::bigint[], $6::bigint[], $7::bigint[]) \
         ON CONFLICT (organization_id, user_id, day, session_id) DO UPDATE SET \
             active_seconds = s.active_seconds + excluded.active_seconds, \
             idle_seconds = s.idle_seconds + excluded.idle_seconds, \
             unobserved_seconds = s.unobserved_seconds + excluded.unobserved_seconds",
    )
    .bind(column(&rows, |r| r.0.organization_id.uuid()))
    .bind(column(&rows, |r| r.0.user_id.uuid()))
    .bind(column(&rows, |r| Day(r.0.day.date)))
    .bind(column(&rows, |r| r.1.uuid()))
    .bind(column(&rows, |r| r.2.active_seconds))
    .bind(column(&rows, |r| r.2.idle_seconds))
    .bind(column(&rows, |r| r.2.unobserved_seconds))
    .execute(db)
    .await?;
    Ok(())
}
