//! Places at which a test makes the process die.
//!
//! `WORKPULSE_FAILPOINT=name[:count]` aborts at the count-th passage of that place (the first
//! by default). Compiled in only with the cargo feature `failpoints`; otherwise it is nothing.

#[cfg(feature = "failpoints")]
use std::sync::{
    OnceLock,
    atomic::{AtomicI64, Ordering},
};

/// The place, and how many passages are left.
#[cfg(feature = "failpoints")]
fn wanted() -> Option<&'static (String, AtomicI64)> {
    static WANTED: OnceLock<Option<(String, AtomicI64)>> = OnceLock::new();
    WANTED
        .get_or_init(|| {
            let text = std::env::var("WORKPULSE_FAILPOINT").ok()?;
            let (name, count) = text.split_once(':').unwrap_or((&text, "1"));
            Some((name.to_owned(), AtomicI64::new(count.parse().ok()?)))
        })
        .as_ref()
}

/// Whether the test asked for this place.
#[cfg(feature = "failpoints")]
pub(crate) fn is_wanted(name: &str) -> bool {
    wanted().is_some_and(|(wanted, _)| wanted == name)
}

/// Aborts the process here if the test asked for it.
#[cfg(feature = "failpoints")]
pub(crate) fn failpoint(name: &str) {
    if let Some((wanted, left)) = wanted()
        && wanted == name
        && left.fetch_sub(1, Ordering::SeqCst) == 1
    {
        std::process::abort();
    }
}

/// Nothing: this build has no failpoints.
#[cfg(not(feature = "failpoints"))]
#[inline]
pub(crate) const fn failpoint(_name: &str) {}
