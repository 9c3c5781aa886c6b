//! `GET /devices`.

use axum::extract::State;
use shared_types::{DeviceId, device::DevicePage};

use crate::{
    http::{
        answers::{CallerProblems, Invalid},
        caller::Person,
        cursor::{self, Page},
        error::ApiResult,
        json::{ApiJson, ApiQuery},
        state::AppState,
    },
    store::devices,
};

/// The organization's devices, in the order of their enrolment.
#[utoipa::path(get, path = "/api/v1/devices", tag = "devices", params(Page), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = DevicePage), CallerProblems, Invalid,
))]
pub(in crate::http) async fn list(
    State(state): State<AppState>,
    person: Person,
    ApiQuery(page): ApiQuery<Page>,
) -> ApiResult<ApiJson<DevicePage>> {
    person.require_manager()?;
    let limit = page.limit()?;
    let after: Option<DeviceId> = page.position()?;
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    let mut items = devices::list(reader.db(), None, after, limit + 1).await?;
    let next_cursor = cursor::cut(&mut items, limit, |device| device.id)?;
    Ok(ApiJson(DevicePage { items, next_cursor }))
}
