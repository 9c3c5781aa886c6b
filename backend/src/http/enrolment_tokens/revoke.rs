//! `DELETE /enrolment-tokens/{id}`.

use axum::extract::State;
use http::StatusCode;
use shared_types::EnrolmentTokenId;

use crate::{
    auth::enrolment_tokens,
    http::{
        answers::{CallerProblems, Missing},
        caller::Person,
        error::{ApiError, ApiResult},
        json::ApiPath,
        state::AppState,
    },
};

/// Revokes an enrolment token. Devices that were enrolled with it stay.
#[utoipa::path(delete, path = "/api/v1/enrolment-tokens/{id}", tag = "devices", params(("id" = EnrolmentTokenId, Path)), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 204), CallerProblems, Missing,
))]
pub(in crate::http) async fn revoke(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<EnrolmentTokenId>,
) -> ApiResult<StatusCode> {
    person.require_admin()?;
    let (organization, actor) = (person.organization_id, Some(person.user_id));
    if enrolment_tokens::revoke(&state.store, &*state.clock, organization, actor, id).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(ApiError::not_found())
}
