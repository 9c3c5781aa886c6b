//! `POST /notes/{id}/answer`.

use axum::extract::State;
use serde_json::json;
use shared_types::{
    NoteId,
    audit::LookAt,
    note::{AnswerNote, Note},
};

use super::now_is;
use crate::{
    domain::{note::LONGEST_TEXT, visibility::may_decide},
    http::{
        answers::{BodyProblems, CallerProblems, Conflicting, Missing},
        caller::Person,
        error::{ApiError, ApiResult},
        forms::Form,
        json::{ApiJson, ApiPath},
        state::AppState,
    },
    store::{
        audit::{self, Entry, Looked},
        notes::{self, Answer},
        visibility,
    },
};

/// Answers what somebody says of their time; the person reads it. For managers and admins; a
/// manager's own note is another's to answer. Answered again, the last answer stands. 409 when
/// the person has changed the note since it was read, or when it would be agreed to beside
/// another about the same time.
#[utoipa::path(
    post, path = "/api/v1/notes/{id}/answer", tag = "notes", request_body = AnswerNote,
    params(("id" = NoteId, Path, description = "The note")),
    responses((status = 200, body = Note), CallerProblems, Missing, Conflicting, BodyProblems),
    security(("bearer" = []), ("cookie" = [])),
)]
pub(in crate::http) async fn answer(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<NoteId>,
    ApiJson(request): ApiJson<AnswerNote>,
) -> ApiResult<ApiJson<Note>> {
    person.require_manager()?;
    let mut form = Form::default();
    let text = form.remark("answer", request.answer.as_deref(), LONGEST_TEXT);
    form.finish()?;
    let now = state.clock.now();
    let mut tx = state.store.tenant(person.organization_id).begin().await?;
    let sight = visibility::visible_people(tx.db(), person.viewer()).await?;
    let note = notes::find(tx.db(), id)
        .await?
        .filter(|note| sight.sees(note.user_id))
        .ok_or_else(ApiError::not_found)?;
    if !may_decide(person.viewer(), note.user_id) {
        return Err(ApiError::forbidden(
            "Another manager or an admin answers a note of your own. Nothing was changed.",
        ));
    }
    if request.accepted {
        notes::lock(&mut tx, note.user_id).await?;
        if notes::taken(tx.db(), note.user_id, (note.from, note.to), id).await? {
            return Err(ApiError::conflict(
                "There is another note about some of this time, which was written since. Decline that one first; nothing was changed.",
            ));
        }
    }
    let given = Answer {
        by: person.user_id,
        accepted: request.accepted,
        answer: text,
    };
    if !notes::answer(&mut tx, id, request.version, given, now).await? {
        return Err(ApiError::conflict(
            "This note was changed since you read it. Nothing was answered: read it again.",
        ));
    }
    let entry = Entry {
        actor: Some(person.user_id),
        action: "note.answered",
        subject: Some(note.user_id),
        detail: json!({ "note_id": id, "accepted": request.accepted, "with_text": text.is_some() }),
    };
    audit::append(&mut tx, &entry, now).await?;
    // The answer shows the note.
    let look = Looked {
        viewer: Some((person.user_id, person.role)),
        at: LookAt::Notes,
        people: &[note.user_id],
        detail: json!({ "note_id": id }),
    };
    audit::looked(&mut tx, &look, now, state.clock.new_uuid()).await?;
    tx.commit().await?;
    Ok(ApiJson(now_is(&state, &person, id).await?))
}
