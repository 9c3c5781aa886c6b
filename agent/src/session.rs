//! What the person asked for, and what follows from it for sessions.
//!
//! Pure. A pause survives restarts: someone who wanted not to be looked at must not be looked
//! at because the machine was rebooted. A stop by hand holds until the next start by hand, or
//! the next day.

use serde::{Deserialize, Serialize};
use shared_types::{ProjectId, Timestamp};

/// What the person asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    /// Start a session now.
    Start {
        /// What is worked on.
        #[serde(default)]
        project_id: Option<ProjectId>,
    },
    /// Stop the running session.
    Stop,
    /// Do not look at the desktop.
    Pause {
        /// Until then; absent: until it is resumed.
        #[serde(default)]
        until: Option<Timestamp>,
    },
    /// Look again.
    Resume,
    /// Send what is pending now.
    SyncNow,
    /// Only tell the status.
    Status,
}

/// Why a command was not carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "error", content = "detail", rename_all = "snake_case")]
pub enum CommandError {
    /// This machine has not been enrolled.
    #[error("this machine is not enrolled yet; run `workpulse-agent enrol` first")]
    NotEnrolled,
    /// A session is running.
    #[error("a session is running already")]
    AlreadyRunning,
    /// No session is running.
    #[error("no session is running")]
    NoSession,
    /// The clock shows recorded time.
    #[error("the clock shows a time that is already recorded; check this machine's date and time")]
    ClockBehind,
    /// The time given for the end of a pause has passed.
    #[error("the pause would end in the past")]
    PauseInThePast,
    /// The server cut this device off.
    #[error("{0}")]
    Halted(String),
    /// The agent is shutting down.
    #[error("the agent is shutting down")]
    ShuttingDown,
}

/// What the person asked for earlier, kept on the disk.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wishes {
    /// Not to be looked at.
    #[serde(default)]
    pub pause: Option<Pause>,
    /// The local day on which they stopped by hand.
    #[serde(default)]
    pub stopped_on: Option<String>,
}

/// Not to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Until then; absent: until it is resumed.
    pub until: Option<Timestamp>,
}

impl Wishes {
    /// Whether the person is paused; a pause that is over is forgotten.
    pub fn is_paused(&mut self, now: Timestamp) -> bool {
        if self
            .pause
            .is_some_and(|pause| pause.until.is_some_and(|until| until <= now))
        {
            self.pause = None;
        }
        self.pause.is_some()
    }

    /// Whether input may start a session on this local day.
    #[must_use]
    pub fn may_start_by_itself(&self, today: &str) -> bool {
        self.pause.is_none() && self.stopped_on.as_deref() != Some(today)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_ends_by_itself_and_one_without_end_does_not() {
        let at = Timestamp::from_millis;
        let mut wishes = Wishes {
            pause: Some(Pause {
                until: Some(at(10)),
            }),
            ..Wishes::default()
        };
        assert!(wishes.is_paused(at(9)));
        assert!(!wishes.is_paused(at(10)));
        assert!(!wishes.is_paused(at(9)), "it is over for good");
        wishes.pause = Some(Pause { until: None });
        assert!(wishes.is_paused(at(1_000_000)));
    }

    #[test]
    fn a_stop_by_hand_holds_for_the_day() {
        let wishes = Wishes {
            stopped_on: Some("2026-11-22".into()),
            ..Wishes::default()
        };
        assert!(!wishes.may_start_by_itself("2026-11-22"));
        assert!(wishes.may_start_by_itself("2026-11-23"));
    }
}
