//! The event log: what managers are told, numbered in the order of commits.
//!
//! A row carries ids only. Whoever sends an event reads what the ids stand for now.

use serde::{Deserialize, Serialize};
use shared_types::{AlertId, SessionId, Timestamp, UserId};

use super::{StoreError, SystemTx, TenantDb, TenantTx, sql};
use crate::ingest::plan::NewEvent;

/// What an event is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The people concerned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<UserId>,
    /// The alert concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alert_id: Option<AlertId>,
    /// The policy's version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_version: Option<i64>,
    /// Sessions that began.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub started: Vec<SessionId>,
    /// Sessions that ended.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stopped: Vec<SessionId>,
}

impl Subject {
    /// The stored form.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("plain data is JSON")
    }
}

/// The stored subject of an event that ingest appends.
#[must_use]
pub fn ingest_subject(event: &NewEvent) -> String {
    Subject {
        users: event.users.clone(),
        started: event.started.clone(),
        stopped: event.stopped.clone(),
        ..Subject::default()
    }
    .to_json()
}

/// An event as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvent {
    /// Its number in the organization.
    pub seq: i64,
    /// Its kind, as on the wire.
    pub kind: String,
    /// What it is about.
    pub subject: Subject,
    /// When it was committed.
    pub created_at: Timestamp,
}

/// Appends an event in the transaction that it reports. Call it last: the organization's
/// counter stays locked until the commit, which is what keeps the numbers in commit order.
pub async fn append(
    tx: &mut TenantTx,
    kind: &str,
    subject: &Subject,
    now: Timestamp,
) -> Result<i64, StoreError> {
    let organization = tx.organization();
    let seq: i64 = sql!(tx.db(), |c| sqlx::query_scalar(
        "UPDATE event_counters SET seq = seq + 1 WHERE organization_id = $1 RETURNING seq"
    )
    .bind(organization)
    .fetch_one(&mut *c)
    .await)?;
    sql!(tx.db(), |c| {
        sqlx::query(
        "INSERT INTO events (organization_id, seq, kind, subject, created_at) VALUES ($1, $2, $3, $4, $5)"
    )
    .bind(organization)
    .bind(seq)
    .bind(kind)
    .bind(sqlx::types::Json(subject))
    .bind(now)
    .execute(&mut *c)
    .await
    .map(drop)
    })?;
    Ok(seq)
}

/// Makes the counter of a new organization.
pub async fn create_counter(tx: &mut TenantTx) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(
        "INSERT INTO event_counters (organization_id, seq) VALUES ($1, 0)"
    )
    .bind(organization)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}

/// The number of the organization's latest event; 0 before the first.
pub async fn latest_seq(db: TenantDb<'_>) -> Result<i64, StoreError> {
    let organization = db.organization();
    let seq: Option<i64> = sql!(db, |c| sqlx::query_scalar(
        "SELECT seq FROM event_counters WHERE organization_id = $1"
    )
    .bind(organization)
    .fetch_optional(&mut *c)
    .await)?;
    Ok(seq.unwrap_or(0))
}

/// Events behind a number, oldest first.
pub async fn after(db: TenantDb<'_>, seq: i64, limit: i64) -> Result<Vec<StoredEvent>, StoreError> {
    type Row = (i64, String, sqlx::types::Json<Subject>, Timestamp);
    let organization = db.organization();
    let rows: Vec<Row> = sql!(db, |c| sqlx::query_as(
        "SELECT seq, kind, subject, created_at FROM events \
         WHERE organization_id = $1 AND seq > $2 ORDER BY seq LIMIT $3"
    )
    .bind(organization)
    .bind(seq)
    .bind(limit)
    .fetch_all(&mut *c)
    .await)?;
    Ok(rows
        .into_iter()
        .map(|(seq, kind, subject, created_at)| StoredEvent {
            seq,
            kind,
            subject: subject.0,
            created_at,
        })
        .collect())
}

/// The number of the oldest event that is kept; `None` when none is.
pub async fn oldest_seq(db: TenantDb<'_>) -> Result<Option<i64>, StoreError> {
    let organization = db.organization();
    Ok(sql!(db, |c| sqlx::query_scalar(
        "SELECT min(seq) FROM events WHERE organization_id = $1"
    )
    .bind(organization)
    .fetch_one(&mut *c)
    .await)?)
}

/// Removes events older than `before`, at most `limit` of them; returns how many.
pub async fn prune(tx: &mut SystemTx, before: Timestamp, limit: i64) -> Result<u64, StoreError> {
    Ok(sql!(tx.db(), |c| {
        sqlx::query(
        "DELETE FROM events WHERE (organization_id, seq) IN \
         (SELECT organization_id, seq FROM events WHERE created_at < $1 ORDER BY created_at LIMIT $2)"
    )
    .bind(before)
    .bind(limit)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected())
    })?)
}
