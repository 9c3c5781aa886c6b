//! `POST /notes`.

use axum::extract::State;
use http::StatusCode;
use shared_types::{
    NoteId,
    note::{CreateNote, Note},
};

use super::{checked, free, now_is};
use crate::{
    http::{
        answers::{BodyProblems, CallerProblems, Conflicting},
        caller::Themselves,
        error::ApiResult,
        json::ApiJson,
        state::AppState,
    },
    store::notes,
};

/// Says what a stretch of one's own time was. It stands beside what was observed: no sum changes.
/// 409 when another note that was not declined is about some of that time.
#[utoipa::path(
    post, path = "/api/v1/notes", tag = "notes", request_body = CreateNote,
    responses((status = 201, body = Note), CallerProblems, Conflicting, BodyProblems),
    security(("bearer" = []), ("cookie" = []), ("device" = [])),
)]
pub(in crate::http) async fn create(
    State(state): State<AppState>,
    Themselves(person): Themselves,
    ApiJson(request): ApiJson<CreateNote>,
) -> ApiResult<(StatusCode, ApiJson<Note>)> {
    let now = state.clock.now();
    let id = NoteId(state.clock.new_uuid());
    let time = (request.from, request.to);
    let what = (request.kind, request.text.as_deref());
    let mut tx = state.store.tenant(person.organization_id).begin().await?;
    let said = checked(tx.db(), time, what, now).await?;
    free(&mut tx, &person, &said, id).await?;
    notes::insert(&mut tx, id, person.user_id, said, now).await?;
    tx.commit().await?;
    Ok((
        StatusCode::CREATED,
        ApiJson(now_is(&state, &person, id).await?),
    ))
}
