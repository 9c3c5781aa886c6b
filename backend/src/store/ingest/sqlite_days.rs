//! Writing what a group adds to a person's day, on SQLite.

use rusqlite::{Connection, params};
use shared_types::{DeviceId, SessionId, Timestamp};
use uuid::Uuid;

use super::{
    super::{CLEAR_ROLLUPS, DAY_SPANS, REPLACE_DAY, sqlite_load::optional_id},
    blob,
};
use crate::{
    domain::rollup::{DaySpan, Rollup, whole_day},
    ingest::plan::DayChange,
    store::{StoreError, sessions::activity_type},
};

/// Adds to a day that one device has to itself; makes others again from their spans.
pub(super) fn write(db: &Connection, change: &DayChange, now: Timestamp) -> Result<(), StoreError> {
    let date = change.day.date.to_string();
    let added = db
        .prepare_cached(
            "INSERT INTO daily_summaries AS d (organization_id, user_id, day, time_zone, device_id, \
                 active_seconds, idle_seconds, unobserved_seconds, updated_at, first_input_at, last_input_at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) \
             ON CONFLICT (organization_id, user_id, day) DO UPDATE SET \
                 active_seconds = d.active_seconds + excluded.active_seconds, \
                 idle_seconds = d.idle_seconds + excluded.idle_seconds, \
                 unobserved_seconds = d.unobserved_seconds + excluded.unobserved_seconds, \
                 first_input_at = min(COALESCE(d.first_input_at, excluded.first_input_at), \
                                      COALESCE(excluded.first_input_at, d.first_input_at)), \
                 last_input_at = max(COALESCE(d.last_input_at, excluded.last_input_at), \
                                     COALESCE(excluded.last_input_at, d.last_input_at)), \
                 updated_at = excluded.updated_at, made_at = NULL, month_at = NULL \
             WHERE d.device_id = excluded.device_id AND d.time_zone = excluded.time_zone",
        )?
        .execute(params![
            blob(change.organization_id.uuid()),
            blob(change.user_id.uuid()),
            date,
            change.zone_name,
            change.device_id.map(DeviceId::uuid).map(blob),
            change.totals.active_seconds,
            change.totals.idle_seconds,
            change.totals.unobserved_seconds,
            now.as_millis(),
            change.rollup.first_input.map(Timestamp::as_millis),
            change.rollup.last_input.map(Timestamp::as_millis),
        ])?;
    if added == 1 && change.device_id.is_some() {
        rollups(db, change, &date, &change.rollup)?;
    } else {
        let rollup = again(db, change, &date, now)?;
        rollups(db, change, &date, &rollup)?;
    }
    sessions(db, change, &date)
}

/// Makes a day again from its spans: several devices, each second counted once. What it says
/// by hour and by usage is cleared, and returned to be added.
fn again(
    db: &Connection,
    change: &DayChange,
    date: &str,
    now: Timestamp,
) -> Result<Rollup, StoreError> {
    let mut statement = db.prepare_cached(DAY_SPANS)?;
    let rows = statement.query_map(
        params![
            blob(change.user_id.uuid()),
            change.day.start.as_millis(),
            change.day.end.as_millis(),
            blob(change.organization_id.uuid()),
        ],
        |row| {
            Ok((
                row.get::<_, String>(2)?,
                DaySpan {
                    stream_id: row.get(0)?,
                    session_id: SessionId::from(Uuid::from_bytes(row.get(1)?)),
                    kind: shared_types::activity::ActivityType::Unobserved,
                    start: Timestamp::from_millis(row.get(3)?),
                    seconds: row.get(4)?,
                    application: row.get(5)?,
                    url: row.get(6)?,
                    title: row.get(7)?,
                    category_id: optional_id(row, 8)?,
                },
            ))
        },
    )?;
    let mut spans = Vec::new();
    for row in rows {
        let (kind, span) = row?;
        spans.push(DaySpan {
            kind: activity_type(&kind)?,
            ..span
        });
    }
    let (totals, rollup) = whole_day(&spans, &change.zone, &change.categories);
    db.prepare_cached(REPLACE_DAY)?.execute(params![
        totals.active_seconds,
        totals.idle_seconds,
        totals.unobserved_seconds,
        change.zone_name,
        now.as_millis(),
        rollup.first_input.map(Timestamp::as_millis),
        rollup.last_input.map(Timestamp::as_millis),
        blob(change.organization_id.uuid()),
        blob(change.user_id.uuid()),
        date,
    ])?;
    for text in CLEAR_ROLLUPS {
        db.prepare_cached(text)?.execute(params![
            blob(change.organization_id.uuid()),
            blob(change.user_id.uuid()),
            date
        ])?;
    }
    Ok(rollup)
}

