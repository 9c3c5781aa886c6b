//! How the process ends, as numbers that scripts may rely on.
//!
//! The README lists them; they are never renumbered. Below 10 they mean what they mean for
//! `workpulse-agent`.

use std::process::ExitCode;

/// A documented end of the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Exit {
    /// Left as asked, or `--check` found nothing that stands in the way.
    Done = 0,
    /// Something failed that has no number of its own; the message says what.
    Failed = 1,
    /// The command line or a setting cannot be understood (the number that clap uses).
    Usage = 2,
    /// Another WorkPulse runs on this profile.
    AlreadyRunning = 4,
    /// No display answers.
    NoDisplay = 10,
    /// The system's tray library is not installed.
    NoTrayLibrary = 11,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
