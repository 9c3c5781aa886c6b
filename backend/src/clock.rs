//! Time and identifiers, injected so that tests own them.
//!
//! The only module of the server that may read the system's clock or make a random id.

use std::sync::Arc;

use parking_lot::Mutex;
use shared_types::Timestamp;
use uuid::Uuid;

/// Where instants and ids come from.
pub trait Clock: Send + Sync + 'static {
    /// The present.
    fn now(&self) -> Timestamp;
    /// A new `UUIDv7`, ordered by the time at which it was made.
    fn new_uuid(&self) -> Uuid;
}

/// A shared clock.
pub type SharedClock = Arc<dyn Clock>;

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    fn now(&self) -> Timestamp {
        jiff::Timestamp::now().into()
    }

    #[expect(clippy::disallowed_methods, reason = "this is the source of ids")]
    fn new_uuid(&self) -> Uuid {
        Uuid::now_v7()
    }
}

/// A clock that a test sets and moves. Its ids are real and random.
#[derive(Debug)]
pub struct ManualClock(Mutex<Timestamp>);

impl ManualClock {
    /// A clock that stands at `now`.
    #[must_use]
    pub fn at(now: Timestamp) -> Arc<Self> {
        Arc::new(Self(Mutex::new(now)))
    }

    /// Moves the clock; it never moves by itself.
    pub fn set(&self, now: Timestamp) {
        *self.0.lock() = now;
    }

    /// Moves the clock forward (negative: back).
    pub fn advance_seconds(&self, seconds: i64) {
        let mut now = self.0.lock();
        *now = now.plus_seconds(seconds);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.lock()
    }

    fn new_uuid(&self) -> Uuid {
        SystemClock.new_uuid()
    }
}
