//! `PUT /projects/{id}/members/{user_id}`.

use axum::extract::State;
use http::StatusCode;
use shared_types::{ProjectId, UserId, team::SetMember};

use crate::{
    groups::members,
    http::{
        answers::{BodyProblems, CallerProblems, Missing},
        caller::Person,
        error::ApiResult,
        json::{ApiJson, ApiPath},
        state::AppState,
    },
};

/// Puts a person into a project, or changes what they are in it. Admins may put anybody in;
/// a manager of the project may put in people whom they see, and name no managers. Only
/// whom an admin put in is seen by the project's managers because of it.
#[utoipa::path(put, path = "/api/v1/projects/{id}/members/{user_id}", tag = "projects", params(("id" = ProjectId, Path), ("user_id" = UserId, Path)), request_body = SetMember, security(("bearer" = []), ("cookie" = [])), responses(
    (status = 204), CallerProblems, Missing, BodyProblems,
))]
pub(in crate::http) async fn put_member(
    State(state): State<AppState>,
    person: Person,
    ApiPath(place): ApiPath<(ProjectId, UserId)>,
    ApiJson(request): ApiJson<SetMember>,
) -> ApiResult<StatusCode> {
    let (organization, actor) = (person.organization_id, person.actor());
    let manages = request.is_manager;
    members::put_in_project(
        &state.store,
        &*state.clock,
        organization,
        actor,
        place,
        manages,
    )
    .await?;
    state.live.wake(organization);
    Ok(StatusCode::NO_CONTENT)
}
