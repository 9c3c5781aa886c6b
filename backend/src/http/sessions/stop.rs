//! `POST /sessions/{id}/stop`.

use axum::extract::State;
use shared_types::{
    SessionId,
    session::{SessionChanged, StopSession},
    sync::{Outcome, SessionStopped, SyncItemBody},
};

use super::{STOP_SEQ, own, refused, single, submit, whole_second};
use crate::http::{
    answers::{BodyProblems, CallerProblems, Conflicting, Missing},
    caller::Person,
    error::ApiResult,
    json::{ApiJson, ApiPath, OptionalJson},
    state::AppState,
};

/// Stops a session of one's own. Stopping a stopped session changes nothing.
#[utoipa::path(
    post, path = "/api/v1/sessions/{id}/stop", tag = "sessions",
    params(("id" = SessionId, Path, description = "The session")),
    request_body = StopSession,
    responses(
        (status = 200, body = SessionChanged),
        BodyProblems, CallerProblems, Conflicting, Missing,
    ),
    security(("bearer" = []), ("cookie" = [])),
)]
pub(in crate::http) async fn stop(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<SessionId>,
    OptionalJson(body): OptionalJson<StopSession>,
) -> ApiResult<ApiJson<SessionChanged>> {
    let session = own(&state, &person, id).await?;
    if session.ended_at.is_some() && body.stopped_at.is_none() {
        return Ok(ApiJson(SessionChanged {
            outcome: Outcome::Duplicate,
            session: session.to_wire(),
        }));
    }
    let earliest = session.latest.as_ref().map(|latest| latest.ended_at);
    let stopped_at = body.stopped_at.unwrap_or_else(|| {
        let now = whole_second(state.clock.now());
        earliest
            .map_or(now, |end| end.max(now))
            .max(session.started_at)
    });
    let item = SyncItemBody::SessionStopped(SessionStopped {
        session_id: id,
        stopped_at,
    });
    let result = single(&submit(&state, &person, id, vec![(STOP_SEQ, item)]).await?)?;
    if let Some(reason) = result.reason {
        return Err(refused(reason, "stopped_at"));
    }
    Ok(ApiJson(SessionChanged {
        outcome: result.outcome,
        session: own(&state, &person, id).await?.to_wire(),
    }))
}
