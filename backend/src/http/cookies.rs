//! The two cookies of a browser's log-in.
//!
//! `HttpOnly`: no script reads them. `SameSite=Strict`: no foreign page sends them. Behind
//! HTTPS their names carry the prefixes by which a browser enforces how they were set.

use axum_extra::extract::cookie::{Cookie, SameSite};

use super::state::AppState;
use crate::auth::{logins::REFRESH_SECONDS, tokens::ACCESS_SECONDS};

/// Where the refresh cookie is sent: nowhere but to what renews and ends a log-in.
const REFRESH_PATH: &str = "/api/v1/auth";

fn secure(state: &AppState) -> bool {
    state.config.http.is_https()
}

/// The name of the cookie with the access token.
#[must_use]
pub fn access_name(state: &AppState) -> &'static str {
    if secure(state) {
        "__Host-wp_access"
    } else {
        "wp_access"
    }
}

/// The name of the cookie with the refresh token (its path forbids the stricter prefix).
#[must_use]
pub fn refresh_name(state: &AppState) -> &'static str {
    if secure(state) {
        "__Secure-wp_refresh"
    } else {
        "wp_refresh"
    }
}

fn cookie(
    state: &AppState,
    name: &'static str,
    value: String,
    path: &'static str,
    seconds: i64,
) -> String {
    let mut cookie = Cookie::build((name, value))
        .path(path)
        .http_only(true)
        .same_site(SameSite::Strict);
    if secure(state) {
        cookie = cookie.secure(true);
    }
    // The cookie crate's duration type is not ours; the attribute is a number of seconds.
    format!("{}; Max-Age={seconds}", cookie.build())
}

/// `Set-Cookie` values that log a browser in.
#[must_use]
pub fn set(state: &AppState, access: String, refresh: String) -> [String; 2] {
    [
        cookie(state, access_name(state), access, "/", ACCESS_SECONDS),
        cookie(
            state,
            refresh_name(state),
            refresh,
            REFRESH_PATH,
            REFRESH_SECONDS,
        ),
    ]
}

/// `Set-Cookie` values that make a browser forget.
#[must_use]
pub fn clear(state: &AppState) -> [String; 2] {
    [
        cookie(state, access_name(state), String::new(), "/", 0),
        cookie(state, refresh_name(state), String::new(), REFRESH_PATH, 0),
    ]
}
