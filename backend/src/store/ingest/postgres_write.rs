//! Writing a plan on PostgreSQL.

use shared_types::Timestamp;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{
    domain::session::{Latest, Session},
    ingest::plan::{NewEvent, NewSpan, Plan, StreamChange},
    store::StoreError,
};

#[path = "postgres_days.rs"]
mod days;

pub(super) async fn write(
    db: &mut PgConnection,
    plan: &Plan<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    new_sessions(db, &plan.new_sessions).await?;
    spans(db, &plan.spans).await?;
    changed_sessions(db, &plan.changed_sessions).await?;
    streams(db, &plan.streams, now).await?;
    refusals(db, plan, now).await?;
    days::write(db, &plan.days, now).await?;
    // Last, because the counter's row is held until the commit.
    events(db, &plan.events, now).await
}

/// A column of a set.
fn column<'p, T, V>(rows: &'p [T], value: impl Fn(&'p T) -> V) -> Vec<V> {
    rows.iter().map(value).collect()
}

fn latest<'s, V>(session: &'s Session, value: impl Fn(&'s Latest) -> V) -> Option<V> {
    session.latest.as_ref().map(value)
}

async fn new_sessions(db: &mut PgConnection, rows: &[Session]) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO work_sessions (organization_id, id, user_id, device_id, project_id, status, \
             started_at, ended_at, total_active_seconds, total_idle_seconds, total_unobserved_seconds, \
             last_activity_at, last_span_end, current_type, current_reason, current_application, \
             current_since, version) \
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], \
             $7::timestamptz[], $8::timestamptz[], $9::bigint[], $10::bigint[], $11::bigint[], \
             $12::timestamptz[], $13::timestamptz[], $14::text[], $15::text[], $16::text[], \
             $17::timestamptz[], $18::bigint[])",
    )
    .bind(column(rows, |s| s.organization_id.uuid()))
    .bind(column(rows, |s| s.id.uuid()))
    .bind(column(rows, |s| s.user_id.uuid()))
    .bind(column(rows, |s| s.device_id.uuid()))
    .bind(column(rows, |s| s.project_id.map(shared_types::ProjectId::uuid)))
    .bind(column(rows, |s| s.status().as_str()))
    .bind(column(rows, |s| s.started_at))
    .bind(column(rows, |s| s.ended_at))
    .bind(column(rows, |s| s.active_seconds))
    .bind(column(rows, |s| s.idle_seconds))
    .bind(column(rows, |s| s.unobserved_seconds))
    .bind(column(rows, |s| s.last_activity_at))
    .bind(column(rows, |s| latest(s, |l| l.ended_at)))
    .bind(column(rows, |s| latest(s, |l| l.activity_type.as_str())))
    .bind(column(rows, |s| latest(s, |l| l.reason.map(shared_types::activity::UnobservedReason::as_str)).flatten()))
    .bind(column(rows, |s| latest(s, |l| l.application.as_deref()).flatten()))
    .bind(column(rows, |s| latest(s, |l| l.since)))
    .bind(column(rows, |s| s.version))
    .execute(db)
    .await?;
    Ok(())
}

async fn spans(db: &mut PgConnection, rows: &[NewSpan<'_>]) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO activity_logs (stream_id, seq, organization_id, user_id, session_id, \
             activity_type, reason, started_at, duration_seconds, application, title, url, \
             category_id) \
         SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::uuid[], $4::uuid[], $5::uuid[], \
             $6::text[], $7::text[], $8::timestamptz[], $9::bigint[], $10::text[], $11::text[], $12::text[], \
             $13::uuid[])",
    )
    .bind(column(rows, |s| s.stream_id))
    .bind(column(rows, |s| s.seq))
    .bind(column(rows, |s| s.organization_id.uuid()))
    .bind(column(rows, |s| s.user_id.uuid()))
    .bind(column(rows, |s| s.activity.session_id.uuid()))
    .bind(column(rows, |s| s.activity.activity_type.as_str()))
    .bind(column(rows, |s| s.activity.reason.map(shared_types::activity::UnobservedReason::as_str)))
    .bind(column(rows, |s| s.activity.started_at))
    .bind(column(rows, |s| i64::from(s.activity.duration_seconds)))
    .bind(column(rows, |s| s.activity.application.as_deref()))
    .bind(column(rows, |s| s.activity.title.as_deref()))
    .bind(column(rows, |s| s.activity.url.as_deref()))
    .bind(column(rows, |s| s.activity.category_id.map(shared_types::CategoryId::uuid)))
    .execute(db)
    .await?;
    Ok(())
}

