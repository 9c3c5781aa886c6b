//! Who may: set-up, log-in, people.
//!
//! Passwords and tokens are plain strings here; whoever holds them wraps them.

use serde::{Deserialize, Serialize};

use crate::{OrganizationId, Timestamp, UserId};

/// What a person may do in their organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Role {
    /// Manages everything in the organization.
    Admin,
    /// Sees the people that they manage.
    Manager,
    /// Sees themselves.
    Employee,
}

impl Role {
    /// The name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Manager => "manager",
            Self::Employee => "employee",
        }
    }

    /// The role with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Admin, Self::Manager, Self::Employee]
            .into_iter()
            .find(|role| role.as_str() == name)
    }
}

/// Whether a person's account may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum UserStatus {
    /// In use.
    Active,
    /// Has left, or not yet begun; may not log in.
    Inactive,
    /// Cut off: within five seconds, everywhere.
    Suspended,
}

impl UserStatus {
    /// The name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Suspended => "suspended",
        }
    }
}

/// Whether this server still needs its first organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetupStatus {
    /// True until the first organization exists.
    pub needed: bool,
    /// The server listens beyond this machine, so set-up asks for the code in its log.
    pub code_required: bool,
}

/// Makes the first organization and its admin.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetupRequest {
    /// 1 to 200 characters.
    pub organization_name: String,
    /// IANA name, such as `Europe/Berlin`.
    pub time_zone: String,
    /// The admin's name, 1 to 200 characters.
    pub name: String,
    /// The admin's address.
    pub email: String,
    /// 12 to 128 characters.
    pub password: String,
    /// The code in the server's log, where one is asked for.
    #[serde(default)]
    pub setup_code: Option<String>,
}

/// The first organization and its admin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetupResponse {
    /// The organization.
    pub organization_id: OrganizationId,
    /// Its admin.
    pub user_id: UserId,
}

/// Where the tokens of a log-in go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum TokenDelivery {
    /// Into the answer's body: programs.
    #[default]
    Body,
    /// Into `HttpOnly` cookies, and not into the body: browsers.
    Cookie,
}

/// Logs a person in.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LoginRequest {
    /// The address.
    pub email: String,
    /// The password.
    pub password: String,
    /// Which organization, where the same address and password fit several.
    #[serde(default)]
    pub organization_id: Option<OrganizationId>,
    /// Where the tokens go.
    #[serde(default)]
    pub delivery: TokenDelivery,
}

/// Renews an access token. The refresh token comes from the body, or from its cookie.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RefreshRequest {
    /// Absent: the cookie is used.
    #[serde(default)]
    pub refresh_token: Option<String>,
}

/// An access token and what renews it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokenPair {
    /// For `Authorization: Bearer`.
    pub access_token: String,
    /// Seconds until the access token expires.
    pub expires_in_seconds: i64,
    /// Used once; the answer holds its successor.
    pub refresh_token: String,
}

/// Who is logged in now.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LoginResponse {
    /// The person.
    pub me: Me,
    /// Absent when the tokens went into cookies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens: Option<TokenPair>,
}

/// The person behind a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    /// The person.
    pub user_id: UserId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// Their organization.
    pub organization: OrganizationSummary,
}

/// An organization, as its members see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrganizationSummary {
    /// The organization.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
    /// IANA name of the zone that its days are cut in.
    pub time_zone: String,
}

/// Makes an account; admins only.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateUser {
    /// 1 to 200 characters.
    pub name: String,
    /// Unique in the organization.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// 12 to 128 characters; absent: the person cannot log in until one is set.
    #[serde(default)]
    pub password: Option<String>,
}

/// A person's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct User {
    /// The person.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// Whether the account may be used.
    pub status: UserStatus,
    /// When they, or a device of theirs, were last heard of.
    pub last_seen_at: Option<Timestamp>,
    /// When the account was made.
    pub created_at: Timestamp,
}

/// One page of people, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UserPage {
    /// At most 200.
    pub items: Vec<User>,
    /// Pass as `cursor` to read on; absent on the last page.
    pub next_cursor: Option<String>,
}
