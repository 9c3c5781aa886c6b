//! `DELETE /notes/{id}`.

use axum::extract::State;
use http::StatusCode;
use shared_types::NoteId;

use super::{answered, own_and_open};
use crate::{
    http::{
        answers::{CallerProblems, Conflicting, Missing},
        caller::Person,
        error::ApiResult,
        json::ApiPath,
        state::AppState,
    },
    store::notes,
};

/// Takes one's own note back. 409 once it was answered.
#[utoipa::path(
    delete, path = "/api/v1/notes/{id}", tag = "notes",
    params(("id" = NoteId, Path, description = "The note")),
    responses((status = 204), CallerProblems, Missing, Conflicting),
    security(("bearer" = []), ("cookie" = [])),
)]
pub(in crate::http) async fn remove(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<NoteId>,
) -> ApiResult<StatusCode> {
    let mut tx = state.store.tenant(person.organization_id).begin().await?;
    own_and_open(tx.db(), &person, id).await?;
    if !notes::remove(&mut tx, id).await? {
        return Err(answered());
    }
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
