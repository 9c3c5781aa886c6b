//! What the service manager is told: ready, stopping, still alive.
//!
//! systemd's protocol: a datagram to the socket that `NOTIFY_SOCKET` names. Without one, and
//! on other systems, nothing happens.

use tokio_util::sync::CancellationToken;

/// The process serves.
#[cfg(unix)]
pub(super) fn ready(status: &str) {
    use sd_notify::NotifyState::{Ready, Status};
    tell(&[Ready, Status(status)]);
}

/// The process is on its way out.
#[cfg(unix)]
pub(super) fn stopping() {
    tell(&[sd_notify::NotifyState::Stopping]);
}

/// Says that the process is alive, as often as `WATCHDOG_USEC` wants it, until `stop`: from a
/// task, so that a runtime that hangs falls silent and is restarted.
#[cfg(unix)]
pub(super) async fn watchdog(stop: CancellationToken) {
    let Some(limit) = sd_notify::watchdog_enabled() else {
        return;
    };
    let mut ticks = tokio::time::interval(limit / 2);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => tell(&[sd_notify::NotifyState::Watchdog]),
        }
    }
}

#[cfg(unix)]
fn tell(states: &[sd_notify::NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::warn!(cause = %error, "could not tell the service manager");
    }
}

#[cfg(not(unix))]
pub(super) fn ready(_: &str) {}

#[cfg(not(unix))]
pub(super) fn stopping() {}

#[cfg(not(unix))]
pub(super) async fn watchdog(_: CancellationToken) {}
