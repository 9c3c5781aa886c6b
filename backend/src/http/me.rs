//! `GET /me`.

use axum::extract::State;
use shared_types::{OrganizationId, UserId, auth::Me};

use super::{
    answers::CallerProblems,
    caller::Person,
    error::{ApiError, ApiResult},
    json::ApiJson,
    state::AppState,
};
use crate::store::{organizations, people};

/// The person behind the request.
#[utoipa::path(get, path = "/api/v1/me", tag = "auth", security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = Me), CallerProblems,
))]
pub(super) async fn me(State(state): State<AppState>, person: Person) -> ApiResult<ApiJson<Me>> {
    describe(&state, person.organization_id, person.user_id)
        .await?
        .map(ApiJson)
        .ok_or_else(ApiError::unauthenticated)
}

/// Who somebody is, for themselves.
pub(super) async fn describe(
    state: &AppState,
    organization: OrganizationId,
    user: UserId,
) -> ApiResult<Option<Me>> {
    let mut reader = state.store.tenant(organization).read().await?;
    let user = people::find(reader.db(), user).await?;
    let organization = organizations::find(reader.db()).await?;
    Ok(user.zip(organization).map(|(user, organization)| Me {
        user_id: user.id,
        name: user.name,
        email: user.email,
        role: user.role,
        organization,
    }))
}
