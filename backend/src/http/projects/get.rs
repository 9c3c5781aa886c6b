//! `GET /projects/{id}`.

use axum::extract::State;
use shared_types::{ProjectId, project::Project};

use crate::{
    groups::projects,
    http::{
        answers::{CallerProblems, Missing},
        caller::Person,
        error::ApiResult,
        json::{ApiJson, ApiPath},
        state::AppState,
    },
};

/// One project: any for an admin, else one that is open to all or that the caller is in.
#[utoipa::path(get, path = "/api/v1/projects/{id}", tag = "projects", params(("id" = ProjectId, Path)), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = Project), CallerProblems, Missing,
))]
pub(in crate::http) async fn get(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<ProjectId>,
) -> ApiResult<ApiJson<Project>> {
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    let found = projects::find(reader.db(), person.actor(), id).await?;
    Ok(ApiJson(found.project))
}
