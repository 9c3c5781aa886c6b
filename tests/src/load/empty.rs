//! The limit of the HTTP side: a server that authenticates nobody, stores nothing and only
//! parses, behind the same kind of middleware as the real one.
//!
//! It uses the server's own body reader and batch decoder, the same tower-http layers, a
//! request id, a span and a histogram, and answers each item as the real one does. What it
//! leaves out (credentials, queue, database, events) is what the comparison shows.

use std::time::Duration;

use anyhow::Result;
use axum::{
    Json, Router,
    body::Body,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::post,
};
use shared_types::sync::{ItemResult, Outcome, SyncResponse};
use tokio::net::TcpListener;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, predicate::SizeAbove},
};
use workpulse_server::{http::body, ingest::batch};

use crate::time::{new_id, now};

const LIMIT: usize = shared_types::sync::BATCH_MAX_COMPRESSED_BYTES;

/// Serves until it is killed.
///
/// # Errors
/// When the listener fails.
pub async fn serve(listener: TcpListener) -> Result<()> {
    let service = Router::new()
        .route("/api/v1/sync", post(sync))
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn(bounded))
        .layer(CompressionLayer::new().compress_when(SizeAbove::new(8 * 1024)))
        .layer(middleware::from_fn(observed));
    axum::serve(listener, service).await?;
    Ok(())
}

async fn bounded(request: Request, next: Next) -> Response {
    tokio::time::timeout(Duration::from_secs(90), next.run(request))
        .await
        .unwrap_or_else(|_| StatusCode::SERVICE_UNAVAILABLE.into_response())
}

async fn observed(request: Request, next: Next) -> Response {
    let id = new_id().to_string();
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert("x-request-id", value);
    }
    response
}

async fn sync(request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(bytes) = body::read(&parts.headers, body, LIMIT).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let Ok((envelope, items)) = batch::decode(&bytes) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let answer = SyncResponse {
        epoch: envelope.epoch,
        watermark: items.last().map_or(0, |item| item.seq),
        results: items
            .iter()
            .map(|item| ItemResult {
                seq: item.seq,
                outcome: Outcome::Stored,
                reason: None,
            })
            .collect(),
        server_time: now(),
        policy_version: 1,
        sessions: Vec::new(),
        resend_from: None,
        new_epoch: false,
    };
    Json(answer).into_response()
}
