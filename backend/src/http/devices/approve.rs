//! `POST /devices/{id}/approve`.

use axum::extract::State;
use http::StatusCode;
use shared_types::DeviceId;

use crate::{
    auth::devices::{self, Approval},
    http::{
        answers::{CallerProblems, Conflicting, Missing},
        caller::Person,
        error::{ApiError, ApiResult},
        json::ApiPath,
        state::AppState,
    },
};

/// Lets a device that waits send: what it has kept until now comes first. Approving twice is
/// approving once; a revoked device has to be enrolled as a new one.
#[utoipa::path(post, path = "/api/v1/devices/{id}/approve", tag = "devices", params(("id" = DeviceId, Path)), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 204), CallerProblems, Missing, Conflicting,
))]
pub(in crate::http) async fn approve(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<DeviceId>,
) -> ApiResult<StatusCode> {
    person.require_admin()?;
    let (organization, actor) = (person.organization_id, Some(person.user_id));
    match devices::approve(&state.store, &*state.clock, organization, actor, id).await? {
        Approval::Approved(user) => {
            state.auth.authority.changed(organization, user).await?;
            Ok(StatusCode::NO_CONTENT)
        }
        Approval::Revoked => Err(ApiError::conflict(
            "This device has been revoked. Nothing was changed; enrol it as a new device.",
        )),
        Approval::Unknown => Err(ApiError::not_found()),
    }
}
