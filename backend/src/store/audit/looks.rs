//! Looks: who looked at whose activity. One row each, in the transaction of the request that
//! shows it; and what the person concerned reads of it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use shared_types::{
    Timestamp, UserId,
    audit::{Look, LookAt},
    auth::Role,
};
use sqlx::types::Json;
use uuid::Uuid;

use super::{Entry, append_about};
use crate::store::{StoreError, TenantDb, TenantTx, people, sql};

/// Rows that one statement inserts: three values each, below every engine's limit.
const MEMBERS_AT_ONCE: usize = 500;

/// A look at other people's activity.
#[derive(Debug, Clone)]
pub struct Looked<'a> {
    /// Who looks, and what they may do now; absent: IT on the server itself.
    pub viewer: Option<(UserId, Role)>,
    /// At what.
    pub at: LookAt,
    /// Whose activity is shown; the viewer's own is no look.
    pub people: &'a [UserId],
    /// What else tells what was seen: a date, the id of a session. Never a name or a title.
    pub detail: Value,
}

/// Writes a look down, in the transaction of the request that shows it: what cannot be written
/// down is not shown. Nothing for a look at oneself, or at nobody.
///
/// `salt` is new for each call and as random as an id.
pub async fn looked(
    tx: &mut TenantTx,
    look: &Looked<'_>,
    now: Timestamp,
    salt: Uuid,
) -> Result<(), StoreError> {
    let viewer = look.viewer.map(|(id, _)| id);
    let people: BTreeSet<UserId> = look
        .people
        .iter()
        .copied()
        .filter(|person| Some(*person) != viewer)
        .collect();
    let Some(first) = people.first().copied() else {
        return Ok(());
    };
    let mut detail = match &look.detail {
        Value::Object(fields) => fields.clone(),
        _ => serde_json::Map::new(),
    };
    detail.insert("people".to_owned(), json!(people.len()));
    if let Some((id, role)) = look.viewer {
        detail.insert("role".to_owned(), json!(role));
        let name = name_of(tx, id, salt).await?;
        detail.insert("name".to_owned(), json!(name.map(hex::encode)));
    }
    let (subject, set) = if people.len() == 1 {
        (Some(first), None)
    } else {
        (None, Some(keep_set(tx, &people).await?))
    };
    let entry = Entry {
        actor: viewer,
        action: look.at.action(),
        subject,
        detail: Value::Object(detail),
    };
    append_about(tx, &entry, set, now).await
}

/// The hash that stands for a set of people: of their ids, in order.
pub(super) fn set_hash<'i>(people: impl IntoIterator<Item = &'i UserId>) -> Vec<u8> {
    let mut hash = Sha256::new();
    for person in people {
        hash.update(person.uuid().as_bytes());
    }
    hash.finalize().to_vec()
}

/// Keeps a set of people, unless it is kept already; its hash.
async fn keep_set(tx: &mut TenantTx, people: &BTreeSet<UserId>) -> Result<Vec<u8>, StoreError> {
    let organization = tx.organization();
    let hash = set_hash(people);
    let known: Option<Vec<u8>> = sql!(tx.db(), |c| sqlx::query_scalar(
        "SELECT people FROM audit_people WHERE organization_id = $1 AND people = $2 LIMIT 1"
    )
    .bind(organization)
    .bind(&hash)
    .fetch_optional(&mut *c)
    .await)?;
    if known.is_some() {
        return Ok(hash);
    }
    let members: Vec<UserId> = people.iter().copied().collect();
    for chunk in members.chunks(MEMBERS_AT_ONCE) {
        sql!(tx.db(), |c| {
            let mut query = sqlx::QueryBuilder::new(
                "INSERT INTO audit_people (organization_id, people, user_id) ",
            );
            query.push_values(chunk, |mut row, person| {
                row.push_bind(organization)
                    .push_bind(hash.clone())
                    .push_bind(*person);
            });
            // Another writer may have the same idea at the same time.
            query.push(" ON CONFLICT DO NOTHING");
            query.build().execute(&mut *c).await.map(drop)
        })?;
    }
    Ok(hash)
}

