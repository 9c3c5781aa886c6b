//! From the event log to messages.
//!
//! An event's row is written in the transaction of what it reports, and so is in the log exactly
//! when that has happened. A webhook remembers up to which event it has been told, and goes on
//! from there: its messages and its new place are written in one transaction, so that each event
//! is queued once, whichever instance does it and wherever it ends. Nobody who writes an event
//! waits for it, or needs to know that there are webhooks.

use shared_types::{
    DeliveryId, OrganizationId, WebhookId,
    live::PolicyChanged,
    webhook::{WebhookAlert, WebhookEvent, WebhookKind, WebhookMessage, WebhookPerson},
};

use crate::{
    clock::Clock,
    store::{
        Store, StoreError, TenantDb,
        events::{self, StoredEvent},
        sessions,
        webhook_deliveries::{self, NewDelivery},
        webhooks,
    },
};

/// Events that are looked at in one transaction.
const STEP: i64 = 500;

/// Queues what every webhook is to be told of; how many messages.
pub(super) async fn queue_events(store: &Store, clock: &dyn Clock) -> Result<usize, StoreError> {
    let behind = {
        let mut reader = store.system().read().await?;
        webhooks::behind(reader.db()).await?
    };
    let mut queued = 0;
    for (organization, webhook) in behind {
        while let Some(step) = step(store, clock, organization, webhook).await? {
            queued += step.queued;
            if !step.more {
                break;
            }
        }
    }
    Ok(queued)
}

struct Step {
    queued: usize,
    more: bool,
}

/// One step through the log; `None` when there is nothing to do, or another instance does it.
async fn step(
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    webhook: WebhookId,
) -> Result<Option<Step>, StoreError> {
    // Read before anything is locked: on SQLite ingest would wait for this.
    let (from, to, more, messages) = {
        let mut view = store.tenant(organization).snapshot().await?;
        let Some((kinds, from)) = webhooks::place(view.db(), webhook).await? else {
            return Ok(None);
        };
        let stored = events::after(view.db(), from, STEP).await?;
        // Events that were removed before anybody came to queue them are passed over.
        let latest = events::latest_seq(view.db()).await?;
        let more = i64::try_from(stored.len()).unwrap_or(STEP) == STEP;
        let to = match stored.last() {
            Some(last) if more => last.seq,
            _ => latest,
        };
        let mut messages = Vec::new();
        for event in &stored {
            messages.extend(told(view.db(), organization, &kinds, event).await?);
        }
        (from, to, more, messages)
    };
    if to <= from {
        return Ok(None);
    }
    let now = clock.now();
    let mut tx = store.tenant(organization).begin().await?;
    if !webhooks::advance(&mut tx, webhook, from, to).await? {
        return Ok(None);
    }
    for message in &messages {
        let body = serde_json::to_string(message).expect("plain data is JSON");
        let delivery = NewDelivery {
            id: DeliveryId(clock.new_uuid()),
            webhook_id: webhook,
            kind: message.event.kind(),
            user_id: message.event.person(),
            body: &body,
        };
        webhook_deliveries::queue(&mut tx, &delivery, now).await?;
    }
    tx.commit().await?;
    Ok(Some(Step {
        queued: messages.len(),
        more,
    }))
}

/// What an event is to a webhook that is told of these kinds.
async fn told(
    mut db: TenantDb<'_>,
    organization_id: OrganizationId,
    kinds: &[WebhookKind],
    stored: &StoredEvent,
) -> Result<Vec<WebhookMessage>, StoreError> {
    let wanted = |kind: WebhookKind| kinds.contains(&kind);
    let subject = &stored.subject;
    let mut found = Vec::new();
    match stored.kind.as_str() {
        "SESSION_UPDATE" => {
            if wanted(WebhookKind::SessionStarted) {
                for id in &subject.started {
                    let session = sessions::find(db.again(), *id).await?;
                    found.extend(session.map(|one| WebhookEvent::SessionStarted(one.to_wire())));
                }
            }
            if wanted(WebhookKind::SessionStopped) {
                for id in &subject.stopped {
                    let session = sessions::find(db.again(), *id).await?;
                    found.extend(session.map(|one| WebhookEvent::SessionStopped(one.to_wire())));
                }
            }
        }
        "USER_ONLINE" if wanted(WebhookKind::UserOnline) => {
            found.extend(people(stored).map(WebhookEvent::UserOnline));
        }
        "USER_OFFLINE" if wanted(WebhookKind::UserOffline) => {
            found.extend(people(stored).map(WebhookEvent::UserOffline));
        }
        "POLICY_CHANGED" if wanted(WebhookKind::PolicyChanged) => {
            let version = subject.policy_version.unwrap_or_default();
            found.push(WebhookEvent::PolicyChanged(PolicyChanged { version }));
        }
        "INACTIVE_ALERT" | "OVERTIME_ALERT" if wanted(WebhookKind::AlertOpened) => {
            // What it was when it was opened; by now it may have been resolved, too.
            let alert = alert(db.again(), stored).await?;
            found.extend(alert.map(|alert| {
                WebhookEvent::AlertOpened(WebhookAlert {
                    resolved_at: None,
                    ..alert
                })
            }));
        }
        "ALERT_RESOLVED" if wanted(WebhookKind::AlertResolved) => {
            let alert = alert(db.again(), stored).await?;
            found.extend(alert.map(WebhookEvent::AlertResolved));
        }
        _ => {}
    }
    let message = |event| WebhookMessage {
        event,
        timestamp: stored.created_at,
        organization_id,
    };
    Ok(found.into_iter().map(message).collect())
}

fn people(stored: &StoredEvent) -> impl Iterator<Item = WebhookPerson> {
    let all = stored.subject.users.iter();
    all.map(|user_id| WebhookPerson { user_id: *user_id })
}

async fn alert(db: TenantDb<'_>, stored: &StoredEvent) -> Result<Option<WebhookAlert>, StoreError> {
    let Some(alert_id) = stored.subject.alert_id else {
        return Ok(None);
    };
    let found = webhook_deliveries::announced(db, alert_id).await?;
    Ok(found.map(|alert| WebhookAlert {
        alert_id,
        user_id: alert.user_id,
        kind: alert.kind,
        opened_at: alert.opened_at,
        resolved_at: alert.resolved_at,
    }))
}
