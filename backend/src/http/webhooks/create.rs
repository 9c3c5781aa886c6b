//! `POST /webhooks`.

use axum::extract::State;
use http::StatusCode;
use shared_types::webhook::{CreateWebhook, WebhookCreated};

use super::{check, desk};
use crate::http::{
    answers::{BodyProblems, CallerProblems, Conflicting},
    caller::Person,
    error::ApiResult,
    json::ApiJson,
    state::AppState,
};

/// Makes a webhook; admins only. It is told what happens from now on. The secret is shown once.
#[utoipa::path(post, path = "/api/v1/webhooks", tag = "webhooks", request_body = CreateWebhook, security(("bearer" = []), ("cookie" = [])), responses(
    (status = 201, body = WebhookCreated), CallerProblems, Conflicting, BodyProblems,
))]
pub(in crate::http) async fn create(
    State(state): State<AppState>,
    person: Person,
    ApiJson(request): ApiJson<CreateWebhook>,
) -> ApiResult<(StatusCode, ApiJson<WebhookCreated>)> {
    let desk = desk(&state, &person)?;
    let CreateWebhook { url, label, kinds } = &request;
    check(&state, Some(url), Some(label), Some(kinds))?;
    let made = desk.create(&request).await?;
    Ok((StatusCode::CREATED, ApiJson(made)))
}
