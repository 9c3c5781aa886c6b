//! Webhooks: where they go, what they are told of, how far in the event log they are.

use secrecy::{ExposeSecret as _, SecretString};
use shared_types::{
    OrganizationId, Timestamp, UserId, WebhookId,
    webhook::{Webhook, WebhookKind, WebhookOff},
};
use sqlx::types::Json;
use uuid::Uuid;

use super::{StoreError, SystemDb, TenantDb, TenantTx, sql};

#[derive(Debug, sqlx::FromRow)]
struct WebhookRow {
    id: WebhookId,
    url: String,
    label: String,
    kinds: Json<Vec<WebhookKind>>,
    created_by: Option<UserId>,
    created_at: Timestamp,
    previous_until: Option<Timestamp>,
    failing_since: Option<Timestamp>,
    off_at: Option<Timestamp>,
    off_reason: Option<String>,
}

impl TryFrom<WebhookRow> for Webhook {
    type Error = StoreError;

    fn try_from(row: WebhookRow) -> Result<Self, StoreError> {
        let off_because = row
            .off_reason
            .map(|reason| {
                WebhookOff::named(&reason).ok_or_else(|| {
                    StoreError::Corrupt(format!("webhooks.off_reason is {reason:?}"))
                })
            })
            .transpose()?;
        Ok(Self {
            id: row.id,
            url: row.url,
            label: row.label,
            kinds: row.kinds.0,
            created_by: row.created_by,
            created_at: row.created_at,
            previous_secret_until: row.previous_until,
            failing_since: row.failing_since,
            off_since: row.off_at,
            off_because,
        })
    }
}

/// A webhook to add.
#[derive(Debug)]
pub struct NewWebhook<'a> {
    /// Made by the caller.
    pub id: WebhookId,
    /// Where messages go.
    pub url: &'a str,
    /// What it is for.
    pub label: &'a str,
    /// What it is told of.
    pub kinds: &'a [WebhookKind],
    /// What its messages are signed with.
    pub secret: &'a SecretString,
    /// Who made it; absent: IT on the server itself.
    pub created_by: Option<UserId>,
    /// The event behind which it is told what happens.
    pub events_seq: i64,
}

/// Adds a webhook.
pub async fn insert(
    tx: &mut TenantTx,
    webhook: &NewWebhook<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| {
        sqlx::query(
        "INSERT INTO webhooks (organization_id, id, url, label, kinds, secret, events_seq, created_by, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    )
    .bind(organization)
    .bind(webhook.id)
    .bind(webhook.url)
    .bind(webhook.label)
    .bind(Json(webhook.kinds))
    .bind(webhook.secret.expose_secret())
    .bind(webhook.events_seq)
    .bind(webhook.created_by)
    .bind(now)
    .execute(&mut *c)
    .await
    .map(drop)
    })?;
    Ok(())
}

/// How many webhooks the organization has.
pub async fn count(db: TenantDb<'_>) -> Result<i64, StoreError> {
    let organization = db.organization();
    Ok(sql!(db, |c| sqlx::query_scalar(
        "SELECT count(*) FROM webhooks WHERE organization_id = $1"
    )
    .bind(organization)
    .fetch_one(&mut *c)
    .await)?)
}

/// One webhook.
pub async fn find(db: TenantDb<'_>, id: WebhookId) -> Result<Option<Webhook>, StoreError> {
    let organization = db.organization();
    let row: Option<WebhookRow> = sql!(db, |c| sqlx::query_as(
        "SELECT id, url, label, kinds, created_by, created_at, previous_until, failing_since,
                off_at, off_reason
         FROM webhooks WHERE organization_id = $1 AND id = $2"
    )
    .bind(organization)
    .bind(id)
    .fetch_optional(&mut *c)
    .await)?;
    row.map(Webhook::try_from).transpose()
}

/// Webhooks in the order of their making, after `after`.
pub async fn list(
    db: TenantDb<'_>,
    after: Option<WebhookId>,
    limit: i64,
) -> Result<Vec<Webhook>, StoreError> {
    let organization = db.organization();
    let rows: Vec<WebhookRow> = sql!(db, |c| sqlx::query_as(
        "SELECT id, url, label, kinds, created_by, created_at, previous_until, failing_since,
                off_at, off_reason
         FROM webhooks WHERE organization_id = $1 AND id > $2 ORDER BY id LIMIT $3"
    )
    .bind(organization)
    .bind(after.unwrap_or(WebhookId(Uuid::nil())))
    .bind(limit)
    .fetch_all(&mut *c)
    .await)?;
    rows.into_iter().map(Webhook::try_from).collect()
}

/// Replaces what an admin may change, apart from whether it is on.
pub async fn set(
    tx: &mut TenantTx,
    id: WebhookId,
    url: &str,
    label: &str,
    kinds: &[WebhookKind],
) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(
        "UPDATE webhooks SET url = $3, label = $4, kinds = $5
         WHERE organization_id = $1 AND id = $2"
    )
    .bind(organization)
    .bind(id)
    .bind(url)
    .bind(label)
    .bind(Json(kinds))
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}

