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

/// Waits until the process is told to end.
#[cfg(unix)]
pub(super) async fn stop_signal() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

/// Waits until the process is told to end.
#[cfg(not(unix))]
pub(super) async fn stop_signal() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
