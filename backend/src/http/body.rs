//! Reading a request's body: never more than allowed, never slower than allowed.

use std::time::Duration;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, header};
use http_body_util::BodyExt;
use shared_types::problem::ProblemCode;

use super::error::{ApiError, ApiResult};

/// The largest body of an ordinary request, in bytes.
pub const ORDINARY_LIMIT: usize = 1024 * 1024;
/// Bytes of a refused body that are read and thrown away, so that the refusal arrives.
const DRAIN_LIMIT: usize = 32 * 1024 * 1024;
/// The longest pause inside a body.
const IDLE_LIMIT: Duration = Duration::from_secs(10);
/// The longest time that a whole body may take.
const TOTAL_LIMIT: Duration = Duration::from_mins(1);

/// Reads a body of at most `limit` bytes as it came, without decompressing it.
///
/// # Errors
/// 413 before reading when the announced length is too large, and while reading otherwise;
/// 408 when it comes too slowly; 400 when the connection breaks inside it.
pub async fn read(headers: &HeaderMap, body: Body, limit: usize) -> ApiResult<Bytes> {
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        drain(body).await;
        return Err(too_large(limit));
    }
    let whole = collect(body, limit, announced.unwrap_or(0));
    tokio::time::timeout(TOTAL_LIMIT, whole)
        .await
        .map_err(|_| too_slow())?
}

async fn collect(mut body: Body, limit: usize, announced: usize) -> ApiResult<Bytes> {
    let mut first: Option<Bytes> = None;
    let mut rest = BytesMut::new();
    let mut length = 0;
    while let Some(frame) = tokio::time::timeout(IDLE_LIMIT, body.frame())
        .await
        .map_err(|_| too_slow())?
    {
        let Ok(frame) = frame else {
            return Err(ApiError::new(ProblemCode::Malformed)
                .detail("The connection broke inside the body. Nothing was applied."));
        };
        let Ok(data) = frame.into_data() else {
            continue;
        };
        length += data.len();
        if length > limit {
            drain(body).await;
            return Err(too_large(limit));
        }
        // Nearly every body comes in one piece; that one is not copied.
        match first.take() {
            None if rest.is_empty() => first = Some(data),
            Some(earlier) => {
                rest.reserve(announced.max(length));
                rest.extend_from_slice(&earlier);
                rest.extend_from_slice(&data);
            }
            None => rest.extend_from_slice(&data),
        }
    }
    Ok(first.unwrap_or_else(|| rest.freeze()))
}

/// Takes a refused body off the client's hands, within bounds, and keeps nothing of it. A
/// connection that is closed on a client that still sends is reset, and the client never
/// reads why: an agent would take its 413 for a broken network and never send less.
async fn drain(mut body: Body) {
    let rest = async {
        let mut length = 0;
        while let Some(Ok(frame)) = body.frame().await {
            length += frame.data_ref().map_or(0, Bytes::len);
            if length > DRAIN_LIMIT {
                break;
            }
        }
    };
    // Whoever takes longer has been given their chance.
    let _ = tokio::time::timeout(IDLE_LIMIT, rest).await;
}

/// 413 that says what the limit is.
#[must_use]
pub fn too_large(limit: usize) -> ApiError {
    ApiError::new(ProblemCode::TooLarge).detail(format!(
        "At most {limit} bytes are accepted here. Nothing was applied; send less at a time."
    ))
}

fn too_slow() -> ApiError {
    ApiError::new(ProblemCode::RequestTimeout)
        .detail("The body came too slowly. Nothing was applied; send it again.")
}

#[cfg(test)]
mod tests {
    use futures_util::{StreamExt, stream};

    use super::*;

    fn pieces(parts: &[&'static str]) -> Body {
        let parts: Vec<Result<Bytes, std::io::Error>> = parts
            .iter()
            .map(|part| Ok(Bytes::from_static(part.as_bytes())))
            .collect();
        Body::from_stream(stream::iter(parts))
    }

    #[tokio::test]
    async fn pieces_are_put_together_in_order() {
        let body = read(&HeaderMap::new(), pieces(&["ab", "cd", "ef"]), 6).await;
        assert_eq!(body.expect("fits"), "abcdef");
    }

    #[tokio::test]
    async fn one_byte_too_many_is_refused_announced_or_not() {
        let unannounced = read(&HeaderMap::new(), pieces(&["abc", "d"]), 3).await;
        assert_eq!(
            unannounced.expect_err("too large").code,
            ProblemCode::TooLarge
        );
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_LENGTH, 4.into());
        let announced = read(&headers, Body::from("abcd"), 3).await;
        assert_eq!(
            announced.expect_err("too large").code,
            ProblemCode::TooLarge
        );
    }

    #[tokio::test]
    async fn a_refused_body_is_read_to_its_end_so_that_the_refusal_arrives() {
        let taken = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let count = std::sync::Arc::clone(&taken);
        let pieces = stream::iter(0..9).map(move |_| {
            count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            Ok::<_, std::io::Error>(Bytes::from_static(b"abc"))
        });
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_LENGTH, 27.into());
        let refused = read(&headers, Body::from_stream(pieces), 3).await;
        assert_eq!(refused.expect_err("too large").code, ProblemCode::TooLarge);
        assert_eq!(taken.load(std::sync::atomic::Ordering::Relaxed), 9);
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_stalls_is_given_up() {
        let stalled = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
        let error = read(&HeaderMap::new(), stalled, 10)
            .await
            .expect_err("stalls");
        assert_eq!(error.code, ProblemCode::RequestTimeout);
    }

    #[tokio::test]
    async fn a_broken_connection_is_no_fault_of_ours() {
        let broken = Body::from_stream(stream::iter([Err::<Bytes, _>(std::io::Error::other(
            "reset",
        ))]));
        let error = read(&HeaderMap::new(), broken, 10)
            .await
            .expect_err("breaks");
        assert_eq!(error.code, ProblemCode::Malformed);
    }
}
