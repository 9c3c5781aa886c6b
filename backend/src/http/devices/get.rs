//! `GET /devices/{id}`.

use axum::extract::State;
use shared_types::{DeviceId, device::Device};

use crate::{
    http::{
        answers::{CallerProblems, Missing},
        caller::Person,
        error::{ApiError, ApiResult},
        json::{ApiJson, ApiPath},
        state::AppState,
    },
    store::devices,
};

/// One device, of oneself or of somebody whom one sees.
#[utoipa::path(get, path = "/api/v1/devices/{id}", tag = "devices", params(("id" = DeviceId, Path)), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = Device), CallerProblems, Missing,
))]
pub(in crate::http) async fn get(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<DeviceId>,
) -> ApiResult<ApiJson<Device>> {
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    devices::find(reader.db(), Some(person.viewer()), id)
        .await?
        .map(ApiJson)
        .ok_or_else(ApiError::not_found)
}
