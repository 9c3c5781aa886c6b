//! How a body goes out. A test build can die in the middle of it.

use bytes::Bytes;
use reqwest::RequestBuilder;

/// Gives a request its body.
#[cfg(not(feature = "failpoints"))]
pub(super) fn outgoing(request: RequestBuilder, body: Bytes) -> RequestBuilder {
    request.body(body)
}

/// Gives a request its body; in halves, where the test wants the process to die between them.
#[cfg(feature = "failpoints")]
pub(super) fn outgoing(request: RequestBuilder, mut body: Bytes) -> RequestBuilder {
    use futures_util::{StreamExt as _, stream};

    const HALF: &str = "request_half_sent";
    if !crate::failpoint::is_wanted(HALF) {
        return request.body(body);
    }
    let length = body.len();
    let first = body.split_to(length / 2);
    let halves = stream::once(async move { Ok::<_, std::convert::Infallible>(first) }).chain(
        stream::once(async move {
            // A body that is not ready makes the connection write what it has.
            tokio::task::yield_now().await;
            crate::failpoint::failpoint(HALF);
            Ok(body)
        }),
    );
    request
        .header(reqwest::header::CONTENT_LENGTH, length)
        .body(reqwest::Body::wrap_stream(halves))
}
