//! Alerts: who sees them, who resolves them.
//!
//! A person sees their own; a manager also those of the people whom they see. Managers and admins
//! resolve. Nobody is asked twice: an alert that is resolved stays as it is.

pub(super) mod get;
pub(super) mod list;
pub(super) mod resolve;
pub(super) mod resolve_several;

use serde_json::{Value, json};
use shared_types::{
    AlertId, UserId,
    alert::{Alert, AlertState},
    audit::LookAt,
};

use super::{
    caller::Person,
    error::{ApiError, ApiResult},
    forms::Form,
    state::AppState,
};
use crate::{
    domain::visibility::may_decide,
    store::{
        alerts,
        audit::{self, Entry, Looked},
        events::{self, Subject},
        visibility,
    },
};

/// Most characters of a note.
const LONGEST_NOTE: usize = 1_000;

/// The note as it is kept; 422 when it cannot be.
fn checked_note(note: Option<&str>) -> ApiResult<Option<&str>> {
    let mut form = Form::default();
    let note = form.remark("note", note, LONGEST_NOTE);
    form.finish().map(|()| note)
}

/// Resolves alerts of people whom the caller sees, in one transaction: all of them as they are
/// afterwards, and which of them this resolved. 404 when any is not there to be seen, 403 when any
/// is not theirs to resolve, and what `fits` says against the answer: then nothing is changed.
///
/// The answer shows the alerts, also those that were resolved long ago: it is a look at them.
async fn resolve_all(
    state: &AppState,
    person: &Person,
    ids: &[AlertId],
    note: Option<&str>,
    fits: impl FnOnce(&[Alert], &[AlertId]) -> ApiResult<()>,
) -> ApiResult<(Vec<Alert>, Vec<AlertId>)> {
    let now = state.clock.now();
    let mut tx = state.store.tenant(person.organization_id).begin().await?;
    let sight = visibility::visible_people(tx.db(), person.viewer()).await?;
    let mut resolved = Vec::new();
    let mut ids = ids.to_vec();
    // In one order for everybody: two who resolve the same alerts wait for each other.
    ids.sort_unstable();
    ids.dedup();
    for id in &ids {
        let alert = alerts::find(tx.db(), *id)
            .await?
            .filter(|alert| sight.sees(alert.user_id))
            .ok_or_else(ApiError::not_found)?;
        if !may_decide(person.viewer(), alert.user_id) {
            return Err(ApiError::forbidden(
                "Another manager or an admin resolves an alert about yourself. Nothing was changed.",
            ));
        }
        if alert.state == AlertState::Open
            && alerts::resolve(&mut tx, *id, person.user_id, note, now).await?
        {
            resolved.push(alert);
        }
    }
    let mut items = Vec::with_capacity(ids.len());
    for id in &ids {
        items.extend(alerts::find(tx.db(), *id).await?);
    }
    let done: Vec<AlertId> = resolved.iter().map(|alert| alert.id).collect();
    fits(&items, &done)?;
    let people: Vec<UserId> = items.iter().map(|alert| alert.user_id).collect();
    let look = Looked {
        viewer: Some((person.user_id, person.role)),
        at: LookAt::Alerts,
        people: &people,
        detail: Value::Null,
    };
    audit::looked(&mut tx, &look, now, state.clock.new_uuid()).await?;
    for alert in &resolved {
        let entry = Entry {
            actor: Some(person.user_id),
            action: "alert.resolved",
            subject: Some(alert.user_id),
            detail: json!({ "alert_id": alert.id, "kind": alert.kind, "with_note": note.is_some() }),
        };
        audit::append(&mut tx, &entry, now).await?;
    }
    // Last: the organization's event counter stays locked until the commit. Of a quiet alert
    // nobody was told.
    for alert in resolved.iter().filter(|alert| !alert.quiet) {
        let subject = Subject {
            users: vec![alert.user_id],
            alert_id: Some(alert.id),
            ..Subject::default()
        };
        events::append(&mut tx, "ALERT_RESOLVED", &subject, now).await?;
    }
    tx.commit().await?;
    state.live.wake(person.organization_id);
    Ok((items, done))
}
