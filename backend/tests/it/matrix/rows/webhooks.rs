//! Webhooks.

use serde_json::json;

use crate::matrix::{
    principals::Principal,
    row::{
        ORGANIZATION, Relation, Row,
        Thing::{Webhook, WebhookMessage},
        Who::Admin,
        row,
    },
};

/// A message belongs to one webhook: of the organization's others it is none.
fn not_of_this_one(_: &Principal, _: &str, relation: Relation) -> Option<u16> {
    matches!(relation, Relation::Team | Relation::Organization).then_some(404)
}

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("GET /api/v1/webhooks", Admin),
        row("POST /api/v1/webhooks", Admin)
            .answers(201)
            .body(|_| json!({ "url": "https://hooks.acme.test/", "kinds": ["alert.opened"] })),
        row("GET /api/v1/webhooks/{id}", Admin).id(Webhook, ORGANIZATION),
        row("PATCH /api/v1/webhooks/{id}", Admin)
            .id(Webhook, ORGANIZATION)
            .body(|ask| json!({ "label": ask.unique("other") })),
        row("DELETE /api/v1/webhooks/{id}", Admin)
            .id(Webhook, ORGANIZATION)
            .answers(204)
            .uses_up(),
        row("POST /api/v1/webhooks/{id}/test", Admin)
            .id(Webhook, ORGANIZATION)
            .answers(202),
        row("POST /api/v1/webhooks/{id}/secret", Admin)
            .id(Webhook, ORGANIZATION)
            .answers(201),
        row("GET /api/v1/webhooks/{id}/deliveries", Admin).id(Webhook, ORGANIZATION),
        row(
            "POST /api/v1/webhooks/{id}/deliveries/{delivery_id}/again",
            Admin,
        )
        .id(Webhook, ORGANIZATION)
        .named("delivery_id", WebhookMessage, ORGANIZATION)
        .unless(not_of_this_one)
        .answers(202),
    ]
}
