//! `POST /webhooks/{id}/deliveries/{delivery_id}/again`.

use axum::extract::State;
use http::StatusCode;
use shared_types::{DeliveryId, WebhookId, webhook::WebhookDelivery};

use super::desk;
use crate::http::{
    answers::{CallerProblems, Conflicting, Missing},
    caller::Person,
    error::ApiResult,
    json::{ApiJson, ApiPath},
    state::AppState,
};

/// Sends a message again, under its own id; admins only. A receiver that has it drops it.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/deliveries/{delivery_id}/again", tag = "webhooks", params(("id" = WebhookId, Path), ("delivery_id" = DeliveryId, Path)), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 202, body = WebhookDelivery), CallerProblems, Missing, Conflicting,
))]
pub(in crate::http) async fn again(
    State(state): State<AppState>,
    person: Person,
    ApiPath((id, delivery)): ApiPath<(WebhookId, DeliveryId)>,
) -> ApiResult<(StatusCode, ApiJson<WebhookDelivery>)> {
    let queued = desk(&state, &person)?.again(id, delivery).await?;
    Ok((StatusCode::ACCEPTED, ApiJson(queued)))
}
