//! Ingest on PostgreSQL: a handful of set-based statements for a whole group.
//!
//! Locks are taken in a fixed order (streams by id, then sessions, days by person, counters
//! by organization), so that two instances do not wait for each other in a circle; where
//! they still do, one is rolled back and tries again.

use std::collections::{BTreeMap, HashSet};

use shared_types::{
    CategoryId, DeviceId, EpochId, OrganizationId, ProjectId, SessionId, Timestamp, UserId,
    activity::Activity, category::CategoryRule, sync::RejectReason,
};
use sqlx::{PgConnection, PgPool, types::Json};
use uuid::Uuid;

use super::{
    AROUND, Committed, OrganizationRow,
    keys::{Keys, Lookups, StreamKey},
    rules,
    rulesets::Rulesets,
};
use crate::{
    domain::{handled::Handled, session::Session},
    ingest::{
        Batch,
        plan::{Loaded, Occupied, Stream},
        planner,
    },
    store::{
        StoreError,
        sessions::{SessionRow, activity_type, reason, session_columns},
    },
};

#[path = "postgres_write.rs"]
mod write;

pub(super) async fn commit(
    pool: &PgPool,
    rulesets: &mut Rulesets,
    batches: &[Batch],
    now: Timestamp,
) -> Result<Committed, StoreError> {
    let mut tx = pool.begin().await?;
    let loaded = load(&mut tx, rulesets, batches, now).await?;
    let plan = planner::plan(now, batches, loaded)?;
    write::write(&mut tx, &plan, now).await?;
    crate::failpoint::reach("ingest_before_commit");
    tx.commit().await?;
    crate::failpoint::reach("ingest_after_commit");
    Ok(Committed::of(plan))
}

async fn load(
    db: &mut PgConnection,
    rulesets: &mut Rulesets,
    batches: &[Batch],
    now: Timestamp,
) -> Result<Loaded, StoreError> {
    let keys = Keys::of(batches);
    let mut loaded = Loaded::default();
    streams(db, &keys, now, &mut loaded).await?;
    organizations(db, &keys, rulesets, &mut loaded).await?;
    sessions(db, &keys, &mut loaded).await?;
    projects(db, &keys, &mut loaded).await?;
    let lookups = Lookups::of(batches, &loaded);
    resent(db, &lookups, &mut loaded).await?;
    around(db, &lookups, &mut loaded).await?;
    Ok(loaded)
}

#[derive(sqlx::FromRow)]
struct StreamRow {
    id: i64,
    organization_id: OrganizationId,
    device_id: DeviceId,
    epoch: EpochId,
    watermark: i64,
    ahead: String,
    online: bool,
    device_end: Option<Timestamp>,
}

/// Locks the streams of the group, making those that are new.
async fn streams(
    db: &mut PgConnection,
    keys: &Keys,
    now: Timestamp,
    loaded: &mut Loaded,
) -> Result<(), StoreError> {
    lock_streams(db, keys.streams.iter(), loaded).await?;
    let missing: Vec<&StreamKey> = keys
        .streams
        .iter()
        .filter(|key| {
            !loaded
                .streams
                .contains_key(&(key.organization_id, key.device_id, key.epoch))
        })
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    // A new outbox of a known device is in contact if another of its outboxes was.
    // (`IS NOT DISTINCT FROM` as below.)
    sqlx::query(
        "INSERT INTO sync_streams (organization_id, user_id, device_id, epoch, last_sync_at, online) \
         SELECT k.organization_id, k.user_id, k.device_id, k.epoch, k.last_sync_at, \
                EXISTS (SELECT 1 FROM sync_streams o WHERE o.device_id = k.device_id \
                        AND o.organization_id IS NOT DISTINCT FROM k.organization_id AND o.online) \
         FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[]) \
              AS k (organization_id, user_id, device_id, epoch, last_sync_at) \
         ON CONFLICT (device_id, epoch) DO NOTHING",
    )
    .bind(missing.iter().map(|k| k.organization_id.uuid()).collect::<Vec<Uuid>>())
    .bind(missing.iter().map(|k| k.user_id.uuid()).collect::<Vec<Uuid>>())
    .bind(missing.iter().map(|k| k.device_id.uuid()).collect::<Vec<Uuid>>())
    .bind(missing.iter().map(|k| k.epoch.uuid()).collect::<Vec<Uuid>>())
    .bind(missing.iter().map(|k| k.first_contact(now)).collect::<Vec<Timestamp>>())
    .execute(&mut *db)
    .await?;
    lock_streams(db, missing.into_iter(), loaded).await
}

