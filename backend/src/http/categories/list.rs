//! `GET /categories`.

use axum::extract::State;
use shared_types::{CategoryId, category::CategoryPage};

use crate::{
    http::{
        answers::{CallerProblems, Invalid},
        caller::Themselves,
        cursor::{self, Page},
        error::ApiResult,
        json::{ApiJson, ApiQuery},
        state::AppState,
    },
    store::categories,
};

/// The organization's categories, by name. A device may ask too: of some windows it keeps only a
/// category, and its person is told which.
#[utoipa::path(get, path = "/api/v1/categories", tag = "categories", params(Page), security(("bearer" = []), ("cookie" = []), ("device" = [])), responses(
    (status = 200, body = CategoryPage), CallerProblems, Invalid,
))]
pub(in crate::http) async fn list(
    State(state): State<AppState>,
    Themselves(person): Themselves,
    ApiQuery(page): ApiQuery<Page>,
) -> ApiResult<ApiJson<CategoryPage>> {
    let limit = page.limit()?;
    let after: Option<(String, CategoryId)> = page.position()?;
    let after = after.as_ref().map(|(name, id)| (name.as_str(), *id));
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    let mut items = categories::page(reader.db(), after, limit + 1).await?;
    let next_cursor = cursor::cut(&mut items, limit, |one| (one.name.clone(), one.id))?;
    Ok(ApiJson(CategoryPage { items, next_cursor }))
}
