//! `PUT /notes/{id}`.

use axum::extract::State;
use shared_types::{
    NoteId,
    note::{ChangeNote, Note},
};

use super::{checked, free, now_is, own_and_open};
use crate::{
    http::{
        answers::{BodyProblems, CallerProblems, Conflicting, Missing},
        caller::Person,
        error::{ApiError, ApiResult},
        json::{ApiJson, ApiPath},
        state::AppState,
    },
    store::notes,
};

/// Says something else in the place of one's own note. 409 once it was answered, when it is not
/// the version that was read, or when another note is about some of that time.
#[utoipa::path(
    put, path = "/api/v1/notes/{id}", tag = "notes", request_body = ChangeNote,
    params(("id" = NoteId, Path, description = "The note")),
    responses((status = 200, body = Note), CallerProblems, Missing, Conflicting, BodyProblems),
    security(("bearer" = []), ("cookie" = [])),
)]
pub(in crate::http) async fn change(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<NoteId>,
    ApiJson(request): ApiJson<ChangeNote>,
) -> ApiResult<ApiJson<Note>> {
    let now = state.clock.now();
    let time = (request.from, request.to);
    let what = (request.kind, request.text.as_deref());
    let mut tx = state.store.tenant(person.organization_id).begin().await?;
    own_and_open(tx.db(), &person, id).await?;
    let said = checked(tx.db(), time, what, now).await?;
    free(&mut tx, &person, &said, id).await?;
    if !notes::change(&mut tx, id, request.version, said, now).await? {
        return Err(ApiError::conflict(
            "This note was changed or answered since you read it. Nothing was kept: read it again.",
        ));
    }
    tx.commit().await?;
    Ok(ApiJson(now_is(&state, &person, id).await?))
}
