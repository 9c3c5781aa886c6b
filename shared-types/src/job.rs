//! Scheduled work, as an organization's admin sees it.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum RunState {
    /// It did what it is for.
    Done,
    /// It was given up after several attempts.
    Failed,
}

/// A run that has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScheduleRun {
    /// When it was due.
    pub due_at: Timestamp,
    /// When its last attempt began.
    pub started_at: Timestamp,
    /// When that ended.
    pub finished_at: Timestamp,
    /// How long that took, in milliseconds.
    pub duration_ms: i64,
    /// How it ended.
    pub state: RunState,
    /// How often it was begun.
    pub attempts: i64,
    /// What it did. Absent for what the server does for all organizations together.
    pub outcome: Option<String>,
    /// What went wrong. Absent for what the server does for all organizations together.
    pub error: Option<String>,
}

/// A schedule and its last run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Schedule {
    /// Its name: lower case with underscores.
    pub name: String,
    /// Cron, or `@midnight`: the first instant of each day.
    pub expression: String,
    /// Whether it runs for this organization by itself and in its time zone; otherwise the
    /// server runs it for all, in UTC.
    pub own: bool,
    /// Whether it is turned on.
    pub enabled: bool,
    /// When it is due next; absent while it is turned off.
    pub next_due_at: Option<Timestamp>,
    /// Since when the oldest run waits that has not ended; absent: none does.
    pub waiting_since: Option<Timestamp>,
    /// Runs that were given up in the last month.
    pub failed: i64,
    /// The run that ended last; absent before the first.
    pub last_run: Option<ScheduleRun>,
}

/// Every schedule, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScheduleList {
    /// The schedules.
    pub items: Vec<Schedule>,
}
