//! Who did, and who looked at, what: append-only, each row's hash covering the row before it.
//!
//! What an administrator does goes through [`append`], a look at somebody's activity through
//! [`looked`], each in the transaction of what it reports. Changing or removing a row breaks the
//! chain from there on, and [`verify`] says where. Rows hold ids, never names: whoever is erased
//! leaves ids behind that nobody can read any more.

mod chain;
mod list;
mod looks;

use serde_json::Value;
use shared_types::{Timestamp, UserId};
use sqlx::types::Json;

use super::{StoreError, TenantTx, sql};
use chain::{AuditRow, chained};

pub use chain::{Broken, Verified, verify};
pub use list::{Filter, list};
pub use looks::{Looked, looked, looks_at};

/// Something that somebody did.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Who did it; absent: IT on the server itself.
    pub actor: Option<UserId>,
    /// What, such as `user.created`.
    pub action: &'static str,
    /// The person concerned.
    pub subject: Option<UserId>,
    /// Ids and values. Never a secret, a title or an address.
    pub detail: Value,
}

/// Appends an entry in the transaction of what it reports, to the audit of its organization.
pub async fn append(tx: &mut TenantTx, entry: &Entry, now: Timestamp) -> Result<(), StoreError> {
    append_about(tx, entry, None, now).await
}

/// Appends an entry that concerns a set of people.
async fn append_about(
    tx: &mut TenantTx,
    entry: &Entry,
    people: Option<Vec<u8>>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let organization = tx.organization();
    // Takes the next number and locks the end of the chain: two writers of one organization
    // would both follow on the same row.
    let (seq, previous_hash): (i64, Vec<u8>) = sql!(tx.db(), |c| sqlx::query_as(
        "INSERT INTO audit_heads (organization_id, seq, hash) VALUES ($1, 1, $2)
         ON CONFLICT (organization_id) DO UPDATE SET seq = audit_heads.seq + 1
         RETURNING seq, hash"
    )
    .bind(organization)
    .bind(vec![0_u8; 32])
    .fetch_one(&mut *c)
    .await)?;
    let mut row = AuditRow {
        seq,
        at: now,
        actor_id: entry.actor,
        action: entry.action.to_owned(),
        subject_id: entry.subject,
        detail: Json(entry.detail.clone()),
        people,
        previous_hash,
        hash: Vec::new(),
    };
    row.hash = chained(organization, &row);
    sql!(tx.db(), |c| {
        sqlx::query(
            "INSERT INTO audit (organization_id, seq, at, actor_id, action, subject_id, detail, people, previous_hash, hash)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(organization)
        .bind(row.seq)
        .bind(row.at)
        .bind(row.actor_id)
        .bind(&row.action)
        .bind(row.subject_id)
        .bind(&row.detail)
        .bind(&row.people)
        .bind(&row.previous_hash)
        .bind(&row.hash)
        .execute(&mut *c)
        .await
        .map(drop)
    })?;
    sql!(tx.db(), |c| sqlx::query(
        "UPDATE audit_heads SET hash = $2 WHERE organization_id = $1"
    )
    .bind(organization)
    .bind(&row.hash)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}
