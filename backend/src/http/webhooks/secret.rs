//! `POST /webhooks/{id}/secret`.

use axum::extract::State;
use http::StatusCode;
use shared_types::{WebhookId, webhook::WebhookSecret};

use super::desk;
use crate::http::{
    answers::{CallerProblems, Missing},
    caller::Person,
    error::ApiResult,
    json::{ApiJson, ApiPath},
    state::AppState,
};

/// Gives a webhook another secret, shown once; admins only. For a day messages are signed with
/// the one before as well.
#[utoipa::path(post, path = "/api/v1/webhooks/{id}/secret", tag = "webhooks", params(("id" = WebhookId, Path)), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 201, body = WebhookSecret), CallerProblems, Missing,
))]
pub(in crate::http) async fn secret(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<WebhookId>,
) -> ApiResult<(StatusCode, ApiJson<WebhookSecret>)> {
    let made = desk(&state, &person)?.rotate(id).await?;
    Ok((StatusCode::CREATED, ApiJson(made)))
}
