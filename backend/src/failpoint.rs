//! Points at which tests kill the process; compiled in with the feature `failpoints` only.
//!
//! `WORKPULSE_FAILPOINT=name` aborts at the first arrival at `name`,
//! `WORKPULSE_FAILPOINT=name:3` at the third.

/// Kills the process if a test has asked for it here.
#[cfg(feature = "failpoints")]
pub fn reach(name: &str) {
    use std::sync::atomic::{AtomicU64, Ordering};
    static ARRIVALS: AtomicU64 = AtomicU64::new(0);
    let Ok(wanted) = std::env::var("WORKPULSE_FAILPOINT") else {
        return;
    };
    let (wanted, at) = wanted.split_once(':').unwrap_or((&wanted, "1"));
    if wanted == name {
        let arrival = ARRIVALS.fetch_add(1, Ordering::Relaxed) + 1;
        if at.parse() == Ok(arrival) {
            std::process::abort();
        }
    }
}

/// Nothing, in a build without the feature.
#[cfg(not(feature = "failpoints"))]
#[inline]
pub fn reach(_name: &str) {}
