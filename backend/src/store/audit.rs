//! Who did what: append-only, each row's hash covering the row before it.
//!
//! The hash is SHA-256 over the previous hash and the row's fields, each preceded by its
//! length, so that no two different rows have the same text. Changing or removing a row breaks
//! the chain from there on, and [`verify`] says where.

use serde_json::Value;
use sha2::{Digest, Sha256};
use shared_types::{OrganizationId, Timestamp, UserId};
use sqlx::types::Json;

use super::{Db, StoreError, TenantDb, TenantTx, sql};

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

#[derive(Debug, sqlx::FromRow)]
struct AuditRow {
    seq: i64,
    at: Timestamp,
    actor_id: Option<UserId>,
    action: String,
    subject_id: Option<UserId>,
    detail: Json<Value>,
    previous_hash: Vec<u8>,
    hash: Vec<u8>,
}

/// Appends an entry in the transaction of what it reports, to the audit of its organization.
pub async fn append(tx: &mut TenantTx, entry: &Entry, now: Timestamp) -> Result<(), StoreError> {
    let organization = tx.organization();
    if let Db::Postgres(connection) = tx.db().raw() {
        // Two writers of one organization would both chain to the same row.
        sqlx::query("SELECT 1 FROM organizations WHERE id = $1 FOR NO KEY UPDATE")
            .bind(organization)
            .execute(connection)
            .await?;
    }
    let last: Option<(i64, Vec<u8>)> = sql!(tx.db(), |c| sqlx::query_as(
        "SELECT seq, hash FROM audit WHERE organization_id = $1 ORDER BY seq DESC LIMIT 1"
    )
    .bind(organization)
    .fetch_optional(&mut *c)
    .await)?;
    let (last_seq, previous) = last.unwrap_or_else(|| (0, vec![0; 32]));
    let mut row = AuditRow {
        seq: last_seq + 1,
        at: now,
        actor_id: entry.actor,
        action: entry.action.to_owned(),
        subject_id: entry.subject,
        detail: Json(entry.detail.clone()),
        previous_hash: previous,
        hash: Vec::new(),
    };
    row.hash = chained(organization, &row);
    sql!(tx.db(), |c| {
        sqlx::query(
        "INSERT INTO audit (organization_id, seq, at, actor_id, action, subject_id, detail, previous_hash, hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    )
    .bind(organization)
    .bind(row.seq)
    .bind(row.at)
    .bind(row.actor_id)
    .bind(&row.action)
    .bind(row.subject_id)
    .bind(&row.detail)
    .bind(&row.previous_hash)
    .bind(&row.hash)
    .execute(&mut *c)
    .await
    .map(drop)
    })?;
    Ok(())
}

fn chained(organization: OrganizationId, row: &AuditRow) -> Vec<u8> {
    let mut hash = Sha256::new();
    let mut field = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    };
    field(&row.previous_hash);
    field(organization.uuid().as_bytes());
    field(&row.seq.to_be_bytes());
    field(&row.at.as_millis().to_be_bytes());
    field(
        row.actor_id
            .as_ref()
            .map_or(&[], |id| id.0.as_bytes().as_slice()),
    );
    field(row.action.as_bytes());
    field(
        row.subject_id
            .as_ref()
            .map_or(&[], |id| id.0.as_bytes().as_slice()),
    );
    field(canonical(&row.detail.0).as_bytes());
    hash.finalize().to_vec()
}

/// JSON with sorted keys: `jsonb` does not keep their order.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let sorted: std::collections::BTreeMap<&String, String> = fields
                .iter()
                .map(|(key, value)| (key, canonical(value)))
                .collect();
            let parts: Vec<String> = sorted
                .into_iter()
                .map(|(key, value)| format!("{}:{value}", Value::from(key.as_str())))
                .collect();
            format!("{{{}}}", parts.join(","))
        }
        Value::Array(items) => {
            let parts: Vec<String> = items.iter().map(canonical).collect();
            format!("[{}]", parts.join(","))
        }
        plain => plain.to_string(),
    }
}

/// The first row of the organization whose hash is not what it should be, if any.
pub async fn verify(mut db: TenantDb<'_>) -> Result<Option<i64>, StoreError> {
    let organization = db.organization();
    let (mut previous, mut after) = (vec![0; 32], 0_i64);
    loop {
        let rows: Vec<AuditRow> = sql!(db.again(), |c| {
            sqlx::query_as(
            "SELECT seq, at, actor_id, action, subject_id, detail, previous_hash, hash FROM audit
             WHERE organization_id = $1 AND seq > $2 ORDER BY seq LIMIT 1000"
        )
        .bind(organization)
        .bind(after)
        .fetch_all(&mut *c)
        .await
        })?;
        if rows.is_empty() {
            return Ok(None);
        }
        for row in rows {
            let intact = row.seq == after + 1
                && row.previous_hash == previous
                && row.hash == chained(organization, &row);
            if !intact {
                return Ok(Some(row.seq));
            }
            after = row.seq;
            previous = row.hash;
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_same_detail_has_the_same_text_in_whatever_order_it_was_kept() {
        let one: Value =
            serde_json::from_str(r#"{"b":[{"y":1,"x":"\""}],"a":null}"#).expect("json");
        assert_eq!(canonical(&one), r#"{"a":null,"b":[{"x":"\"","y":1}]}"#);
        assert_eq!(
            canonical(&json!({ "a": null, "b": [{ "x": "\"", "y": 1 }] })),
            canonical(&one)
        );
    }
}
