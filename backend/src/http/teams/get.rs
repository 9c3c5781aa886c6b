//! `GET /teams/{id}`.

use axum::extract::State;
use shared_types::{TeamId, team::Team};

use crate::{
    http::{
        answers::{CallerProblems, Missing},
        caller::Person,
        error::{ApiError, ApiResult},
        json::{ApiJson, ApiPath},
        state::AppState,
    },
    store::teams,
};

/// One team: any for an admin, else one that the caller is in.
#[utoipa::path(get, path = "/api/v1/teams/{id}", tag = "teams", params(("id" = TeamId, Path)), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = Team), CallerProblems, Missing,
))]
pub(in crate::http) async fn get(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<TeamId>,
) -> ApiResult<ApiJson<Team>> {
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    teams::find(reader.db(), person.viewer(), id)
        .await?
        .map(ApiJson)
        .ok_or_else(ApiError::not_found)
}
