//! Ctrl-C and SIGTERM: a flag that every wait in this program looks at.
//!
//! Nothing here ends a process by itself: whoever started a child ends it, by its id, on
//! the way out. That is why a stop unwinds through ordinary errors.

use std::{
    sync::{Condvar, Mutex, PoisonError},
    time::Duration,
};

use anyhow::{Context, Result, bail};

static REQUESTED: Mutex<bool> = Mutex::new(false);
static CHANGED: Condvar = Condvar::new();

/// Makes Ctrl-C and SIGTERM set the flag instead of ending this process at once.
pub(crate) fn install() -> Result<()> {
    ctrlc::set_handler(request).context("cannot listen for Ctrl-C")
}

/// Asks everything to stop.
pub(crate) fn request() {
    *REQUESTED.lock().unwrap_or_else(PoisonError::into_inner) = true;
    CHANGED.notify_all();
}

/// Whether a stop was asked for.
pub(crate) fn requested() -> bool {
    *REQUESTED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits for this long, or until a stop is asked for; says whether it was.
pub(crate) fn wait(duration: Duration) -> bool {
    let guard = REQUESTED.lock().unwrap_or_else(PoisonError::into_inner);
    let (guard, _) = CHANGED
        .wait_timeout_while(guard, duration, |stopped| !*stopped)
        .unwrap_or_else(PoisonError::into_inner);
    *guard
}

/// Fails if a stop was asked for.
pub(crate) fn check() -> Result<()> {
    if requested() {
        bail!("interrupted");
    }
    Ok(())
}
