//! `GET /notes`.

use axum::extract::State;
use serde::Deserialize;
use serde_json::Value;
use shared_types::{
    NoteId, Timestamp, UserId,
    audit::LookAt,
    note::{NotePage, NoteState},
};
use utoipa::IntoParams;

use crate::{
    http::{
        answers::{CallerProblems, Invalid, Missing},
        caller::Themselves,
        cursor::{self, Page},
        error::ApiResult,
        json::{ApiJson, ApiQuery},
        looks,
        state::AppState,
    },
    store::notes::{self, After, Filter},
};

/// Which notes; all of what is given must hold.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Query {
    /// Open, accepted or declined; any unless told.
    state: Option<NoteState>,
    /// Of this person; everybody whom the caller sees unless told.
    user_id: Option<UserId>,
    /// About time from this instant on.
    from: Option<Timestamp>,
    /// About time that begins before this instant.
    to: Option<Timestamp>,
    /// Where to read on: `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many, 1 to 200; 50 unless told.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// What the people whom the caller sees say of their time, the latest first. One's own is among it.
#[utoipa::path(
    get, path = "/api/v1/notes", tag = "notes",
    params(Query),
    responses((status = 200, body = NotePage), CallerProblems, Invalid, Missing),
    security(("bearer" = []), ("cookie" = []), ("device" = [])),
)]
pub(in crate::http) async fn list(
    State(state): State<AppState>,
    Themselves(person): Themselves,
    ApiQuery(query): ApiQuery<Query>,
) -> ApiResult<ApiJson<NotePage>> {
    let page = Page {
        cursor: query.cursor,
        limit: query.limit,
    };
    let limit = page.limit()?;
    let after: Option<(Timestamp, NoteId)> = page.position()?;
    if let Some(user) = query.user_id {
        person.require_sight(&state, user).await?;
    }
    let filter = Filter {
        state: query.state,
        person: query.user_id,
        from: query.from,
        to: query.to,
        after: after.map(|(from, id)| After { from, id }),
    };
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    let mut items = notes::page(reader.db(), person.viewer(), filter, limit + 1).await?;
    drop(reader);
    let next_cursor = cursor::cut(&mut items, limit, |last| (last.from, last.id))?;
    let mut people: Vec<UserId> = items.iter().map(|note| note.user_id).collect();
    people.sort_unstable();
    people.dedup();
    looks::record(&state, &person, LookAt::Notes, &people, Value::Null).await?;
    Ok(ApiJson(NotePage { items, next_cursor }))
}