async fn lock_streams(
    db: &mut PgConnection,
    keys: impl Iterator<Item = &StreamKey> + Clone,
    loaded: &mut Loaded,
) -> Result<(), StoreError> {
    // `IS NOT DISTINCT FROM` is in no index: by equality, the planner would go through all streams
    // of the organization to find the few of the device.
    let rows: Vec<StreamRow> = sqlx::query_as(
        "SELECT s.id, s.organization_id, s.device_id, s.epoch, s.watermark, s.ahead, s.online, \
                (SELECT max(o.last_span_end) FROM sync_streams o WHERE o.device_id = s.device_id \
                   AND o.organization_id IS NOT DISTINCT FROM s.organization_id) AS device_end \
         FROM sync_streams s \
         JOIN unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[]) \
              AS k (organization_id, user_id, device_id, epoch) \
           ON s.device_id = k.device_id AND s.epoch = k.epoch \
          AND s.organization_id = k.organization_id AND s.user_id = k.user_id \
         ORDER BY s.id FOR UPDATE OF s",
    )
    .bind(
        keys.clone()
            .map(|k| k.organization_id.uuid())
            .collect::<Vec<Uuid>>(),
    )
    .bind(
        keys.clone()
            .map(|k| k.user_id.uuid())
            .collect::<Vec<Uuid>>(),
    )
    .bind(
        keys.clone()
            .map(|k| k.device_id.uuid())
            .collect::<Vec<Uuid>>(),
    )
    .bind(keys.map(|k| k.epoch.uuid()).collect::<Vec<Uuid>>())
    .fetch_all(db)
    .await?;
    for row in rows {
        let handled = Handled::parse(row.watermark, &row.ahead)
            .ok_or_else(|| StoreError::Corrupt(format!("ranges of stream {}", row.id)))?;
        if let Some(end) = row.device_end {
            loaded
                .device_ends
                .insert((row.organization_id, row.device_id), end);
        }
        loaded.streams.insert(
            (row.organization_id, row.device_id, row.epoch),
            Stream {
                id: row.id,
                handled,
                online: row.online,
            },
        );
    }
    Ok(())
}

async fn organizations(
    db: &mut PgConnection,
    keys: &Keys,
    rulesets: &mut Rulesets,
    loaded: &mut Loaded,
) -> Result<(), StoreError> {
    let rows: Vec<(OrganizationId, String, i64, i64, i64)> = sqlx::query_as(
        "SELECT id, time_zone, retention_days, policy_version, \
                COALESCE((SELECT max(r.version) FROM category_rules r WHERE r.organization_id = o.id), 0) \
         FROM organizations o WHERE id = ANY($1)",
    )
    .bind(keys.organizations.iter().map(|id| id.uuid()).collect::<Vec<Uuid>>())
    .fetch_all(&mut *db)
    .await?;
    let unknown: Vec<_> = rows
        .iter()
        .filter(|row| rulesets.known(row.0, row.4).is_none())
        .map(|row| (row.0, row.4))
        .collect();
    if !unknown.is_empty() {
        categories(db, &unknown, rulesets).await?;
    }
    for (id, zone_name, retention_days, policy_version, version) in rows {
        let missing = || StoreError::Corrupt("rules of categories are missing".into());
        let categories = rulesets.known(id, version).ok_or_else(missing)?;
        let row: OrganizationRow = (zone_name, retention_days, policy_version, version);
        loaded.organizations.insert(id, rules(row, categories)?);
    }
    Ok(())
}

/// Reads rules that are not known yet: once after each change of them.
async fn categories(
    db: &mut PgConnection,
    unknown: &[(OrganizationId, i64)],
    rulesets: &mut Rulesets,
) -> Result<(), StoreError> {
    let rows: Vec<(OrganizationId, i64, Json<Vec<CategoryRule>>)> = sqlx::query_as(
        "SELECT organization_id, version, rules FROM category_rules \
         WHERE (organization_id, version) IN (SELECT * FROM unnest($1::uuid[], $2::bigint[]))",
    )
    .bind(
        unknown
            .iter()
            .map(|key| key.0.uuid())
            .collect::<Vec<Uuid>>(),
    )
    .bind(unknown.iter().map(|key| key.1).collect::<Vec<i64>>())
    .fetch_all(db)
    .await?;
    for (id, version, Json(list)) in rows {
        rulesets.keep(id, version, &list);
    }
    Ok(())
}

async fn sessions(
    db: &mut PgConnection,
    keys: &Keys,
    loaded: &mut Loaded,
) -> Result<(), StoreError> {
    const TEXT: &str = concat!(
        "SELECT ",
        session_columns!(),
        " FROM work_sessions WHERE (organization_id, id) IN \
         (SELECT * FROM unnest($1::uuid[], $2::uuid[]))"
    );
    if keys.sessions.is_empty() {
        return Ok(());
    }
    let rows: Vec<SessionRow> = sqlx::query_as(TEXT)
        .bind(
            keys.sessions
                .iter()
                .map(|key| key.0.uuid())
                .collect::<Vec<Uuid>>(),
        )
        .bind(
            keys.sessions
                .iter()
                .map(|key| key.1.uuid())
                .collect::<Vec<Uuid>>(),
        )
        .fetch_all(db)
        .await?;
    for row in rows {
        let session = Session::try_from(row)?;
        loaded
            .sessions
            .insert((session.organization_id, session.id), session);
    }
    Ok(())
}

