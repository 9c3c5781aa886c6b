//! Listening: connections, their limits, and an orderly end.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, body::Body};
use http::{HeaderValue, Request, header};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{
        conn::auto,
        graceful::{GracefulShutdown, Watcher},
    },
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tower::Service as _;

use super::{client::Peer, tls::Certificates};

/// How long a request's head may take, from its first byte or from the connection's first
/// moment. An idle connection is closed after it as well: clients open another.
const HEAD_LIMIT: Duration = Duration::from_secs(10);
/// How long requests in flight have to finish when the server stops.
pub const GRACE: Duration = Duration::from_secs(20);
/// Requests at once on one HTTP/2 connection.
const STREAMS: u32 = 64;
/// The most that an HTTP/2 request's head may hold, in bytes.
const HEAD_BYTES: u32 = 64 * 1024;
/// How often a silent HTTP/2 connection is asked whether anybody is there.
const PING_EVERY: Duration = Duration::from_secs(30);
/// How long accepting pauses when the process has no file descriptors left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves HTTP/1.1 in plain until `stop` is cancelled, then lets requests in flight finish.
pub async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) {
    serve_with(listener, router, None, stop).await;
}

/// The same; with certificates: by TLS, and HTTP/2 where the client wants it.
pub async fn serve_with(
    listener: TcpListener,
    router: Router,
    certificates: Option<Arc<Certificates>>,
    stop: CancellationToken,
) {
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(cause = %error, "could not turn off Nagle's algorithm");
                }
                let (router, watcher) = (router.clone(), graceful.watcher());
                match &certificates {
                    None => {
                        tokio::spawn(connection(stream, peer, router, watcher, false));
                    }
                    Some(certificates) => {
                        let acceptor = TlsAcceptor::from(certificates.current());
                        tokio::spawn(secured(stream, peer, router, watcher, acceptor));
                    }
                }
            }
            Err(error) => {
                // Out of descriptors, or the client is gone already: neither is the listener's end.
                tracing::warn!(cause = %error, "could not accept a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(GRACE, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!(
            "some requests did not finish within 20 s of stopping; their senders will send them again"
        );
    }
}

async fn secured(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    watcher: Watcher,
    acceptor: TlsAcceptor,
) {
    match tokio::time::timeout(HEAD_LIMIT, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => {
            let http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
            connection(stream, peer, router, watcher, http2).await;
        }
        Ok(Err(error)) => tracing::debug!(cause = %error, "a TLS handshake failed"),
        Err(_) => tracing::debug!("a TLS handshake took too long"),
    }
}

async fn connection<S>(stream: S, peer: SocketAddr, router: Router, watcher: Watcher, http2: bool)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer));
        name_the_host(&mut request);
        let mut router = router.clone();
        router.call(request)
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_LIMIT);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(HEAD_BYTES)
        .keep_alive_interval(Some(PING_EVERY))
        .keep_alive_timeout(HEAD_LIMIT);
    let builder = if http2 {
        builder.http2_only()
    } else {
        builder.http1_only()
    };
    let connection = builder
        .serve_connection_with_upgrades(TokioIo::new(stream), service)
        .into_owned();
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(cause = %error, "a connection ended early");
    }
}

/// HTTP/2 names the host in the address; what looks for it in the headers finds it there, too.
fn name_the_host(request: &mut Request<Body>) {
    if request.headers().contains_key(header::HOST) {
        return;
    }
    let host = request
        .uri()
        .authority()
        .and_then(|authority| HeaderValue::from_str(authority.as_str()).ok());
    if let Some(host) = host {
        request.headers_mut().insert(header::HOST, host);
    }
}
