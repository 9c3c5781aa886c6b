//! `GET /category-rules/progress`.

use axum::extract::State;
use shared_types::category::RulesProgress;

use crate::{
    categories,
    http::{
        answers::CallerProblems, caller::Person, error::ApiResult, json::ApiJson, state::AppState,
    },
    store::categories as stored,
};

/// How far the sums of past days have come to follow the newest rules; admins only.
#[utoipa::path(get, path = "/api/v1/category-rules/progress", tag = "categories", security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = RulesProgress), CallerProblems,
))]
pub(in crate::http) async fn progress(
    State(state): State<AppState>,
    person: Person,
) -> ApiResult<ApiJson<RulesProgress>> {
    person.require_admin()?;
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    let latest = stored::latest(reader.db()).await?;
    Ok(ApiJson(categories::progress(latest.as_ref())))
}
