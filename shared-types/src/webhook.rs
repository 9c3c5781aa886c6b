//! Webhooks: what happens, told to other programs.
//!
//! A message goes out as a `POST` of [`WebhookMessage`] with the three headers of Standard
//! Webhooks: `webhook-id` (the same at each attempt: whoever has seen it drops it),
//! `webhook-timestamp` (seconds since 1970) and `webhook-signature` (`v1,` and the base64 of
//! HMAC-SHA256 over `id.timestamp.body`; several with a space between them while the secret is
//! being changed). Messages hold ids, instants and sums: no name, application, title or address.

use serde::{Deserialize, Serialize};

use crate::{
    AlertId, DeliveryId, OrganizationId, Timestamp, UserId, WebhookId, live::PolicyChanged,
    session::WorkSession,
};

/// What a webhook may be told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum WebhookKind {
    /// Somebody has been idle, or has worked, for too long.
    #[serde(rename = "alert.opened")]
    AlertOpened,
    /// An alert was resolved, by somebody or by itself.
    #[serde(rename = "alert.resolved")]
    AlertResolved,
    /// A work session began.
    #[serde(rename = "session.started")]
    SessionStarted,
    /// A work session ended.
    #[serde(rename = "session.stopped")]
    SessionStopped,
    /// The first of a person's devices is in contact again.
    #[serde(rename = "user.online")]
    UserOnline,
    /// The last of a person's devices has fallen silent.
    #[serde(rename = "user.offline")]
    UserOffline,
    /// The capture policy was changed.
    #[serde(rename = "policy.changed")]
    PolicyChanged,
    /// Somebody tried the webhook out; it need not be asked for.
    #[serde(rename = "webhook.test")]
    Test,
}

impl WebhookKind {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::AlertOpened,
        Self::AlertResolved,
        Self::SessionStarted,
        Self::SessionStopped,
        Self::UserOnline,
        Self::UserOffline,
        Self::PolicyChanged,
        Self::Test,
    ];

    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AlertOpened => "alert.opened",
            Self::AlertResolved => "alert.resolved",
            Self::SessionStarted => "session.started",
            Self::SessionStopped => "session.stopped",
            Self::UserOnline => "user.online",
            Self::UserOffline => "user.offline",
            Self::PolicyChanged => "policy.changed",
            Self::Test => "webhook.test",
        }
    }

    /// The kind with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Makes a webhook; admins only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateWebhook {
    /// Where messages go: `https://…`, at most 2,048 characters, without a user or a password.
    pub url: String,
    /// What it is for; at most 200 characters.
    #[serde(default)]
    pub label: String,
    /// What it is told of; at least one.
    pub kinds: Vec<WebhookKind>,
}

/// Changes a webhook; admins only. What is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeWebhook {
    /// Where messages go, from the next attempt on.
    #[serde(default)]
    pub url: Option<String>,
    /// What it is for.
    #[serde(default)]
    pub label: Option<String>,
    /// What it is told of.
    #[serde(default)]
    pub kinds: Option<Vec<WebhookKind>>,
    /// Whether it is told anything. What happens while it is off is not told later.
    #[serde(default)]
    pub on: Option<bool>,
}

/// Why a webhook is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum WebhookOff {
    /// An admin turned it off.
    Admin,
    /// Nothing had arrived for five days.
    Failing,
    /// It answered 410: the address is not wanted any more.
    Gone,
}

impl WebhookOff {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Failing => "failing",
            Self::Gone => "gone",
        }
    }

    /// The reason with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Admin, Self::Failing, Self::Gone]
            .into_iter()
            .find(|reason| reason.as_str() == name)
    }
}

/// A webhook, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Webhook {
    /// The webhook.
    pub id: WebhookId,
    /// Where messages go.
    pub url: String,
    /// What it is for.
    pub label: String,
    /// What it is told of.
    pub kinds: Vec<WebhookKind>,
    /// Who made it; absent: IT on the server itself.
    pub created_by: Option<UserId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when the secret before this one signs as well; absent: it does not.
    pub previous_secret_until: Option<Timestamp>,
    /// The first failed attempt behind the last one that went well; absent: all is well.
    pub failing_since: Option<Timestamp>,
    /// Since when it is off; absent: it is on.
    pub off_since: Option<Timestamp>,
    /// Why it is off.
    pub off_because: Option<WebhookOff>,
}

/// One page of webhooks, in the order of their making.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookPage {
    /// At most 200.
    pub items: Vec<Webhook>,
    /// Pass as `cursor` to read on; absent on the last page.
    pub next_cursor: Option<String>,
}

/// A webhook that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookCreated {
    /// The webhook.
    pub webhook: Webhook,
    /// What its messages are signed with: `whsec_` and base64. Shown this once.
    pub secret: String,
}

