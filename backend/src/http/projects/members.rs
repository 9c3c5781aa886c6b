//! `GET /projects/{id}/members`.

use axum::extract::State;
use shared_types::{ProjectId, UserId, project::ProjectMemberPage};

use crate::{
    groups,
    http::{
        answers::{CallerProblems, Invalid, Missing},
        caller::Person,
        cursor::{self, Page},
        error::ApiResult,
        json::{ApiJson, ApiPath, ApiQuery},
        state::AppState,
    },
    store::projects,
};

/// The people of a project whom the caller sees, by name.
#[utoipa::path(get, path = "/api/v1/projects/{id}/members", tag = "projects", params(("id" = ProjectId, Path), Page), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = ProjectMemberPage), CallerProblems, Missing, Invalid,
))]
pub(in crate::http) async fn members(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<ProjectId>,
    ApiQuery(page): ApiQuery<Page>,
) -> ApiResult<ApiJson<ProjectMemberPage>> {
    let limit = page.limit()?;
    let after: Option<(String, UserId)> = page.position()?;
    let after = after.as_ref().map(|(name, id)| (name.as_str(), *id));
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    groups::projects::find(reader.db(), person.actor(), id).await?;
    let mut items = projects::members(reader.db(), person.viewer(), id, after, limit + 1).await?;
    let next_cursor = cursor::cut(&mut items, limit, |member| {
        (member.name.clone(), member.user_id)
    })?;
    Ok(ApiJson(ProjectMemberPage { items, next_cursor }))
}
