//! One attempt: claimed in one transaction, sent with none open, settled in another. A process
//! that ends between these leaves the message to whoever comes after the claim has ended; it may
//! then arrive twice, under the same id.

use serde_json::json;
use shared_types::{DeliveryId, OrganizationId, Timestamp, WebhookId, webhook::WebhookOff};

use super::outgoing::{Outgoing, PATIENCE, Sent};
use crate::{
    clock::Clock,
    domain::webhook::{Answered, pause, turned_off},
    store::{
        Store, StoreError, TenantTx,
        audit::{self, Entry},
        webhook_deliveries::{self, Attempted, Claimed},
        webhooks,
    },
};

/// Messages to one webhook that are looked at in one go.
const AT_ONCE: i64 = 100;

/// Sends a webhook what is due to it, one message after the other; how many attempts were made.
pub(super) async fn deliver_to(
    outgoing: &Outgoing,
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    webhook: WebhookId,
) -> Result<usize, StoreError> {
    let due = {
        let mut reader = store.tenant(organization).read().await?;
        webhook_deliveries::due_of(reader.db(), webhook, clock.now(), AT_ONCE).await?
    };
    let mut attempts = 0;
    for id in due {
        attempts += usize::from(deliver(outgoing, store, clock, organization, id).await?);
    }
    Ok(attempts)
}

/// Tries to send one message; false when there was nothing to try.
async fn deliver(
    outgoing: &Outgoing,
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    id: DeliveryId,
) -> Result<bool, StoreError> {
    let now = clock.now();
    // Longer than an attempt may take, and the settling behind it.
    let until = now.plus_millis(i64::try_from(PATIENCE.as_millis() * 4).unwrap_or(60_000));
    let mut tx = store.tenant(organization).begin().await?;
    let Some(claimed) = webhook_deliveries::claim(&mut tx, id, now, until).await? else {
        return Ok(false);
    };
    let Some(to) = webhooks::signing(tx.db(), claimed.webhook_id, now).await? else {
        webhook_deliveries::give_up(&mut tx, claimed.webhook_id, "off", now).await?;
        tx.commit().await?;
        return Ok(false);
    };
    tx.commit().await?;
    let sent = outgoing.send(&to, id, &claimed.body, now).await;
    let ended = clock.now();
    let mut tx = store.tenant(organization).begin().await?;
    settle(&mut tx, clock, id, &claimed, sent, (now, ended)).await?;
    tx.commit().await?;
    Ok(true)
}

async fn settle(
    tx: &mut TenantTx,
    clock: &dyn Clock,
    id: DeliveryId,
    claimed: &Claimed,
    sent: Sent,
    (began, now): (Timestamp, Timestamp),
) -> Result<(), StoreError> {
    let webhook = claimed.webhook_id;
    let arrived = sent.error.is_none();
    let answered = sent.status.map_or(Answered::Not, Answered::with);
    let random = clock.new_uuid().as_u64_pair().1;
    let attempted = Attempted {
        again_at: pause(claimed.attempts, random)
            .filter(|_| !arrived)
            .map(|seconds| now.plus_seconds(seconds)),
        status: sent.status.map(i64::from),
        duration_ms: now.millis_since(began).max(0),
        error: sent.error,
        answer: sent.answer,
    };
    report(id, claimed, &attempted);
    webhook_deliveries::settle(tx, id, claimed.attempts, &attempted, now).await?;
    let since = webhooks::note_attempt(tx, webhook, arrived, now).await?;
    if let Some(reason) = turned_off(answered, since, now) {
        turn_off(tx, webhook, reason, now).await?;
    }
    Ok(())
}

fn report(id: DeliveryId, claimed: &Claimed, attempted: &Attempted) {
    let (webhook_id, kind) = (claimed.webhook_id, claimed.kind.as_str());
    let (attempt, duration_ms) = (claimed.attempts, attempted.duration_ms);
    let outcome = match (attempted.error, attempted.again_at) {
        (None, _) => {
            tracing::debug!(delivery_id = %id, %webhook_id, kind, attempt, duration_ms, "a webhook took its message");
            "delivered"
        }
        (Some(error), Some(at)) => {
            tracing::info!(delivery_id = %id, %webhook_id, kind, attempt, error, status = ?attempted.status, next_attempt_at = %at, "a message did not reach its webhook; it is tried again");
            "again"
        }
        (Some(error), None) => {
            tracing::warn!(delivery_id = %id, %webhook_id, kind, attempt, error, status = ?attempted.status, "a message to a webhook was given up; its log says what was answered, and an admin can send it again");
            "given_up"
        }
    };
    metrics::counter!("workpulse_webhook_attempts_total", "outcome" => outcome).increment(1);
}

/// Turns a webhook off that cannot be reached: its admins find it said in its settings and in
/// the audit, and what waits for it among the failed messages.
async fn turn_off(
    tx: &mut TenantTx,
    webhook: WebhookId,
    reason: WebhookOff,
    now: Timestamp,
) -> Result<(), StoreError> {
    if !webhooks::turn_off(tx, webhook, reason, now).await? {
        return Ok(());
    }
    let given_up = webhook_deliveries::give_up(tx, webhook, "off", now).await?;
    let entry = Entry {
        actor: None,
        action: "webhook.turned_off",
        subject: None,
        detail: json!({ "webhook_id": webhook, "reason": reason, "given_up": given_up }),
    };
    audit::append(tx, &entry, now).await?;
    metrics::counter!("workpulse_webhooks_turned_off_total").increment(1);
    tracing::error!(webhook_id = %webhook, organization_id = %tx.organization(), reason = reason.as_str(), given_up, "a webhook was turned off: nothing reached it for days, or it answered that it is gone. Turn it on again when its receiver works");
    Ok(())
}
