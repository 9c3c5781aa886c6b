//! `DELETE /projects/{id}/members/{user_id}`.

use axum::extract::State;
use http::StatusCode;
use shared_types::{ProjectId, UserId};

use crate::{
    groups::members,
    http::{
        answers::{CallerProblems, Missing},
        caller::Person,
        error::ApiResult,
        json::ApiPath,
        state::AppState,
    },
};

/// Takes a person out of a project; what they booked on it stays. Admins may, and a manager
/// of the project for people whom they see and who do not manage it.
#[utoipa::path(delete, path = "/api/v1/projects/{id}/members/{user_id}", tag = "projects", params(("id" = ProjectId, Path), ("user_id" = UserId, Path)), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 204), CallerProblems, Missing,
))]
pub(in crate::http) async fn remove_member(
    State(state): State<AppState>,
    person: Person,
    ApiPath(place): ApiPath<(ProjectId, UserId)>,
) -> ApiResult<StatusCode> {
    let (organization, actor) = (person.organization_id, person.actor());
    members::take_out_of_project(&state.store, &*state.clock, organization, actor, place).await?;
    state.live.wake(organization);
    Ok(StatusCode::NO_CONTENT)
}
