//! Reports that are made by themselves, again and again, for whoever asked.

use serde::{Deserialize, Serialize};

use crate::{
    ProjectId, ReportScheduleId, TeamId, Timestamp, UserId,
    export::{ExportFormat, ExportState},
    hours::{TimeOfDay, Weekday},
    report::GroupBy,
};

/// Schedules that a person has at most.
pub const SCHEDULES_MAX: i64 = 20;

/// How often, and of which days: always whole ones of the organization that are over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Every {
    /// Each day, of the day before.
    Day,
    /// Each week on one day, of the seven days before it.
    Week,
    /// On the first of each month, of the month before.
    Month,
}

impl Every {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Month];
}

/// What is made when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReportScheduleTerms {
    /// What its owner calls it, 1 to 100 characters.
    pub name: String,
    /// How often, and of which days.
    pub every: Every,
    /// On which day; there exactly when `every` is `week`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weekday: Option<Weekday>,
    /// From which reading of the organization's clock on, `00:00` to `23:59`.
    pub at: TimeOfDay,
    /// By what the report adds up.
    pub group_by: GroupBy,
    /// What kind of file.
    pub format: ExportFormat,
    /// Only this person; otherwise everybody whom its owner sees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
    /// Only who is in this team then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team_id: Option<TeamId>,
    /// Only what is booked on this project then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project_id: Option<ProjectId>,
    /// Also the range of the same length before.
    #[serde(default)]
    pub compare: bool,
    /// Whether its owner is told by mail that the file is there; needs a mail server. The mail
    /// holds a link, and nothing of the report.
    #[serde(default)]
    pub by_mail: bool,
    /// Whether anything is made.
    pub enabled: bool,
}

/// A schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReportSchedule {
    /// Its id.
    pub id: ReportScheduleId,
    /// What is made when.
    pub terms: ReportScheduleTerms,
    /// When next; absent while it is not enabled.
    pub next_at: Option<Timestamp>,
    /// For when a file was begun last; absent: not yet.
    pub last_at: Option<Timestamp>,
    /// How far that file is; absent where it is gone by now.
    pub last_state: Option<ExportState>,
}

/// A person's schedules, in the order of their making; at most 20.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReportSchedules {
    /// All of them.
    pub items: Vec<ReportSchedule>,
    /// Whether this server sends mail.
    pub can_mail: bool,
}
