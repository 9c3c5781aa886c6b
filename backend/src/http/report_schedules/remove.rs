//! `DELETE /report-schedules/{id}`.

use axum::extract::State;
use http::StatusCode;
use shared_types::ReportScheduleId;

use crate::{
    http::{
        answers::{CallerProblems, Missing},
        caller::Person,
        error::{ApiError, ApiResult},
        json::ApiPath,
        state::AppState,
    },
    store::report_schedules,
};

/// Has a report made no more. Files that are there stay until they go.
#[utoipa::path(delete, path = "/api/v1/report-schedules/{id}", tag = "exports", params(("id" = ReportScheduleId, Path)), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 204), CallerProblems, Missing,
))]
pub(in crate::http) async fn remove(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<ReportScheduleId>,
) -> ApiResult<StatusCode> {
    let mut tx = state.store.tenant(person.organization_id).begin().await?;
    if !report_schedules::remove(&mut tx, person.user_id, id).await? {
        return Err(ApiError::not_found());
    }
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
