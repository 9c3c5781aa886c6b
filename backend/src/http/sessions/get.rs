//! `GET /sessions/{id}`.

use axum::extract::State;
use serde_json::json;
use shared_types::{SessionId, audit::LookAt, session::WorkSession};

use super::visible;
use crate::http::{
    answers::{CallerProblems, Missing},
    caller::Person,
    error::ApiResult,
    json::{ApiJson, ApiPath},
    looks,
    state::AppState,
};

/// One session: one's own, or that of a person whom the caller sees.
#[utoipa::path(
    get, path = "/api/v1/sessions/{id}", tag = "sessions",
    params(("id" = SessionId, Path, description = "The session")),
    responses((status = 200, body = WorkSession), CallerProblems, Missing),
    security(("bearer" = []), ("cookie" = [])),
)]
pub(in crate::http) async fn get(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<SessionId>,
) -> ApiResult<ApiJson<WorkSession>> {
    let session = visible(&state, &person, id).await?;
    let detail = json!({ "session_id": id });
    looks::record(&state, &person, LookAt::Session, &[session.user_id], detail).await?;
    Ok(ApiJson(session.to_wire()))
}
