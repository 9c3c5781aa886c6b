//! `GET /teams`.

use axum::extract::State;
use shared_types::{TeamId, team::TeamPage};

use crate::{
    http::{
        answers::{CallerProblems, Invalid},
        caller::Person,
        cursor::{self, Page},
        error::ApiResult,
        json::{ApiJson, ApiQuery},
        state::AppState,
    },
    store::teams,
};

/// Teams by name: all of them for an admin, else those that the caller is in.
#[utoipa::path(get, path = "/api/v1/teams", tag = "teams", params(Page), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = TeamPage), CallerProblems, Invalid,
))]
pub(in crate::http) async fn list(
    State(state): State<AppState>,
    person: Person,
    ApiQuery(page): ApiQuery<Page>,
) -> ApiResult<ApiJson<TeamPage>> {
    let limit = page.limit()?;
    let after: Option<(String, TeamId)> = page.position()?;
    let after = after.as_ref().map(|(name, id)| (name.as_str(), *id));
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    let mut items = teams::page(reader.db(), person.viewer(), after, limit + 1).await?;
    let next_cursor = cursor::cut(&mut items, limit, |team| (team.name.clone(), team.id))?;
    Ok(ApiJson(TeamPage { items, next_cursor }))
}
