//! What goes into the sampler, and what the disk keeps of it.

use serde::{Deserialize, Serialize};
use shared_types::{
    ProjectId, SessionId, Timestamp, activity::UnobservedReason, policy::CapturePolicy,
};

use super::{covered::Covered, ledger::Ledger};
use crate::capture::Focus;

/// The numbers that the sampler works by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Time between looks, in milliseconds.
    pub interval_millis: i64,
    /// No input for this long is idle, in milliseconds.
    pub idle_after_millis: i64,
    /// Nobody looking for this long ends the session, in milliseconds.
    pub session_gap_millis: i64,
}

impl Rules {
    /// The rules of a policy at this interval.
    #[must_use]
    pub fn new(interval_seconds: u32, policy: &CapturePolicy) -> Self {
        Self {
            interval_millis: i64::from(interval_seconds) * 1_000,
            idle_after_millis: i64::from(policy.idle_after_seconds) * 1_000,
            session_gap_millis: i64::from(policy.session_gap_seconds) * 1_000,
        }
    }

    /// Looks further apart than this did not see what lay between them, in milliseconds.
    pub(super) fn blind_after_millis(&self) -> i64 {
        (3 * self.interval_millis).max(15_000)
    }
}

/// One look, and the clocks at that moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// The clock that counts suspend.
    pub boot_millis: i64,
    /// The clock that does not.
    pub mono_millis: i64,
    /// The wall clock.
    pub wall: Timestamp,
    /// What was seen.
    pub sight: Sight,
    /// The id for a session that this observation may start; absent: none may start.
    pub may_start: Option<SessionId>,
}

/// What a look saw, after privacy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    /// A desktop with a person's idle time.
    Seen {
        /// The focused window; all fields empty when nothing is focused.
        focus: Focus,
        /// Milliseconds since the last input.
        idle_millis: i64,
    },
    /// Nothing could, or may, be seen.
    Blind(UnobservedReason),
}

/// A running session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    /// The session.
    pub id: SessionId,
    /// What is worked on.
    pub project_id: Option<ProjectId>,
    /// When it began; whole seconds.
    pub started_at: Timestamp,
}

/// What the outbox must remember in the same transaction as the items made so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// The running session.
    pub session: Option<Running>,
    /// Up to here the running session's time is in items, in seconds since 1970.
    pub emitted_until: i64,
    /// All time that this device has made spans for.
    pub covered: Covered,
}

/// What is not in items yet: written to the checkpoint at each observation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfinished {
    pub(super) session: SessionId,
    pub(super) ledger: Ledger,
}

/// Why a session cannot start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StartRefused {
    /// One is running.
    #[error("a session is running already")]
    Running,
    /// The clock shows a time for which there are minutes already.
    #[error("the clock shows a time that is already recorded; check the date and time")]
    ClockBehind,
    /// No look has been made yet.
    #[error("the agent has not looked at the desktop yet")]
    NotReady,
}
