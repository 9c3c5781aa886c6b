//! What admins do to webhooks, on the API and on the command line alike: one transaction each,
//! with its audit row. The audit never holds a URL (many are a secret by themselves) or a secret.

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use shared_types::{
    DeliveryId, OrganizationId, UserId, WebhookId,
    webhook::{
        ChangeWebhook, CreateWebhook, Webhook, WebhookCreated, WebhookDelivery, WebhookEvent,
        WebhookKind, WebhookMessage, WebhookOff, WebhookSecret, WebhookTest,
    },
};

use super::signature::new_secret;
use crate::{
    clock::Clock,
    domain::webhook::{MOST, PREVIOUS_SECRET_SECONDS},
    store::{
        Store, StoreError, TenantTx,
        audit::{self, Entry},
        events,
        webhook_deliveries::{self, NewDelivery},
        webhooks::{self, NewWebhook},
    },
};

/// Why something was not done. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// There is no such webhook, or no such message to it.
    #[error("there is no such webhook or message")]
    Missing,
    /// It has as many as it may have.
    #[error("an organization has at most {MOST} webhooks: remove one first")]
    TooMany,
    /// Nothing is sent while it is off.
    #[error("the webhook is off: turn it on first")]
    Off,
    /// The database said no.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Who acts, where: what every act takes.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    /// The database.
    pub store: &'a Store,
    /// The clock.
    pub clock: &'a dyn Clock,
    /// The organization.
    pub organization: OrganizationId,
    /// Who acts; absent: IT on the server itself.
    pub actor: Option<UserId>,
}

impl std::fmt::Debug for Desk<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk")
            .field("organization", &self.organization)
            .field("actor", &self.actor)
            .finish_non_exhaustive()
    }
}

