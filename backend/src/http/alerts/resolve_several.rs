//! `POST /alerts/resolve`.

use axum::extract::State;
use shared_types::alert::{ResolveAlerts, ResolvedAlerts};

use super::{checked_note, resolve_all};
use crate::http::{
    answers::{BodyProblems, CallerProblems, Missing},
    caller::Person,
    cursor::LARGEST_PAGE,
    error::{ApiError, ApiResult},
    json::ApiJson,
    state::AppState,
};

/// Resolves several alerts with one note, all or none. Those that were resolved before stay as
/// they are. For managers and admins, as `POST /alerts/{id}/resolve`.
#[utoipa::path(
    post, path = "/api/v1/alerts/resolve", tag = "alerts", request_body = ResolveAlerts,
    responses((status = 200, body = ResolvedAlerts), CallerProblems, Missing, BodyProblems),
    security(("bearer" = []), ("cookie" = [])),
)]
pub(in crate::http) async fn resolve_several(
    State(state): State<AppState>,
    person: Person,
    ApiJson(request): ApiJson<ResolveAlerts>,
) -> ApiResult<ApiJson<ResolvedAlerts>> {
    person.require_manager()?;
    let most = usize::try_from(LARGEST_PAGE).expect("a page is small");
    if !(1..=most).contains(&request.ids.len()) {
        return Err(ApiError::field("ids", "must be 1 to 200 alerts"));
    }
    let note = checked_note(request.note.as_deref())?;
    let (items, resolved) = resolve_all(&state, &person, &request.ids, note, |_, _| Ok(())).await?;
    Ok(ApiJson(ResolvedAlerts {
        resolved: i64::try_from(resolved.len()).expect("at most a page"),
        items,
    }))
}
