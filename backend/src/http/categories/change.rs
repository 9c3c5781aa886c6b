//! `PATCH /categories/{id}`.

use axum::extract::State;
use shared_types::{
    CategoryId,
    category::{Category, ChangeCategory},
};

use super::{actor, name};
use crate::{
    categories,
    http::{
        answers::{BodyProblems, CallerProblems, Conflicting, Missing},
        caller::Person,
        error::ApiResult,
        forms::Form,
        json::{ApiJson, ApiPath},
        state::AppState,
    },
};

/// Changes a category; admins only. What the body does not name stays. Its kind counts at once,
/// also for days that are past.
#[utoipa::path(patch, path = "/api/v1/categories/{id}", tag = "categories", params(("id" = CategoryId, Path)), request_body = ChangeCategory, security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = Category), CallerProblems, Missing, Conflicting, BodyProblems,
))]
pub(in crate::http) async fn change(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<CategoryId>,
    ApiJson(request): ApiJson<ChangeCategory>,
) -> ApiResult<ApiJson<Category>> {
    person.require_admin()?;
    let mut form = Form::default();
    if let Some(new) = &request.name {
        name(&mut form, new);
    }
    form.finish()?;
    let (store, clock) = (&state.store, &*state.clock);
    let to = (request.name.as_deref(), request.kind);
    let changed = categories::change(store, clock, actor(&person), id, to).await?;
    Ok(ApiJson(changed))
}
