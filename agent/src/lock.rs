//! One agent on one data directory.

use std::{
    fs::{File, TryLockError},
    io,
    path::Path,
    thread,
    time::Duration,
};

use crate::files;

/// `status` holds the lock for a moment while it finds out whether an agent runs.
const TRIES: usize = 5;
const TRY_EVERY: Duration = Duration::from_millis(20);

/// Held by the running agent until it is dropped, or its process ends in any way.
#[derive(Debug)]
pub(crate) struct Lock(#[expect(dead_code, reason = "the lock is the open file")] File);

/// Why the directory was not locked.
#[derive(Debug)]
pub(crate) enum NotLocked {
    /// An agent runs on it.
    Taken,
    /// The file cannot be made or locked.
    Failed(io::Error),
}

/// Locks a data directory, making it if need be.
pub(crate) fn lock(dir: &Path) -> Result<Lock, NotLocked> {
    files::private_dir(dir).map_err(NotLocked::Failed)?;
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(dir.join("agent.lock"))
        .map_err(NotLocked::Failed)?;
    for _ in 0..TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(Lock(file)),
            Err(TryLockError::WouldBlock) => thread::park_timeout(TRY_EVERY),
            Err(TryLockError::Error(error)) => return Err(NotLocked::Failed(error)),
        }
    }
    Err(NotLocked::Taken)
}

/// Whether an agent runs on this data directory.
#[must_use]
pub fn is_running(dir: &Path) -> bool {
    dir.join("agent.lock").exists() && matches!(lock(dir), Err(NotLocked::Taken))
}
