//! Whether the server counted what was sent: no more, no less.

use anyhow::{Context, Result};
use futures_util::{StreamExt as _, TryStreamExt as _, stream as futures};
use serde::Serialize;
use shared_types::session::SessionStatus;

use super::{fleet::Tenant, stream::Stream};
use crate::api::{Api, PASSWORD};

/// What the server says that it has, beside what was acknowledged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Activities acknowledged to all devices.
    pub sent: u64,
    /// Activities in the server's sessions.
    pub stored: u64,
    /// Devices whose sessions do not add up.
    pub wrong_devices: u64,
}

/// Asks the server for the sessions of every device's person and compares.
///
/// # Errors
/// When the server cannot be asked.
pub async fn verify(base: &str, tenants: &[Tenant], streams: &[Stream]) -> Result<Verdict> {
    // The tokens of the start may have expired.
    let mut admins = Vec::new();
    for tenant in tenants {
        let login = Api::new(base).log_in(&tenant.email, PASSWORD).await;
        admins.push(login.context("an admin logs in again")?.1);
    }
    let admins = &admins;
    let one = |(number, stream)| check(&admins[number % admins.len()], stream);
    let counts: Vec<(u64, u64)> = futures::iter(streams.iter().enumerate().map(one))
        .buffer_unordered(8)
        .try_collect()
        .await?;
    Ok(counts
        .into_iter()
        .fold(Verdict::default(), |sum, (sent, stored)| Verdict {
            sent: sum.sent + sent,
            stored: sum.stored + stored,
            wrong_devices: sum.wrong_devices + u64::from(sent != stored),
        }))
}

/// Activities sent, and stored by every account that the sessions keep: seconds and versions
/// must say the same, or the smaller one counts.
async fn check(admin: &Api, stream: &Stream) -> Result<(u64, u64)> {
    let sessions = admin.sessions(stream.user_id).await?;
    let mut seconds = 0;
    let mut changes = 0;
    for session in sessions {
        seconds += session.total_active_seconds
            + session.total_idle_seconds
            + session.total_unobserved_seconds;
        changes += session.version - 1 - i64::from(session.status == SessionStatus::Stopped);
    }
    let by_seconds = u64::try_from(seconds / 60)?;
    let by_version = u64::try_from(changes)?;
    let stored = if by_seconds == by_version {
        by_seconds
    } else {
        // Neither can be right: make sure that the comparison fails.
        u64::MAX / 4
    };
    Ok((stream.position.activities, stored))
}
