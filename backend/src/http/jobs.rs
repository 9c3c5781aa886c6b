//! `GET /jobs`.

use axum::extract::State;
use shared_types::job::ScheduleList;

use super::{
    answers::CallerProblems, caller::Person, error::ApiResult, json::ApiJson, state::AppState,
};
use crate::jobs;

/// What runs by itself: when each is due, how its last run went. For admins; what went wrong is
/// told of the organization's own runs only.
#[utoipa::path(
    get, path = "/api/v1/jobs", tag = "operations",
    responses((status = 200, body = ScheduleList), CallerProblems),
    security(("bearer" = []), ("cookie" = [])),
)]
pub(super) async fn jobs(
    State(state): State<AppState>,
    person: Person,
) -> ApiResult<ApiJson<ScheduleList>> {
    person.require_admin()?;
    let (organization, now) = (person.organization_id, state.clock.now());
    let items = jobs::overview(&state.store, organization, &jobs::all(), now).await?;
    Ok(ApiJson(ScheduleList { items }))
}
