//! `GET /events`: what happened behind a number, for those who ask instead of listening.

use axum::extract::State;
use serde::Deserialize;
use serde_json::Value;
use shared_types::{
    UserId,
    audit::LookAt,
    live::{EventBody, EventPage},
};
use utoipa::IntoParams;

use super::{
    answers::{CallerProblems, Invalid},
    caller::Person,
    error::{ApiError, ApiResult},
    json::{ApiJson, ApiQuery},
    looks,
    state::AppState,
};
use crate::live::Viewer;

/// Behind which event.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    /// The last event that the caller knows; 0 for all that are kept.
    #[param(minimum = 0)]
    after: i64,
}

/// Events behind a number, oldest first, with the present states of the people concerned.
#[utoipa::path(
    get, path = "/api/v1/events", tag = "live",
    params(Query),
    responses((status = 200, body = EventPage), CallerProblems, Invalid),
    security(("bearer" = []), ("cookie" = [])),
)]
pub(super) async fn events(
    State(state): State<AppState>,
    person: Person,
    ApiQuery(query): ApiQuery<Query>,
) -> ApiResult<ApiJson<EventPage>> {
    if query.after < 0 {
        return Err(ApiError::field("after", "must not be negative"));
    }
    let page = state
        .live
        .page(
            person.organization_id,
            Viewer::Person(person.viewer()),
            query.after,
        )
        .await?;
    // Whom the page shows: an empty one is no look.
    let people: Vec<UserId> = page
        .items
        .iter()
        .flat_map(|item| people_of(&item.event))
        .collect();
    looks::record(&state, &person, LookAt::Events, &people, Value::Null).await?;
    Ok(ApiJson(page))
}

/// The people whom an event is about.
fn people_of(event: &EventBody) -> Vec<UserId> {
    match event {
        EventBody::UserOnline(changed)
        | EventBody::UserOffline(changed)
        | EventBody::SessionUpdate(changed) => {
            changed.people.iter().map(|state| state.user_id).collect()
        }
        EventBody::InactiveAlert(alert)
        | EventBody::OvertimeAlert(alert)
        | EventBody::AlertResolved(alert) => vec![alert.user_id],
        EventBody::PolicyChanged(_) => Vec::new(),
    }
}
