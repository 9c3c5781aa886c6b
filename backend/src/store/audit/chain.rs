//! The chain: what a row's hash covers, and whether an organization's audit is what it was.
//!
//! What it can show: that a row was changed, taken out, put in or put elsewhere; that the set of
//! people whom a look concerned, or the name of a viewer, was changed; that rows were taken off
//! the end, as long as the note of the end (`audit_heads`) was not changed along with them. What
//! it cannot: who can write to the database as its owner can make a whole new chain and a new
//! note. Against that, `doctor` prints number and hash of each end: kept elsewhere, they tell.

use std::collections::HashSet;

use serde_json::Value;
use sha2::{Digest, Sha256};
use shared_types::{OrganizationId, Timestamp, UserId, audit::LookAt};
use sqlx::types::Json;

use super::looks::{commitment, set_hash};
use crate::store::{StoreError, TenantDb, sql};

/// A row, as the chain sees it.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct AuditRow {
    pub(super) seq: i64,
    pub(super) at: Timestamp,
    pub(super) actor_id: Option<UserId>,
    pub(super) action: String,
    pub(super) subject_id: Option<UserId>,
    pub(super) detail: Json<Value>,
    pub(super) people: Option<Vec<u8>>,
    pub(super) previous_hash: Vec<u8>,
    pub(super) hash: Vec<u8>,
}

/// What a row's hash must be: of its fields, each preceded by its length, so that no two
/// different rows have the same text.
pub(super) fn chained(organization: OrganizationId, row: &AuditRow) -> Vec<u8> {
    let mut hash = Sha256::new();
    let mut field = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    };
    let id = |id: &Option<UserId>| id.map_or(Vec::new(), |id| id.uuid().as_bytes().to_vec());
    field(&row.previous_hash);
    field(organization.uuid().as_bytes());
    field(&row.seq.to_be_bytes());
    field(&row.at.as_millis().to_be_bytes());
    field(&id(&row.actor_id));
    field(row.action.as_bytes());
    field(&id(&row.subject_id));
    field(canonical(&row.detail.0).as_bytes());
    // Rows that were written before there were sets have no such field.
    if let Some(people) = &row.people {
        field(people);
    }
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

/// The first place at which an audit is not what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The row.
    pub seq: i64,
    /// What is wrong there.
    pub what: &'static str,
}

/// How an organization's audit was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// How many rows it has.
    pub rows: i64,
    /// The last row's hash; zeros where there is none.
    pub hash: Vec<u8>,
    /// Where it is broken, if it is.
    pub broken: Option<Broken>,
}

/// Follows an organization's chain from its first row to its end.
pub async fn verify(mut db: TenantDb<'_>) -> Result<Verified, StoreError> {
    let organization = db.organization();
    let sets = whole_sets(db.again()).await?;
    let names = whole_names(db.again()).await?;
    let mut found = Verified {
        rows: 0,
        hash: vec![0; 32],
        broken: None,
    };
    loop {
        let rows: Vec<AuditRow> = sql!(db.again(), |c| {
            sqlx::query_as(
                "SELECT seq, at, actor_id, action, subject_id, detail, people, previous_hash, hash FROM audit
                 WHERE organization_id = $1 AND seq > $2 ORDER BY seq LIMIT 1000",
            )
            .bind(organization)
            .bind(found.rows)
            .fetch_all(&mut *c)
            .await
        })?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            // Other acts may have a name among their values: a project's, a team's.
            let name = LookAt::parse(&row.action)
                .and_then(|_| row.detail.0.get("name"))
                .and_then(Value::as_str);
            let what = if row.seq != found.rows + 1 {
                Some("the row before it is missing")
            } else if row.previous_hash != found.hash {
                Some("it does not follow on the row before it")
            } else if row.hash != chained(organization, &row) {
                Some("it was changed")
            } else if row.people.as_ref().is_some_and(|set| !sets.contains(set)) {
                Some("whom it concerned was changed")
            } else if name.is_some_and(|name| !names.contains(name)) {
                Some("the viewer's name was changed")
            } else {
                None
            };
            if let Some(what) = what {
                found.broken = Some(Broken { seq: row.seq, what });
                return Ok(found);
            }
            found.rows = row.seq;
            found.hash = row.hash;
        }
    }
    let end: Option<(i64, Vec<u8>)> = sql!(db.again(), |c| sqlx::query_as(
        "SELECT seq, hash FROM audit_heads WHERE organization_id = $1"
    )
    .bind(organization)
    .fetch_optional(&mut *c)
    .await)?;
    let what = match end {
        None if found.rows == 0 => None,
        None => Some("the note of the end is missing"),
        Some((seq, _)) if seq > found.rows => Some("rows behind it are missing"),
        Some((seq, hash)) if seq != found.rows || hash != found.hash => {
            Some("the end is not the one that was noted")
        }
        Some(_) => None,
    };
    found.broken = what.map(|what| Broken {
        seq: found.rows,
        what,
    });
    Ok(found)
}

/// Sets of people that have the hash under which they are kept.
async fn whole_sets(db: TenantDb<'_>) -> Result<HashSet<Vec<u8>>, StoreError> {
    use futures_util::TryStreamExt as _;
    let organization = db.organization();
    let mut whole = HashSet::new();
    let mut open: Option<(Vec<u8>, Vec<UserId>)> = None;
    let mut close = |open: Option<(Vec<u8>, Vec<UserId>)>| {
        if let Some((set, members)) = open
            && set_hash(&members) == set
        {
            whole.insert(set);
        }
    };
    sql!(db, |c| {
        let mut rows = sqlx::query_as::<_, (Vec<u8>, UserId)>(
            "SELECT people, user_id FROM audit_people WHERE organization_id = $1 ORDER BY people, user_id",
        )
        .bind(organization)
        .fetch(&mut *c);
        while let Some((set, member)) = rows.try_next().await? {
            match &mut open {
                Some((known, members)) if *known == set => members.push(member),
                _ => close(open.replace((set, vec![member]))),
            }
        }
    });
    close(open);
    Ok(whole)
}

/// Names that have the hash under which they are kept, and those of people who were erased.
async fn whole_names(db: TenantDb<'_>) -> Result<HashSet<String>, StoreError> {
    type Row = (Vec<u8>, Option<String>, Option<Vec<u8>>, bool);
    let organization = db.organization();
    let rows: Vec<Row> = sql!(db, |c| {
        sqlx::query_as(
        "SELECT n.commitment, n.name, n.salt, u.erased_at IS NOT NULL
         FROM audit_names n JOIN users u ON u.organization_id = n.organization_id AND u.id = n.user_id
         WHERE n.organization_id = $1"
    )
    .bind(organization)
    .fetch_all(&mut *c)
    .await
    })?;
    Ok(rows
        .into_iter()
        .filter(|(hash, name, salt, erased)| match (name, salt) {
            (Some(name), Some(salt)) => commitment(salt, name) == *hash,
            (None, None) => *erased,
            _ => false,
        })
        .map(|(hash, ..)| hex::encode(hash))
        .collect())
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
