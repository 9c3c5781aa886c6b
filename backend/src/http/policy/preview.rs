//! `POST /policy/preview`.

use axum::extract::State;
use shared_types::policy::{PolicyPreview, PreviewPolicy};

use crate::http::{
    answers::{BodyProblems, CallerProblems},
    caller::Person,
    error::{ApiError, ApiResult},
    json::ApiJson,
    state::AppState,
};

/// Most windows of one preview.
const WINDOWS_MAX: usize = 50;

/// What agents would keep of windows by a policy, by the rules that they follow themselves.
/// Nothing is changed, and nobody's activity is looked at: the windows are the caller's own
/// examples. For admins.
#[utoipa::path(post, path = "/api/v1/policy/preview", tag = "settings", request_body = PreviewPolicy, security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = PolicyPreview), CallerProblems, BodyProblems,
))]
pub(in crate::http) async fn preview(
    State(_): State<AppState>,
    person: Person,
    ApiJson(request): ApiJson<PreviewPolicy>,
) -> ApiResult<ApiJson<PolicyPreview>> {
    person.require_admin()?;
    if request.windows.len() > WINDOWS_MAX {
        return Err(ApiError::field("windows", "at most 50"));
    }
    if let Some((field, rule)) = request.policy.0.problem() {
        return Err(ApiError::field(format!("policy.{field}"), rule));
    }
    Ok(ApiJson(request.preview()))
}
