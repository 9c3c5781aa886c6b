//! What every request passes through, from the outside in: its id, its span and figures; the
//! headers that browsers need; a bound on its time; a net for panics; then its route.

use std::{any::Any, time::Duration};

use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use shared_types::problem::ProblemCode;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, predicate::SizeAbove},
};
use tracing::Instrument as _;
use utoipa::openapi::OpenApi;

use super::{
    error::{ApiError, ProblemBody, render},
    headers, pages, routes,
    state::AppState,
};

/// The longest that any handler may take. A socket's upgrade is answered at once and lives on.
const HANDLER_LIMIT: Duration = Duration::from_secs(90);
/// Answers below this are not worth a compressor's time; ingest's stay below it.
const COMPRESS_ABOVE: u64 = 8 * 1024;
static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The whole service.
pub fn service(state: AppState) -> Router {
    let (router, _) = routes::table().split_for_parts();
    router
        .method_not_allowed_fallback(async || {
            ApiError::new(ProblemCode::MethodNotAllowed)
                .detail("This address takes other methods: see the `Allow` header.")
        })
        .fallback(pages::fallback)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(bounded))
        .layer(CompressionLayer::new().compress_when(SizeAbove::new(COMPRESS_ABOVE)))
        .layer(middleware::from_fn(headers::add))
        .layer(middleware::from_fn_with_state(state.clone(), observed))
        .with_state(state)
}

/// The document that describes the service.
#[must_use]
pub fn document() -> OpenApi {
    let mut document = routes::table().into_openapi();
    for (path, item) in &mut document.paths.paths {
        let operations = [
            ("get", &mut item.get),
            ("post", &mut item.post),
            ("put", &mut item.put),
            ("patch", &mut item.patch),
            ("delete", &mut item.delete),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                operation.operation_id = Some(operation_id(method, path));
            }
        }
    }
    document
}

/// Unique because method and path are: handlers' names (`list`, `create`) are not.
fn operation_id(method: &str, path: &str) -> String {
    let path = path.trim_start_matches("/api/v1");
    path.split(['/', '-', '.'])
        .filter(|part| !part.is_empty())
        .map(|part| part.trim_matches(['{', '}']))
        .fold(method.to_owned(), |id, part| format!("{id}_{part}"))
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the layer hands the payload over"
)]
fn panicked(payload: Box<dyn Any + Send + 'static>) -> Response {
    let message = payload
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| payload.downcast_ref::<&'static str>().copied())
        .unwrap_or("a panic without a message");
    ApiError::internal(message).into_response()
}

async fn bounded(request: Request, next: Next) -> Response {
    match tokio::time::timeout(HANDLER_LIMIT, next.run(request)).await {
        Ok(response) => response,
        Err(_) => ApiError::unavailable(
            "This took too long and was given up. It may or may not have been applied; send the same request again.",
            5,
        )
        .into_response(),
    }
}

/// The client's own id for the request, where it is a short and harmless one.
fn requested_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(&REQUEST_ID)?.to_str().ok()?;
    let harmless = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    ((1..=64).contains(&id.len()) && id.bytes().all(harmless)).then(|| id.to_owned())
}

async fn observed(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let id = requested_id(request.headers()).unwrap_or_else(|| state.clock.new_uuid().to_string());
    // The route's pattern, never the address itself: that may hold names and ids.
    let path = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "unmatched".to_owned(), |path| path.as_str().to_owned());
    let method = request.method().clone();
    let span = tracing::info_span!("request", request_id = %id, %method, path);
    let begun = tokio::time::Instant::now();

    let mut response = next.run(request).instrument(span.clone()).await;

    let elapsed = begun.elapsed();
    let status = response.status();
    span.in_scope(|| report(&path, status, elapsed));
    metrics::histogram!(
        "workpulse_http_request_duration_seconds",
        "method" => method.to_string(),
        "path" => path,
        "status" => status.as_str().to_owned(),
    )
    .record(elapsed.as_secs_f64());

    if let Some(ProblemBody(mut problem)) = response.extensions_mut().remove::<ProblemBody>() {
        problem.request_id = Some(id.clone());
        *response.body_mut() = render(&problem);
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID.clone(), value);
    }
    response
}

fn report(path: &str, status: StatusCode, elapsed: Duration) {
    let status_code = status.as_u16();
    let latency_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
    // Every agent comes by each minute, every load balancer each second.
    let routine = path == "/api/v1/sync" || path.starts_with("/health");
    if status.is_server_error() {
        tracing::warn!(
            status = status_code,
            latency_ms,
            "answered with an error of ours"
        );
    } else if routine && status.is_success() {
        tracing::debug!(status = status_code, latency_ms, "answered");
    } else {
        tracing::info!(status = status_code, latency_ms, "answered");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_is_named_by_its_method_and_path() {
        let id = operation_id("post", "/api/v1/sessions/{id}/stop");
        assert_eq!(id, "post_sessions_id_stop");
        assert_eq!(operation_id("get", "/health/live"), "get_health_live");
    }

    #[test]
    fn a_client_may_name_its_request_but_not_write_into_our_log() {
        let named = |text: &'static [u8]| {
            let mut headers = HeaderMap::new();
            headers.insert(
                REQUEST_ID.clone(),
                HeaderValue::from_bytes(text).expect("a header value"),
            );
            requested_id(&headers)
        };
        assert_eq!(named(b"retry-7_a").as_deref(), Some("retry-7_a"));
        assert_eq!(named(b"a b"), None);
        assert_eq!(named(b"\xff"), None);
        assert_eq!(named(b""), None);
        assert_eq!(named(&[b'a'; 65]), None);
    }
}
