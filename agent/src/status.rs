//! What the agent tells the person: one value with everything that the tray, the command line
//! and IT show. Plain data; it must not know where its parts come from.

use crate::engine::{Backlog, Returned};
use serde::{Deserialize, Serialize};
use shared_types::{
    DeviceId, ProjectId, SessionId, Timestamp, device::Capabilities, live::DayTotals,
    policy::CapturePolicy, sync::Counters,
};

/// What the agent is doing, in one word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// In a session, with input.
    Working,
    /// In a session, without input.
    Idle,
    /// The person paused it: nothing is looked at.
    Paused,
    /// In no session.
    #[default]
    NotWorking,
    /// It works, and the server cannot be reached: what is made waits on this machine.
    Offline,
    /// Someone must act; the message says what.
    NeedsAttention,
}

impl State {
    /// For people.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Working => "Working",
            Self::Idle => "Idle",
            Self::Paused => "Paused",
            Self::NotWorking => "Not working",
            Self::Offline => "Offline",
            Self::NeedsAttention => "Needs attention",
        }
    }
}

/// The running session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionInfo {
    /// The session.
    pub id: SessionId,
    /// What is worked on.
    pub project_id: Option<ProjectId>,
    /// When it began.
    pub started_at: Timestamp,
}

/// Everything that the agent tells about itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts, each by its name in the answer"
)]
pub struct StatusReport {
    /// Whether this machine has been enrolled.
    pub enrolled: bool,
    /// The server's address.
    pub server: Option<String>,
    /// This installation.
    pub device_id: Option<DeviceId>,
    /// Whose time is recorded.
    pub user_name: Option<String>,
    /// Who sees it.
    pub organization_name: Option<String>,
    /// In one word.
    pub state: State,
    /// In a sentence: what happened, what was kept, what to do. Present at least when
    /// `state` is `needs_attention`.
    pub message: Option<String>,
    /// The running session.
    pub session: Option<SessionInfo>,
    /// Whether the person paused the agent.
    pub paused: bool,
    /// Until when; absent while paused: until it is resumed.
    pub paused_until: Option<Timestamp>,
    /// This machine's local day so far, from what is kept here (at least 24 hours).
    pub today: DayTotals,
    /// Items that the server has not acknowledged.
    pub pending: i64,
    /// Items that the disk does not take at the moment; they wait in memory.
    pub waiting_in_memory: i64,
    /// How far a backlog has been sent, while there is one.
    #[serde(default)]
    pub backlog: Option<Backlog>,
    /// `produced = stored + pending + Σ dropped`.
    pub counters: Counters,
    /// When the server last answered.
    pub last_sync_at: Option<Timestamp>,
    /// What went wrong last, while it still is wrong.
    pub last_error: Option<String>,
    /// What the desktop lets us see.
    pub capabilities: Capabilities,
    /// By which probe, such as `x11`; absent while none has found a desktop.
    #[serde(default)]
    pub probe: Option<String>,
    /// The version of the capture policy in force.
    pub policy_version: i64,
    /// The capture policy in force.
    #[serde(default)]
    pub policy: Option<CapturePolicy>,
    /// An administrator has not approved this device yet: nothing is sent.
    #[serde(default)]
    pub device_pending: bool,
    /// When the person accepted the notice of what is collected; absent: nothing is looked at.
    #[serde(default)]
    pub notice_accepted_at: Option<Timestamp>,
    /// The person has come back and may be asked what the time was.
    #[serde(default)]
    pub returned: Option<Returned>,
    /// The policy's working hours do not hold now: nothing is looked at.
    #[serde(default)]
    pub outside_working_hours: bool,
    /// Whether the server's nudges arrive (policy changes at once, not within a minute).
    pub nudges_connected: bool,
    /// Time that passed while the clock showed what was recorded already, in seconds.
    pub clock_dropped_seconds: i64,
    /// This program's version.
    pub agent_version: String,
}
