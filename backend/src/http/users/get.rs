//! `GET /users/{id}`.

use axum::extract::State;
use shared_types::{UserId, auth::User};

use crate::{
    http::{
        answers::{CallerProblems, Missing},
        caller::Person,
        error::{ApiError, ApiResult},
        json::{ApiJson, ApiPath},
        state::AppState,
    },
    store::people,
};

/// One person's account: one's own, or that of somebody whom one sees.
#[utoipa::path(get, path = "/api/v1/users/{id}", tag = "people", params(("id" = UserId, Path)), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 200, body = User), CallerProblems, Missing,
))]
pub(in crate::http) async fn get(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<UserId>,
) -> ApiResult<ApiJson<User>> {
    person.require_sight(&state, id).await?;
    let mut reader = state.store.tenant(person.organization_id).read().await?;
    people::find(reader.db(), id)
        .await?
        .map(ApiJson)
        .ok_or_else(ApiError::not_found)
}
