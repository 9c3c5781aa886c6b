//! `DELETE /teams/{id}/members/{user_id}`.

use axum::extract::State;
use http::StatusCode;
use shared_types::{TeamId, UserId};

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

/// Takes a person out of a team; admins only.
#[utoipa::path(delete, path = "/api/v1/teams/{id}/members/{user_id}", tag = "teams", params(("id" = TeamId, Path), ("user_id" = UserId, Path)), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 204), CallerProblems, Missing,
))]
pub(in crate::http) async fn remove_member(
    State(state): State<AppState>,
    person: Person,
    ApiPath(place): ApiPath<(TeamId, UserId)>,
) -> ApiResult<StatusCode> {
    person.require_admin()?;
    let (organization, actor) = (person.organization_id, person.actor());
    members::take_out_of_team(&state.store, &*state.clock, organization, actor, place).await?;
    state.live.wake(organization);
    Ok(StatusCode::NO_CONTENT)
}
