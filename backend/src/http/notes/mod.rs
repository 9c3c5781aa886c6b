//! Notes: what people say of stretches of their own time, and what managers answer.
//!
//! A person writes about their own time alone, and takes back or changes what nobody has
//! answered. Whoever sees them reads it, and managers and admins answer. What was observed is
//! never changed by it.

pub(super) mod answer;
pub(super) mod change;
pub(super) mod create;
pub(super) mod list;
pub(super) mod remove;

use shared_types::{
    NoteId, Timestamp,
    note::{Note, NoteKind},
};

use super::{
    caller::Person,
    error::{ApiError, ApiResult},
    forms::Form,
    state::AppState,
};
use crate::{
    domain::note::{LONGEST_TEXT, faults},
    store::{TenantDb, TenantTx, notes, notes::Said, settings},
};

/// What a person says, as it is kept; 422 when it cannot be.
async fn checked<'a>(
    db: TenantDb<'_>,
    (from, to): (Timestamp, Timestamp),
    (kind, text): (NoteKind, Option<&'a str>),
    now: Timestamp,
) -> ApiResult<Said<'a>> {
    let mut form = Form::default();
    let text = form.remark("text", text, LONGEST_TEXT);
    let kept = settings::find(db)
        .await?
        .ok_or_else(ApiError::not_found)?
        .retention_days;
    let oldest = now.plus_seconds(-kept.saturating_mul(86_400));
    for (field, message) in faults((from, to), (kind, text), oldest, now) {
        form.wrong(field, message);
    }
    form.finish()?;
    Ok(Said {
        from,
        to,
        kind,
        text,
    })
}

/// 409 when another note of the person that counts is about some of this time. The person's row
/// is taken: call it before anything is written.
async fn free(tx: &mut TenantTx, person: &Person, said: &Said<'_>, but: NoteId) -> ApiResult<()> {
    notes::lock(tx, person.user_id).await?;
    if notes::taken(tx.db(), person.user_id, (said.from, said.to), but).await? {
        return Err(ApiError::conflict(
            "You have a note about some of this time already. Change that one, or choose another time; nothing was kept.",
        ));
    }
    Ok(())
}

/// One's own note, as far as it may still be changed; 404 when it is not there or somebody
/// else's, 409 when it was answered.
async fn own_and_open(db: TenantDb<'_>, person: &Person, id: NoteId) -> ApiResult<Note> {
    let note = notes::find(db, id)
        .await?
        .filter(|note| note.user_id == person.user_id)
        .ok_or_else(ApiError::not_found)?;
    if note.answered_at.is_some() {
        return Err(answered());
    }
    Ok(note)
}

fn answered() -> ApiError {
    ApiError::conflict(
        "This note has been answered, and stays as it is. Where it was declined, you may write another about the same time.",
    )
}

/// The note as it is now.
async fn now_is(state: &AppState, person: &Person, id: NoteId) -> ApiResult<Note> {
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    notes::find(reader.db(), id)
        .await?
        .ok_or_else(ApiError::not_found)
}
