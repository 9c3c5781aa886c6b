//! `POST /report-schedules`.

use axum::extract::State;
use http::StatusCode;
use shared_types::{
    ReportScheduleId,
    report_schedule::{ReportSchedule, ReportScheduleTerms, SCHEDULES_MAX},
};

use super::{check, shown, zone};
use crate::{
    http::{
        answers::{BodyProblems, CallerProblems, Conflicting, Missing},
        caller::Person,
        error::{ApiError, ApiResult},
        json::ApiJson,
        state::AppState,
    },
    store::report_schedules,
};

/// Has a report made again and again, from the next time that it is due. The file stands among
/// the caller's files (`GET /exports`) and, where wanted, a mail says so.
#[utoipa::path(post, path = "/api/v1/report-schedules", tag = "exports", request_body = ReportScheduleTerms, security(("bearer" = []), ("cookie" = [])), responses(
    (status = 201, body = ReportSchedule), CallerProblems, Missing, Conflicting, BodyProblems,
))]
pub(in crate::http) async fn create(
    State(state): State<AppState>,
    person: Person,
    ApiJson(terms): ApiJson<ReportScheduleTerms>,
) -> ApiResult<(StatusCode, ApiJson<ReportSchedule>)> {
    check(&state, &person, &terms).await?;
    let (now, id) = (state.clock.now(), ReportScheduleId(state.clock.new_uuid()));
    let (user, most) = (person.user_id, SCHEDULES_MAX);
    let mut tx = state.store.tenant(person.organization_id).begin().await?;
    if !report_schedules::insert(&mut tx, id, user, &terms, most, now).await? {
        return Err(ApiError::conflict(format!(
            "You have {most} of these already. Nothing was changed; remove one first."
        )));
    }
    let zone = zone(tx.db()).await?;
    let stored = report_schedules::find(tx.db(), user, id)
        .await?
        .ok_or_else(ApiError::not_found)?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, ApiJson(shown(stored, &zone, now))))
}
