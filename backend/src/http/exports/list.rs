//! `GET /exports`.

use axum::extract::State;
use shared_types::{ExportId, Timestamp, export::ExportPage};
use uuid::Uuid;

use super::shown;
use crate::{
    http::{
        answers::{CallerProblems, Invalid},
        caller::Person,
        cursor::{self, Page},
        error::ApiResult,
        json::{ApiJson, ApiQuery},
        state::AppState,
    },
    store::exports,
};

/// The caller's files, newest first.
#[utoipa::path(get, path = "/api/v1/exports", tag = "exports", params(Page), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = ExportPage), CallerProblems, Invalid,
))]
pub(in crate::http) async fn list(
    State(state): State<AppState>,
    person: Person,
    ApiQuery(page): ApiQuery<Page>,
) -> ApiResult<ApiJson<ExportPage>> {
    let now = state.clock.now();
    let limit = page.limit()?;
    let last = (now.plus_seconds(86_400), ExportId(Uuid::max()));
    let before: (Timestamp, ExportId) = page.position()?.unwrap_or(last);
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    let mut found = exports::page(reader.db(), person.user_id, before, limit + 1).await?;
    let next_cursor = cursor::cut(&mut found, limit, |item| (item.created_at, item.id))?;
    // Those that have expired are removed within the hour.
    found.retain(|one| one.expires_at.is_none_or(|expires_at| expires_at > now));
    let items = found.into_iter().map(shown).collect();
    Ok(ApiJson(ExportPage { items, next_cursor }))
}
