//! By whose clock a worker works.
//!
//! Leases are compared across machines. Where the database is a server of its own, its clock is
//! the one that all workers share: a worker goes by it, however wrong its own machine's is, in
//! what is due, in its leases, and in what its jobs take for the present. A database that is a
//! file belongs to one machine, whose clock its processes share already.

use std::sync::atomic::{AtomicI64, Ordering};

use shared_types::Timestamp;
use uuid::Uuid;

use crate::{
    clock::{Clock, SharedClock},
    store::{StoreError, SystemDb, checks},
};

/// Apart by more than this, in milliseconds, a machine's clock is worth a line in the log.
const APART_MS: i64 = 5_000;

/// By whose clock a worker works.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Reckoning {
    /// The clock that it is given.
    #[default]
    Given,
    /// The database server's, where there is one.
    Database,
}

/// A worker's clock: its machine's, set right by the database's as often as the worker looks.
pub(super) struct WorkClock {
    machine: SharedClock,
    reckoning: Reckoning,
    /// By how many milliseconds the database is ahead of the machine.
    ahead: AtomicI64,
}

impl WorkClock {
    pub(super) fn new(machine: SharedClock, reckoning: Reckoning) -> Self {
        Self {
            machine,
            reckoning,
            ahead: AtomicI64::new(0),
        }
    }

    /// Looks at the database's clock. Wrong by at most the time that the question takes.
    pub(super) async fn compare(&self, db: SystemDb<'_>) -> Result<(), StoreError> {
        if self.reckoning == Reckoning::Given {
            return Ok(());
        }
        let asked = self.machine.now();
        let Some(theirs) = checks::database_clock(db).await? else {
            return Ok(());
        };
        let half = self.machine.now().millis_since(asked) / 2;
        let ahead = theirs.millis_since(asked.plus_millis(half));
        let before = self.ahead.swap(ahead, Ordering::Relaxed);
        if ahead.abs() > APART_MS && before.abs() <= APART_MS {
            tracing::warn!(
                ahead_ms = ahead,
                "this machine's clock and the database server's are apart; jobs go by the database's. Let both follow a time server"
            );
        }
        Ok(())
    }
}

impl Clock for WorkClock {
    fn now(&self) -> Timestamp {
        let ahead = self.ahead.load(Ordering::Relaxed);
        self.machine.now().plus_millis(ahead)
    }

    fn new_uuid(&self) -> Uuid {
        self.machine.new_uuid()
    }
}
