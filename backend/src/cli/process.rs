//! What every long-running command needs: addresses, figures, signals.

use std::net::SocketAddr;

use axum::{Router, routing::get};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{config::sources::ConfigError, telemetry};

/// Listens, or says which flag chooses another address.
pub(super) async fn bind(address: SocketAddr, flag: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        let advice = match error.kind() {
            std::io::ErrorKind::AddrInUse => {
                format!("Another program uses this port, perhaps a server that runs already. Stop it, or choose another port with {flag}.")
            }
            _ => format!("Choose another address with {flag}."),
        };
        ConfigError(format!("cannot listen on {address}: {error}. Nothing was started. {advice}")).into()
    })
}

/// `/metrics`, as Prometheus reads it.
pub(super) fn metrics_router(figures: PrometheusHandle) -> Router {
    Router::new().route(
        "/metrics",
        get(async move || {
            (
                [(
                    http::header::CONTENT_TYPE,
                    "text/plain; version=0.0.4; charset=utf-8",
                )],
                figures.render(),
            )
        }),
    )
}

/// Folds old samples, until `stop`.
pub(super) async fn fold(figures: PrometheusHandle, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(telemetry::UPKEEP);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => figures.run_upkeep(),
        }
    }
}

/// What tells the process to end. Whoever works listens first: a signal that nobody listens to
/// ends the process in the middle of what it does.
#[cfg(unix)]
pub(super) struct StopSignals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl StopSignals {
    /// From here on signals wait for [`StopSignals::next`].
    pub(super) fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits until the process is told to end, once more if it was told before.
    pub(super) async fn next(&mut self) -> std::io::Result<()> {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
        Ok(())
    }
}

/// What tells the process to end.
#[cfg(not(unix))]
pub(super) struct StopSignals;

#[cfg(not(unix))]
impl StopSignals {
    /// Begins to listen.
    pub(super) fn listen() -> std::io::Result<Self> {
        Ok(Self)
    }

    /// Waits until the process is told to end.
    pub(super) async fn next(&mut self) -> std::io::Result<()> {
        tokio::signal::ctrl_c().await
    }
}
