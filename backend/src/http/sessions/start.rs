//! `POST /sessions/start`.

use axum::extract::State;
use http::StatusCode;
use shared_types::{
    ProjectId,
    session::{SessionChanged, StartSession},
    sync::{Outcome, RejectReason, SessionStarted, SyncItemBody},
};

use super::{START_SEQ, find_own, own, refused, single, submit, whole_second};
use crate::{
    groups::bookings,
    http::{
        answers::{BodyProblems, CallerProblems, Conflicting, Missing},
        caller::Person,
        error::ApiResult,
        json::ApiJson,
        state::AppState,
    },
};

/// Starts a session of one's own. The same id twice is one session.
#[utoipa::path(
    post, path = "/api/v1/sessions/start", tag = "sessions",
    request_body = StartSession,
    responses(
        (status = 201, description = "It runs", body = SessionChanged),
        (status = 200, description = "It ran already", body = SessionChanged),
        BodyProblems, CallerProblems, Conflicting, Missing,
    ),
    security(("bearer" = []), ("cookie" = [])),
)]
pub(in crate::http) async fn start(
    State(state): State<AppState>,
    person: Person,
    ApiJson(body): ApiJson<StartSession>,
) -> ApiResult<(StatusCode, ApiJson<SessionChanged>)> {
    let known = find_own(&state, &person, body.session_id).await?;
    if let (None, Some(project)) = (&known, body.project_id) {
        // Ingest would refuse it, too, and remember the number that it refused.
        bookable(&state, &person, project).await?;
    }
    let started = SessionStarted {
        session_id: body.session_id,
        project_id: body.project_id,
        started_at: match body.started_at {
            Some(at) => at,
            // Sent again without a time: the time of the first.
            None => match known {
                Some(session) => session.started_at,
                None => whole_second(state.clock.now()),
            },
        },
    };
    let items = vec![(START_SEQ, SyncItemBody::SessionStarted(started))];
    let result = single(&submit(&state, &person, body.session_id, items).await?)?;
    if let Some(reason) = result.reason {
        if let (RejectReason::UnknownProject, Some(project)) = (reason, body.project_id) {
            // Says more: that it is archived, where the person may know.
            bookable(&state, &person, project).await?;
        }
        return Err(refused(reason, "started_at"));
    }
    let session = own(&state, &person, body.session_id).await?.to_wire();
    let status = match result.outcome {
        Outcome::Stored => StatusCode::CREATED,
        _ => StatusCode::OK,
    };
    let outcome = result.outcome;
    Ok((status, ApiJson(SessionChanged { outcome, session })))
}

/// Whether the person may book time on this project.
async fn bookable(state: &AppState, person: &Person, project: ProjectId) -> ApiResult<()> {
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    Ok(bookings::check(reader.db(), project, person.user_id).await?)
}
