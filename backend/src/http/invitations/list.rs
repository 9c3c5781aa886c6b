//! `GET /invitations`.

use axum::extract::State;
use shared_types::{InvitationId, account::InvitationPage};

use crate::{
    http::{
        answers::{CallerProblems, Invalid},
        caller::Person,
        cursor::{self, Page},
        error::ApiResult,
        json::{ApiJson, ApiQuery},
        state::AppState,
    },
    store::invitations,
};

/// The organization's invitations, newest first. What has been over for a month is forgotten.
#[utoipa::path(get, path = "/api/v1/invitations", tag = "people", params(Page), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = InvitationPage), CallerProblems, Invalid,
))]
pub(in crate::http) async fn list(
    State(state): State<AppState>,
    person: Person,
    ApiQuery(page): ApiQuery<Page>,
) -> ApiResult<ApiJson<InvitationPage>> {
    person.require_admin()?;
    let limit = page.limit()?;
    let before: Option<InvitationId> = page.position()?;
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    let now = state.clock.now();
    let mut items = invitations::list(reader.db(), before, limit + 1, now).await?;
    let next_cursor = cursor::cut(&mut items, limit, |invitation| invitation.id)?;
    Ok(ApiJson(InvitationPage { items, next_cursor }))
}
