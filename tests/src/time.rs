//! Time and ids of the harness, and the one way to wait.

use std::{future::Future, time::Duration};

use anyhow::{Result, bail};
use shared_types::Timestamp;
use uuid::Uuid;

/// How often a condition is looked at.
const LOOK: Duration = Duration::from_millis(50);

/// The present.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the harness's clock")]
pub fn now() -> Timestamp {
    jiff::Timestamp::now().into()
}

/// A new id, ordered by the time at which it was made.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "this is the harness's source of ids"
)]
pub fn new_id() -> Uuid {
    Uuid::now_v7()
}

/// Waits until `probe` gives a value; fails with `what` after `limit`.
///
/// # Errors
/// When the limit passes, with the last thing that `probe` said in the way of an error.
pub async fn wait_for<T, F: Future<Output = Result<Option<T>>>>(
    what: &str,
    limit: Duration,
    mut probe: impl FnMut() -> F,
) -> Result<T> {
    let deadline = tokio::time::Instant::now() + limit;
    loop {
        let said = match probe().await {
            Ok(Some(value)) => return Ok(value),
            Ok(None) => String::new(),
            Err(error) => format!(" (last: {error:#})"),
        };
        if tokio::time::Instant::now() >= deadline {
            bail!("{what}: not within {} s{said}", limit.as_secs());
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Waits for an instant of the wall clock, where a schedule runs in real time.
pub async fn wait_until(instant: Timestamp) {
    loop {
        let left = instant.millis_since(now());
        let Ok(left @ 1..) = u64::try_from(left) else {
            return;
        };
        // In steps, so that a clock that is set does not leave us behind.
        tokio::time::sleep(Duration::from_millis(left.min(500))).await;
    }
}
