//! Joining an organization, getting back in, and what a person's account is.
//!
//! Passwords and tokens are plain strings here; whoever holds them wraps them.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    InvitationId, OrganizationId, Timestamp, UserId,
    alert::QuietHours,
    auth::{Role, UserStatus},
    summary::DaysRemade,
};

/// Invites somebody; admins only. They join as an employee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateInvitation {
    /// The only address that the invitation lets in. An earlier one to it ends.
    pub email: String,
    /// How long it may be used, 1 to 720 hours.
    #[serde(default = "one_week")]
    pub expires_in_hours: i64,
    /// Show the link instead of mailing it. Without mail it is shown in any case.
    #[serde(default)]
    pub show_link: bool,
}

const fn one_week() -> i64 {
    168
}

/// Whether an invitation can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum InvitationState {
    /// It can.
    Open,
    /// Its time is over.
    Expired,
    /// It was taken back, or overtaken by a later one.
    Revoked,
    /// It became an account.
    Accepted,
}

/// How far a mail is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum MailState {
    /// It waits, or is tried again.
    Waiting,
    /// The mail server took it.
    Sent,
    /// It was given up: the address was refused, or the mail server was away too long.
    Failed,
}

/// An invitation; its secret is not shown again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Invitation {
    /// The invitation.
    pub id: InvitationId,
    /// The only address that it lets in.
    pub email: String,
    /// Who made it; absent: IT on the server itself, or the person asked for it.
    pub created_by: Option<UserId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it may be used.
    pub expires_at: Timestamp,
    /// Whether it can be used.
    pub state: InvitationState,
    /// How far its mail is; absent: it has none.
    pub mail: Option<MailState>,
    /// The account that it became.
    pub user_id: Option<UserId>,
}

/// A new invitation.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvitationCreated {
    /// The invitation.
    pub invitation: Invitation,
    /// What to give to the person, shown once; absent: it is mailed. Without a configured public
    /// address it begins with `/`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// One page of invitations, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvitationPage {
    /// At most 200.
    pub items: Vec<Invitation>,
    /// Pass as `cursor` to read on; absent on the last page.
    pub next_cursor: Option<String>,
}

/// Asks what an invitation is for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvitationLookup {
    /// What stands behind `#token=` in the link.
    pub token: String,
}

/// What an invitation is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InvitationOffer {
    /// The organization's name.
    pub organization_name: String,
    /// The only address that it lets in.
    pub email: String,
    /// Until when it may be used.
    pub expires_at: Timestamp,
}

/// Joins an organization, always as an employee: with an invitation, or by the organization's id
/// where an admin has opened registration.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegisterRequest {
    /// What stands behind `#token=` in an invitation's link; or give `organization_id`.
    #[serde(default)]
    pub invitation: Option<String>,
    /// The organization, where it is open.
    #[serde(default)]
    pub organization_id: Option<OrganizationId>,
    /// With `organization_id`: the person's address. With an invitation its address is used.
    #[serde(default)]
    pub email: Option<String>,
    /// 1 to 200 characters. With `organization_id` not needed where the server sends mail.
    #[serde(default)]
    pub name: Option<String>,
    /// 12 to 128 characters. With `organization_id` not needed where the server sends mail.
    #[serde(default)]
    pub password: Option<String>,
}

/// Somebody has joined; they can log in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Registered {
    /// The person.
    pub user_id: UserId,
    /// Their organization.
    pub organization_id: OrganizationId,
    /// Their address.
    pub email: String,
}

/// What comes next for somebody who asked to join by an organization's id. The same whether the
/// address has an account or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum RegistrationStep {
    /// A mail with a link goes to the address.
    Mail,
    /// An admin lets the person in, by setting their status to `active`.
    Approval,
}

/// A request to join was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegistrationReceived {
    /// What comes next.
    pub next: RegistrationStep,
}

/// Changes one's own password. Other log-ins end, this one goes on.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangePassword {
    /// The one in use.
    pub current_password: String,
    /// 12 to 128 characters.
    pub new_password: String,
}

/// Asks for a link by which a new password is set.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResetRequest {
    /// The account's address.
    pub email: String,
}

