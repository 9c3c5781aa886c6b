//! Enrolment tokens and devices.

use serde::{Deserialize, Serialize};

use crate::{DeviceId, EnrolmentTokenId, Timestamp, UserId, policy::CapturePolicy, sync::Counters};

/// Makes a token by which devices are enrolled; admins only. Without a person, the machine
/// says whose it is by their address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateEnrolmentToken {
    /// Whose devices; absent: of anybody in the organization, by their address.
    #[serde(default)]
    pub user_id: Option<UserId>,
    /// Only addresses of this domain, such as `example.org`; not with `user_id`.
    #[serde(default)]
    pub mail_domain: Option<String>,
    /// What it is for, at most 200 characters.
    #[serde(default)]
    pub label: String,
    /// Whether an admin approves each device before it may send. Absent: yes, unless the
    /// token is one person's. Where the organization wants approval, always.
    #[serde(default)]
    pub needs_approval: Option<bool>,
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

/// An enrolment token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnrolmentToken {
    /// The token.
    pub id: EnrolmentTokenId,
    /// Whose devices it enrols; absent: anybody's, by their address.
    pub user_id: Option<UserId>,
    /// Only addresses of this domain.
    pub mail_domain: Option<String>,
    /// What it is for.
    pub label: String,
    /// Whether its devices wait for an admin.
    pub needs_approval: bool,
    /// Who made it; absent: IT on the server itself.
    pub created_by: Option<UserId>,
    /// How many devices it may enrol.
    pub max_uses: i64,
    /// How many it has enrolled.
    pub uses: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it may be used.
    pub expires_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// One page of enrolment tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnrolmentTokenPage {
    /// At most 200.
    pub items: Vec<EnrolmentToken>,
    /// Pass as `cursor` to read on; absent on the last page.
    pub next_cursor: Option<String>,
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

/// The header of `POST /sync` in which an agent says what its desktop lets it see:
/// [`Desktop::to_header`]. A header and no field of the body: servers of before refuse a batch
/// with a field that they do not know, and a device that has nothing new costs nothing.
pub const DESKTOP_HEADER: &str = "workpulse-desktop";

/// What an agent's probe, chosen while it runs, sees of the desktop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desktop {
    /// The probe's name, such as `x11`; at most 40 lower-case letters, digits and hyphens.
    pub probe: String,
    /// What it can observe.
    pub capabilities: Capabilities,
}

impl Desktop {
    /// `x11 application title idle`: the name, then what it can.
    #[must_use]
    pub fn to_header(&self) -> String {
        let can = self.capabilities;
        let mut text = self.probe.clone();
        for (word, can) in [
            (" application", can.application),
            (" title", can.title),
            (" idle", can.idle),
        ] {
            if can {
                text.push_str(word);
            }
        }
        text
    }

    /// From the header's value; `None` where it is none. Words that are not known are left out.
    #[must_use]
    pub fn from_header(text: &str) -> Option<Self> {
        let mut words = text.split_ascii_whitespace();
        let probe = words.next().filter(|probe| {
            probe.len() <= 40
                && probe
                    .bytes()
                    .all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-')
        })?;
        let mut capabilities = Capabilities::default();
        for word in words {
            match word {
                "application" => capabilities.application = true,
                "title" => capabilities.title = true,
                "idle" => capabilities.idle = true,
                _ => {}
            }
        }
        Some(Self {
            probe: probe.to_owned(),
            capabilities,
        })
    }
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
    /// What it can observe, where that is known already: an agent says it with each batch.
    #[serde(default)]
    pub capabilities: Capabilities,
    /// The person's address, for a token that is not one person's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// Enrols this machine for the person who is logged in.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EnrolOwnRequest {
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
    /// Whose minutes it will send. Absent from a server of before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<UserId>,
    /// What may be collected.
    pub policy: CapturePolicy,
    /// Whether it may send yet.
    #[serde(default)]
    pub status: DeviceStatus,
}

/// Whether a device may send.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum DeviceStatus {
    /// An admin has not approved it yet: it keeps what it records.
    Pending,
    /// It may.
    #[default]
    Approved,
    /// It may not any more.
    Revoked,
}

impl DeviceStatus {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Revoked => "revoked",
        }
    }
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
    /// The agent's version, as of its last contact.
    pub agent_version: String,
    /// What it can observe, as of its last contact.
    pub capabilities: Capabilities,
    /// By which of the agent's probes, such as `x11` or `wayland`; absent while it has not said.
    pub probe: Option<String>,
    /// Whether it may send.
    pub status: DeviceStatus,
    /// The token that it was enrolled with.
    pub enrolment_token_id: Option<EnrolmentTokenId>,
    /// When it was enrolled.
    pub created_at: Timestamp,
    /// When it was approved, where that was needed.
    pub approved_at: Option<Timestamp>,
    /// When it was last heard of.
    pub last_contact_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// Its own account of what it has made, stored, keeps pending and dropped, at most an hour
    /// older than its last contact; absent before the first.
    pub account: Option<Counters>,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_desktop_survives_its_header_and_no_header_is_more_than_it_says() {
        for bits in 0..8 {
            let desktop = Desktop {
                probe: "wayland".to_owned(),
                capabilities: Capabilities {
                    application: bits & 1 > 0,
                    title: bits & 2 > 0,
                    idle: bits & 4 > 0,
                },
            };
            assert_eq!(Desktop::from_header(&desktop.to_header()), Some(desktop));
        }
        let later = Desktop::from_header("kwin application smell").map(|it| it.to_header());
        assert_eq!(later.as_deref(), Some("kwin application"));
        for bad in ["", "  ", "X11 idle", "a_b", "<script>", &"a".repeat(41)] {
            assert_eq!(Desktop::from_header(bad), None, "{bad}");
        }
    }
}
