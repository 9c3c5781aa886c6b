//! `DELETE /webhooks/{id}`.

use axum::extract::State;
use http::StatusCode;
use shared_types::WebhookId;

use super::desk;
use crate::http::{
    answers::{CallerProblems, Missing},
    caller::Person,
    error::ApiResult,
    json::ApiPath,
    state::AppState,
};

/// Removes a webhook, with its log of messages; admins only. What waits for it is not sent.
#[utoipa::path(delete, path = "/api/v1/webhooks/{id}", tag = "webhooks", params(("id" = WebhookId, Path)), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 204), CallerProblems, Missing,
))]
pub(in crate::http) async fn remove(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<WebhookId>,
) -> ApiResult<StatusCode> {
    desk(&state, &person)?.remove(id).await?;
    Ok(StatusCode::NO_CONTENT)
}
