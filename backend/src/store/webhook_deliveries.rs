//! Messages to webhooks: queued, tried, arrived or given up.

use shared_types::{
    AlertId, DeliveryId, OrganizationId, Timestamp, UserId, WebhookId,
    webhook::{DeliveryState, WebhookDelivery, WebhookKind},
};

use super::{StoreError, SystemDb, TenantDb, TenantTx, sql};

#[derive(Debug, sqlx::FromRow)]
struct DeliveryRow {
    id: DeliveryId,
    kind: String,
    user_id: Option<UserId>,
    body: String,
    created_at: Timestamp,
    attempts: i64,
    next_attempt_at: Option<Timestamp>,
    delivered_at: Option<Timestamp>,
    last_attempt_at: Option<Timestamp>,
    status: Option<i64>,
    duration_ms: Option<i64>,
    error: Option<String>,
    answer: Option<String>,
}

fn kind(name: &str) -> Result<WebhookKind, StoreError> {
    WebhookKind::named(name)
        .ok_or_else(|| StoreError::Corrupt(format!("webhook_deliveries.kind is {name:?}")))
}

impl TryFrom<DeliveryRow> for WebhookDelivery {
    type Error = StoreError;

    fn try_from(row: DeliveryRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            kind: kind(&row.kind)?,
            user_id: row.user_id,
            body: row.body,
            state: match (row.next_attempt_at, row.delivered_at) {
                (Some(_), _) => DeliveryState::Waiting,
                (None, Some(_)) => DeliveryState::Delivered,
                (None, None) => DeliveryState::Failed,
            },
            created_at: row.created_at,
            attempts: row.attempts,
            next_attempt_at: row.next_attempt_at,
            last_attempt_at: row.last_attempt_at,
            status: row.status,
            duration_ms: row.duration_ms,
            error: row.error,
            answer: row.answer,
        })
    }
}

/// A message to queue.
#[derive(Debug)]
pub struct NewDelivery<'a> {
    /// Made by the caller.
    pub id: DeliveryId,
    /// To which webhook.
    pub webhook_id: WebhookId,
    /// What it tells.
    pub kind: WebhookKind,
    /// Whom it is about.
    pub user_id: Option<UserId>,
    /// As it is signed and sent.
    pub body: &'a str,
}

/// Queues a message: it is due at once.
pub async fn queue(
    tx: &mut TenantTx,
    delivery: &NewDelivery<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| {
        sqlx::query(
        "INSERT INTO webhook_deliveries (organization_id, id, webhook_id, kind, user_id, body, created_at, next_attempt_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7)"
    )
    .bind(organization)
    .bind(delivery.id)
    .bind(delivery.webhook_id)
    .bind(delivery.kind.as_str())
    .bind(delivery.user_id)
    .bind(delivery.body)
    .bind(now)
    .execute(&mut *c)
    .await
    .map(drop)
    })?;
    Ok(())
}

/// One message of a webhook.
pub async fn find(
    db: TenantDb<'_>,
    webhook: WebhookId,
    id: DeliveryId,
) -> Result<Option<WebhookDelivery>, StoreError> {
    let organization = db.organization();
    let row: Option<DeliveryRow> = sql!(db, |c| {
        sqlx::query_as(
            "SELECT id, kind, user_id, body, created_at, attempts, next_attempt_at, delivered_at,
                last_attempt_at, status, duration_ms, error, answer
         FROM webhook_deliveries WHERE organization_id = $1 AND webhook_id = $2 AND id = $3",
        )
        .bind(organization)
        .bind(webhook)
        .bind(id)
        .fetch_optional(&mut *c)
        .await
    })?;
    row.map(WebhookDelivery::try_from).transpose()
}

/// A webhook's messages, newest first, from behind `before` on.
pub async fn list(
    db: TenantDb<'_>,
    webhook: WebhookId,
    before: Option<DeliveryId>,
    limit: i64,
) -> Result<Vec<WebhookDelivery>, StoreError> {
    let organization = db.organization();
    let rows: Vec<DeliveryRow> = sql!(db, |c| {
        sqlx::query_as(
            "SELECT id, kind, user_id, body, created_at, attempts, next_attempt_at, delivered_at,
                last_attempt_at, status, duration_ms, error, answer
         FROM webhook_deliveries WHERE organization_id = $1 AND webhook_id = $2 AND id < $3
         ORDER BY id DESC LIMIT $4",
        )
        .bind(organization)
        .bind(webhook)
        .bind(before.unwrap_or(DeliveryId(uuid::Uuid::max())))
        .bind(limit)
        .fetch_all(&mut *c)
        .await
    })?;
    rows.into_iter().map(WebhookDelivery::try_from).collect()
}

