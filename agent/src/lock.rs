//! One agent on one data directory, and one icon.

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

/// Held by the running agent, or tray app, until it is dropped or its process ends in any way.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "the lock is the open file")] File);

/// Why the directory was not locked.
#[derive(Debug, thiserror::Error)]
pub enum NotLocked {
    /// Another one has it.
    #[error("another one runs on this directory")]
    Taken,
    /// The file cannot be made or locked.
    #[error(transparent)]
    Failed(io::Error),
}

/// Locks a data directory for its agent, making it if need be.
pub(crate) fn lock(dir: &Path) -> Result<Lock, NotLocked> {
    hold(dir, "agent.lock")
}

/// Locks a data directory for its tray app: a lock of its own, so that a second tray app can
/// tell the first one from an agent without an icon. It needs no session bus.
///
/// # Errors
///
/// When a tray app runs on the directory, or the file cannot be made.
pub fn tray(dir: &Path) -> Result<Lock, NotLocked> {
    hold(dir, "tray.lock")
}

fn hold(dir: &Path, name: &str) -> Result<Lock, NotLocked> {
    files::private_dir(dir).map_err(NotLocked::Failed)?;
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(dir.join(name))
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
