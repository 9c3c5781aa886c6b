//! Joining, logging in, renewing that, logging out, and getting back in.

pub(super) mod invitation;
pub(super) mod login;
pub(super) mod logins;
pub(super) mod logout;
pub(super) mod password;
pub(super) mod refresh;
pub(super) mod register;
pub(super) mod reset;
pub(super) mod reset_request;

use axum::response::{AppendHeaders, IntoResponse, Response};
use http::header;
use shared_types::{
    auth::{LoginResponse, TokenDelivery, TokenPair},
    problem::ProblemCode,
};

use super::{
    cookies,
    error::{ApiError, ApiResult},
    json::ApiJson,
    me,
    state::AppState,
};
use crate::auth::{joining::JoinError, logins::Login, resets::ResetError, tokens::ACCESS_SECONDS};

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

fn join_problem(error: JoinError) -> ApiError {
    match error {
        JoinError::Store(error) => error.into(),
        JoinError::Unknown => ApiError::not_found()
            .detail("This invitation is not known. Nothing was changed; ask for a new one."),
        JoinError::Spent(_) => ApiError::new(ProblemCode::TokenSpent).detail(format!(
            "Nothing was changed: {error}. Ask an admin for a new one."
        )),
        JoinError::Taken => {
            ApiError::conflict(format!("Nothing was changed: {error}. Log in instead."))
        }
        JoinError::Closed => ApiError::not_found()
            .detail("Nobody can register with this organization. Ask an admin for an invitation."),
        JoinError::OtherDomain => ApiError::field(
            "email",
            "is of a mail domain that cannot register with this organization",
        ),
    }
}

fn reset_problem(error: ResetError) -> ApiError {
    match error {
        ResetError::Store(error) => error.into(),
        ResetError::Unknown => ApiError::not_found()
            .detail("This link is not known. Nothing was changed; ask for a new one."),
        ResetError::Spent(_) => ApiError::new(ProblemCode::TokenSpent).detail(format!(
            "The password was not changed: {error}. Ask for a new one."
        )),
        ResetError::Suspended => ApiError::new(ProblemCode::Suspended)
            .detail("The password was not changed: this account has been suspended."),
        ResetError::Changed => ApiError::conflict(
            "The password was changed elsewhere at this moment. Log in again to see which one holds.",
        ),
    }
}
