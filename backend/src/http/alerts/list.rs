//! `GET /alerts`.

use axum::extract::State;
use serde::Deserialize;
use serde_json::Value;
use shared_types::{
    AlertId, Timestamp, UserId,
    alert::{AlertKind, AlertPage, AlertState},
    audit::LookAt,
};
use utoipa::IntoParams;

use crate::{
    http::{
        answers::{CallerProblems, Invalid, Missing},
        caller::Person,
        cursor::{self, Page},
        error::ApiResult,
        json::{ApiJson, ApiQuery},
        looks,
        state::AppState,
    },
    store::alerts::{self, After, Filter},
};

/// Which alerts; all of what is given must hold.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Query {
    /// Open or resolved; both unless told.
    state: Option<AlertState>,
    /// About what; anything unless told.
    kind: Option<AlertKind>,
    /// About this person; everybody whom the caller sees unless told.
    user_id: Option<UserId>,
    /// Opened at this instant or later.
    from: Option<Timestamp>,
    /// Opened before this instant.
    to: Option<Timestamp>,
    /// Where to read on: `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many, 1 to 200; 50 unless told.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// Alerts of the people whom the caller sees, newest first. One's own are among them.
#[utoipa::path(
    get, path = "/api/v1/alerts", tag = "alerts",
    params(Query),
    responses((status = 200, body = AlertPage), CallerProblems, Invalid, Missing),
    security(("bearer" = []), ("cookie" = [])),
)]
pub(in crate::http) async fn list(
    State(state): State<AppState>,
    person: Person,
    ApiQuery(query): ApiQuery<Query>,
) -> ApiResult<ApiJson<AlertPage>> {
    let page = Page {
        cursor: query.cursor,
        limit: query.limit,
    };
    let limit = page.limit()?;
    let after: Option<(Timestamp, AlertId)> = page.position()?;
    if let Some(user) = query.user_id {
        person.require_sight(&state, user).await?;
    }
    let filter = Filter {
        state: query.state,
        kind: query.kind,
        person: query.user_id,
        from: query.from,
        to: query.to,
        after: after.map(|(opened_at, id)| After { opened_at, id }),
    };
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    let mut items = alerts::page(reader.db(), person.viewer(), filter, limit + 1).await?;
    drop(reader);
    let next_cursor = cursor::cut(&mut items, limit, |last| (last.opened_at, last.id))?;
    let mut people: Vec<UserId> = items.iter().map(|alert| alert.user_id).collect();
    people.sort_unstable();
    people.dedup();
    looks::record(&state, &person, LookAt::Alerts, &people, Value::Null).await?;
    Ok(ApiJson(AlertPage { items, next_cursor }))
}
