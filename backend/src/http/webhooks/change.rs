//! `PATCH /webhooks/{id}`.

use axum::extract::State;
use shared_types::{
    WebhookId,
    webhook::{ChangeWebhook, Webhook},
};

use super::{check, desk};
use crate::http::{
    answers::{BodyProblems, CallerProblems, Missing},
    caller::Person,
    error::ApiResult,
    json::{ApiJson, ApiPath},
    state::AppState,
};

/// Changes a webhook, or turns it off or on; admins only. What the body does not name stays.
/// Turned off, what waits for it is given up; turned on, it is told what happens from then on.
#[utoipa::path(patch, path = "/api/v1/webhooks/{id}", tag = "webhooks", params(("id" = WebhookId, Path)), request_body = ChangeWebhook, security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = Webhook), CallerProblems, Missing, BodyProblems,
))]
pub(in crate::http) async fn change(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<WebhookId>,
    ApiJson(request): ApiJson<ChangeWebhook>,
) -> ApiResult<ApiJson<Webhook>> {
    let desk = desk(&state, &person)?;
    check(
        &state,
        request.url.as_deref(),
        request.label.as_deref(),
        request.kinds.as_deref(),
    )?;
    Ok(ApiJson(desk.change(id, &request).await?))
}
