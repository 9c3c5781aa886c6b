//! `GET /me/looks`.

use axum::extract::State;
use shared_types::audit::LookPage;

use crate::{
    http::{
        answers::{CallerProblems, Invalid},
        caller::Person,
        cursor::{self, Page},
        error::ApiResult,
        json::{ApiJson, ApiQuery},
        state::AppState,
    },
    store::audit,
};

/// Who looked at the caller's activity, newest first.
#[utoipa::path(
    get, path = "/api/v1/me/looks", tag = "rights",
    params(Page),
    responses((status = 200, body = LookPage), CallerProblems, Invalid),
    security(("bearer" = []), ("cookie" = [])),
)]
pub(in crate::http) async fn looks(
    State(state): State<AppState>,
    person: Person,
    ApiQuery(page): ApiQuery<Page>,
) -> ApiResult<ApiJson<LookPage>> {
    let limit = page.limit()?;
    let before: Option<i64> = page.position()?;
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    let mut found = audit::looks_at(reader.db(), person.user_id, before, limit + 1).await?;
    let next_cursor = cursor::cut(&mut found, limit, |last| last.0)?;
    Ok(ApiJson(LookPage {
        items: found.into_iter().map(|(_, look)| look).collect(),
        next_cursor,
    }))
}
