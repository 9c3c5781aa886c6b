//! `GET /reports/heatmap`.

use axum::extract::State;
use serde::Deserialize;
use shared_types::{TeamId, UserId, audit::LookAt, report::Heatmap};
use utoipa::IntoParams;

use super::{Range, looked};
use crate::{
    domain::report::{LONGEST_RANGE, heatmap as week},
    http::{
        answers::{CallerProblems, Invalid, Missing},
        caller::Person,
        error::ApiResult,
        json::{ApiJson, ApiQuery},
        state::AppState,
    },
    reports,
    store::reports::by_week_and_hour,
};

/// Which days, of whom.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Query {
    /// First day, `YYYY-MM-DD`, in the organization's zone.
    #[param(example = "2026-11-01")]
    from: String,
    /// Last day; the range has at most 3,660 days.
    #[param(example = "2026-11-30")]
    to: String,
    /// Only this person.
    user_id: Option<UserId>,
    /// Only who is in this team now.
    team_id: Option<TeamId>,
}

/// At which hours of which days of the week people whom the caller sees work.
#[utoipa::path(
    get, path = "/api/v1/reports/heatmap", tag = "reports",
    params(Query),
    responses((status = 200, body = Heatmap), CallerProblems, Invalid, Missing),
    security(("bearer" = []), ("cookie" = [])),
)]
pub(in crate::http) async fn heatmap(
    State(state): State<AppState>,
    person: Person,
    ApiQuery(query): ApiQuery<Query>,
) -> ApiResult<ApiJson<Heatmap>> {
    let range = Range {
        from: &query.from,
        to: &query.to,
        user: query.user_id,
        team: query.team_id,
    };
    let scope = range.scope(&person, LONGEST_RANGE)?;
    let (mut view, people) = reports::view(&state.store, person.organization_id, &scope).await?;
    let time_zone = reports::zone_name(view.db()).await?;
    let cells = week(by_week_and_hour(view.db(), &scope).await?);
    drop(view);
    let ids: Vec<UserId> = people.iter().map(|(id, _)| *id).collect();
    looked(
        &state,
        &person,
        LookAt::Report,
        &ids,
        (scope.from, scope.to),
    )
    .await?;
    Ok(ApiJson(Heatmap {
        from: query.from,
        to: query.to,
        time_zone,
        people: i64::try_from(ids.len()).unwrap_or(i64::MAX),
        cells,
    }))
}
