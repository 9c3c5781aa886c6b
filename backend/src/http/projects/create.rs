//! `POST /projects`.

use axum::extract::State;
use http::StatusCode;
use shared_types::project::{CreateProject, Project};

use crate::{
    groups::projects,
    http::{
        answers::{BodyProblems, CallerProblems, Conflicting},
        caller::Person,
        error::ApiResult,
        forms::Form,
        json::ApiJson,
        state::AppState,
    },
};

/// Makes a project. Admins and managers may; a manager becomes its manager.
#[utoipa::path(post, path = "/api/v1/projects", tag = "projects", request_body = CreateProject, security(("bearer" = []), ("cookie" = [])), responses(
    (status = 201, body = Project), CallerProblems, Conflicting, BodyProblems,
))]
pub(in crate::http) async fn create(
    State(state): State<AppState>,
    person: Person,
    ApiJson(request): ApiJson<CreateProject>,
) -> ApiResult<(StatusCode, ApiJson<Project>)> {
    person.require_manager()?;
    let mut form = Form::default();
    form.line("name", &request.name, 1, 200);
    form.finish()?;
    let (organization, actor) = (person.organization_id, person.actor());
    let project =
        projects::create(&state.store, &*state.clock, organization, actor, &request).await?;
    Ok((StatusCode::CREATED, ApiJson(project)))
}
