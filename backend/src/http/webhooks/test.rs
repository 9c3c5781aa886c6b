//! `POST /webhooks/{id}/test`.

use axum::extract::State;
use http::StatusCode;
use shared_types::{WebhookId, webhook::WebhookDelivery};

use super::desk;
use crate::http::{
    answers::{CallerProblems, Conflicting, Missing},
    caller::Person,
    error::ApiResult,
    json::{ApiJson, ApiPath},
    state::AppState,
};

/// Queues a `webhook.test` message; admins only. Its place in the log tells how it went.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/test", tag = "webhooks", params(("id" = WebhookId, Path)), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 202, body = WebhookDelivery), CallerProblems, Missing, Conflicting,
))]
pub(in crate::http) async fn test(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<WebhookId>,
) -> ApiResult<(StatusCode, ApiJson<WebhookDelivery>)> {
    let queued = desk(&state, &person)?.test(id).await?;
    Ok((StatusCode::ACCEPTED, ApiJson(queued)))
}
