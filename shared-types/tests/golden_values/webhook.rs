//! Webhooks, and what they receive.

use shared_types::{
    DeliveryId, WebhookId,
    live::PolicyChanged,
    session::{SessionStatus, WorkSession},
    webhook::{
        ChangeWebhook, CreateWebhook, DeliveryState, Webhook, WebhookAlert, WebhookCreated,
        WebhookDelivery, WebhookDeliveryPage, WebhookEvent, WebhookKind, WebhookMessage,
        WebhookOff, WebhookPage, WebhookPerson, WebhookSecret, WebhookTest,
    },
};

use super::{Golden, alert, at, device, id, organization, project, session, user};

pub(super) fn check(golden: &mut Golden) {
    golden.check("enum_webhook_kind", &WebhookKind::ALL);
    let off = vec![WebhookOff::Admin, WebhookOff::Failing, WebhookOff::Gone];
    golden.check("enum_webhook_off", &off);
    let states = vec![
        DeliveryState::Waiting,
        DeliveryState::Delivered,
        DeliveryState::Failed,
    ];
    golden.check("enum_delivery_state", &states);
    let kinds = vec![WebhookKind::AlertOpened, WebhookKind::AlertResolved];
    let create = CreateWebhook {
        url: "https://hooks.example.org/workpulse".into(),
        label: "Chat".into(),
        kinds: kinds.clone(),
    };
    golden.check("create_webhook", &create);
    let change = ChangeWebhook {
        on: Some(false),
        ..ChangeWebhook::default()
    };
    golden.check("change_webhook", &change);
    let on = Webhook {
        id: id(40),
        url: create.url,
        label: create.label,
        kinds,
        created_by: Some(user()),
        created_at: at(0),
        previous_secret_until: None,
        failing_since: None,
        off_since: None,
        off_because: None,
    };
    let off = Webhook {
        created_by: None,
        previous_secret_until: Some(at(86_400)),
        failing_since: Some(at(60)),
        off_since: Some(at(432_060)),
        off_because: Some(WebhookOff::Failing),
        ..on.clone()
    };
    let page = WebhookPage {
        items: vec![on.clone(), off],
        next_cursor: None,
    };
    golden.check("webhook_page", &page);
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned();
    let created = WebhookCreated {
        webhook: on,
        secret: secret.clone(),
    };
    golden.check("webhook_created", &created);
    let rotated = WebhookSecret {
        secret,
        previous_secret_until: at(86_400),
    };
    golden.check("webhook_secret", &rotated);
    deliveries(golden);
    messages(golden);
}

fn deliveries(golden: &mut Golden) {
    let waiting = WebhookDelivery {
        id: id::<DeliveryId>(41),
        kind: WebhookKind::UserOffline,
        user_id: Some(user()),
        body: "{}".into(),
        state: DeliveryState::Waiting,
        created_at: at(0),
        attempts: 0,
        next_attempt_at: Some(at(0)),
        last_attempt_at: None,
        status: None,
        duration_ms: None,
        error: None,
        answer: None,
    };
    let failed = WebhookDelivery {
        kind: WebhookKind::Test,
        user_id: None,
        state: DeliveryState::Failed,
        attempts: 10,
        next_attempt_at: None,
        last_attempt_at: Some(at(300_000)),
        status: Some(500),
        duration_ms: Some(12),
        error: Some("status".into()),
        answer: Some("Internal Server Error".into()),
        ..waiting.clone()
    };
    let page = WebhookDeliveryPage {
        items: vec![waiting, failed],
        next_cursor: Some("next".into()),
    };
    golden.check("webhook_delivery_page", &page);
}

fn messages(golden: &mut Golden) {
    let alert = WebhookAlert {
        alert_id: alert(),
        user_id: user(),
        kind: "idle".into(),
        opened_at: at(300),
        resolved_at: None,
    };
    let resolved = WebhookAlert {
        resolved_at: Some(at(420)),
        ..alert.clone()
    };
    let running = WorkSession {
        id: session(),
        user_id: user(),
        device_id: Some(device()),
        project_id: Some(project()),
        status: SessionStatus::Active,
        started_at: at(0),
        ended_at: None,
        total_active_seconds: 0,
        total_idle_seconds: 0,
        total_unobserved_seconds: 0,
        last_activity_at: None,
        version: 1,
    };
    let stopped = WorkSession {
        status: SessionStatus::Stopped,
        ended_at: Some(at(60)),
        total_active_seconds: 60,
        last_activity_at: Some(at(60)),
        version: 3,
        ..running.clone()
    };
    let person = WebhookPerson { user_id: user() };
    let webhook_id: WebhookId = id(40);
    let all = [
        WebhookEvent::AlertOpened(alert),
        WebhookEvent::AlertResolved(resolved),
        WebhookEvent::SessionStarted(running),
        WebhookEvent::SessionStopped(stopped),
        WebhookEvent::UserOnline(person),
        WebhookEvent::UserOffline(person),
        WebhookEvent::PolicyChanged(PolicyChanged { version: 2 }),
        WebhookEvent::Test(WebhookTest { webhook_id }),
    ];
    let all: Vec<WebhookMessage> = all
        .into_iter()
        .map(|event| WebhookMessage {
            event,
            timestamp: at(420),
            organization_id: organization(),
        })
        .collect();
    let kinds: Vec<WebhookKind> = all.iter().map(|message| message.event.kind()).collect();
    assert_eq!(kinds, WebhookKind::ALL);
    golden.check("webhook_messages", &all);
}