/// Turns a webhook on: it is told what happens behind this event.
pub async fn turn_on(tx: &mut TenantTx, id: WebhookId, events_seq: i64) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| {
        sqlx::query(
        "UPDATE webhooks SET off_at = NULL, off_reason = NULL, failing_since = NULL, events_seq = $3
         WHERE organization_id = $1 AND id = $2"
    )
    .bind(organization)
    .bind(id)
    .bind(events_seq)
    .execute(&mut *c)
    .await
    .map(drop)
    })?;
    Ok(())
}

/// Turns a webhook off; false when it is off already.
pub async fn turn_off(
    tx: &mut TenantTx,
    id: WebhookId,
    reason: WebhookOff,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| sqlx::query(
        "UPDATE webhooks SET off_at = $3, off_reason = $4
         WHERE organization_id = $1 AND id = $2 AND off_at IS NULL"
    )
    .bind(organization)
    .bind(id)
    .bind(now)
    .bind(reason.as_str())
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Gives a webhook another secret; the one before signs as well until `until`. False when there
/// is no such webhook.
pub async fn rotate(
    tx: &mut TenantTx,
    id: WebhookId,
    secret: &SecretString,
    until: Timestamp,
) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| sqlx::query(
        "UPDATE webhooks SET previous_secret = secret, previous_until = $3, secret = $4
         WHERE organization_id = $1 AND id = $2"
    )
    .bind(organization)
    .bind(id)
    .bind(until)
    .bind(secret.expose_secret())
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Removes a webhook with its messages; false when there is none.
pub async fn remove(tx: &mut TenantTx, id: WebhookId) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| sqlx::query(
        "DELETE FROM webhooks WHERE organization_id = $1 AND id = $2"
    )
    .bind(organization)
    .bind(id)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// What sending needs to know.
#[derive(Debug)]
pub struct Signing {
    /// Where messages go.
    pub url: String,
    /// What they are signed with: the present secret, and the one before it while that is good.
    pub secrets: Vec<SecretString>,
}

/// Where a webhook goes and what signs its messages; `None` when it is off, or not there.
pub async fn signing(
    db: TenantDb<'_>,
    id: WebhookId,
    now: Timestamp,
) -> Result<Option<Signing>, StoreError> {
    type Row = (String, String, Option<String>, Option<Timestamp>);
    let organization = db.organization();
    let row: Option<Row> = sql!(db, |c| sqlx::query_as(
        "SELECT url, secret, previous_secret, previous_until
         FROM webhooks WHERE organization_id = $1 AND id = $2 AND off_at IS NULL"
    )
    .bind(organization)
    .bind(id)
    .fetch_optional(&mut *c)
    .await)?;
    Ok(row.map(|(url, secret, previous, until)| {
        let previous = previous.filter(|_| until.is_some_and(|until| now < until));
        Signing {
            url,
            secrets: std::iter::once(secret)
                .chain(previous)
                .map(SecretString::from)
                .collect(),
        }
    }))
}

/// Webhooks that are on and behind their organization's event log.
pub async fn behind(db: SystemDb<'_>) -> Result<Vec<(OrganizationId, WebhookId)>, StoreError> {
    Ok(sql!(db, |c| sqlx::query_as(
        "SELECT w.organization_id, w.id FROM webhooks w
         JOIN event_counters e ON e.organization_id = w.organization_id
         WHERE w.off_at IS NULL AND w.events_seq < e.seq ORDER BY w.organization_id, w.id"
    )
    .fetch_all(&mut *c)
    .await)?)
}

/// What a webhook that is on is told of, and up to which event messages have been queued.
pub async fn place(
    db: TenantDb<'_>,
    id: WebhookId,
) -> Result<Option<(Vec<WebhookKind>, i64)>, StoreError> {
    let organization = db.organization();
    let row: Option<(Json<Vec<WebhookKind>>, i64)> = sql!(db, |c| sqlx::query_as(
        "SELECT kinds, events_seq FROM webhooks
         WHERE organization_id = $1 AND id = $2 AND off_at IS NULL"
    )
    .bind(organization)
    .bind(id)
    .fetch_optional(&mut *c)
    .await)?;
    Ok(row.map(|(kinds, seq)| (kinds.0, seq)))
}

/// Goes on in the event log; false when another instance was faster, or it was turned off.
pub async fn advance(
    tx: &mut TenantTx,
    id: WebhookId,
    from: i64,
    to: i64,
) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| sqlx::query(
        "UPDATE webhooks SET events_seq = $4
         WHERE organization_id = $1 AND id = $2 AND events_seq = $3 AND off_at IS NULL"
    )
    .bind(organization)
    .bind(id)
    .bind(from)
    .bind(to)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Notes that an attempt went well, or did not; since when none has.
pub async fn note_attempt(
    tx: &mut TenantTx,
    id: WebhookId,
    went_well: bool,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let organization = tx.organization();
    let since: Option<Option<Timestamp>> = sql!(tx.db(), |c| {
        sqlx::query_scalar(
        "UPDATE webhooks SET failing_since = CASE WHEN $3 THEN NULL ELSE COALESCE(failing_since, $4) END
         WHERE organization_id = $1 AND id = $2 RETURNING failing_since"
    )
    .bind(organization)
    .bind(id)
    .bind(went_well)
    .bind(now)
    .fetch_optional(&mut *c)
    .await
    })?;
    Ok(since.flatten())
}