/// Each kind once, in their own order: a set that reads the same however it was typed.
fn tidy(kinds: &[WebhookKind]) -> Vec<WebhookKind> {
    let mut kinds = kinds.to_vec();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

impl Desk<'_> {
    async fn begin(&self) -> Result<TenantTx, StoreError> {
        self.store.tenant(self.organization).begin().await
    }

    async fn note(
        &self,
        tx: &mut TenantTx,
        action: &'static str,
        detail: Value,
    ) -> Result<(), StoreError> {
        let entry = Entry {
            actor: self.actor,
            action,
            subject: None,
            detail,
        };
        audit::append(tx, &entry, self.clock.now()).await
    }

    async fn on(&self, tx: &mut TenantTx, id: WebhookId) -> Result<Webhook, WebhookError> {
        let webhook = webhooks::find(tx.db(), id).await?;
        let webhook = webhook.ok_or(WebhookError::Missing)?;
        if webhook.off_since.is_some() {
            return Err(WebhookError::Off);
        }
        Ok(webhook)
    }

    /// Makes a webhook: it is told what happens from now on. The terms have no problems.
    ///
    /// # Errors
    /// [`WebhookError::TooMany`].
    pub async fn create(&self, terms: &CreateWebhook) -> Result<WebhookCreated, WebhookError> {
        let (id, now) = (WebhookId(self.clock.new_uuid()), self.clock.now());
        let secret = new_secret();
        let kinds = tidy(&terms.kinds);
        let mut tx = self.begin().await?;
        if webhooks::count(tx.db()).await? >= MOST {
            return Err(WebhookError::TooMany);
        }
        let webhook = NewWebhook {
            id,
            url: terms.url.trim(),
            label: terms.label.trim(),
            kinds: &kinds,
            secret: &secret,
            created_by: self.actor,
            events_seq: events::latest_seq(tx.db()).await?,
        };
        webhooks::insert(&mut tx, &webhook, now).await?;
        let detail = json!({ "webhook_id": id, "kinds": kinds });
        self.note(&mut tx, "webhook.created", detail).await?;
        let made = webhooks::find(tx.db(), id).await?;
        tx.commit().await?;
        Ok(WebhookCreated {
            webhook: made.ok_or(WebhookError::Missing)?,
            secret: shown(&secret),
        })
    }

    /// Changes a webhook; what is absent stays. The terms have no problems.
    ///
    /// # Errors
    /// [`WebhookError::Missing`].
    pub async fn change(
        &self,
        id: WebhookId,
        terms: &ChangeWebhook,
    ) -> Result<Webhook, WebhookError> {
        let now = self.clock.now();
        let mut tx = self.begin().await?;
        let before = webhooks::find(tx.db(), id)
            .await?
            .ok_or(WebhookError::Missing)?;
        let url = terms.url.as_deref().unwrap_or(&before.url).trim();
        let label = terms.label.as_deref().unwrap_or(&before.label).trim();
        let kinds = tidy(terms.kinds.as_deref().unwrap_or(&before.kinds));
        if url != before.url || label != before.label || kinds != before.kinds {
            webhooks::set(&mut tx, id, url, label, &kinds).await?;
            let detail = json!({
                "webhook_id": id, "kinds": kinds, "url_changed": url != before.url,
            });
            self.note(&mut tx, "webhook.changed", detail).await?;
        }
        let detail = json!({ "webhook_id": id });
        match (terms.on, before.off_since) {
            (Some(true), Some(_)) => {
                let latest = events::latest_seq(tx.db()).await?;
                webhooks::turn_on(&mut tx, id, latest).await?;
                self.note(&mut tx, "webhook.turned_on", detail).await?;
            }
            (Some(false), None) => {
                webhooks::turn_off(&mut tx, id, WebhookOff::Admin, now).await?;
                webhook_deliveries::give_up(&mut tx, id, "off", now).await?;
                self.note(&mut tx, "webhook.turned_off", detail).await?;
            }
            _ => {}
        }
        let after = webhooks::find(tx.db(), id).await?;
        tx.commit().await?;
        after.ok_or(WebhookError::Missing)
    }

    /// Removes a webhook, with its messages.
    ///
    /// # Errors
    /// [`WebhookError::Missing`].
    pub async fn remove(&self, id: WebhookId) -> Result<(), WebhookError> {
        let mut tx = self.begin().await?;
        if !webhooks::remove(&mut tx, id).await? {
            return Err(WebhookError::Missing);
        }
        let detail = json!({ "webhook_id": id });
        self.note(&mut tx, "webhook.removed", detail).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Gives a webhook another secret. For a day the one before signs as well, so that the
    /// receiver can follow without missing a message.
    ///
    /// # Errors
    /// [`WebhookError::Missing`].
    pub async fn rotate(&self, id: WebhookId) -> Result<WebhookSecret, WebhookError> {
        let until = self.clock.now().plus_seconds(PREVIOUS_SECRET_SECONDS);
        let secret = new_secret();
        let mut tx = self.begin().await?;
        if !webhooks::rotate(&mut tx, id, &secret, until).await? {
            return Err(WebhookError::Missing);
        }
        let detail = json!({ "webhook_id": id });
        self.note(&mut tx, "webhook.secret_changed", detail).await?;
        tx.commit().await?;
        Ok(WebhookSecret {
            secret: shown(&secret),
            previous_secret_until: until,
        })
    }

    /// Queues a message that says that somebody tries the webhook out.
    ///
    /// # Errors
    /// [`WebhookError::Missing`], [`WebhookError::Off`].
    pub async fn test(&self, id: WebhookId) -> Result<WebhookDelivery, WebhookError> {
        let now = self.clock.now();
        let mut tx = self.begin().await?;
        self.on(&mut tx, id).await?;
        let message = WebhookMessage {
            event: WebhookEvent::Test(WebhookTest { webhook_id: id }),
            timestamp: now,
            organization_id: self.organization,
        };
        let body = serde_json::to_string(&message).expect("plain data is JSON");
        let delivery = NewDelivery {
            id: DeliveryId(self.clock.new_uuid()),
            webhook_id: id,
            kind: WebhookKind::Test,
            user_id: None,
            body: &body,
        };
        webhook_deliveries::queue(&mut tx, &delivery, now).await?;
        let detail = json!({ "webhook_id": id, "delivery_id": delivery.id });
        self.note(&mut tx, "webhook.tested", detail).await?;
        let queued = webhook_deliveries::find(tx.db(), id, delivery.id).await?;
        tx.commit().await?;
        queued.ok_or(WebhookError::Missing)
    }

    /// Makes a message due again, under its own id: a receiver that has it drops it.
    ///
    /// # Errors
    /// [`WebhookError::Missing`], [`WebhookError::Off`].
    pub async fn again(
        &self,
        id: WebhookId,
        delivery: DeliveryId,
    ) -> Result<WebhookDelivery, WebhookError> {
        let mut tx = self.begin().await?;
        let found = webhook_deliveries::find(tx.db(), id, delivery).await?;
        if found.is_none() {
            return Err(WebhookError::Missing);
        }
        self.on(&mut tx, id).await?;
        webhook_deliveries::again(&mut tx, id, delivery, self.clock.now()).await?;
        let detail = json!({ "webhook_id": id, "delivery_id": delivery });
        self.note(&mut tx, "webhook.sent_again", detail).await?;
        let queued = webhook_deliveries::find(tx.db(), id, delivery).await?;
        tx.commit().await?;
        queued.ok_or(WebhookError::Missing)
    }
}

fn shown(secret: &SecretString) -> String {
    secret.expose_secret().to_owned()
}
