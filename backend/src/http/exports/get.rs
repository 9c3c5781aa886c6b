//! `GET /exports/{id}`.

use axum::extract::State;
use shared_types::{ExportId, export::Export};

use super::{own, shown};
use crate::http::{
    answers::{CallerProblems, Missing},
    caller::Person,
    error::ApiResult,
    json::{ApiJson, ApiPath},
    state::AppState,
};

/// How far a file of the caller's is.
#[utoipa::path(get, path = "/api/v1/exports/{id}", tag = "exports", params(("id" = ExportId, Path)), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = Export), CallerProblems, Missing,
))]
pub(in crate::http) async fn get(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<ExportId>,
) -> ApiResult<ApiJson<Export>> {
    Ok(ApiJson(shown(own(&state, &person, id).await?)))
}