/// Makes a message due again, as if it had not been tried; false when there is none.
pub async fn again(
    tx: &mut TenantTx,
    webhook: WebhookId,
    id: DeliveryId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| sqlx::query(
        "UPDATE webhook_deliveries
         SET attempts = 0, next_attempt_at = $4, delivered_at = NULL, failed_at = NULL
         WHERE organization_id = $1 AND webhook_id = $2 AND id = $3"
    )
    .bind(organization)
    .bind(webhook)
    .bind(id)
    .bind(now)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Gives up what waits for a webhook that was turned off; how many messages.
pub async fn give_up(
    tx: &mut TenantTx,
    webhook: WebhookId,
    error: &str,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let organization = tx.organization();
    Ok(sql!(tx.db(), |c| {
        sqlx::query(
            "UPDATE webhook_deliveries SET next_attempt_at = NULL, failed_at = $3, error = $4
         WHERE organization_id = $1 AND webhook_id = $2 AND next_attempt_at IS NOT NULL",
        )
        .bind(organization)
        .bind(webhook)
        .bind(now)
        .bind(error)
        .execute(&mut *c)
        .await
        .map(|done| done.rows_affected())
    })?)
}

/// Webhooks with messages whose time has come, longest waiting first.
pub async fn due(
    db: SystemDb<'_>,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<(OrganizationId, WebhookId)>, StoreError> {
    Ok(sql!(db, |c| sqlx::query_as(
        "SELECT organization_id, webhook_id FROM webhook_deliveries WHERE next_attempt_at <= $1
         GROUP BY organization_id, webhook_id ORDER BY min(next_attempt_at), webhook_id LIMIT $2"
    )
    .bind(now)
    .bind(limit)
    .fetch_all(&mut *c)
    .await)?)
}

/// A webhook's messages whose time has come, longest waiting first.
pub async fn due_of(
    db: TenantDb<'_>,
    webhook: WebhookId,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<DeliveryId>, StoreError> {
    let organization = db.organization();
    Ok(sql!(db, |c| sqlx::query_scalar(
        "SELECT id FROM webhook_deliveries
         WHERE organization_id = $1 AND webhook_id = $2 AND next_attempt_at <= $3
         ORDER BY next_attempt_at, id LIMIT $4"
    )
    .bind(organization)
    .bind(webhook)
    .bind(now)
    .bind(limit)
    .fetch_all(&mut *c)
    .await)?)
}

/// A message that is being sent.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Claimed {
    /// To which webhook.
    pub webhook_id: WebhookId,
    /// What it tells, as on the wire.
    pub kind: String,
    /// As it is signed and sent.
    pub body: String,
    /// Which attempt this is, from 1.
    pub attempts: i64,
}

/// Takes a message for one attempt. Until `until` nobody else does; should this process end,
/// somebody does afterwards. `None`: another instance was faster, or it is not wanted any more.
pub async fn claim(
    tx: &mut TenantTx,
    id: DeliveryId,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<Claimed>, StoreError> {
    let organization = tx.organization();
    Ok(sql!(tx.db(), |c| sqlx::query_as(
        "UPDATE webhook_deliveries SET attempts = attempts + 1, next_attempt_at = $4
         WHERE organization_id = $1 AND id = $2 AND next_attempt_at <= $3
         RETURNING webhook_id, kind, body, attempts"
    )
    .bind(organization)
    .bind(id)
    .bind(now)
    .bind(until)
    .fetch_optional(&mut *c)
    .await)?)
}

/// What came of an attempt.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attempted {
    /// When it is tried again; absent: it arrived, or is given up.
    pub again_at: Option<Timestamp>,
    /// The answer's status.
    pub status: Option<i64>,
    /// How long it took, in milliseconds.
    pub duration_ms: i64,
    /// What was wrong, as a word; absent: it arrived.
    pub error: Option<&'static str>,
    /// The beginning of the answer.
    pub answer: Option<String>,
}

/// Notes what came of an attempt; false when the message has been claimed anew, asked for again
/// or given up meanwhile, which then counts.
pub async fn settle(
    tx: &mut TenantTx,
    id: DeliveryId,
    attempt: i64,
    what: &Attempted,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let arrived = what.error.is_none();
    let given_up = !arrived && what.again_at.is_none();
    let rows = sql!(tx.db(), |c| {
        sqlx::query(
            "UPDATE webhook_deliveries
             SET next_attempt_at = $4, delivered_at = $5, failed_at = $6, last_attempt_at = $7,
                 status = $8, duration_ms = $9, error = $10, answer = $11
             WHERE organization_id = $1 AND id = $2 AND attempts = $3 AND next_attempt_at IS NOT NULL",
        )
        .bind(organization)
        .bind(id)
        .bind(attempt)
        .bind(what.again_at)
        .bind(arrived.then_some(now))
        .bind(given_up.then_some(now))
        .bind(now)
        .bind(what.status)
        .bind(what.duration_ms)
        .bind(what.error)
        .bind(what.answer.as_deref())
        .execute(&mut *c)
        .await
        .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}

/// How many messages wait, and how many were given up, in all organizations.
pub async fn counts(db: SystemDb<'_>) -> Result<(i64, i64), StoreError> {
    Ok(sql!(db, |c| sqlx::query_as(
        "SELECT count(next_attempt_at), count(failed_at) FROM webhook_deliveries"
    )
    .fetch_one(&mut *c)
    .await)?)
}

/// An alert as a webhook is told of it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Announced {
    /// Whom it is about.
    pub user_id: UserId,
    /// `idle` or `overtime`.
    pub kind: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was resolved.
    pub resolved_at: Option<Timestamp>,
}

/// One alert, for those who are told of it.
pub async fn announced(db: TenantDb<'_>, id: AlertId) -> Result<Option<Announced>, StoreError> {
    let organization = db.organization();
    Ok(sql!(db, |c| sqlx::query_as(
        "SELECT user_id, kind, opened_at, resolved_at FROM alerts
         WHERE organization_id = $1 AND id = $2"
    )
    .bind(organization)
    .bind(id)
    .fetch_optional(&mut *c)
    .await)?)
}
