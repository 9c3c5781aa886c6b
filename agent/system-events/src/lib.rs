//! What Windows and macOS say of the person's session: whether it is locked, whether a screen
//! shows it, whether the machine goes to sleep, whether the session ends.
//!
//! Owns the calls into these systems, which are the only `unsafe` code of the project, and
//! nothing else: what follows from an event is the agent's. On other systems it is silent; with
//! the feature `type-check` Linux compiles all of it, and calls none.

mod messages;

#[cfg(any(target_os = "macos", feature = "type-check"))]
mod macos;
#[cfg(any(windows, feature = "type-check"))]
mod windows;

use std::sync::Arc;

/// Something that the system said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// The session is locked, or not any more.
    Locked(bool),
    /// A screen shows the session; not while another person's turn is.
    Shown(bool),
    /// Before (true) and after (false) a suspend.
    Sleep(bool),
    /// Before a shutdown, a restart or a log-off (true), and when that is called off (false).
    Ending(bool),
}

/// Who wants to know. Called from whatever thread the system chooses; it must be quick, and it
/// must not panic: what lies behind it is not ours.
pub type Tell = Arc<dyn Fn(Told) + Send + Sync>;

/// Why the system tells nothing.
#[derive(Debug, thiserror::Error)]
pub enum NotListening {
    /// A process listens once.
    #[error("this process listens already")]
    Already,
    /// The system refused.
    #[error("{what}: {why}")]
    Refused {
        /// What was asked for.
        what: &'static str,
        /// What it said.
        why: std::io::Error,
    },
}

/// Tells from now on, beginning with how things are. Returns when the system has accepted; what
/// it says later comes by itself, for as long as the process lives.
pub fn listen(tell: Tell) -> Result<(), NotListening> {
    #[cfg(windows)]
    return windows::listen(tell);
    #[cfg(target_os = "macos")]
    {
        macos::listen(&tell);
        return Ok(());
    }
    #[cfg(not(any(windows, target_os = "macos")))]
    {
        drop(tell);
        Ok(())
    }
}

/// What must be asked for, since nothing announces it: to be called around each look. Empty
/// where everything is announced.
#[must_use]
pub fn ask() -> Vec<Told> {
    #[cfg(target_os = "macos")]
    return macos::ask();
    #[cfg(not(target_os = "macos"))]
    Vec::new()
}

/// Milliseconds that the machine was awake, since some fixed instant; absent where the ordinary
/// clock says it.
#[must_use]
pub fn awake_millis() -> Option<i64> {
    #[cfg(windows)]
    return windows::awake_millis();
    #[cfg(not(windows))]
    None
}
