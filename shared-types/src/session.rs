//! Where observations end: a work session and its totals.

use serde::{Deserialize, Serialize};

use crate::{
    DeviceId, ProjectId, SessionId, Timestamp, UserId,
    activity::{ActivityType, UnobservedReason},
    outcome::{ItemResult, Outcome},
};

/// Whether a session is running.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SessionStatus {
    /// Running.
    Active,
    /// Ended.
    Stopped,
}

impl SessionStatus {
    /// The name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Stopped => "stopped",
        }
    }
}

/// A session's totals and version, as of the answer that carries them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionTotals {
    /// The session.
    pub session_id: SessionId,
    /// Running or ended.
    pub status: SessionStatus,
    /// One more than the number of changes (spans stored, stop, other project) applied to it.
    pub version: i64,
    /// What it is booked on. Not what its start said, when that was unknown, archived or
    /// closed to the person, or when it has been changed since.
    #[serde(default)]
    pub project_id: Option<ProjectId>,
    /// Sum of its active spans, in seconds.
    pub total_active_seconds: i64,
    /// Sum of its idle spans, in seconds.
    pub total_idle_seconds: i64,
    /// Sum of its unobserved spans, in seconds.
    pub total_unobserved_seconds: i64,
}

/// A work session in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WorkSession {
    /// The session.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// The device that started it; absent when a person started it in the browser.
    pub device_id: Option<DeviceId>,
    /// What is worked on.
    pub project_id: Option<ProjectId>,
    /// Running or ended.
    pub status: SessionStatus,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended; absent while it runs.
    pub ended_at: Option<Timestamp>,
    /// Sum of its active spans, in seconds.
    pub total_active_seconds: i64,
    /// Sum of its idle spans, in seconds.
    pub total_idle_seconds: i64,
    /// Sum of its unobserved spans, in seconds.
    pub total_unobserved_seconds: i64,
    /// End of its latest active span.
    pub last_activity_at: Option<Timestamp>,
    /// One more than the number of changes applied to it.
    pub version: i64,
}

/// Starts a session from a keyboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StartSession {
    /// Made by the caller (`UUIDv7`): starting twice with the same id is starting once.
    pub session_id: SessionId,
    /// What is worked on.
    #[serde(default)]
    pub project_id: Option<ProjectId>,
    /// When it began; whole seconds. The server's clock if absent.
    #[serde(default)]
    pub started_at: Option<Timestamp>,
}

/// Stops a session. Stopping a stopped session changes nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StopSession {
    /// When it ended; whole seconds. The server's clock if absent.
    #[serde(default)]
    pub stopped_at: Option<Timestamp>,
}

/// Books a session on a project, or on none.
///
/// A session belongs to one project at a time: the change books all of it, from its start,
/// also what has been observed already. To split it, stop it and start another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetSessionProject {
    /// The project; null for none. It must be said, so that an empty body changes nothing.
    #[serde(deserialize_with = "Option::deserialize")]
    #[cfg_attr(feature = "openapi", schema(required = true))]
    pub project_id: Option<ProjectId>,
}

/// One span for a session, from a keyboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PostActivity {
    /// Counts from 1 within the session; the same number twice is one span.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub seq: i64,
    /// Active, idle, or not observed.
    pub activity_type: ActivityType,
    /// Present exactly when `activity_type` is `unobserved`.
    #[serde(default)]
    pub reason: Option<UnobservedReason>,
    /// When the span began; whole seconds.
    pub started_at: Timestamp,
    /// 1 to 60 whole seconds, inside one minute.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 60))]
    pub duration_seconds: u32,
    /// At most 256 characters.
    #[serde(default)]
    pub application: Option<String>,
    /// At most 1,024 characters.
    #[serde(default)]
    pub title: Option<String>,
    /// At most 2,048 characters.
    #[serde(default)]
    pub url: Option<String>,
}

/// Many spans for a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PostActivities {
    /// At most 1,000.
    pub activities: Vec<PostActivity>,
}

/// A session after a change, and whether the change was new.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionChanged {
    /// `stored` or `duplicate`.
    pub outcome: Outcome,
    /// The session as it is now.
    pub session: WorkSession,
}

/// A session after many spans.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActivitiesStored {
    /// One result for each span, in the request's order.
    pub results: Vec<ItemResult>,
    /// The session as it is now.
    pub session: WorkSession,
}

/// One page of sessions, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionPage {
    /// At most 200.
    pub items: Vec<WorkSession>,
    /// Pass as `cursor` to read on; absent on the last page.
    pub next_cursor: Option<String>,
}
