//! `GET /category-rules`.

use axum::extract::State;
use shared_types::category::CategoryRules;

use crate::{
    categories,
    http::{
        answers::CallerProblems, caller::Person, error::ApiResult, json::ApiJson, state::AppState,
    },
    store::categories as stored,
};

/// The rules in force, in their order: the first that fits decides. Everybody may read them: they
/// say what one's own time counts as.
#[utoipa::path(get, path = "/api/v1/category-rules", tag = "categories", security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = CategoryRules), CallerProblems,
))]
pub(in crate::http) async fn get(
    State(state): State<AppState>,
    person: Person,
) -> ApiResult<ApiJson<CategoryRules>> {
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    let latest = stored::latest(reader.db()).await?;
    Ok(ApiJson(categories::shown(latest)))
}
