//! `DELETE /categories/{id}`.

use axum::extract::State;
use http::StatusCode;
use shared_types::CategoryId;

use super::actor;
use crate::{
    categories,
    http::{
        answers::{CallerProblems, Conflicting, Missing},
        caller::Person,
        error::ApiResult,
        json::ApiPath,
        state::AppState,
    },
};

/// Removes a category; admins only. 409 while rules name it, of the list or
/// of a capture policy.
#[utoipa::path(delete, path = "/api/v1/categories/{id}", tag = "categories", params(("id" = CategoryId, Path)), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 204), CallerProblems, Missing, Conflicting,
))]
pub(in crate::http) async fn remove(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<CategoryId>,
) -> ApiResult<StatusCode> {
    person.require_admin()?;
    categories::remove(&state.store, &*state.clock, actor(&person), id).await?;
    Ok(StatusCode::NO_CONTENT)
}
