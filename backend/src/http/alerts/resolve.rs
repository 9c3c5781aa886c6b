//! `POST /alerts/{id}/resolve`.

use axum::extract::State;
use shared_types::{
    AlertId,
    alert::{Alert, ResolveAlert},
};

use super::{checked_note, resolve_all};
use crate::http::{
    answers::{BodyProblems, CallerProblems, Conflicting, Missing},
    caller::Person,
    error::{ApiError, ApiResult},
    json::{ApiJson, ApiPath, OptionalJson},
    state::AppState,
};

/// Resolves an alert, with a note that the person concerned can read. For managers and admins; a
/// manager's own is another's to resolve. Sent again by the same person, it changes nothing; once
/// it is resolved otherwise, the answer is 409 and the note is not kept.
#[utoipa::path(
    post, path = "/api/v1/alerts/{id}/resolve", tag = "alerts", request_body = ResolveAlert,
    params(("id" = AlertId, Path, description = "The alert")),
    responses((status = 200, body = Alert), CallerProblems, Missing, Conflicting, BodyProblems),
    security(("bearer" = []), ("cookie" = [])),
)]
pub(in crate::http) async fn resolve(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<AlertId>,
    OptionalJson(request): OptionalJson<ResolveAlert>,
) -> ApiResult<ApiJson<Alert>> {
    person.require_manager()?;
    let note = checked_note(request.note.as_deref())?;
    let fits = |items: &[Alert], resolved: &[AlertId]| {
        let by_others = items
            .iter()
            .any(|alert| alert.resolved_by != Some(person.user_id));
        if resolved.is_empty() && by_others {
            return Err(ApiError::conflict(
                "This alert was resolved before, by itself or by somebody else. Nothing was changed, and your note was not kept.",
            ));
        }
        Ok(())
    };
    let (items, _) = resolve_all(&state, &person, &[id], note, fits).await?;
    let alert = items.into_iter().next().ok_or_else(ApiError::not_found)?;
    Ok(ApiJson(alert))
}