/// A new secret of a webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookSecret {
    /// What messages are signed with from now on. Shown this once.
    pub secret: String,
    /// Until when they are signed with the one before as well.
    pub previous_secret_until: Timestamp,
}

/// Where a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum DeliveryState {
    /// It will be tried, or tried again.
    Waiting,
    /// It was answered with a 2xx status.
    Delivered,
    /// It was given up.
    Failed,
}

/// A message to a webhook, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookDelivery {
    /// The message: `webhook-id` of each attempt.
    pub id: DeliveryId,
    /// What it tells.
    pub kind: WebhookKind,
    /// Whom it is about; absent: nobody.
    pub user_id: Option<UserId>,
    /// The message as it is sent.
    pub body: String,
    /// Where it is.
    pub state: DeliveryState,
    /// When it was queued.
    pub created_at: Timestamp,
    /// How often it was tried since it was queued, or asked for again.
    pub attempts: i64,
    /// When it is tried next; absent: it is not.
    pub next_attempt_at: Option<Timestamp>,
    /// When it was tried last.
    pub last_attempt_at: Option<Timestamp>,
    /// The status of the last answer; absent: there was none.
    pub status: Option<i64>,
    /// How long the last attempt took, in milliseconds.
    pub duration_ms: Option<i64>,
    /// What was wrong with the last attempt, as a word: `status`, `redirect`, `timeout`,
    /// `connection`, `name`, `address`, `off`. Absent: nothing.
    pub error: Option<String>,
    /// The beginning of the last answer.
    pub answer: Option<String>,
}

/// One page of messages, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookDeliveryPage {
    /// At most 200.
    pub items: Vec<WebhookDelivery>,
    /// Pass as `cursor` to read on; absent on the last page.
    pub next_cursor: Option<String>,
}

/// What a webhook receives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookMessage {
    /// What happened.
    #[serde(flatten)]
    pub event: WebhookEvent,
    /// When it happened.
    pub timestamp: Timestamp,
    /// Where it happened.
    pub organization_id: OrganizationId,
}

/// What happened, and to what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum WebhookEvent {
    /// Somebody has been idle, or has worked, for too long.
    #[serde(rename = "alert.opened")]
    AlertOpened(WebhookAlert),
    /// An alert was resolved.
    #[serde(rename = "alert.resolved")]
    AlertResolved(WebhookAlert),
    /// A work session began.
    #[serde(rename = "session.started")]
    SessionStarted(WorkSession),
    /// A work session ended.
    #[serde(rename = "session.stopped")]
    SessionStopped(WorkSession),
    /// A person's device is in contact again.
    #[serde(rename = "user.online")]
    UserOnline(WebhookPerson),
    /// A person's devices have fallen silent.
    #[serde(rename = "user.offline")]
    UserOffline(WebhookPerson),
    /// The capture policy was changed.
    #[serde(rename = "policy.changed")]
    PolicyChanged(PolicyChanged),
    /// Somebody tried the webhook out.
    #[serde(rename = "webhook.test")]
    Test(WebhookTest),
}

impl WebhookEvent {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> WebhookKind {
        match self {
            Self::AlertOpened(_) => WebhookKind::AlertOpened,
            Self::AlertResolved(_) => WebhookKind::AlertResolved,
            Self::SessionStarted(_) => WebhookKind::SessionStarted,
            Self::SessionStopped(_) => WebhookKind::SessionStopped,
            Self::UserOnline(_) => WebhookKind::UserOnline,
            Self::UserOffline(_) => WebhookKind::UserOffline,
            Self::PolicyChanged(_) => WebhookKind::PolicyChanged,
            Self::Test(_) => WebhookKind::Test,
        }
    }

    /// Whom it is about.
    #[must_use]
    pub const fn person(&self) -> Option<UserId> {
        match self {
            Self::AlertOpened(alert) | Self::AlertResolved(alert) => Some(alert.user_id),
            Self::SessionStarted(session) | Self::SessionStopped(session) => Some(session.user_id),
            Self::UserOnline(person) | Self::UserOffline(person) => Some(person.user_id),
            Self::PolicyChanged(_) | Self::Test(_) => None,
        }
    }
}

/// An alert, as a webhook is told of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookAlert {
    /// The alert.
    pub alert_id: AlertId,
    /// Whom it is about.
    pub user_id: UserId,
    /// `idle` or `overtime`.
    pub kind: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was resolved; absent while it is open.
    pub resolved_at: Option<Timestamp>,
}

/// A person, as a webhook is told of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookPerson {
    /// The person.
    pub user_id: UserId,
}

/// Which webhook was tried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookTest {
    /// The webhook.
    pub webhook_id: WebhookId,
}
