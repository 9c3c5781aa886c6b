//! `GET /sessions`.

use axum::extract::State;
use serde::Deserialize;
use serde_json::Value;
use shared_types::{SessionId, Timestamp, UserId, audit::LookAt, session::SessionPage};
use utoipa::IntoParams;

use crate::{
    domain::session::Session,
    http::{
        answers::{CallerProblems, Invalid, Missing},
        caller::Person,
        cursor::{self, Page},
        error::ApiResult,
        json::{ApiJson, ApiQuery},
        looks,
        state::AppState,
    },
    store::sessions,
};

/// Whose sessions, and which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Query {
    /// Whose; the caller's own unless told.
    user_id: Option<UserId>,
    /// Where to read on: `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many, 1 to 200; 50 unless told.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// A person's sessions, newest first: one's own, or those of a person whom the caller sees.
#[utoipa::path(
    get, path = "/api/v1/sessions", tag = "sessions",
    params(Query),
    responses((status = 200, body = SessionPage), CallerProblems, Invalid, Missing),
    security(("bearer" = []), ("cookie" = [])),
)]
pub(in crate::http) async fn list(
    State(state): State<AppState>,
    person: Person,
    ApiQuery(query): ApiQuery<Query>,
) -> ApiResult<ApiJson<SessionPage>> {
    let user = query.user_id.unwrap_or(person.user_id);
    let page = Page {
        cursor: query.cursor,
        limit: query.limit,
    };
    let limit = page.limit()?;
    let after: Option<(Timestamp, SessionId)> = page.position()?;
    let after = after.map(|(started_at, id)| sessions::After { started_at, id });
    person.require_sight(&state, user).await?;
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    let mut found = sessions::page(reader.db(), user, after, limit + 1).await?;
    drop(reader);
    let next_cursor = cursor::cut(&mut found, limit, |last| (last.started_at, last.id))?;
    looks::record(&state, &person, LookAt::Sessions, &[user], Value::Null).await?;
    Ok(ApiJson(SessionPage {
        items: found.iter().map(Session::to_wire).collect(),
        next_cursor,
    }))
}
