//! `GET /webhooks`.

use axum::extract::State;
use shared_types::{WebhookId, webhook::WebhookPage};

use crate::{
    http::{
        answers::{CallerProblems, Invalid},
        caller::Person,
        cursor::{self, Page},
        error::ApiResult,
        json::{ApiJson, ApiQuery},
        state::AppState,
    },
    store::webhooks,
};

/// The organization's webhooks, in the order of their making, without their secrets; admins only.
#[utoipa::path(get, path = "/api/v1/webhooks", tag = "webhooks", params(Page), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = WebhookPage), CallerProblems, Invalid,
))]
pub(in crate::http) async fn list(
    State(state): State<AppState>,
    person: Person,
    ApiQuery(page): ApiQuery<Page>,
) -> ApiResult<ApiJson<WebhookPage>> {
    person.require_admin()?;
    let limit = page.limit()?;
    let after: Option<WebhookId> = page.position()?;
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    let mut items = webhooks::list(reader.db(), after, limit + 1).await?;
    let next_cursor = cursor::cut(&mut items, limit, |webhook| webhook.id)?;
    Ok(ApiJson(WebhookPage { items, next_cursor }))
}
