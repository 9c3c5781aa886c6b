//! `PUT /teams/{id}/members/{user_id}`.

use axum::extract::State;
use http::StatusCode;
use shared_types::{TeamId, UserId, team::SetMember};

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

/// Puts a person into a team, or changes what they are in it; admins only.
#[utoipa::path(put, path = "/api/v1/teams/{id}/members/{user_id}", tag = "teams", params(("id" = TeamId, Path), ("user_id" = UserId, Path)), request_body = SetMember, security(("bearer" = []), ("cookie" = [])), responses(
    (status = 204), CallerProblems, Missing, BodyProblems,
))]
pub(in crate::http) async fn put_member(
    State(state): State<AppState>,
    person: Person,
    ApiPath(place): ApiPath<(TeamId, UserId)>,
    ApiJson(request): ApiJson<SetMember>,
) -> ApiResult<StatusCode> {
    person.require_admin()?;
    let (organization, actor) = (person.organization_id, person.actor());
    let manages = request.is_manager;
    members::put_in_team(
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
