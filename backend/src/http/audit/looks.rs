//! `GET /me/looks`, `GET /users/{id}/looks`.

use axum::extract::State;
use shared_types::{UserId, audit::LookPage};

use crate::{
    http::{
        answers::{CallerProblems, Invalid, Missing},
        caller::{Person, Themselves},
        cursor::{self, Page},
        error::ApiResult,
        json::{ApiJson, ApiPath, ApiQuery},
        state::AppState,
    },
    store::audit,
};

/// Who looked at the caller's activity, newest first.
#[utoipa::path(
    get, path = "/api/v1/me/looks", tag = "rights",
    params(Page),
    responses((status = 200, body = LookPage), CallerProblems, Invalid),
    security(("bearer" = []), ("cookie" = []), ("device" = [])),
)]
pub(in crate::http) async fn looks(
    State(state): State<AppState>,
    Themselves(person): Themselves,
    ApiQuery(page): ApiQuery<Page>,
) -> ApiResult<ApiJson<LookPage>> {
    of(&state, &person, person.user_id, &page).await
}

/// Who looked at a person's activity, newest first: at one's own, or at that of somebody whom one
/// sees. It tells of those who looked, not of what the person did: reading it is no look.
#[utoipa::path(
    get, path = "/api/v1/users/{id}/looks", tag = "rights",
    params(("id" = UserId, Path, description = "The person"), Page),
    responses((status = 200, body = LookPage), CallerProblems, Invalid, Missing),
    security(("bearer" = []), ("cookie" = []), ("device" = [])),
)]
pub(in crate::http) async fn of_person(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<UserId>,
    ApiQuery(page): ApiQuery<Page>,
) -> ApiResult<ApiJson<LookPage>> {
    person.require_sight(&state, id).await?;
    of(&state, &person, id, &page).await
}

async fn of(
    state: &AppState,
    caller: &Person,
    whom: UserId,
    page: &Page,
) -> ApiResult<ApiJson<LookPage>> {
    let limit = page.limit()?;
    let before: Option<i64> = page.position()?;
    let mut reader = state.store.tenant(caller.organization_id).read().await?;
    let mut found = audit::looks_at(reader.db(), whom, before, limit + 1).await?;
    let next_cursor = cursor::cut(&mut found, limit, |last| last.0)?;
    Ok(ApiJson(LookPage {
        items: found.into_iter().map(|(_, look)| look).collect(),
        next_cursor,
    }))
}