/// The version check: every session must still be as it was read, or all is rolled back.
async fn changed_sessions(
    db: &mut PgConnection,
    rows: &[(Session, i64)],
) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let changed = sqlx::query(
        "UPDATE work_sessions w SET status = u.status, ended_at = u.ended_at, \
             total_active_seconds = u.active, total_idle_seconds = u.idle, \
             total_unobserved_seconds = u.unobserved, last_activity_at = u.last_activity_at, \
             last_span_end = u.last_span_end, current_type = u.current_type, \
             current_reason = u.current_reason, current_application = u.current_application, \
             current_since = u.current_since, version = u.version \
         FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::bigint[], $6::bigint[], \
             $7::bigint[], $8::timestamptz[], $9::timestamptz[], $10::text[], $11::text[], $12::text[], \
             $13::timestamptz[], $14::bigint[], $15::bigint[]) \
             AS u (organization_id, id, status, ended_at, active, idle, unobserved, last_activity_at, \
                   last_span_end, current_type, current_reason, current_application, current_since, \
                   version, expected) \
         WHERE w.organization_id = u.organization_id AND w.id = u.id AND w.version = u.expected",
    )
    .bind(column(rows, |(s, _)| s.organization_id.uuid()))
    .bind(column(rows, |(s, _)| s.id.uuid()))
    .bind(column(rows, |(s, _)| s.status().as_str()))
    .bind(column(rows, |(s, _)| s.ended_at))
    .bind(column(rows, |(s, _)| s.active_seconds))
    .bind(column(rows, |(s, _)| s.idle_seconds))
    .bind(column(rows, |(s, _)| s.unobserved_seconds))
    .bind(column(rows, |(s, _)| s.last_activity_at))
    .bind(column(rows, |(s, _)| latest(s, |l| l.ended_at)))
    .bind(column(rows, |(s, _)| latest(s, |l| l.activity_type.as_str())))
    .bind(column(rows, |(s, _)| latest(s, |l| l.reason.map(shared_types::activity::UnobservedReason::as_str)).flatten()))
    .bind(column(rows, |(s, _)| latest(s, |l| l.application.as_deref()).flatten()))
    .bind(column(rows, |(s, _)| latest(s, |l| l.since)))
    .bind(column(rows, |(s, _)| s.version))
    .bind(column(rows, |(_, expected)| *expected))
    .execute(db)
    .await?
    .rows_affected();
    if usize::try_from(changed) != Ok(rows.len()) {
        return Err(StoreError::Contended);
    }
    Ok(())
}

async fn streams(
    db: &mut PgConnection,
    rows: &[StreamChange<'_>],
    now: Timestamp,
) -> Result<(), StoreError> {
    let counters: Vec<Option<String>> = rows
        .iter()
        .map(|s| {
            s.counters
                .map(|c| serde_json::to_string(c).expect("plain data is JSON"))
        })
        .collect();
    sqlx::query(
        "UPDATE sync_streams s SET watermark = u.watermark, ahead = u.ahead, \
             last_span_end = GREATEST(s.last_span_end, u.last_span_end), \
             counters = COALESCE(u.counters::jsonb, s.counters), \
             last_sync_at = CASE WHEN u.is_contact THEN $7 ELSE s.last_sync_at END, \
             online = s.online OR u.is_contact \
         FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::timestamptz[], $5::text[], $6::bool[]) \
             AS u (id, watermark, ahead, last_span_end, counters, is_contact) \
         WHERE s.id = u.id",
    )
    .bind(column(rows, |s| s.id))
    .bind(column(rows, |s| s.handled.watermark()))
    .bind(column(rows, |s| s.handled.ahead()))
    .bind(column(rows, |s| s.last_span_end))
    .bind(counters)
    .bind(column(rows, |s| s.is_contact))
    .bind(now)
    .execute(db)
    .await?;
    Ok(())
}

async fn refusals(
    db: &mut PgConnection,
    plan: &Plan<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    if plan.refusals.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO rejected_items (stream_id, seq, reason, rejected_at) \
         SELECT u.stream_id, u.seq, u.reason, $4 \
         FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS u (stream_id, seq, reason)",
    )
    .bind(column(&plan.refusals, |r| r.0))
    .bind(column(&plan.refusals, |r| r.1))
    .bind(column(&plan.refusals, |r| r.2.as_str()))
    .bind(now)
    .execute(db)
    .await?;
    Ok(())
}

async fn events(
    db: &mut PgConnection,
    events: &[NewEvent],
    now: Timestamp,
) -> Result<(), StoreError> {
    if events.is_empty() {
        return Ok(());
    }
    let mut organizations: Vec<Uuid> = column(events, |e| e.organization_id.uuid());
    organizations.sort_unstable();
    organizations.dedup();
    let counters: Vec<(Uuid, i64)> = sqlx::query_as(
        "SELECT organization_id, seq FROM event_counters WHERE organization_id = ANY($1) \
         ORDER BY organization_id FOR UPDATE",
    )
    .bind(&organizations)
    .fetch_all(&mut *db)
    .await?;
    let mut next: std::collections::BTreeMap<Uuid, i64> = counters.into_iter().collect();
    let mut numbers = Vec::with_capacity(events.len());
    for event in events {
        let seq = next
            .get_mut(&event.organization_id.uuid())
            .ok_or_else(|| StoreError::Corrupt("an organization has no event counter".into()))?;
        *seq += 1;
        numbers.push(*seq);
    }
    sqlx::query(
        "INSERT INTO events (organization_id, seq, kind, subject, created_at) \
         SELECT u.organization_id, u.seq, u.kind, u.subject::jsonb, $5 \
         FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[]) AS u (organization_id, seq, kind, subject)",
    )
    .bind(column(events, |e| e.organization_id.uuid()))
    .bind(&numbers)
    .bind(column(events, |e| e.kind))
    .bind(column(events, crate::store::events::ingest_subject))
    .bind(now)
    .execute(&mut *db)
    .await?;
    sqlx::query(
        "UPDATE event_counters c SET seq = u.seq \
         FROM unnest($1::uuid[], $2::bigint[]) AS u (organization_id, seq) \
         WHERE c.organization_id = u.organization_id",
    )
    .bind(next.keys().copied().collect::<Vec<Uuid>>())
    .bind(next.values().copied().collect::<Vec<i64>>())
    .execute(db)
    .await?;
    Ok(())
}
