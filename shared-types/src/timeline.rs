//! One person's day, as it was: spans in order, and what is not known.

use serde::{Deserialize, Serialize};

use crate::{
    DeviceId, SessionId, Timestamp, UserId,
    activity::{ActivityType, UnobservedReason},
    alert::Alert,
    live::DayTotals,
    note::Note,
    session::WorkSession,
};

/// A day of one person, all devices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Timeline {
    /// Whose day.
    pub user_id: UserId,
    /// The day, `YYYY-MM-DD`.
    pub date: String,
    /// IANA name of the zone that the day is cut in: the organization's.
    pub time_zone: String,
    /// The day's first instant.
    pub from: Timestamp,
    /// The first instant of the next day; 23, 24 or 25 hours later.
    pub to: Timestamp,
    /// Sessions with time in this day, in the order of their begin.
    pub sessions: Vec<WorkSession>,
    /// What was observed, in the order of its begin; neighbours that say the same are one. At
    /// most 10,000.
    pub spans: Vec<TimelineSpan>,
    /// How many spans more there would be; `totals` and `gaps` count them.
    pub spans_left_out: i64,
    /// Stretches between spans of which no device said anything.
    pub gaps: Vec<Gap>,
    /// Alerts of this day, also those that go on from the day before; oldest first.
    pub alerts: Vec<Alert>,
    /// What the person says of stretches of this day; in the order of their begin. No sum
    /// changes by it.
    pub notes: Vec<Note>,
    /// Seconds by kind; time on two devices at once counts once.
    pub totals: DayTotals,
}

/// What one device said without a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TimelineSpan {
    /// The session that it belongs to.
    pub session_id: SessionId,
    /// The device that said it; absent: the person's keyboard in the browser.
    pub device_id: Option<DeviceId>,
    /// Active, idle, or not observed.
    pub activity_type: ActivityType,
    /// Why nothing was observed; present exactly when `activity_type` is `unobserved`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<UnobservedReason>,
    /// First instant.
    pub from: Timestamp,
    /// Behind the last instant.
    pub to: Timestamp,
    /// The application that had the focus, where policy allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<String>,
    /// The window's title, where policy allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The page's address, where policy allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The category's name, where policy keeps nothing else of the window; absent, too, where
    /// the category is no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
}

/// A stretch of which no device said anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Gap {
    /// First instant.
    pub from: Timestamp,
    /// Behind the last instant.
    pub to: Timestamp,
    /// Why.
    pub reason: GapReason,
}

/// Why nothing is known of a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum GapReason {
    /// No session ran: nobody was asked to say anything.
    NoSession,
    /// A session ran, and its device has not reported this stretch (yet).
    NotReported,
}
