//! `POST /category-rules/preview`.

use axum::extract::State;
use serde_json::json;
use shared_types::{
    audit::LookAt,
    category::{PreviewRules, RulesPreview},
};

use crate::{
    categories,
    http::{
        answers::{BodyProblems, CallerProblems},
        caller::Person,
        categories::actor,
        error::{ApiError, ApiResult},
        json::ApiJson,
        looks,
        state::AppState,
    },
};

/// What rules would change in the sums of the last days; admins only. Nothing is changed. It
/// shows what was used, and so it is written down as a look at everybody who worked then.
#[utoipa::path(post, path = "/api/v1/category-rules/preview", tag = "categories", request_body = PreviewRules, security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = RulesPreview), CallerProblems, BodyProblems,
))]
pub(in crate::http) async fn preview(
    State(state): State<AppState>,
    person: Person,
    ApiJson(request): ApiJson<PreviewRules>,
) -> ApiResult<ApiJson<RulesPreview>> {
    person.require_admin()?;
    if request.days.is_some_and(|days| !(1..=366).contains(&days)) {
        return Err(ApiError::field("days", "must be 1 to 366"));
    }
    let (store, clock) = (&state.store, &*state.clock);
    let (answer, people) =
        categories::try_rules(store, clock, actor(&person), &request.rules, request.days).await?;
    let detail = json!({ "from": answer.from, "to": answer.to });
    looks::record(&state, &person, LookAt::Report, &people, detail).await?;
    Ok(ApiJson(answer))
}
