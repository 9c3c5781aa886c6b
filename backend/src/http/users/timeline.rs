//! `GET /users/{id}/timeline`.

use axum::extract::State;
use jiff::{civil::Date, tz::TimeZone};
use serde::Deserialize;
use serde_json::json;
use shared_types::{UserId, audit::LookAt, timeline::Timeline};
use utoipa::IntoParams;

use crate::{
    domain::{
        day::DayBounds,
        session::Session,
        timeline::{DayBuilder, Running},
    },
    http::{
        answers::{CallerProblems, Invalid, Missing},
        caller::{Person, Themselves},
        error::{ApiError, ApiResult},
        json::{ApiJson, ApiPath, ApiQuery},
        looks,
        state::AppState,
    },
    store::{alerts, notes, presence, sessions, timeline},
};

/// Which day.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Query {
    /// The organization's day, `YYYY-MM-DD`.
    #[param(example = "2026-11-22")]
    date: String,
}

/// One person's day, span by span: one's own, or that of somebody whom one may see.
#[utoipa::path(
    get, path = "/api/v1/users/{id}/timeline", tag = "people",
    params(("id" = UserId, Path, description = "The person"), Query),
    responses((status = 200, body = Timeline), CallerProblems, Invalid, Missing),
    security(("bearer" = []), ("cookie" = []), ("device" = [])),
)]
pub(in crate::http) async fn timeline(
    State(state): State<AppState>,
    Themselves(person): Themselves,
    ApiPath(id): ApiPath<UserId>,
    ApiQuery(query): ApiQuery<Query>,
) -> ApiResult<ApiJson<Timeline>> {
    person.require_sight(&state, id).await?;
    let date: Date = query
        .date
        .parse()
        .ok()
        .filter(|date: &Date| (1970..=9_000).contains(&date.year()))
        .ok_or_else(|| ApiError::field("date", "is a day such as 2026-11-22"))?;
    let found = read(&state, &person, id, date).await?;
    let detail = json!({ "date": found.date });
    looks::record(&state, &person, LookAt::Timeline, &[id], detail).await?;
    Ok(ApiJson(found))
}

async fn read(state: &AppState, person: &Person, id: UserId, date: Date) -> ApiResult<Timeline> {
    let mut view = state
        .store
        .tenant(person.organization_id)
        .snapshot()
        .await?;
    let time_zone = presence::zone_name(view.db())
        .await?
        .ok_or_else(ApiError::not_found)?;
    let zone = TimeZone::get(&time_zone).map_err(ApiError::internal)?;
    let bounds = DayBounds::on(date, &zone);
    let mut day = DayBuilder::default();
    timeline::spans(view.db(), id, bounds.start, bounds.end, |span| {
        day.push(span);
    })
    .await?;
    let mut of_day = timeline::sessions_begun(view.db(), id, bounds.start, bounds.end).await?;
    for session in day.sessions() {
        // Those that began on a day before.
        if !of_day.iter().any(|known| known.id == *session) {
            of_day.extend(sessions::find(view.db(), *session).await?);
        }
    }
    // What goes on now goes on until now: a day that has not begun has no alerts.
    let alerts = if bounds.start <= state.clock.now() {
        alerts::of_person(view.db(), id, bounds.start, bounds.end).await?
    } else {
        Vec::new()
    };
    let said = notes::of_person(view.db(), id, bounds.start, bounds.end).await?;
    of_day.sort_by_key(|session| (session.started_at, session.id));
    let running: Vec<Running> = of_day
        .iter()
        .map(|session| Running {
            from: session.started_at,
            to: session.ended_at.unwrap_or(bounds.end),
        })
        .collect();
    let day = day.finish(&running);
    Ok(Timeline {
        user_id: id,
        date: date.to_string(),
        time_zone,
        from: bounds.start,
        to: bounds.end,
        sessions: of_day.iter().map(Session::to_wire).collect(),
        spans: day.spans,
        spans_left_out: day.left_out,
        gaps: day.gaps,
        alerts,
        notes: said,
        totals: day.totals,
    })
}
