//! `GET /devices`.

use axum::extract::State;
use serde::Deserialize;
use shared_types::{DeviceId, UserId, device::DevicePage};
use utoipa::IntoParams;

use crate::{
    http::{
        answers::{CallerProblems, Invalid},
        caller::Person,
        cursor::{self, Page},
        error::{ApiError, ApiResult},
        json::{ApiJson, ApiQuery},
        state::AppState,
    },
    store::devices::{self, Filter},
};

/// Which devices, and which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Query {
    /// Only this person's.
    user_id: Option<UserId>,
    /// Only those that wait for approval (`true`), or only those that do not (`false`); not
    /// revoked ones.
    pending: Option<bool>,
    /// Only those that may send, and of which nothing has been heard for so many days, 1 to 3,650.
    #[param(minimum = 1, maximum = 3650)]
    silent_days: Option<i64>,
    /// Where to read on: `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many, 1 to 200; 50 unless told.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
}

/// The devices of the people whom one sees, in the order of their enrolment.
#[utoipa::path(get, path = "/api/v1/devices", tag = "devices", params(Query), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = DevicePage), CallerProblems, Invalid,
))]
pub(in crate::http) async fn list(
    State(state): State<AppState>,
    person: Person,
    ApiQuery(query): ApiQuery<Query>,
) -> ApiResult<ApiJson<DevicePage>> {
    let page = Page {
        cursor: query.cursor,
        limit: query.limit,
    };
    let limit = page.limit()?;
    let after: Option<DeviceId> = page.position()?;
    if query
        .silent_days
        .is_some_and(|days| !(1..=3_650).contains(&days))
    {
        return Err(ApiError::field("silent_days", "must be 1 to 3650"));
    }
    let filter = Filter {
        id: None,
        user: query.user_id,
        pending: query.pending,
        silent_since: query
            .silent_days
            .map(|days| state.clock.now().plus_seconds(-days * 86_400)),
    };
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    let mut items =
        devices::list(reader.db(), Some(person.viewer()), filter, after, limit + 1).await?;
    let next_cursor = cursor::cut(&mut items, limit, |device| device.id)?;
    Ok(ApiJson(DevicePage { items, next_cursor }))
}
