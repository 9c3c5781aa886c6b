//! `DELETE /exports/{id}`.

use axum::extract::State;
use http::StatusCode;
use shared_types::ExportId;

use crate::{
    http::{
        answers::{CallerProblems, Missing},
        caller::Person,
        error::{ApiError, ApiResult},
        json::ApiPath,
        state::AppState,
    },
    store::exports,
};

/// Removes a file of the caller's, or takes it back while it is being made.
#[utoipa::path(delete, path = "/api/v1/exports/{id}", tag = "exports", params(("id" = ExportId, Path)), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 204), CallerProblems, Missing,
))]
pub(in crate::http) async fn remove(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<ExportId>,
) -> ApiResult<StatusCode> {
    let mut tx = state.store.tenant(person.organization_id).begin().await?;
    if !exports::remove(&mut tx, id, person.user_id).await? {
        return Err(ApiError::not_found());
    }
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
