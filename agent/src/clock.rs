//! Time, ids and randomness: the only module of the agent that asks the system for them.
//!
//! Everything else takes a [`Clock`], so that tests own the time. Two notions of passing
//! time are kept apart, because their difference is the only trace that a suspend leaves.

use shared_types::Timestamp;
use uuid::Uuid;

/// Where time, ids and randomness come from.
pub trait Clock: Send + Sync + 'static {
    /// The wall clock. May jump in either direction.
    fn wall(&self) -> Timestamp;

    /// Milliseconds since some fixed instant, never going back, *including* suspend.
    fn boot_millis(&self) -> i64;

    /// Milliseconds since some fixed instant, never going back, *without* suspend where
    /// the system tells them apart (Linux, macOS, Windows).
    fn mono_millis(&self) -> i64;

    /// A new `UUIDv7`.
    fn new_uuid(&self) -> Uuid;

    /// Uniformly random bits, for jitter.
    fn random(&self) -> u64;
}

/// The system's clocks.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    fn wall(&self) -> Timestamp {
        jiff::Timestamp::now().into()
    }

    fn boot_millis(&self) -> i64 {
        #[cfg(target_os = "linux")]
        return millis_of(rustix::time::ClockId::Boottime);
        // On macOS the POSIX monotonic clock counts suspend.
        #[cfg(all(unix, not(target_os = "linux")))]
        return millis_of(rustix::time::ClockId::Monotonic);
        #[cfg(not(unix))]
        return process_millis();
    }

    fn mono_millis(&self) -> i64 {
        #[cfg(target_os = "linux")]
        return millis_of(rustix::time::ClockId::Monotonic);
        #[cfg(windows)]
        return workpulse_system_events::awake_millis().unwrap_or_else(process_millis);
        #[cfg(not(any(target_os = "linux", windows)))]
        return process_millis();
    }

    #[expect(clippy::disallowed_methods, reason = "this is the source of ids")]
    fn new_uuid(&self) -> Uuid {
        Uuid::now_v7()
    }

    fn random(&self) -> u64 {
        // Without randomness jitter degrades to none, which is no reason to stop.
        getrandom::u64().unwrap_or(u64::MAX)
    }
}

#[cfg(unix)]
fn millis_of(clock: rustix::time::ClockId) -> i64 {
    let time = rustix::time::clock_gettime(clock);
    time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
}

/// Milliseconds by [`std::time::Instant`], which counts suspend on Windows and does not on macOS.
#[cfg(not(target_os = "linux"))]
#[expect(clippy::disallowed_methods, reason = "this is the clock")]
fn process_millis() -> i64 {
    use std::{sync::OnceLock, time::Instant};
    static START: OnceLock<Instant> = OnceLock::new();
    // Far from zero, so that an idle time of hours is plausible against it.
    let base = 365 * 86_400_000;
    let elapsed = START.get_or_init(Instant::now).elapsed().as_millis();
    i64::try_from(elapsed).unwrap_or(i64::MAX / 2) + base
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boot_time_includes_at_least_what_monotonic_time_counts() {
        let clock = SystemClock;
        let (mono, boot) = (clock.mono_millis(), clock.boot_millis());
        assert!(boot >= mono, "boot {boot} < mono {mono}");
        assert!(clock.boot_millis() >= boot);
    }

    #[test]
    fn ids_are_distinct_and_ordered_by_time() {
        let clock = SystemClock;
        assert_ne!(clock.new_uuid(), clock.new_uuid());
        assert_eq!(clock.new_uuid().get_version_num(), 7);
    }
}
