//! Reading what a group touches, on SQLite.

use rusqlite::{Connection, OptionalExtension, Row, named_params, params};
use shared_types::{
    OrganizationId, SessionId, Timestamp, activity::Activity, category::CategoryRule,
    sync::RejectReason,
};
use uuid::Uuid;

use super::{
    AROUND, OrganizationRow,
    keys::{Keys, Lookups, StreamKey},
    rules,
    rulesets::Rulesets,
};
use crate::{
    domain::{handled::Handled, session::Session},
    ingest::{
        Batch,
        plan::{Loaded, Occupied, Stream},
    },
    store::{
        StoreError,
        sessions::{SessionRow, activity_type, reason, session_columns},
    },
};

pub(super) fn load(
    db: &Connection,
    rulesets: &mut Rulesets,
    batches: &[Batch],
    now: Timestamp,
) -> Result<Loaded, StoreError> {
    let keys = Keys::of(batches);
    let mut loaded = Loaded::default();
    for key in &keys.streams {
        stream(db, key, now, &mut loaded)?;
    }
    for id in &keys.organizations {
        organization(db, *id, rulesets, &mut loaded)?;
    }
    for (organization, id) in &keys.sessions {
        session(db, *organization, *id, &mut loaded)?;
    }
    for (organization, id, user) in &keys.projects {
        let open: bool = db
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM projects p \
                 WHERE p.organization_id = ?1 AND p.id = ?2 AND p.archived_at IS NULL \
                   AND (p.open_to_all OR EXISTS (SELECT 1 FROM project_members m \
                        WHERE m.organization_id = ?1 AND m.project_id = ?2 AND m.user_id = ?3)))",
            )?
            .query_row(
                params![
                    blob(organization.uuid()),
                    blob(id.uuid()),
                    blob(user.uuid())
                ],
                |row| row.get(0),
            )?;
        if open {
            loaded.projects.insert((*organization, *id, *user));
        }
    }
    let lookups = Lookups::of(batches, &loaded);
    for key in &lookups.resent {
        resent(db, *key, &mut loaded)?;
    }
    around(db, &lookups, &mut loaded)?;
    Ok(loaded)
}

/// An id as the column holds it.
pub(super) fn blob(id: Uuid) -> [u8; 16] {
    id.into_bytes()
}

fn stream(
    db: &Connection,
    key: &StreamKey,
    now: Timestamp,
    loaded: &mut Loaded,
) -> Result<(), StoreError> {
    // The plus keeps the planner from going through all streams of the organization.
    let mut find = db.prepare_cached(
        "SELECT s.id, s.watermark, s.ahead, s.online, \
                (SELECT max(o.last_span_end) FROM sync_streams o WHERE o.device_id = s.device_id AND +o.organization_id = s.organization_id) \
         FROM sync_streams s WHERE s.device_id = ?1 AND s.epoch = ?2 \
          AND s.organization_id = ?3 AND s.user_id = ?4",
    )?;
    let device = blob(key.device_id.uuid());
    let epoch = blob(key.epoch.uuid());
    let organization = blob(key.organization_id.uuid());
    let user = blob(key.user_id.uuid());
    let mut read = || {
        find.query_row(params![device, epoch, organization, user], |row| {
            Ok((
                row.get::<_, i64>(0)?,
                row.get::<_, i64>(1)?,
                row.get::<_, String>(2)?,
                row.get::<_, bool>(3)?,
                row.get::<_, Option<i64>>(4)?,
            ))
        })
        .optional()
    };
    let found = if let Some(found) = read()? {
        found
    } else {
        // A new outbox of a known device is in contact if another of its outboxes was.
        db.prepare_cached(
            "INSERT INTO sync_streams (organization_id, user_id, device_id, epoch, last_sync_at, online) \
             VALUES (:organization, :user, :device, :epoch, :now, \
                 EXISTS (SELECT 1 FROM sync_streams o WHERE o.device_id = :device \
                         AND +o.organization_id = :organization AND o.online)) \
             ON CONFLICT (device_id, epoch) DO NOTHING",
        )?
        .execute(named_params! {
            ":organization": organization, ":user": user, ":device": device,
            ":epoch": epoch, ":now": key.first_contact(now).as_millis(),
        })?;
        // Somebody else's stream: the plan says what becomes of the batch.
        let Some(made) = read()? else {
            return Ok(());
        };
        made
    };
    let (id, watermark, ahead, online, device_end) = found;
    let handled = Handled::parse(watermark, &ahead)
        .ok_or_else(|| StoreError::Corrupt(format!("ranges of stream {id}")))?;
    if let Some(end) = device_end {
        loaded.device_ends.insert(
            (key.organization_id, key.device_id),
            Timestamp::from_millis(end),
        );
    }
    loaded.streams.insert(
        (key.organization_id, key.device_id, key.epoch),
        Stream {
            id,
            handled,
            online,
        },
    );
    Ok(())
}

