//! Enrolment tokens and devices.

use serde::{Deserialize, Serialize};

use crate::{DeviceId, EnrolmentTokenId, Timestamp, UserId, policy::CapturePolicy};

/// Makes a token by which devices of one person are enrolled; admins only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateEnrolmentToken {
    /// Whose devices.
    pub user_id: UserId,
    /// How many devices, 1 to 1,000.
    #[serde(default = "one")]
    pub max_uses: i64,
    /// How long it may be used, 1 to 8,760 hours.
    #[serde(default = "three_days")]
    pub expires_in_hours: i64,
}

const fn one() -> i64 {
    1
}

const fn three_days() -> i64 {
    72
}

/// A new enrolment token; the only answer that holds its secret.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnrolmentTokenCreated {
    /// The token's id, for revoking it.
    pub id: EnrolmentTokenId,
    /// What the agent is given. Shown once.
    pub token: String,
    /// Until when it may be used.
    pub expires_at: Timestamp,
}

/// What a device can observe on this desktop.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Capabilities {
    /// The focused window's application.
    pub application: bool,
    /// The focused window's title.
    pub title: bool,
    /// Time since the last input.
    pub idle: bool,
}

/// Enrols this machine.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnrolRequest {
    /// The enrolment token.
    pub token: String,
    /// Made by the device: enrolling again after a lost answer is enrolling once.
    pub device_id: DeviceId,
    /// The machine's name, 1 to 200 characters.
    pub name: String,
    /// Operating system and version, at most 200 characters.
    pub os: String,
    /// The agent's version, at most 50 characters.
    pub agent_version: String,
    /// What it can observe.
    #[serde(default)]
    pub capabilities: Capabilities,
}

/// An enrolled device; the only answer that holds its secret.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnrolResponse {
    /// The device.
    pub device_id: DeviceId,
    /// For `Authorization: Bearer`, until the device is revoked.
    pub device_secret: String,
    /// Whose minutes it will send, for showing.
    pub user_name: String,
    /// To whom, for showing.
    pub organization_name: String,
    /// What may be collected.
    pub policy: CapturePolicy,
}

/// An enrolled device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Device {
    /// The device.
    pub id: DeviceId,
    /// Whose it is.
    pub user_id: UserId,
    /// The machine's name.
    pub name: String,
    /// Operating system and version.
    pub os: String,
    /// The agent's version.
    pub agent_version: String,
    /// When it was enrolled.
    pub created_at: Timestamp,
    /// When it was last heard of.
    pub last_contact_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// One page of devices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DevicePage {
    /// At most 200.
    pub items: Vec<Device>,
    /// Pass as `cursor` to read on; absent on the last page.
    pub next_cursor: Option<String>,
}
