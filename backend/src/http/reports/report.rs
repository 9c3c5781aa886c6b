//! `GET /reports`.

use std::cmp::Ordering;

use axum::extract::State;
use serde::Deserialize;
use shared_types::{
    ProjectId, TeamId, UserId,
    audit::LookAt,
    report::{GroupBy, Report, ReportSort},
};
use utoipa::IntoParams;

use super::{day, looked};
use crate::{
    domain::report::{Place, order},
    http::{
        answers::{CallerProblems, Invalid, Missing},
        caller::Person,
        cursor::{self, Page},
        error::ApiResult,
        json::{ApiJson, ApiQuery},
        state::AppState,
    },
    reports::{self, Made, Question},
};

/// Which days, of whom, added up by what, and which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Query {
    /// First day, `YYYY-MM-DD`, in the organization's zone.
    #[param(example = "2026-11-01")]
    pub(super) from: String,
    /// Last day; the range has at most 3,660 days.
    #[param(example = "2026-11-30")]
    pub(super) to: String,
    /// By what it adds up.
    pub(super) group_by: GroupBy,
    /// Only this person.
    pub(super) user_id: Option<UserId>,
    /// Only who is in this team now.
    pub(super) team_id: Option<TeamId>,
    /// Only what is booked on this project now; with `group_by` person, team, project or day.
    pub(super) project_id: Option<ProjectId>,
    /// Also the range of the same length before, and the difference.
    #[serde(default)]
    #[param(required = false)]
    pub(super) compare: bool,
    /// By what rows are ordered; unless told, days and hours as they come, all else by what was
    /// worked, most first.
    pub(super) sort: Option<ReportSort>,
    /// The other way round: most first.
    pub(super) descending: Option<bool>,
    /// Where to read on: `next_cursor` of the page before.
    pub(super) cursor: Option<String>,
    /// How many, 1 to 200; 50 unless told.
    #[param(minimum = 1, maximum = 200)]
    pub(super) limit: Option<i64>,
}

impl Query {
    pub(super) fn question(&self) -> ApiResult<Question> {
        Ok(Question {
            from: day("from", &self.from)?,
            to: day("to", &self.to)?,
            group_by: self.group_by,
            user: self.user_id,
            team: self.team_id,
            project: self.project_id,
            compare: self.compare,
            charts: false,
        })
    }

    /// By what, and whether most comes first.
    pub(super) fn order(&self) -> (ReportSort, bool) {
        reports::order_of(self.group_by, self.sort, self.descending)
    }
}

/// What minutes add up to over a range of days, of the people whom the caller sees. Its total is
/// of exactly these people.
#[utoipa::path(
    get, path = "/api/v1/reports", tag = "reports",
    params(Query),
    responses((status = 200, body = Report), CallerProblems, Invalid, Missing),
    security(("bearer" = []), ("cookie" = [])),
)]
pub(in crate::http) async fn report(
    State(state): State<AppState>,
    person: Person,
    ApiQuery(query): ApiQuery<Query>,
) -> ApiResult<ApiJson<Report>> {
    let page = Page {
        cursor: query.cursor.clone(),
        limit: query.limit,
    };
    let (limit, after) = (page.limit()?, page.position::<Place>()?);
    let (sort, descending) = query.order();
    let made = ordered(&state, &person, &query, &query.question()?).await?;
    looked(
        &state,
        &person,
        LookAt::Report,
        &made.people,
        question_range(&query)?,
    )
    .await?;
    let row_count = count(made.rows.len());
    let mut rows: Vec<_> = made
        .rows
        .into_iter()
        .filter(|row| {
            after.as_ref().is_none_or(|after| {
                Place::of(row, sort).cmp(after, sort, descending) == Ordering::Greater
            })
        })
        .collect();
    let next_cursor = cursor::cut(&mut rows, limit, |last| Place::of(last, sort))?;
    Ok(ApiJson(Report {
        from: query.from,
        to: query.to,
        time_zone: made.time_zone,
        group_by: query.group_by,
        people: count(made.people.len()),
        rows,
        row_count,
        total: made.total,
        kinds: made.kinds,
        compared: made.compared,
        next_cursor,
    }))
}

/// The report, its rows in order.
pub(super) async fn ordered(
    state: &AppState,
    person: &Person,
    query: &Query,
    question: &Question,
) -> ApiResult<Made> {
    let (sort, descending) = query.order();
    let mut made = reports::make(
        &state.store,
        person.organization_id,
        person.viewer(),
        question,
    )
    .await?;
    order(&mut made.rows, sort, descending);
    Ok(made)
}

pub(super) fn question_range(query: &Query) -> ApiResult<(jiff::civil::Date, jiff::civil::Date)> {
    let question = query.question()?;
    Ok((question.from, question.to))
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
