//! `GET /presence`: who is working now.

use axum::extract::State;
use shared_types::live::PresenceSnapshot;

use super::{
    answers::CallerProblems,
    caller::Person,
    error::{ApiError, ApiResult},
    json::ApiJson,
    state::AppState,
};
use crate::live;

/// Everyone whom the caller may see, as of now, and the event number to follow on from.
#[utoipa::path(
    get, path = "/api/v1/presence", tag = "live",
    responses((status = 200, body = PresenceSnapshot), CallerProblems),
    security(("person" = [])),
)]
pub(super) async fn presence(
    State(state): State<AppState>,
    person: Person,
) -> ApiResult<ApiJson<PresenceSnapshot>> {
    let now = state.clock.now();
    live::snapshot(&state.store, person.organization_id, person.viewer(), now)
        .await?
        .map(ApiJson)
        .ok_or_else(ApiError::not_found)
}