async fn projects(
    db: &mut PgConnection,
    keys: &Keys,
    loaded: &mut Loaded,
) -> Result<(), StoreError> {
    if keys.projects.is_empty() {
        return Ok(());
    }
    let rows: Vec<(OrganizationId, ProjectId, UserId)> = sqlx::query_as(
        "SELECT k.organization_id, k.id, k.user_id \
         FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS k (organization_id, id, user_id) \
         JOIN projects p ON p.organization_id = k.organization_id AND p.id = k.id \
         WHERE p.archived_at IS NULL AND (p.open_to_all OR EXISTS ( \
             SELECT 1 FROM project_members m WHERE m.organization_id = k.organization_id \
                AND m.project_id = k.id AND m.user_id = k.user_id))",
    )
    .bind(
        keys.projects
            .iter()
            .map(|key| key.0.uuid())
            .collect::<Vec<Uuid>>(),
    )
    .bind(
        keys.projects
            .iter()
            .map(|key| key.1.uuid())
            .collect::<Vec<Uuid>>(),
    )
    .bind(
        keys.projects
            .iter()
            .map(|key| key.2.uuid())
            .collect::<Vec<Uuid>>(),
    )
    .fetch_all(db)
    .await?;
    loaded.projects = rows.into_iter().collect::<HashSet<_>>();
    Ok(())
}

#[derive(sqlx::FromRow)]
struct SpanRow {
    stream_id: i64,
    seq: i64,
    session_id: SessionId,
    activity_type: String,
    reason: Option<String>,
    started_at: Timestamp,
    duration_seconds: i64,
    application: Option<String>,
    title: Option<String>,
    url: Option<String>,
    category_id: Option<CategoryId>,
}

async fn resent(
    db: &mut PgConnection,
    lookups: &Lookups,
    loaded: &mut Loaded,
) -> Result<(), StoreError> {
    if lookups.resent.is_empty() {
        return Ok(());
    }
    let streams: Vec<i64> = lookups.resent.iter().map(|key| key.0).collect();
    let numbers: Vec<i64> = lookups.resent.iter().map(|key| key.1).collect();
    let spans: Vec<SpanRow> = sqlx::query_as(
        "SELECT stream_id, seq, session_id, activity_type, reason, started_at, duration_seconds, \
                application, title, url, category_id \
         FROM activity_logs WHERE (stream_id, seq) IN \
         (SELECT * FROM unnest($1::bigint[], $2::bigint[]))",
    )
    .bind(&streams)
    .bind(&numbers)
    .fetch_all(&mut *db)
    .await?;
    for row in spans {
        let activity = Activity {
            session_id: row.session_id,
            activity_type: activity_type(&row.activity_type)?,
            reason: row.reason.as_deref().map(reason).transpose()?,
            started_at: row.started_at,
            duration_seconds: u32::try_from(row.duration_seconds)
                .map_err(|_| StoreError::Corrupt("a negative duration".into()))?,
            application: row.application,
            title: row.title,
            url: row.url,
            category_id: row.category_id,
        };
        loaded.resent.insert((row.stream_id, row.seq), activity);
    }
    let refused: Vec<(i64, i64, String)> = sqlx::query_as(
        "SELECT stream_id, seq, reason FROM rejected_items WHERE (stream_id, seq) IN \
         (SELECT * FROM unnest($1::bigint[], $2::bigint[]))",
    )
    .bind(&streams)
    .bind(&numbers)
    .fetch_all(db)
    .await?;
    for (stream, seq, name) in refused {
        let reason = RejectReason::parse(&name)
            .ok_or_else(|| StoreError::Corrupt(format!("reject reason {name:?}")))?;
        loaded.refused.insert((stream, seq), reason);
    }
    Ok(())
}

async fn around(
    db: &mut PgConnection,
    lookups: &Lookups,
    loaded: &mut Loaded,
) -> Result<(), StoreError> {
    for (device, user, from, to) in &lookups.around {
        let rows: Vec<(Timestamp, i64, SessionId, String)> = sqlx::query_as(AROUND)
            .bind(user)
            .bind(from)
            .bind(to)
            .bind(device.1)
            .bind(device.0)
            .fetch_all(&mut *db)
            .await?;
        let stretches: &mut BTreeMap<_, _> = loaded.neighbours.entry(*device).or_default();
        for (start, seconds, session_id, kind) in rows {
            stretches.insert(
                start,
                Occupied {
                    end: start.plus_seconds(seconds),
                    session_id,
                    activity_type: activity_type(&kind)?,
                },
            );
        }
    }
    Ok(())
}
