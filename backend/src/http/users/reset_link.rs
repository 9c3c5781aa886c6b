//! `POST /users/{id}/reset-link`.

use axum::extract::State;
use http::StatusCode;
use shared_types::{UserId, account::ResetLink};

use crate::{
    auth::{links, resets},
    http::{
        answers::{CallerProblems, Missing},
        caller::Person,
        error::{ApiError, ApiResult},
        json::{ApiJson, ApiPath},
        state::AppState,
    },
};

/// Makes a link by which a person sets a new password, once, within a day; admins only. Shown
/// once; earlier links end. The audit tells who made it.
#[utoipa::path(post, path = "/api/v1/users/{id}/reset-link", tag = "people", params(("id" = UserId, Path)), security(("bearer" = []), ("cookie" = [])), responses(
    (status = 201, body = ResetLink), CallerProblems, Missing,
))]
pub(in crate::http) async fn reset_link(
    State(state): State<AppState>,
    person: Person,
    ApiPath(id): ApiPath<UserId>,
) -> ApiResult<(StatusCode, ApiJson<ResetLink>)> {
    person.require_admin()?;
    let (organization, actor) = (person.organization_id, Some(person.user_id));
    let (secret, expires_at) =
        resets::make_link(&state.store, &*state.clock, organization, actor, id)
            .await?
            .ok_or_else(ApiError::not_found)?;
    let link = links::link(state.config.http.public_url.as_ref(), links::RESET, &secret);
    Ok((StatusCode::CREATED, ApiJson(ResetLink { link, expires_at })))
}
