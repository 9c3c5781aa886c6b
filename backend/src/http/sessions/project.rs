//! `PUT /sessions/{id}/project`.

use axum::extract::State;
use shared_types::{
    SessionId,
    session::{SetSessionProject, WorkSession},
};

use crate::{
    groups::bookings,
    http::{
        answers::{BodyProblems, CallerProblems, Conflicting, Missing},
        caller::Person,
        error::ApiResult,
        json::{ApiJson, ApiPath},
        state::AppState,
    },
};

/// Books a session on a project, or on none: one's own, or that of a person whom one sees,
/// while it runs or after. All of the session moves, also what has been observed already; to
/// split it, stop it and start another. The project must be in use, and open to the
/// session's person.
#[utoipa::path(
    put, path = "/api/v1/sessions/{id}/project", tag = "sessions",
    params(("id" = SessionId, Path, description = "The session")),
    request_body = SetSessionProject,
    responses(
        (status = 200, description = "It is booked so", body = WorkSession),
        BodyProblems, CallerProblems, Conflicting, Missing,
    ),
    security(("bearer" = []), ("cookie" = [])),
)]
pub(in crate::http) async fn project(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<SessionId>,
    ApiJson(request): ApiJson<SetSessionProject>,
) -> ApiResult<ApiJson<WorkSession>> {
    let (organization, viewer) = (person.organization_id, person.viewer());
    let project = request.project_id;
    let session = bookings::book(
        &state.store,
        &*state.clock,
        organization,
        viewer,
        id,
        project,
    )
    .await?;
    state.live.wake(organization);
    Ok(ApiJson(session.to_wire()))
}
