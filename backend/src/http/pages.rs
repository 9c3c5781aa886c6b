//! Everything that is not the API: the dashboard's files, and its pages by any address, since
//! the dashboard has routes of its own.

use axum::{
    http::Uri,
    response::{Html, IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use shared_types::problem::ProblemCode;

use super::error::ApiError;
use crate::dashboard::{self, Asset, CONTENT_SECURITY_POLICY};

const KEEP: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>WorkPulse</title>\
<h1>The dashboard is not built</h1><p>The server runs, and its API works. To see the dashboard, run \
<code>cargo xtask dashboard</code> and reload this page.</p>\
<p><a href=\"/api/docs\">The API's documentation</a></p></html>";

/// Answers what no route of the table does.
pub(super) async fn fallback(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    let first = path.split('/').next().unwrap_or_default();
    if matches!(first, "api" | "health" | "metrics") {
        return ApiError::not_found().into_response();
    }
    if method != Method::GET && method != Method::HEAD {
        return ApiError::new(ProblemCode::MethodNotAllowed).into_response();
    }
    if !path.is_empty()
        && let Some(asset) = dashboard::asset(path)
    {
        return serve(asset, &headers);
    }
    // A page's address has no extension; a missing script must not become a page.
    if path
        .rsplit('/')
        .next()
        .is_some_and(|name| name.contains('.'))
    {
        return ApiError::not_found().into_response();
    }
    match dashboard::asset("index.html") {
        Some(index) => serve(index, &headers),
        None => (StatusCode::SERVICE_UNAVAILABLE, Html(NOT_BUILT)).into_response(),
    }
}

fn serve(asset: Asset, request: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", asset.tag);
    let known = request
        .get(header::IF_NONE_MATCH)
        .is_some_and(|value| value.as_bytes() == tag.as_bytes());
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        asset.bytes.into_response()
    };
    let headers = response.headers_mut();
    if let Ok(media_type) = HeaderValue::from_str(&asset.media_type) {
        headers.insert(header::CONTENT_TYPE, media_type);
    }
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    let caching = if asset.immutable { KEEP } else { ASK_AGAIN };
    headers.insert(header::CACHE_CONTROL, caching);
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(CONTENT_SECURITY_POLICY),
    );
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn get(path: &str) -> Response {
        fallback(
            Method::GET,
            path.parse().expect("an address"),
            HeaderMap::new(),
        )
        .await
    }

    #[tokio::test]
    async fn what_is_missing_from_the_api_is_a_problem_and_never_a_page() {
        for path in [
            "/api",
            "/api/v1/nothing",
            "/health/nothing",
            "/assets/gone.js",
        ] {
            let answer = get(path).await;
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
            assert_eq!(
                answer.headers()[header::CONTENT_TYPE],
                "application/problem+json"
            );
        }
    }

    #[tokio::test]
    async fn any_other_address_is_the_dashboard_or_says_how_to_build_it() {
        for path in ["/", "/people/1", "/live"] {
            let answer = get(path).await;
            let expected = if dashboard::is_built() {
                StatusCode::OK
            } else {
                StatusCode::SERVICE_UNAVAILABLE
            };
            assert_eq!(answer.status(), expected, "{path}");
            let media_type = answer.headers()[header::CONTENT_TYPE]
                .to_str()
                .expect("ascii");
            assert!(media_type.starts_with("text/html"));
        }
    }

    #[test]
    fn no_page_may_run_what_stands_in_it_or_load_from_elsewhere() {
        let directives: Vec<&str> = CONTENT_SECURITY_POLICY.split(';').map(str::trim).collect();
        assert!(directives.contains(&"default-src 'none'"));
        assert!(directives.contains(&"script-src 'self'"));
        assert!(directives.contains(&"frame-ancestors 'none'"));
        assert!(
            !CONTENT_SECURITY_POLICY.contains("unsafe")
                && !CONTENT_SECURITY_POLICY.contains("http")
        );
    }

    #[test]
    fn a_file_that_the_browser_has_is_not_sent_again() {
        let asset = |immutable| Asset {
            bytes: b"x".as_slice().into(),
            media_type: "text/plain".to_owned(),
            tag: "abc".to_owned(),
            immutable,
        };
        let mut request = HeaderMap::new();
        let first = serve(asset(true), &request);
        assert_eq!(first.headers()[header::CACHE_CONTROL], KEEP);
        request.insert(header::IF_NONE_MATCH, first.headers()[header::ETAG].clone());
        let again = serve(asset(false), &request);
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(again.headers()[header::CACHE_CONTROL], ASK_AGAIN);
    }
}