/// A request for a link was received. The same whether the address has an account or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResetRequested {
    /// Whether this server sends mail. Where it does not, an admin makes the link.
    pub by_mail: bool,
}

/// Sets a new password by a link. All log-ins of the person end.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResetPassword {
    /// What stands behind `#token=` in the link.
    pub token: String,
    /// 12 to 128 characters.
    pub new_password: String,
}

/// A link by which a person sets a new password, once.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResetLink {
    /// What to give to the person, shown once. Without a configured public address it begins
    /// with `/`.
    pub link: String,
    /// Until when it may be used.
    pub expires_at: Timestamp,
}

/// One of a person's log-ins that are open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpenLogin {
    /// The log-in.
    pub id: Uuid,
    /// Browser and system, such as `Firefox on Linux`.
    pub client: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last renewed: within a quarter of an hour of its last use.
    pub last_used_at: Timestamp,
    /// Whether this request came with it.
    pub current: bool,
}

/// One page of a person's open log-ins, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LoginPage {
    /// At most 200.
    pub items: Vec<OpenLogin>,
    /// Pass as `cursor` to read on; absent on the last page.
    pub next_cursor: Option<String>,
}

/// Changes a person's account; what is absent stays. Admins change others, everybody their own
/// name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateUser {
    /// 1 to 200 characters.
    #[serde(default)]
    pub name: Option<String>,
    /// What they may do. Nobody changes their own.
    #[serde(default)]
    pub role: Option<Role>,
    /// Whether the account may be used. Nobody changes their own.
    #[serde(default)]
    pub status: Option<UserStatus>,
}

/// An organization's settings, as its members see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Organization {
    /// The organization.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
    /// IANA name of the zone that its days are cut in.
    pub time_zone: String,
    /// Whether people may join by the organization's id.
    pub registration_open: bool,
    /// Mail domains whose addresses may join so; empty: any.
    pub registration_domains: Vec<String>,
    /// Whether a device that enrols waits for an admin.
    pub devices_need_approval: bool,
    /// For how many days activity is kept.
    pub retention_days: i64,
    /// Days that are being made again, as after a change of zone: until they are, sums of days
    /// beside each other may be off by hours. Absent: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_remade: Option<DaysRemade>,
    /// After how many seconds without input in a running session there is an alert.
    pub idle_alert_seconds: i64,
    /// After how many seconds worked on a day there is an alert.
    pub overtime_alert_seconds: i64,
    /// Hours in which alerts are written down and nobody is told.
    pub quiet_hours: Vec<QuietHours>,
    /// Whether alerts are mailed to the managers concerned.
    pub alert_mail: bool,
}

/// Changes an organization's settings; what is absent stays. Admins only.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdateOrganization {
    /// 1 to 200 characters.
    #[serde(default)]
    pub name: Option<String>,
    /// Whether people may join by the organization's id.
    #[serde(default)]
    pub registration_open: Option<bool>,
    /// Mail domains such as `example.org`, at most 50; empty: any.
    #[serde(default)]
    pub registration_domains: Option<Vec<String>>,
    /// Whether a device that enrols waits for an admin.
    #[serde(default)]
    pub devices_need_approval: Option<bool>,
    /// For how many days activity is kept, 1 to 3,650.
    #[serde(default)]
    pub retention_days: Option<i64>,
    /// IANA name of the zone that its days are cut in. All days whose spans are still kept are
    /// made again in it.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// After how many seconds without input in a running session there is an alert, 60 to 86,400.
    #[serde(default)]
    pub idle_alert_seconds: Option<i64>,
    /// After how many seconds worked on a day there is an alert, 3,600 to 86,400.
    #[serde(default)]
    pub overtime_alert_seconds: Option<i64>,
    /// Hours in which alerts are written down and nobody is told, at most 50; empty: none.
    #[serde(default)]
    pub quiet_hours: Option<Vec<QuietHours>>,
    /// Whether alerts are mailed to the managers concerned; needs a mail server.
    #[serde(default)]
    pub alert_mail: Option<bool>,
}
