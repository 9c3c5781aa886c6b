//! Alerts: that somebody in a running session gives no input for long, or has worked for long.
//!
//! One alert an episode, however often it is looked for. It ends by itself with its episode, or a
//! manager resolves it before.

use serde::{Deserialize, Serialize};

use crate::{
    AlertId, SessionId, Timestamp, UserId,
    hours::{TimeOfDay, Weekday},
};

/// What an alert is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum AlertKind {
    /// No input for longer than the threshold in a running session.
    Idle,
    /// Worked longer on the organization's day than the limit.
    Overtime,
}

/// Whether anybody needs to look at an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum AlertState {
    /// Nobody has resolved it, and its episode goes on.
    Open,
    /// By a manager, or by itself.
    Resolved,
}

/// How an alert was resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum AlertResolution {
    /// By itself: there is input again.
    Returned,
    /// By itself: the session has ended.
    Stopped,
    /// By itself: the day is over.
    DayOver,
    /// By a manager or an admin.
    ByHand,
}

/// An alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Alert {
    /// The alert.
    pub id: AlertId,
    /// Whom it concerns.
    pub user_id: UserId,
    /// Their name.
    pub user_name: String,
    /// What it is about.
    pub kind: AlertKind,
    /// Whether anybody needs to look at it.
    pub state: AlertState,
    /// In a sentence, in English.
    pub message: String,
    /// When it was noticed.
    pub opened_at: Timestamp,
    /// When it was noticed: seconds without input, or worked that day.
    pub seconds: i64,
    /// Idle: the last input before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// Idle: the session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<SessionId>,
    /// Idle: whether an agent of the person was in contact then; absent: they have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_online: Option<bool>,
    /// Overtime: the organization's day, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<String>,
    /// Whether it was noticed in quiet hours and nobody has been told: people are when it goes on
    /// as the hours end.
    pub quiet: bool,
    /// When what it is about was over: input again, the session ended, the day over. Absent: it
    /// goes on, also where a manager has resolved the alert.
    pub ended_at: Option<Timestamp>,
    /// When it was resolved; absent: it is open.
    pub resolved_at: Option<Timestamp>,
    /// How; present exactly when `resolved_at` is.
    pub resolution: Option<AlertResolution>,
    /// By whom; absent: by itself.
    pub resolved_by: Option<UserId>,
    /// What they are called; absent also where they were erased since.
    pub resolved_by_name: Option<String>,
    /// What they wrote. The person concerned reads it too.
    pub note: Option<String>,
}

/// One page of alerts, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AlertPage {
    /// At most 200.
    pub items: Vec<Alert>,
    /// Pass as `cursor` to read on; absent on the last page.
    pub next_cursor: Option<String>,
}

/// Resolves an alert.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResolveAlert {
    /// Why; at most 1,000 characters. The person concerned reads it too.
    #[serde(default)]
    pub note: Option<String>,
}

/// Resolves several alerts with one note.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResolveAlerts {
    /// Which, 1 to 200.
    pub ids: Vec<AlertId>,
    /// Why; at most 1,000 characters. The people concerned read it too.
    #[serde(default)]
    pub note: Option<String>,
}

/// What came of resolving several alerts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResolvedAlerts {
    /// How many this request resolved; the others had been resolved before, and stay as they were.
    pub resolved: i64,
    /// All of them, as they are now.
    pub items: Vec<Alert>,
}

/// Hours in which alerts are written down and nobody is told, by the organization's clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuietHours {
    /// The days on which they begin; at least one.
    pub weekdays: Vec<Weekday>,
    /// From then on, `00:00` to `23:59`.
    pub from: TimeOfDay,
    /// Until then; not after `from`: on the next day. `00:00` to `24:00` is the whole day.
    pub to: TimeOfDay,
}

impl QuietHours {
    /// Most stretches that an organization names.
    pub const MOST: usize = 50;

    /// Whether they can be kept: a day at least, and a time other than nothing.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        !self.weekdays.is_empty()
            && self.weekdays.len() <= 7
            && self.from.minutes() < 1_440
            && self.to.minutes() > 0
            && self.from != self.to
    }
}
