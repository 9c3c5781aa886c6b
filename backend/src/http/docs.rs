//! `GET /api/v1/openapi.json`, and a page that shows it: `GET /api/docs`. Self-contained, since
//! nothing is ever loaded from elsewhere.

use std::sync::LazyLock;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};

use super::{
    answers::Missing,
    error::{ApiError, ApiResult},
    json::ApiPath,
    pipeline,
};

static DOCUMENT: LazyLock<String> = LazyLock::new(|| {
    pipeline::document()
        .to_json()
        .expect("the document has only strings and numbers")
});

const CSP: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

fn file(media_type: &'static str, text: &'static str) -> Response {
    (
        [
            (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
            (header::CONTENT_SECURITY_POLICY, CSP),
        ],
        text,
    )
        .into_response()
}

/// This document.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "operations", responses(
    (status = 200, description = "The OpenAPI document", content_type = "application/json", body = Object),
))]
pub(super) async fn document() -> Response {
    file("application/json", DOCUMENT.as_str())
}

/// This document, for people.
#[utoipa::path(get, path = "/api/docs", tag = "operations", responses(
    (status = 200, description = "A page", content_type = "text/html", body = String),
))]
pub(super) async fn page() -> Response {
    file("text/html; charset=utf-8", include_str!("docs/index.html"))
}

/// The page's script and style.
#[utoipa::path(get, path = "/api/docs/{file}", tag = "operations", params(("file" = String, Path)), responses(
    (status = 200, description = "A script or a style", content_type = "text/plain", body = String), Missing,
))]
pub(super) async fn asset(ApiPath(name): ApiPath<String>) -> ApiResult<Response> {
    match name.as_str() {
        "docs.js" => Ok(file(
            "text/javascript; charset=utf-8",
            include_str!("docs/docs.js"),
        )),
        "docs.css" => Ok(file(
            "text/css; charset=utf-8",
            include_str!("docs/docs.css"),
        )),
        _ => Err(ApiError::not_found()),
    }
}
