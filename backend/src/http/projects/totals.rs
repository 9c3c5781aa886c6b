//! `GET /projects/{id}/totals`.

use axum::extract::State;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::json;
use shared_types::{ProjectId, UserId, audit::LookAt, project::ProjectTotals};
use utoipa::IntoParams;

use crate::{
    groups::bookings::{self, Range},
    http::{
        answers::{CallerProblems, Invalid, Missing},
        caller::Person,
        cursor::{self, Page},
        error::{ApiError, ApiResult},
        json::{ApiJson, ApiPath, ApiQuery},
        looks,
        state::AppState,
    },
};

/// Which days, and which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Query {
    /// First day, `YYYY-MM-DD`, in the organization's zone.
    from: String,
    /// Last day, `YYYY-MM-DD`; the range has at most 3,660 days.
    to: String,
    /// Where to read on: `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many people, 1 to 200; 50 unless told.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// What was booked on a project: by person, of those whom the caller sees, and together.
#[utoipa::path(get, path = "/api/v1/projects/{id}/totals", tag = "projects", params(("id" = ProjectId, Path), Query), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = ProjectTotals), CallerProblems, Missing, Invalid,
))]
pub(in crate::http) async fn totals(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<ProjectId>,
    ApiQuery(query): ApiQuery<Query>,
) -> ApiResult<ApiJson<ProjectTotals>> {
    let page = Page {
        cursor: query.cursor,
        limit: query.limit,
    };
    let range = Range {
        from: day("from", &query.from)?,
        to: day("to", &query.to)?,
        after: page.position()?,
        limit: usize::try_from(page.limit()?).unwrap_or(0),
    };
    let (organization, actor) = (person.organization_id, person.actor());
    let (mut totals, more) = bookings::totals(&state.store, organization, actor, id, range).await?;
    if more {
        let last = totals.people.last().map(|booked| booked.user_id);
        totals.next_cursor = last.map(|id| cursor::encode(&id)).transpose()?;
    }
    let people: Vec<UserId> = totals.people.iter().map(|booked| booked.user_id).collect();
    let detail = json!({ "project_id": id });
    looks::record(&state, &person, LookAt::ProjectTotals, &people, detail).await?;
    Ok(ApiJson(totals))
}

fn day(field: &str, text: &str) -> ApiResult<Date> {
    text.parse()
        .map_err(|_| ApiError::field(field, "must be a day such as 2026-11-22"))
}
