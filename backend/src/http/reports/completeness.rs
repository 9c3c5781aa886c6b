//! `GET /reports/completeness`.

use axum::extract::State;
use serde::Deserialize;
use shared_types::{
    TeamId, UserId,
    audit::LookAt,
    report::{Completeness, DeviceAccount, PersonCompleteness},
};
use utoipa::IntoParams;

use super::{Range, YEAR, looked, zone};
use crate::{
    domain::{
        day::DayBounds,
        report::{overlap_millis, percent},
    },
    http::{
        answers::{CallerProblems, Invalid, Missing},
        caller::Person,
        cursor::{self, Page},
        error::ApiResult,
        json::{ApiJson, ApiQuery},
        state::AppState,
    },
    reports,
    store::{attendance, day::Day},
};

/// No session is longer.
const LONGEST_SESSION_SECONDS: i64 = 62 * 24 * 3_600;

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

/// How much of the session time of people whom the caller sees is known, and what their devices
/// still hold or have dropped.
#[utoipa::path(
    get, path = "/api/v1/reports/completeness", tag = "reports",
    params(Query),
    responses((status = 200, body = Completeness), CallerProblems, Invalid, Missing),
    security(("bearer" = []), ("cookie" = [])),
)]
pub(in crate::http) async fn completeness(
    State(state): State<AppState>,
    person: Person,
    ApiQuery(query): ApiQuery<Query>,
) -> ApiResult<ApiJson<Completeness>> {
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
    let (limit, after) = (page.limit()?, page.position::<UserId>()?);
    let (mut view, mut people) =
        reports::view(&state.store, person.organization_id, &scope).await?;
    let (_, zone) = zone(&mut view).await?;
    let now = state.clock.now();
    let first = DayBounds::on(scope.from, &zone).start;
    let last = DayBounds::on(scope.to, &zone).end.min(now);
    let long_ago = first.plus_seconds(-LONGEST_SESSION_SECONDS);
    people.retain(|(id, _)| after.is_none_or(|after| *id > after));
    let next_cursor = cursor::cut(&mut people, limit, |(id, _)| *id)?;
    let mut items = Vec::with_capacity(people.len());
    for (user_id, name) in people {
        let ran = attendance::ran(view.db(), user_id, long_ago, first, last).await?;
        let session_seconds = ran
            .iter()
            .map(|(from, to)| overlap_millis(*from, to.unwrap_or(last), first, last))
            .sum::<i64>()
            / 1_000;
        let accounted_seconds =
            attendance::accounted(view.db(), user_id, Day(scope.from), Day(scope.to)).await?;
        let devices = attendance::accounts(view.db(), user_id).await?;
        items.push(PersonCompleteness {
            user_id,
            name,
            session_seconds,
            accounted_seconds,
            percent: percent(accounted_seconds, session_seconds),
            devices: devices
                .into_iter()
                .map(|account| DeviceAccount {
                    device_id: account.device_id,
                    name: account.name,
                    last_contact_at: account.last_contact_at,
                    pending: account.pending,
                    dropped: account.dropped,
                })
                .collect(),
        });
    }
    drop(view);
    let shown: Vec<UserId> = items.iter().map(|item| item.user_id).collect();
    looked(
        &state,
        &person,
        LookAt::Completeness,
        &shown,
        (scope.from, scope.to),
    )
    .await?;
    Ok(ApiJson(Completeness {
        from: query.from,
        to: query.to,
        items,
        next_cursor,
    }))
}
