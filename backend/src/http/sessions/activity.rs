//! `POST /sessions/{id}/activity`: one span.

use axum::extract::State;
use http::StatusCode;
use shared_types::{
    SessionId,
    session::{PostActivity, SessionChanged},
    sync::Outcome,
};

use super::{own, refused, single, span, submit};
use crate::http::{
    answers::{BodyProblems, CallerProblems, Conflicting, Missing},
    caller::Person,
    error::ApiResult,
    json::{ApiJson, ApiPath},
    state::AppState,
};

/// Stores one span of a session of one's own. The same number twice is one span.
#[utoipa::path(
    post, path = "/api/v1/sessions/{id}/activity", tag = "sessions",
    params(("id" = SessionId, Path, description = "The session")),
    request_body = PostActivity,
    responses(
        (status = 201, description = "It is stored", body = SessionChanged),
        (status = 200, description = "It was stored already", body = SessionChanged),
        BodyProblems, CallerProblems, Conflicting, Missing,
    ),
    security(("bearer" = []), ("cookie" = [])),
)]
pub(in crate::http) async fn activity(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<SessionId>,
    ApiJson(body): ApiJson<PostActivity>,
) -> ApiResult<(StatusCode, ApiJson<SessionChanged>)> {
    own(&state, &person, id).await?;
    let items = vec![span(id, body)?];
    let result = single(&submit(&state, &person, id, items).await?)?;
    if let Some(reason) = result.reason {
        return Err(refused(reason, "started_at"));
    }
    let session = own(&state, &person, id).await?.to_wire();
    let status = match result.outcome {
        Outcome::Stored => StatusCode::CREATED,
        _ => StatusCode::OK,
    };
    let outcome = result.outcome;
    Ok((status, ApiJson(SessionChanged { outcome, session })))
}
