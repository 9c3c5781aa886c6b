//! `POST /auth/refresh`.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use axum_extra::extract::cookie::CookieJar;
use http::{HeaderMap, Method};
use shared_types::auth::{LoginResponse, RefreshRequest, TokenDelivery};

use super::{forget, logged_in};
use crate::{
    auth::logins::{self, Exchange},
    http::{
        answers::{BodyProblems, PublicProblems},
        client::ClientIp,
        cookies,
        error::{ApiError, ApiResult},
        json::OptionalJson,
        limits, origin,
        state::AppState,
    },
};

/// Renews a log-in: the refresh token is exchanged for its successor.
///
/// A token may be exchanged again while its successor was never used (the answer may have been
/// lost). Afterwards that is a replay, and ends the log-in.
#[utoipa::path(post, path = "/api/v1/auth/refresh", tag = "auth", request_body(content = RefreshRequest, description = "Without a token in it, the cookie's is used"), responses(
    (status = 200, description = "Tokens in the body, or in cookies where they came from one", body = LoginResponse),
    (status = 401, description = "The token is not known, expired, or its log-in has ended", content_type = "application/problem+json", body = shared_types::problem::Problem),
    (status = 403, description = "A cookie came from a foreign page", content_type = "application/problem+json", body = shared_types::problem::Problem),
    BodyProblems, PublicProblems,
))]
pub(in crate::http) async fn refresh(
    State(state): State<AppState>,
    client: ClientIp,
    headers: HeaderMap,
    OptionalJson(request): OptionalJson<RefreshRequest>,
) -> ApiResult<Response> {
    limits::refresh(&state, client)?;
    let (token, delivery) = presented(&state, request, &headers)?;
    match logins::exchange(&state.store, &*state.clock, &token).await? {
        Exchange::Renewed(login) => logged_in(&state, login, delivery).await,
        Exchange::Refused => Ok((forget(&state), ended()).into_response()),
        Exchange::Replayed(organization, user) => {
            tracing::warn!(organization_id = %organization, user_id = %user, "a refresh token was used again after its successor: its log-in was ended");
            state.auth.authority.changed(organization, user).await?;
            Ok((forget(&state), ended()).into_response())
        }
    }
}

/// The token, and where its successor goes: where it came from.
fn presented(
    state: &AppState,
    request: RefreshRequest,
    headers: &HeaderMap,
) -> ApiResult<(String, TokenDelivery)> {
    if let Some(token) = request.refresh_token {
        return Ok((token, TokenDelivery::Body));
    }
    let jar = CookieJar::from_headers(headers);
    let cookie = jar
        .get(cookies::refresh_name(state))
        .ok_or_else(ApiError::unauthenticated)?;
    origin::require_ours(state, &Method::POST, headers)?;
    Ok((cookie.value().to_owned(), TokenDelivery::Cookie))
}

fn ended() -> ApiError {
    ApiError::unauthenticated().detail("This log-in has ended. Log in again.")
}
