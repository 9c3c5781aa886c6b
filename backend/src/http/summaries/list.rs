//! `GET /summaries`.

use axum::extract::State;
use serde::Deserialize;
use shared_types::{
    TeamId, UserId,
    audit::LookAt,
    summary::{DailySummary, DailySummaryPage},
};
use utoipa::IntoParams;
use uuid::Uuid;

use crate::{
    http::{
        answers::{CallerProblems, Invalid, Missing},
        caller::Themselves,
        cursor::{self, Page},
        error::ApiResult,
        json::{ApiJson, ApiQuery},
        reports::{Range, YEAR, looked},
        state::AppState,
    },
    reports,
    store::{day::Day, summaries},
};

/// Which days, of whom, and which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Query {
    /// First day, `YYYY-MM-DD`, in the organization's zone.
    #[param(example = "2026-11-01")]
    from: String,
    /// Last day; the range has at most 366 days.
    #[param(example = "2026-11-30")]
    to: String,
    /// Only this person.
    user_id: Option<UserId>,
    /// Only who is in this team now.
    team_id: Option<TeamId>,
    /// Where to read on: `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many, 1 to 200; 50 unless told.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// Days of people whom the caller sees, by day and person, and whether each is closed.
#[utoipa::path(
    get, path = "/api/v1/summaries", tag = "summaries",
    params(Query),
    responses((status = 200, body = DailySummaryPage), CallerProblems, Invalid, Missing),
    security(("bearer" = []), ("cookie" = []), ("device" = [])),
)]
pub(in crate::http) async fn list(
    State(state): State<AppState>,
    Themselves(person): Themselves,
    ApiQuery(query): ApiQuery<Query>,
) -> ApiResult<ApiJson<DailySummaryPage>> {
    let range = Range {
        from: &query.from,
        to: &query.to,
        user: query.user_id,
        team: query.team_id,
    };
    let scope = range.scope(&person, YEAR)?;
    let page = Page {
        cursor: query.cursor,
        limit: query.limit,
    };
    let limit = page.limit()?;
    let after: Option<(jiff::civil::Date, UserId)> = page.position()?;
    let (day, user) = after.unwrap_or((scope.from, UserId(Uuid::nil())));
    let (mut view, _) = reports::view(&state.store, person.organization_id, &scope).await?;
    let mut rows = summaries::days(view.db(), &scope, (Day(day), user), limit + 1).await?;
    drop(view);
    let next_cursor = cursor::cut(&mut rows, limit, |last| (last.day.0, last.user_id))?;
    let items: Vec<DailySummary> = rows
        .into_iter()
        .map(|row| DailySummary {
            date: row.day.to_string(),
            figures: row.sums().figures(),
            time_zone: row.time_zone,
            user_id: row.user_id,
            name: row.name,
            first_input_at: row.first_input_at,
            last_input_at: row.last_input_at,
            made_at: row.made_at,
            updated_at: row.updated_at,
        })
        .collect();
    let mut shown: Vec<UserId> = items.iter().map(|item| item.user_id).collect();
    shown.sort_unstable();
    shown.dedup();
    let days = (scope.from, scope.to);
    looked(&state, &person, LookAt::Summaries, &shown, days).await?;
    Ok(ApiJson(DailySummaryPage { items, next_cursor }))
}