fn organization(
    db: &Connection,
    id: OrganizationId,
    rulesets: &mut Rulesets,
    loaded: &mut Loaded,
) -> Result<(), StoreError> {
    let found: Option<OrganizationRow> = db
        .prepare_cached(
            "SELECT time_zone, retention_days, policy_version, \
                 COALESCE((SELECT max(r.version) FROM category_rules r WHERE r.organization_id = ?1), 0) \
             FROM organizations WHERE id = ?1",
        )?
        .query_row(params![blob(id.uuid())], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .optional()?;
    let Some(row) = found else {
        return Ok(());
    };
    let categories = if let Some(known) = rulesets.known(id, row.3) {
        known
    } else {
        let text: String = db
            .prepare_cached(
                "SELECT rules FROM category_rules WHERE organization_id = ?1 AND version = ?2",
            )?
            .query_row(params![blob(id.uuid()), row.3], |row| row.get(0))?;
        let list: Vec<CategoryRule> = serde_json::from_str(&text)
            .map_err(|_| StoreError::Corrupt("rules of categories".into()))?;
        rulesets.keep(id, row.3, &list)
    };
    loaded.organizations.insert(id, rules(row, categories)?);
    Ok(())
}

fn session(
    db: &Connection,
    organization: OrganizationId,
    id: SessionId,
    loaded: &mut Loaded,
) -> Result<(), StoreError> {
    const TEXT: &str = concat!(
        "SELECT ",
        session_columns!(),
        " FROM work_sessions WHERE organization_id = ?1 AND id = ?2"
    );
    let row = db
        .prepare_cached(TEXT)?
        .query_row(
            params![blob(organization.uuid()), blob(id.uuid())],
            session_row,
        )
        .optional()?;
    if let Some(row) = row {
        loaded
            .sessions
            .insert((organization, id), Session::try_from(row)?);
    }
    Ok(())
}

fn id<T: From<Uuid>>(row: &Row<'_>, index: usize) -> rusqlite::Result<T> {
    Ok(Uuid::from_bytes(row.get(index)?).into())
}

pub(super) fn optional_id<T: From<Uuid>>(
    row: &Row<'_>,
    index: usize,
) -> rusqlite::Result<Option<T>> {
    let bytes: Option<[u8; 16]> = row.get(index)?;
    Ok(bytes.map(|bytes| Uuid::from_bytes(bytes).into()))
}

fn instant(row: &Row<'_>, index: usize) -> rusqlite::Result<Timestamp> {
    row.get(index).map(Timestamp::from_millis)
}

fn optional_instant(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<Timestamp>> {
    let millis: Option<i64> = row.get(index)?;
    Ok(millis.map(Timestamp::from_millis))
}

/// In the order of `session_columns!`.
fn session_row(row: &Row<'_>) -> rusqlite::Result<SessionRow> {
    Ok(SessionRow {
        organization_id: id(row, 0)?,
        id: id(row, 1)?,
        user_id: id(row, 2)?,
        device_id: id(row, 3)?,
        project_id: optional_id(row, 4)?,
        started_at: instant(row, 5)?,
        ended_at: optional_instant(row, 6)?,
        total_active_seconds: row.get(7)?,
        total_idle_seconds: row.get(8)?,
        total_unobserved_seconds: row.get(9)?,
        last_activity_at: optional_instant(row, 10)?,
        last_span_end: optional_instant(row, 11)?,
        current_type: row.get(12)?,
        current_reason: row.get(13)?,
        current_application: row.get(14)?,
        current_since: optional_instant(row, 15)?,
        version: row.get(16)?,
    })
}

fn resent(db: &Connection, key: (i64, i64), loaded: &mut Loaded) -> Result<(), StoreError> {
    let found = db
        .prepare_cached(
            "SELECT session_id, activity_type, reason, started_at, duration_seconds, application, title, url, \
                 category_id \
             FROM activity_logs WHERE stream_id = ?1 AND seq = ?2",
        )?
        .query_row(params![key.0, key.1], |row| {
            Ok((
                id::<SessionId>(row, 0)?,
                row.get::<_, String>(1)?,
                row.get::<_, Option<String>>(2)?,
                instant(row, 3)?,
                row.get::<_, u32>(4)?,
                (row.get(5)?, row.get(6)?, row.get(7)?),
                optional_id(row, 8)?,
            ))
        })
        .optional()?;
    if let Some((session_id, kind, why, started_at, duration_seconds, texts, category_id)) = found {
        let activity = Activity {
            session_id,
            activity_type: activity_type(&kind)?,
            reason: why.as_deref().map(reason).transpose()?,
            started_at,
            duration_seconds,
            application: texts.0,
            title: texts.1,
            url: texts.2,
            category_id,
        };
        loaded.resent.insert(key, activity);
        return Ok(());
    }
    let refused: Option<String> = db
        .prepare_cached("SELECT reason FROM rejected_items WHERE stream_id = ?1 AND seq = ?2")?
        .query_row(params![key.0, key.1], |row| row.get(0))
        .optional()?;
    if let Some(name) = refused {
        let reason = RejectReason::parse(&name)
            .ok_or_else(|| StoreError::Corrupt(format!("reject reason {name:?}")))?;
        loaded.refused.insert(key, reason);
    }
    Ok(())
}

fn around(db: &Connection, lookups: &Lookups, loaded: &mut Loaded) -> Result<(), StoreError> {
    for (device, user, from, to) in &lookups.around {
        let mut statement = db.prepare_cached(AROUND)?;
        let rows = statement.query_map(
            params![
                blob(user.uuid()),
                from.as_millis(),
                to.as_millis(),
                blob(device.1.uuid()),
                blob(device.0.uuid())
            ],
            |row| {
                Ok((
                    instant(row, 0)?,
                    row.get::<_, i64>(1)?,
                    id::<SessionId>(row, 2)?,
                    row.get::<_, String>(3)?,
                ))
            },
        )?;
        let stretches = loaded.neighbours.entry(*device).or_default();
        for row in rows {
            let (start, seconds, session_id, kind) = row?;
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
