//! `GET /presence`: who is working now.

use axum::extract::State;
use serde_json::Value;
use shared_types::{UserId, audit::LookAt, live::PresenceSnapshot};

use super::{
    answers::CallerProblems,
    caller::Person,
    error::{ApiError, ApiResult},
    json::ApiJson,
    looks,
    state::AppState,
};
use crate::live;

/// Everyone whom the caller may see, as of now, and the event number to follow on from.
#[utoipa::path(
    get, path = "/api/v1/presence", tag = "live",
    responses((status = 200, body = PresenceSnapshot), CallerProblems),
    security(("bearer" = []), ("cookie" = [])),
)]
pub(super) async fn presence(
    State(state): State<AppState>,
    person: Person,
) -> ApiResult<ApiJson<PresenceSnapshot>> {
    let now = state.clock.now();
    let found = live::snapshot(&state.store, person.organization_id, person.viewer(), now)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let people: Vec<UserId> = found.people.iter().map(|state| state.user_id).collect();
    looks::record(&state, &person, LookAt::Presence, &people, Value::Null).await?;
    Ok(ApiJson(found))
}
