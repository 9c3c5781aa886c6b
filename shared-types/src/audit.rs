//! Who did, and who looked at, what; and what a person may ask for about themselves.

use serde::{Deserialize, Serialize};

use crate::{Timestamp, UserId};

/// What was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum LookAt {
    /// The live page: who is working now.
    Presence,
    /// The live page, kept open: as it happens.
    Live,
    /// What happened since a number.
    Events,
    /// The list of sessions.
    Sessions,
    /// One session.
    Session,
    /// A day, span by span.
    Timeline,
    /// Totals of a project, by person.
    ProjectTotals,
    /// Everything, as files.
    Export,
    /// A report: sums over a range of days.
    Report,
    /// When a person came and went, day by day.
    Attendance,
    /// How much of the session time is known.
    Completeness,
    /// A file that was made of a report or of activity.
    ExportedFile,
    /// What days came to.
    Summaries,
    /// Alerts about idle time and overtime.
    Alerts,
    /// What people say of their own time.
    Notes,
}

impl LookAt {
    /// Every kind.
    pub const ALL: [Self; 15] = [
        Self::Presence,
        Self::Live,
        Self::Events,
        Self::Sessions,
        Self::Session,
        Self::Timeline,
        Self::ProjectTotals,
        Self::Export,
        Self::Report,
        Self::Attendance,
        Self::Completeness,
        Self::ExportedFile,
        Self::Summaries,
        Self::Alerts,
        Self::Notes,
    ];

    /// The action in the audit.
    #[must_use]
    pub const fn action(self) -> &'static str {
        match self {
            Self::Presence => "look.presence",
            Self::Live => "look.live",
            Self::Events => "look.events",
            Self::Sessions => "look.sessions",
            Self::Session => "look.session",
            Self::Timeline => "look.timeline",
            Self::ProjectTotals => "look.project_totals",
            Self::Export => "look.export",
            Self::Report => "look.report",
            Self::Attendance => "look.attendance",
            Self::Completeness => "look.completeness",
            Self::ExportedFile => "look.exported_file",
            Self::Summaries => "look.summaries",
            Self::Alerts => "look.alerts",
            Self::Notes => "look.notes",
        }
    }

    /// The kind with this action.
    #[must_use]
    pub fn parse(action: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.action() == action)
    }
}

/// Somebody looked at the caller's activity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Look {
    /// When.
    pub at: Timestamp,
    /// At what.
    pub looked_at: LookAt,
    /// Who; absent: IT on the server itself.
    pub viewer_id: Option<UserId>,
    /// What they were called then; absent: IT, or a person who was erased since.
    pub viewer_name: Option<String>,
    /// What they might do then: `admin`, `manager`, or `employee`; absent: IT.
    pub viewer_role: Option<String>,
    /// How many people's activity was looked at at once.
    pub people: i64,
    /// The day, where a day was looked at, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
}

/// One page of looks, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LookPage {
    /// At most 200.
    pub items: Vec<Look>,
    /// Pass as `cursor` to read on; absent on the last page.
    pub next_cursor: Option<String>,
}

/// A row of the audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEntry {
    /// Its number in the organization; without gaps.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who did it; absent: IT on the server itself.
    pub actor_id: Option<UserId>,
    /// What they are called now; absent: IT, or a person who was erased.
    pub actor_name: Option<String>,
    /// What, such as `user.created`; looks begin with `look.`.
    pub action: String,
    /// The person concerned, where it is one.
    pub subject_id: Option<UserId>,
    /// What they are called now.
    pub subject_name: Option<String>,
    /// How many people were concerned.
    pub people: i64,
    /// Ids and values.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub detail: serde_json::Value,
}

/// One page of the audit, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditPage {
    /// At most 200.
    pub items: Vec<AuditEntry>,
    /// Pass as `cursor` to read on; absent on the last page.
    pub next_cursor: Option<String>,
}

/// Erases a person. There is no way back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErasePerson {
    /// The person's address, once more: so that nobody erases the wrong one.
    pub email: String,
}

/// An erasure that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Erasure {
    /// Whose.
    pub user_id: UserId,
    /// Since when the person can neither log in nor send.
    pub requested_at: Timestamp,
    /// Since when everything is gone; absent: it is under way.
    pub finished_at: Option<Timestamp>,
}
