//! Whether somebody can be in front of the screen at all: is it locked, is the session another
//! one's turn, is the machine going to sleep or shutting down.
//!
//! Owns what the system says about that, and the thread that listens for it. It must not know
//! windows, idle time, sessions of work or the disk. "Not known" is an ordinary answer: without
//! a bus, or with one that hangs, nothing here blocks and nobody counts as away.
//!
//! Sleep is told here only for the moments between the announcement and the suspend itself; the
//! time asleep is found by the sampler, which compares the clocks.

#[cfg(target_os = "linux")]
mod bus;
mod facts;
mod guard;
mod native;

use std::{sync::Arc, time::Duration};

use parking_lot::{Condvar, Mutex};
use shared_types::activity::UnobservedReason;

#[cfg(target_os = "linux")]
pub use bus::Buses;
pub use facts::{Event, Facts, Source};
pub use guard::Guarded;
pub use native::{ask, hear};

/// Why nobody is in front of this session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Away {
    /// The screen is locked, or shows another person's session.
    #[error("the screen is locked")]
    Locked,
    /// The machine goes to sleep or comes back from it.
    #[error("the machine is going to sleep")]
    Asleep,
    /// The machine shuts down or restarts: the session ends here, in order.
    #[error("the machine is shutting down")]
    ShuttingDown,
}

impl Away {
    /// As activities name it.
    #[must_use]
    pub const fn reason(self) -> UnobservedReason {
        match self {
            Self::Locked => UnobservedReason::Locked,
            Self::Asleep => UnobservedReason::Asleep,
            Self::ShuttingDown => UnobservedReason::NotRunning,
        }
    }
}

/// What is known at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Why nobody is there; absent: nothing speaks against it.
    pub away: Option<Away>,
    /// Counts the times that `away` changed, so that a lock which came and went is noticed.
    pub changes: u64,
}

#[derive(Debug, Default)]
struct Known {
    facts: Facts,
    changes: u64,
}

/// The latest that is known; cheap to ask, never blocks on a bus. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Presence {
    shared: Arc<(Mutex<Known>, Condvar)>,
}

impl Presence {
    /// Knows nothing yet.
    #[must_use]
    pub fn unknown() -> Self {
        Self::default()
    }

    /// What is known now.
    #[must_use]
    pub fn now(&self) -> Moment {
        let known = self.shared.0.lock();
        Moment {
            away: known.facts.away(),
            changes: known.changes,
        }
    }

    /// Takes in what was learned.
    pub fn tell(&self, event: Event) {
        let mut known = self.shared.0.lock();
        let before = known.facts.away();
        known.facts.apply(event);
        if known.facts.away() != before {
            known.changes += 1;
        }
        self.shared.1.notify_all();
    }

    /// Somebody besides the caller still holds a clone.
    #[cfg(target_os = "linux")]
    fn is_wanted(&self) -> bool {
        Arc::strong_count(&self.shared) > 1
    }

    /// Waits until every source has answered or given up once, at most this long. Without it,
    /// the first look of an agent that starts behind a lock would see through it.
    pub fn settle(&self, patience: Duration) {
        let mut known = self.shared.0.lock();
        self.shared
            .1
            .wait_while_for(&mut known, |known| !known.facts.settled(), patience);
    }
}
