//! `GET /enrolment-tokens`.

use axum::extract::State;
use shared_types::{EnrolmentTokenId, device::EnrolmentTokenPage};

use crate::{
    http::{
        answers::{CallerProblems, Invalid},
        caller::Person,
        cursor::{self, Page},
        error::ApiResult,
        json::{ApiJson, ApiQuery},
        state::AppState,
    },
    store::enrolment_tokens,
};

/// The organization's enrolment tokens, in the order of their making, without their secrets.
#[utoipa::path(get, path = "/api/v1/enrolment-tokens", tag = "devices", params(Page), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = EnrolmentTokenPage), CallerProblems, Invalid,
))]
pub(in crate::http) async fn list(
    State(state): State<AppState>,
    person: Person,
    ApiQuery(page): ApiQuery<Page>,
) -> ApiResult<ApiJson<EnrolmentTokenPage>> {
    person.require_admin()?;
    let limit = page.limit()?;
    let after: Option<EnrolmentTokenId> = page.position()?;
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    let mut items = enrolment_tokens::list(reader.db(), after, limit + 1).await?;
    let next_cursor = cursor::cut(&mut items, limit, |token| token.id)?;
    Ok(ApiJson(EnrolmentTokenPage { items, next_cursor }))
}
