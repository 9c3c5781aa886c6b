//! `PUT /report-schedules/{id}`.

use axum::extract::State;
use shared_types::{
    ReportScheduleId,
    report_schedule::{ReportSchedule, ReportScheduleTerms},
};

use super::{check, shown, zone};
use crate::{
    http::{
        answers::{BodyProblems, CallerProblems, Missing},
        caller::Person,
        error::{ApiError, ApiResult},
        json::{ApiJson, ApiPath},
        state::AppState,
    },
    store::report_schedules,
};

/// Replaces what is made when. It holds from the next time that it is due then.
#[utoipa::path(put, path = "/api/v1/report-schedules/{id}", tag = "exports", request_body = ReportScheduleTerms, params(("id" = ReportScheduleId, Path)), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = ReportSchedule), CallerProblems, Missing, BodyProblems,
))]
pub(in crate::http) async fn change(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<ReportScheduleId>,
    ApiJson(terms): ApiJson<ReportScheduleTerms>,
) -> ApiResult<ApiJson<ReportSchedule>> {
    let (now, user) = (state.clock.now(), person.user_id);
    let tenant = state.store.tenant(person.organization_id);
    {
        // What is not there is not there, whatever is said of it.
        let mut reader = tenant.read().await?;
        let known = report_schedules::find(reader.db(), user, id).await?;
        known.ok_or_else(ApiError::not_found)?;
    }
    check(&state, &person, &terms).await?;
    let mut tx = tenant.begin().await?;
    if !report_schedules::change(&mut tx, user, id, &terms, now).await? {
        return Err(ApiError::not_found());
    }
    let zone = zone(tx.db()).await?;
    let stored = report_schedules::find(tx.db(), user, id)
        .await?
        .ok_or_else(ApiError::not_found)?;
    tx.commit().await?;
    Ok(ApiJson(shown(stored, &zone, now)))
}
