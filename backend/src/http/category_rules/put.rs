//! `PUT /category-rules`.

use axum::extract::State;
use shared_types::category::{CategoryRules, PutCategoryRules};

use crate::{
    categories,
    http::{
        answers::{BodyProblems, CallerProblems, Conflicting},
        caller::Person,
        categories::actor,
        error::ApiResult,
        json::ApiJson,
        state::AppState,
    },
};

/// Replaces the whole list; admins only. `version` is the one that was read: when somebody else
/// wrote a list since, nothing is written. What arrives follows the new rules at once; the sums
/// of past days come to follow them, see `GET /category-rules/progress`. What a rule by title
/// decided stays as it is: sums hold no titles.
#[utoipa::path(put, path = "/api/v1/category-rules", tag = "categories", request_body = PutCategoryRules, security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = CategoryRules), CallerProblems, Conflicting, BodyProblems,
))]
pub(in crate::http) async fn put(
    State(state): State<AppState>,
    person: Person,
    ApiJson(request): ApiJson<PutCategoryRules>,
) -> ApiResult<ApiJson<CategoryRules>> {
    person.require_admin()?;
    let (store, clock) = (&state.store, &*state.clock);
    let (version, rules) = (request.version, request.rules);
    let written = categories::put_rules(store, clock, actor(&person), version, rules).await?;
    Ok(ApiJson(written))
}
