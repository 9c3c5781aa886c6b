//! What time is worked on: projects, their people, and what was booked on them.
//!
//! A work session belongs to one project at a time, or to none.

use serde::{Deserialize, Serialize};

use crate::{ProjectId, Timestamp, UserId};

/// Makes a project. Admins and managers may; a manager becomes its manager.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateProject {
    /// 1 to 200 characters; no other project of the organization has it, archived or not.
    pub name: String,
    /// Whether everyone in the organization may book time on it; otherwise its members only.
    #[serde(default = "yes")]
    pub open_to_all: bool,
}

const fn yes() -> bool {
    true
}

/// Changes a project. What is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeProject {
    /// 1 to 200 characters; no other project of the organization has it, archived or not.
    #[serde(default)]
    pub name: Option<String>,
    /// Whether everyone may book time on it; otherwise its members only.
    #[serde(default)]
    pub open_to_all: Option<bool>,
    /// An archived project keeps its sessions and members, and takes no new sessions.
    #[serde(default)]
    pub archived: Option<bool>,
}

/// A project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Project {
    /// The project.
    pub id: ProjectId,
    /// Its name.
    pub name: String,
    /// Whether everyone may book time on it; otherwise its members only.
    pub open_to_all: bool,
    /// Whether the caller is one of its managers.
    pub is_manager: bool,
    /// When it was archived; absent while it is in use.
    pub archived_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// One page of projects, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProjectPage {
    /// At most 200.
    pub items: Vec<Project>,
    /// Pass as `cursor` to read on; absent on the last page.
    pub next_cursor: Option<String>,
}

/// A person in a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProjectMember {
    /// The person.
    pub user_id: UserId,
    /// Their name.
    pub name: String,
    /// Whether they manage the project.
    pub is_manager: bool,
    /// Whether the project's managers see this person because of it: true when an admin
    /// added them. Whom a manager adds may book time, and is shown to nobody by it.
    pub gives_sight: bool,
    /// When they were added.
    pub added_at: Timestamp,
}

/// One page of a project's people, by name: those whom the caller sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProjectMemberPage {
    /// At most 200.
    pub items: Vec<ProjectMember>,
    /// Pass as `cursor` to read on; absent on the last page.
    pub next_cursor: Option<String>,
}

/// Time that was booked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BookedTime {
    /// How many sessions.
    pub sessions: i64,
    /// Seconds with input. Of sessions that overlap, each counts.
    pub active_seconds: i64,
    /// Seconds without input.
    pub idle_seconds: i64,
    /// Seconds that nobody looked at.
    pub unobserved_seconds: i64,
}

/// What one person booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonBooked {
    /// The person.
    pub user_id: UserId,
    /// Their name.
    pub name: String,
    /// Their time.
    pub time: BookedTime,
}

/// What was booked on a project in a range of days. A session counts as a whole, on the
/// day on which it began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProjectTotals {
    /// The project.
    pub project_id: ProjectId,
    /// First day, `YYYY-MM-DD`, in the organization's zone.
    pub from: String,
    /// Last day, `YYYY-MM-DD`.
    pub to: String,
    /// One page of the people whom the caller sees, in the order of their ids.
    pub people: Vec<PersonBooked>,
    /// All people's time together. Absent when it would show what some few people did whom
    /// the caller does not see: there must be none of them, or at least five.
    pub total: Option<BookedTime>,
    /// Pass as `cursor` to read on; absent on the last page.
    pub next_cursor: Option<String>,
}
