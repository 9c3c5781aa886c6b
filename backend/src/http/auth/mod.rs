//! Logging in, renewing that, and logging out.

pub(super) mod login;
pub(super) mod logout;
pub(super) mod refresh;

use axum::response::{AppendHeaders, IntoResponse, Response};
use http::header;
use shared_types::auth::{LoginResponse, TokenDelivery, TokenPair};

use super::{
    cookies,
    error::{ApiError, ApiResult},
    json::ApiJson,
    me,
    state::AppState,
};
use crate::auth::{logins::Login, tokens::ACCESS_SECONDS};

/// The answer to whoever just logged in, or renewed their log-in.
async fn logged_in(state: &AppState, login: Login, delivery: TokenDelivery) -> ApiResult<Response> {
    let me = me::describe(state, login.organization_id, login.user_id)
        .await?
        .ok_or_else(ApiError::unauthenticated)?;
    let access_token = state.auth.tokens.issue(
        login.organization_id,
        login.user_id,
        login.login_id,
        state.clock.now(),
    );
    if delivery == TokenDelivery::Cookie {
        let cookies = cookies::set(state, access_token, login.refresh_token)
            .map(|cookie| (header::SET_COOKIE, cookie));
        return Ok((
            AppendHeaders(cookies),
            ApiJson(LoginResponse { me, tokens: None }),
        )
            .into_response());
    }
    let tokens = Some(TokenPair {
        access_token,
        expires_in_seconds: ACCESS_SECONDS,
        refresh_token: login.refresh_token,
    });
    Ok(ApiJson(LoginResponse { me, tokens }).into_response())
}

/// Headers that make a browser forget its log-in.
fn forget(state: &AppState) -> AppendHeaders<[(header::HeaderName, String); 2]> {
    AppendHeaders(cookies::clear(state).map(|cookie| (header::SET_COOKIE, cookie)))
}
