//! `GET /teams/{id}/members`.

use axum::extract::State;
use shared_types::{TeamId, UserId, team::TeamMemberPage};

use crate::{
    http::{
        answers::{CallerProblems, Invalid, Missing},
        caller::Person,
        cursor::{self, Page},
        error::{ApiError, ApiResult},
        json::{ApiJson, ApiPath, ApiQuery},
        state::AppState,
    },
    store::teams,
};

/// The people of a team whom the caller sees, by name.
#[utoipa::path(get, path = "/api/v1/teams/{id}/members", tag = "teams", params(("id" = TeamId, Path), Page), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = TeamMemberPage), CallerProblems, Missing, Invalid,
))]
pub(in crate::http) async fn members(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<TeamId>,
    ApiQuery(page): ApiQuery<Page>,
) -> ApiResult<ApiJson<TeamMemberPage>> {
    let limit = page.limit()?;
    let after: Option<(String, UserId)> = page.position()?;
    let after = after.as_ref().map(|(name, id)| (name.as_str(), *id));
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    teams::find(reader.db(), person.viewer(), id)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let mut items = teams::members(reader.db(), person.viewer(), id, after, limit + 1).await?;
    let next_cursor = cursor::cut(&mut items, limit, |member| {
        (member.name.clone(), member.user_id)
    })?;
    Ok(ApiJson(TeamMemberPage { items, next_cursor }))
}
