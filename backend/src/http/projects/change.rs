//! `PATCH /projects/{id}`.

use axum::extract::State;
use shared_types::{
    ProjectId,
    project::{ChangeProject, Project},
};

use crate::{
    groups::projects,
    http::{
        answers::{BodyProblems, CallerProblems, Conflicting, Missing},
        caller::Person,
        error::ApiResult,
        forms::Form,
        json::{ApiJson, ApiPath},
        state::AppState,
    },
};

/// Renames, opens, closes or archives a project, or takes it back into use. Admins and the
/// project's managers may. What the body does not name stays.
#[utoipa::path(patch, path = "/api/v1/projects/{id}", tag = "projects", params(("id" = ProjectId, Path)), request_body = ChangeProject, security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = Project), CallerProblems, Missing, Conflicting, BodyProblems,
))]
pub(in crate::http) async fn change(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<ProjectId>,
    ApiJson(request): ApiJson<ChangeProject>,
) -> ApiResult<ApiJson<Project>> {
    if let Some(name) = &request.name {
        let mut form = Form::default();
        form.line("name", name, 1, 200);
        form.finish()?;
    }
    let (organization, actor) = (person.organization_id, person.actor());
    let project = projects::change(
        &state.store,
        &*state.clock,
        organization,
        actor,
        id,
        &request,
    )
    .await?;
    Ok(ApiJson(project))
}
