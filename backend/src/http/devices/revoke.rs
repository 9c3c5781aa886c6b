//! `DELETE /devices/{id}`.

use axum::extract::State;
use http::StatusCode;
use shared_types::DeviceId;

use crate::{
    auth::devices,
    http::{
        answers::{CallerProblems, Missing},
        caller::Person,
        error::{ApiError, ApiResult},
        json::ApiPath,
        state::AppState,
    },
};

/// Revokes a device: what it sent stays, what it sends from now on is refused.
#[utoipa::path(delete, path = "/api/v1/devices/{id}", tag = "devices", params(("id" = DeviceId, Path)), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 204), CallerProblems, Missing,
))]
pub(in crate::http) async fn revoke(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<DeviceId>,
) -> ApiResult<StatusCode> {
    person.require_admin()?;
    let (organization, actor) = (person.organization_id, Some(person.user_id));
    let user = devices::revoke(&state.store, &*state.clock, organization, actor, id)
        .await?
        .ok_or_else(ApiError::not_found)?;
    state.auth.authority.changed(organization, user).await?;
    Ok(StatusCode::NO_CONTENT)
}
