//! `GET /webhooks/{id}/deliveries`.

use axum::extract::State;
use shared_types::{DeliveryId, WebhookId, webhook::WebhookDeliveryPage};

use crate::{
    http::{
        answers::{CallerProblems, Invalid, Missing},
        caller::Person,
        cursor::{self, Page},
        error::{ApiError, ApiResult},
        json::{ApiJson, ApiPath, ApiQuery},
        state::AppState,
    },
    store::{webhook_deliveries, webhooks},
};

/// The messages to a webhook of the last 30 days, newest first, with what came of them; admins
/// only.
#[utoipa::path(get, path = "/api/v1/webhooks/{id}/deliveries", tag = "webhooks", params(("id" = WebhookId, Path), Page), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = WebhookDeliveryPage), CallerProblems, Missing, Invalid,
))]
pub(in crate::http) async fn deliveries(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<WebhookId>,
    ApiQuery(page): ApiQuery<Page>,
) -> ApiResult<ApiJson<WebhookDeliveryPage>> {
    person.require_admin()?;
    let limit = page.limit()?;
    let before: Option<DeliveryId> = page.position()?;
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    if webhooks::find(reader.db(), id).await?.is_none() {
        return Err(ApiError::not_found());
    }
    let mut items = webhook_deliveries::list(reader.db(), id, before, limit + 1).await?;
    let next_cursor = cursor::cut(&mut items, limit, |message| message.id)?;
    Ok(ApiJson(WebhookDeliveryPage { items, next_cursor }))
}
