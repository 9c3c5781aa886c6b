//! `POST /users/{id}/sign-out`.

use axum::extract::State;
use http::StatusCode;
use shared_types::UserId;

use crate::{
    auth::standing,
    http::{
        answers::{CallerProblems, Missing},
        caller::Person,
        error::{ApiError, ApiResult},
        json::ApiPath,
        state::AppState,
    },
};

/// Ends all log-ins of a person; admins only. Their devices go on.
#[utoipa::path(post, path = "/api/v1/users/{id}/sign-out", tag = "people", params(("id" = UserId, Path)), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 204), CallerProblems, Missing,
))]
pub(in crate::http) async fn sign_out(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<UserId>,
) -> ApiResult<StatusCode> {
    person.require_admin()?;
    let (organization, actor) = (person.organization_id, Some(person.user_id));
    if !standing::sign_out(&state.store, &*state.clock, organization, actor, id).await? {
        return Err(ApiError::not_found());
    }
    state.auth.authority.changed(organization, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