fn rollups(
    db: &Connection,
    change: &DayChange,
    date: &str,
    rollup: &Rollup,
) -> Result<(), StoreError> {
    let mut hours = db.prepare_cached(
        "INSERT INTO hour_days AS h (organization_id, user_id, day, hour, active_seconds, idle_seconds, unobserved_seconds) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) \
         ON CONFLICT (organization_id, user_id, day, hour) DO UPDATE SET \
             active_seconds = h.active_seconds + excluded.active_seconds, \
             idle_seconds = h.idle_seconds + excluded.idle_seconds, \
             unobserved_seconds = h.unobserved_seconds + excluded.unobserved_seconds",
    )?;
    for (hour, totals) in &rollup.hours {
        hours.execute(params![
            blob(change.organization_id.uuid()),
            blob(change.user_id.uuid()),
            date,
            hour,
            totals.active_seconds,
            totals.idle_seconds,
            totals.unobserved_seconds,
        ])?;
    }
    let mut usages = db.prepare_cached(
        "INSERT INTO application_days AS a (organization_id, user_id, day, application, domain, category_id, \
             active_seconds, idle_seconds, titled_active_seconds, titled_idle_seconds) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) \
         ON CONFLICT (organization_id, user_id, day, application, domain, category_id) DO UPDATE SET \
             active_seconds = a.active_seconds + excluded.active_seconds, \
             idle_seconds = a.idle_seconds + excluded.idle_seconds, \
             titled_active_seconds = a.titled_active_seconds + excluded.titled_active_seconds, \
             titled_idle_seconds = a.titled_idle_seconds + excluded.titled_idle_seconds",
    )?;
    for (usage, used) in &rollup.usage {
        usages.execute(params![
            blob(change.organization_id.uuid()),
            blob(change.user_id.uuid()),
            date,
            usage.application,
            usage.domain,
            blob(usage.category),
            used.active_seconds,
            used.idle_seconds,
            used.titled_active_seconds,
            used.titled_idle_seconds,
        ])?;
    }
    Ok(())
}

/// A session's own seconds are added, whatever other devices said meanwhile.
fn sessions(db: &Connection, change: &DayChange, date: &str) -> Result<(), StoreError> {
    let mut sessions = db.prepare_cached(
        "INSERT INTO session_days AS s (organization_id, user_id, day, session_id, active_seconds, idle_seconds, unobserved_seconds) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) \
         ON CONFLICT (organization_id, user_id, day, session_id) DO UPDATE SET \
             active_seconds = s.active_seconds + excluded.active_seconds, \
             idle_seconds = s.idle_seconds + excluded.idle_seconds, \
             unobserved_seconds = s.unobserved_seconds + excluded.unobserved_seconds",
    )?;
    for (session, totals) in &change.rollup.sessions {
        sessions.execute(params![
            blob(change.organization_id.uuid()),
            blob(change.user_id.uuid()),
            date,
            blob(session.uuid()),
            totals.active_seconds,
            totals.idle_seconds,
            totals.unobserved_seconds,
        ])?;
    }
    Ok(())
}
