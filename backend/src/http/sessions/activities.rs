//! `POST /sessions/{id}/activities`: many spans, an answer for each.

use axum::extract::State;
use shared_types::{
    SessionId,
    problem::ProblemCode,
    session::{ActivitiesStored, PostActivities},
    sync::BATCH_MAX_ITEMS,
};

use super::{START_SEQ, own, span, submit};
use crate::http::{
    answers::{BodyProblems, CallerProblems, Missing},
    caller::Person,
    error::{ApiError, ApiResult},
    json::{ApiJson, ApiPath},
    state::AppState,
};

/// Stores spans of a session of one's own, in one transaction. A span that is refused is
/// named and does not affect the others.
#[utoipa::path(
    post, path = "/api/v1/sessions/{id}/activities", tag = "sessions",
    params(("id" = SessionId, Path, description = "The session")),
    request_body = PostActivities,
    responses(
        (status = 200, body = ActivitiesStored),
        BodyProblems, CallerProblems, Missing,
    ),
    security(("bearer" = []), ("cookie" = [])),
)]
pub(in crate::http) async fn activities(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<SessionId>,
    ApiJson(body): ApiJson<PostActivities>,
) -> ApiResult<ApiJson<ActivitiesStored>> {
    own(&state, &person, id).await?;
    let count = body.activities.len();
    if count > BATCH_MAX_ITEMS {
        return Err(ApiError::new(ProblemCode::TooLarge).detail(format!(
            "At most {BATCH_MAX_ITEMS} spans at a time, these are {count}. Nothing was applied."
        )));
    }
    let items = body
        .activities
        .into_iter()
        .map(|body| span(id, body))
        .collect::<ApiResult<Vec<_>>>()?;
    let mut results = submit(&state, &person, id, items).await?.results;
    for result in &mut results {
        result.seq -= START_SEQ;
    }
    Ok(ApiJson(ActivitiesStored {
        results,
        session: own(&state, &person, id).await?.to_wire(),
    }))
}
