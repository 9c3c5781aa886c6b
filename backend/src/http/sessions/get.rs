//! `GET /sessions/{id}`.

use axum::extract::State;
use shared_types::{SessionId, session::WorkSession};

use super::visible;
use crate::http::{
    answers::{CallerProblems, Missing},
    caller::Person,
    error::ApiResult,
    json::{ApiJson, ApiPath},
    state::AppState,
};

/// One session: one's own, or that of a person whom the caller sees.
#[utoipa::path(
    get, path = "/api/v1/sessions/{id}", tag = "sessions",
    params(("id" = SessionId, Path, description = "The session")),
    responses((status = 200, body = WorkSession), CallerProblems, Missing),
    security(("person" = [])),
)]
pub(in crate::http) async fn get(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<SessionId>,
) -> ApiResult<ApiJson<WorkSession>> {
    Ok(ApiJson(visible(&state, &person, id).await?.to_wire()))
}
