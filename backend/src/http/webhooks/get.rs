//! `GET /webhooks/{id}`.

use axum::extract::State;
use shared_types::{WebhookId, webhook::Webhook};

use crate::{
    http::{
        answers::{CallerProblems, Missing},
        caller::Person,
        error::{ApiError, ApiResult},
        json::{ApiJson, ApiPath},
        state::AppState,
    },
    store::webhooks,
};

/// One webhook, without its secret; admins only.
#[utoipa::path(get, path = "/api/v1/webhooks/{id}", tag = "webhooks", params(("id" = WebhookId, Path)), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = Webhook), CallerProblems, Missing,
))]
pub(in crate::http) async fn get(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<WebhookId>,
) -> ApiResult<ApiJson<Webhook>> {
    person.require_admin()?;
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    webhooks::find(reader.db(), id)
        .await?
        .map(ApiJson)
        .ok_or_else(ApiError::not_found)
}
