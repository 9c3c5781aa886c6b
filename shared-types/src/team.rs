//! Who is with whom: teams, made by admins.
//!
//! A person with the role `manager` sees the members of the teams that they manage.

use serde::{Deserialize, Serialize};

use crate::{TeamId, Timestamp, UserId};

/// Makes a team; admins only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateTeam {
    /// 1 to 200 characters; no other team of the organization has it.
    pub name: String,
}

/// Changes a team; admins only. What is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeTeam {
    /// 1 to 200 characters; no other team of the organization has it.
    #[serde(default)]
    pub name: Option<String>,
}

/// A team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Team {
    /// The team.
    pub id: TeamId,
    /// Its name.
    pub name: String,
    /// How many people are in it, managers included.
    pub member_count: i64,
    /// Whether the caller is one of its managers.
    pub is_manager: bool,
    /// When it was made.
    pub created_at: Timestamp,
}

/// One page of teams, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TeamPage {
    /// At most 200.
    pub items: Vec<Team>,
    /// Pass as `cursor` to read on; absent on the last page.
    pub next_cursor: Option<String>,
}

/// Puts a person into a team or a project, or changes what they are in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetMember {
    /// Whether they manage it. Of a person whose role is `employee` it has no effect until
    /// they are given another role.
    #[serde(default)]
    pub is_manager: bool,
}

/// A person in a team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TeamMember {
    /// The person.
    pub user_id: UserId,
    /// Their name.
    pub name: String,
    /// Whether they manage the team.
    pub is_manager: bool,
    /// When they were added.
    pub added_at: Timestamp,
}

/// One page of a team's people, by name: those whom the caller sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TeamMemberPage {
    /// At most 200.
    pub items: Vec<TeamMember>,
    /// Pass as `cursor` to read on; absent on the last page.
    pub next_cursor: Option<String>,
}
