//! Where a browser's request comes from: what cookies authenticate must come from our own pages.
//!
//! A program that sends a Bearer token needs none of this: no browser adds that by itself.

use http::{HeaderMap, Method, header};

use super::{
    error::{ApiError, ApiResult},
    state::AppState,
};

/// Refuses a request that a foreign page may have sent with our cookies.
///
/// Safe methods change nothing and pass; others need `Sec-Fetch-Site: same-origin`, or, from a
/// browser that does not send it, our own `Origin`.
pub fn require_ours(state: &AppState, method: &Method, headers: &HeaderMap) -> ApiResult<()> {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let site = headers
        .get("sec-fetch-site")
        .and_then(|value| value.to_str().ok());
    let ours = match site {
        Some(site) => site == "same-origin",
        None => is_ours(state, headers),
    };
    if ours {
        return Ok(());
    }
    Err(ApiError::forbidden(
        "A request with a log-in cookie must come from this server's own pages. Nothing was changed.",
    ))
}

/// Refuses what certainly comes from a foreign page; a program that says nothing about its origin
/// passes. For requests that carry no cookie yet, and will be given one.
pub fn refuse_foreign(state: &AppState, method: &Method, headers: &HeaderMap) -> ApiResult<()> {
    if !headers.contains_key("sec-fetch-site") && !headers.contains_key(header::ORIGIN) {
        return Ok(());
    }
    require_ours(state, method, headers)
}

/// Whether `Origin` is exactly this server's: the public address where one is configured,
/// otherwise the host that was asked. Without an `Origin`: no.
pub fn is_ours(state: &AppState, headers: &HeaderMap) -> bool {
    let Some(origin) = headers
        .get(header::ORIGIN)
        .and_then(|value| value.to_str().ok())
    else {
        return false;
    };
    if let Some(public) = &state.config.http.public_url {
        return public.is_origin(origin);
    }
    let Some(host) = headers
        .get(header::HOST)
        .and_then(|value| value.to_str().ok())
    else {
        return false;
    };
    // Without a public address and TLS of our own we are reached in plain HTTP, or through a
    // proxy that nobody told us about: the host decides, whatever the scheme.
    let only_https = state.config.http.tls.is_some();
    origin.split_once("://").is_some_and(|(scheme, rest)| {
        (scheme == "https" || scheme == "http" && !only_https) && rest.eq_ignore_ascii_case(host)
    })
}
