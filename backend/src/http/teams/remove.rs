//! `DELETE /teams/{id}`.

use axum::extract::State;
use http::StatusCode;
use shared_types::TeamId;

use crate::{
    groups::teams,
    http::{
        answers::{CallerProblems, Missing},
        caller::Person,
        error::ApiResult,
        json::ApiPath,
        state::AppState,
    },
};

/// Removes a team; admins only. Its people stay; its managers no longer see them by it.
#[utoipa::path(delete, path = "/api/v1/teams/{id}", tag = "teams", params(("id" = TeamId, Path)), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 204), CallerProblems, Missing,
))]
pub(in crate::http) async fn remove(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<TeamId>,
) -> ApiResult<StatusCode> {
    person.require_admin()?;
    let (organization, actor) = (person.organization_id, person.actor());
    teams::remove(&state.store, &*state.clock, organization, actor, id).await?;
    state.live.wake(organization);
    Ok(StatusCode::NO_CONTENT)
}
