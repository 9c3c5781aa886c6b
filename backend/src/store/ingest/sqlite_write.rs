//! Writing a plan, on SQLite.

use rusqlite::{Connection, named_params, params};
use shared_types::{ProjectId, Timestamp};

use super::sqlite_load::blob;
use crate::{
    domain::session::Session,
    ingest::plan::{NewEvent, NewSpan, Plan, StreamChange},
    store::StoreError,
};

#[path = "sqlite_days.rs"]
mod days;

pub(super) fn write(db: &Connection, plan: &Plan<'_>, now: Timestamp) -> Result<(), StoreError> {
    for session in &plan.new_sessions {
        new_session(db, session)?;
    }
    spans(db, &plan.spans)?;
    for (session, expected) in &plan.changed_sessions {
        changed_session(db, session, *expected)?;
    }
    for change in &plan.streams {
        stream(db, change, now)?;
    }
    for (stream_id, seq, reason) in &plan.refusals {
        db.prepare_cached(
            "INSERT INTO rejected_items (stream_id, seq, reason, rejected_at) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![stream_id, seq, reason.as_str(), now.as_millis()])?;
    }
    for change in &plan.days {
        days::write(db, change, now)?;
    }
    for event in &plan.events {
        append_event(db, event, now)?;
    }
    Ok(())
}

fn new_session(db: &Connection, s: &Session) -> Result<(), StoreError> {
    let latest = s.latest.as_ref();
    db.prepare_cached(
        "INSERT INTO work_sessions (organization_id, id, user_id, device_id, project_id, status, \
             started_at, ended_at, total_active_seconds, total_idle_seconds, total_unobserved_seconds, \
             last_activity_at, last_span_end, current_type, current_reason, current_application, \
             current_since, version) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
    )?
    .execute(params![
        blob(s.organization_id.uuid()),
        blob(s.id.uuid()),
        blob(s.user_id.uuid()),
        blob(s.device_id.uuid()),
        s.project_id.map(ProjectId::uuid).map(blob),
        s.status().as_str(),
        s.started_at.as_millis(),
        s.ended_at.map(Timestamp::as_millis),
        s.active_seconds,
        s.idle_seconds,
        s.unobserved_seconds,
        s.last_activity_at.map(Timestamp::as_millis),
        latest.map(|l| l.ended_at.as_millis()),
        latest.map(|l| l.activity_type.as_str()),
        latest.and_then(|l| l.reason).map(shared_types::activity::UnobservedReason::as_str),
        latest.and_then(|l| l.application.as_deref()),
        latest.map(|l| l.since.as_millis()),
        s.version,
    ])?;
    Ok(())
}

fn spans(db: &Connection, rows: &[NewSpan<'_>]) -> Result<(), StoreError> {
    let mut insert = db.prepare_cached(
        "INSERT INTO activity_logs (stream_id, seq, organization_id, user_id, session_id, \
             activity_type, reason, started_at, duration_seconds, application, title, url, category_id) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?;
    for span in rows {
        let activity = span.activity;
        insert.execute(params![
            span.stream_id,
            span.seq,
            blob(span.organization_id.uuid()),
            blob(span.user_id.uuid()),
            blob(activity.session_id.uuid()),
            activity.activity_type.as_str(),
            activity
                .reason
                .map(shared_types::activity::UnobservedReason::as_str),
            activity.started_at.as_millis(),
            activity.duration_seconds,
            activity.application.as_deref(),
            activity.title.as_deref(),
            activity.url.as_deref(),
            activity
                .category_id
                .map(shared_types::CategoryId::uuid)
                .map(blob),
        ])?;
    }
    Ok(())
}

/// The version check: the session must still be as it was read, or all is rolled back.
fn changed_session(db: &Connection, s: &Session, expected: i64) -> Result<(), StoreError> {
    let latest = s.latest.as_ref();
    let changed = db
        .prepare_cached(
            "UPDATE work_sessions SET status = ?4, ended_at = ?5, total_active_seconds = ?6, \
                 total_idle_seconds = ?7, total_unobserved_seconds = ?8, last_activity_at = ?9, \
                 last_span_end = ?10, current_type = ?11, current_reason = ?12, \
                 current_application = ?13, current_since = ?14, version = ?15 \
             WHERE organization_id = ?1 AND id = ?2 AND version = ?3",
        )?
        .execute(params![
            blob(s.organization_id.uuid()),
            blob(s.id.uuid()),
            expected,
            s.status().as_str(),
            s.ended_at.map(Timestamp::as_millis),
            s.active_seconds,
            s.idle_seconds,
            s.unobserved_seconds,
            s.last_activity_at.map(Timestamp::as_millis),
            latest.map(|l| l.ended_at.as_millis()),
            latest.map(|l| l.activity_type.as_str()),
            latest
                .and_then(|l| l.reason)
                .map(shared_types::activity::UnobservedReason::as_str),
            latest.and_then(|l| l.application.as_deref()),
            latest.map(|l| l.since.as_millis()),
            s.version,
        ])?;
    if changed == 1 {
        Ok(())
    } else {
        Err(StoreError::Contended)
    }
}

fn stream(db: &Connection, change: &StreamChange<'_>, now: Timestamp) -> Result<(), StoreError> {
    let counters = change
        .counters
        .map(|counters| serde_json::to_string(counters).expect("plain data is JSON"));
    db.prepare_cached(
        "UPDATE sync_streams SET watermark = :watermark, ahead = :ahead, \
             last_span_end = CASE WHEN :end > COALESCE(last_span_end, :end - 1) THEN :end ELSE last_span_end END, \
             counters = COALESCE(:counters, counters), \
             last_sync_at = CASE WHEN :contact THEN :now ELSE last_sync_at END, \
             online = online OR :contact \
         WHERE id = :id",
    )?
    .execute(named_params! {
        ":id": change.id,
        ":watermark": change.handled.watermark(),
        ":ahead": change.handled.ahead(),
        ":end": change.last_span_end.map(Timestamp::as_millis),
        ":counters": counters,
        ":contact": change.is_contact,
        ":now": now.as_millis(),
    })?;
    Ok(())
}

fn append_event(db: &Connection, event: &NewEvent, now: Timestamp) -> Result<(), StoreError> {
    let organization = blob(event.organization_id.uuid());
    let seq: i64 = db
        .prepare_cached(
            "UPDATE event_counters SET seq = seq + 1 WHERE organization_id = ?1 RETURNING seq",
        )?
        .query_row(params![organization], |row| row.get(0))?;
    db.prepare_cached(
        "INSERT INTO events (organization_id, seq, kind, subject, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        organization,
        seq,
        event.kind,
        crate::store::events::ingest_subject(event),
        now.as_millis()
    ])?;
    Ok(())
}
