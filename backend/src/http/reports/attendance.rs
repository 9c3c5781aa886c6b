//! `GET /reports/attendance`.

use axum::extract::State;
use serde::Deserialize;
use shared_types::{
    TeamId, UserId,
    audit::LookAt,
    report::{Attendance, AttendanceDay},
};
use utoipa::IntoParams;
use uuid::Uuid;

use super::{Range, YEAR, looked, zone};
use crate::{
    domain::{day::DayBounds, report::breaks},
    http::{
        answers::{CallerProblems, Invalid, Missing},
        caller::Person,
        cursor::{self, Page},
        error::{ApiError, ApiResult},
        json::{ApiJson, ApiQuery},
        state::AppState,
    },
    reports,
    store::{attendance, day::Day},
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
    /// Pauses count from so many minutes on, 1 to 480; 15 unless told.
    #[param(minimum = 1, maximum = 480)]
    break_minutes: Option<i64>,
    /// Where to read on: `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many, 1 to 200; 50 unless told.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// When people whom the caller sees came and went, day by day, and their breaks.
#[utoipa::path(
    get, path = "/api/v1/reports/attendance", tag = "reports",
    params(Query),
    responses((status = 200, body = Attendance), CallerProblems, Invalid, Missing),
    security(("bearer" = []), ("cookie" = [])),
)]
pub(in crate::http) async fn attendance(
    State(state): State<AppState>,
    person: Person,
    ApiQuery(query): ApiQuery<Query>,
) -> ApiResult<ApiJson<Attendance>> {
    let range = Range {
        from: &query.from,
        to: &query.to,
        user: query.user_id,
        team: query.team_id,
    };
    let scope = range.scope(&person, YEAR)?;
    let minutes = query.break_minutes.unwrap_or(15);
    if !(1..=480).contains(&minutes) {
        return Err(ApiError::field("break_minutes", "must be 1 to 480"));
    }
    let page = Page {
        cursor: query.cursor,
        limit: query.limit,
    };
    let limit = page.limit()?;
    let after: Option<(jiff::civil::Date, UserId)> = page.position()?;
    let (day, user) = after.unwrap_or((scope.from, UserId(Uuid::nil())));
    let (mut view, _) = reports::view(&state.store, person.organization_id, &scope).await?;
    let (time_zone, zone) = zone(&mut view).await?;
    let removed_before = attendance::removed_before(view.db()).await?;
    let mut rows = attendance::days(view.db(), &scope, (Day(day), user), limit + 1).await?;
    let next_cursor = cursor::cut(&mut rows, limit, |last| (last.day.0, last.user_id))?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let bounds = DayBounds::on(row.day.0, &zone);
        let kept = removed_before.is_none_or(|before| before <= bounds.start);
        let breaks = if kept {
            let input = attendance::input(view.db(), row.user_id, bounds.start, bounds.end).await?;
            Some(breaks(&input, minutes * 60))
        } else {
            None
        };
        items.push(AttendanceDay {
            date: row.day.to_string(),
            user_id: row.user_id,
            figures: row.sums().figures(),
            name: row.name,
            first_input_at: row.first_input_at,
            last_input_at: row.last_input_at,
            breaks,
        });
    }
    drop(view);
    let mut shown: Vec<UserId> = items.iter().map(|item| item.user_id).collect();
    shown.sort_unstable();
    shown.dedup();
    looked(
        &state,
        &person,
        LookAt::Attendance,
        &shown,
        (scope.from, scope.to),
    )
    .await?;
    Ok(ApiJson(Attendance {
        time_zone,
        items,
        next_cursor,
    }))
}