/// The hash that a name has with its salt.
pub(super) fn commitment(salt: &[u8], name: &str) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update((salt.len() as u64).to_be_bytes());
    hash.update(salt);
    hash.update(name.as_bytes());
    hash.finalize().to_vec()
}

/// What stands for the name that a person has now; made at its first look.
async fn name_of(
    tx: &mut TenantTx,
    person: UserId,
    salt: Uuid,
) -> Result<Option<Vec<u8>>, StoreError> {
    let organization = tx.organization();
    let Some(user) = people::find(tx.db(), person).await? else {
        return Ok(None);
    };
    let known: Option<Vec<u8>> = sql!(tx.db(), |c| sqlx::query_scalar(
        "SELECT commitment FROM audit_names
         WHERE organization_id = $1 AND user_id = $2 AND name = $3 LIMIT 1"
    )
    .bind(organization)
    .bind(person)
    .bind(&user.name)
    .fetch_optional(&mut *c)
    .await)?;
    if known.is_some() {
        return Ok(known);
    }
    let salt = salt.as_bytes().to_vec();
    let hash = commitment(&salt, &user.name);
    sql!(tx.db(), |c| sqlx::query(
        "INSERT INTO audit_names (organization_id, commitment, user_id, name, salt)
         VALUES ($1, $2, $3, $4, $5)"
    )
    .bind(organization)
    .bind(&hash)
    .bind(person)
    .bind(&user.name)
    .bind(&salt)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(Some(hash))
}

#[derive(Debug, sqlx::FromRow)]
struct LookRow {
    seq: i64,
    at: Timestamp,
    actor_id: Option<UserId>,
    action: String,
    detail: Json<Value>,
}

/// Looks at a person, newest first, each with its number; those before `before`.
pub async fn looks_at(
    mut db: TenantDb<'_>,
    person: UserId,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<(i64, Look)>, StoreError> {
    let organization = db.organization();
    let rows: Vec<LookRow> = sql!(db.again(), |c| {
        sqlx::query_as(
            "SELECT seq, at, actor_id, action, detail FROM audit
             WHERE organization_id = $1 AND seq < $3 AND action LIKE 'look.%'
               AND (subject_id = $2 OR people IN (
                   SELECT s.people FROM audit_people s WHERE s.organization_id = $1 AND s.user_id = $2))
             ORDER BY seq DESC LIMIT $4",
        )
        .bind(organization)
        .bind(person)
        .bind(before.unwrap_or(i64::MAX))
        .bind(limit)
        .fetch_all(&mut *c)
        .await
    })?;
    let mut names: BTreeMap<String, Option<String>> = BTreeMap::new();
    let mut looks = Vec::with_capacity(rows.len());
    for row in rows {
        let text = |field: &str| row.detail.0.get(field)?.as_str().map(str::to_owned);
        let looked_at = LookAt::parse(&row.action)
            .ok_or_else(|| StoreError::Corrupt(format!("audit.action {:?}", row.action)))?;
        let viewer_name = match text("name") {
            None => None,
            Some(key) => {
                if !names.contains_key(&key) {
                    let name = name_behind(db.again(), &key).await?;
                    names.insert(key.clone(), name);
                }
                names.get(&key).cloned().flatten()
            }
        };
        let look = Look {
            at: row.at,
            looked_at,
            viewer_id: row.actor_id,
            viewer_name,
            viewer_role: text("role"),
            people: row
                .detail
                .0
                .get("people")
                .and_then(Value::as_i64)
                .unwrap_or(1),
            date: text("date"),
        };
        looks.push((row.seq, look));
    }
    Ok(looks)
}

/// The name that a commitment stands for, unless its person was erased.
async fn name_behind(db: TenantDb<'_>, key: &str) -> Result<Option<String>, StoreError> {
    let organization = db.organization();
    let commitment = hex::decode(key).unwrap_or_default();
    let found: Option<Option<String>> = sql!(db, |c| sqlx::query_scalar(
        "SELECT name FROM audit_names WHERE organization_id = $1 AND commitment = $2"
    )
    .bind(organization)
    .bind(commitment)
    .fetch_optional(&mut *c)
    .await)?;
    Ok(found.flatten())
}
