//! `GET /report-schedules`.

use axum::extract::State;
use shared_types::report_schedule::ReportSchedules;

use super::{shown, zone};
use crate::{
    http::{
        answers::CallerProblems, caller::Person, error::ApiResult, json::ApiJson, state::AppState,
    },
    store::report_schedules,
};

/// The reports that the caller has made again and again, and whether mail can tell of them.
#[utoipa::path(get, path = "/api/v1/report-schedules", tag = "exports", security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = ReportSchedules), CallerProblems,
))]
pub(in crate::http) async fn list(
    State(state): State<AppState>,
    person: Person,
) -> ApiResult<ApiJson<ReportSchedules>> {
    let now = state.clock.now();
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    let zone = zone(reader.db()).await?;
    let stored = report_schedules::of_person(reader.db(), person.user_id).await?;
    Ok(ApiJson(ReportSchedules {
        items: stored
            .into_iter()
            .map(|one| shown(one, &zone, now))
            .collect(),
        can_mail: state.mail.is_configured(),
    }))
}
