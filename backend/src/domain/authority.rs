//! What callers may do, and what a change of that ends.

use std::sync::Arc;

use shared_types::{
    DeviceId, OrganizationId, UserId,
    auth::{Role, UserStatus},
    device::Desktop,
};
use uuid::Uuid;

/// What a person's log-in is good for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonAuthority {
    /// What they may do.
    pub role: Role,
    /// Whether the account may be used.
    pub status: UserStatus,
    /// Whether this log-in has not been logged out of.
    pub login_open: bool,
}

/// What a device's credential is good for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceAuthority {
    /// The device's organization.
    pub organization_id: OrganizationId,
    /// Whose device it is.
    pub user_id: UserId,
    /// The device.
    pub device_id: DeviceId,
    /// Whether it has been revoked.
    pub revoked: bool,
    /// Whether it waits for an admin's approval.
    pub pending: bool,
    /// The version that its agent had last.
    pub agent_version: String,
    /// What its agent said last that it sees of the desktop.
    pub desktop: Option<Desktop>,
    /// Changes of policy that concern its person alone: see `store::policies`.
    pub policy_changes: i64,
    /// Whether its person's account may be used.
    pub status: UserStatus,
}

/// Somebody's authority changed: role, status, log-ins or devices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorityChange {
    /// Whose organization.
    pub organization_id: OrganizationId,
    /// Whose.
    pub user_id: UserId,
    /// Their role now.
    pub role: Role,
    /// Their status now.
    pub status: UserStatus,
    /// Log-ins of theirs that have ended.
    pub ended_logins: Arc<[Uuid]>,
    /// Devices of theirs that are revoked.
    pub revoked_devices: Arc<[DeviceId]>,
}

impl AuthorityChange {
    /// Whether this ends what a person with that role and log-in holds open.
    #[must_use]
    pub fn ends_person(&self, user_id: UserId, role: Role, login_id: Uuid) -> bool {
        self.user_id == user_id
            && (self.status != UserStatus::Active
                || self.role != role
                || self.ended_logins.contains(&login_id))
    }

    /// Whether this ends what a device of that person holds open.
    #[must_use]
    pub fn ends_device(&self, user_id: UserId, device_id: DeviceId) -> bool {
        self.user_id == user_id
            && (self.status != UserStatus::Active || self.revoked_devices.contains(&device_id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(status: UserStatus, role: Role) -> AuthorityChange {
        AuthorityChange {
            organization_id: OrganizationId(Uuid::from_u128(5)),
            user_id: UserId(Uuid::from_u128(1)),
            role,
            status,
            ended_logins: Arc::from([Uuid::from_u128(7)]),
            revoked_devices: Arc::from([DeviceId(Uuid::from_u128(9))]),
        }
    }

    #[test]
    fn a_change_ends_exactly_what_it_concerns() {
        let (me, other) = (UserId(Uuid::from_u128(1)), UserId(Uuid::from_u128(2)));
        let (open, closed) = (Uuid::from_u128(6), Uuid::from_u128(7));
        let device = |n| DeviceId(Uuid::from_u128(n));
        let logout = change(UserStatus::Active, Role::Manager);
        assert!(logout.ends_person(me, Role::Manager, closed));
        assert!(!logout.ends_person(me, Role::Manager, open));
        assert!(
            logout.ends_person(me, Role::Admin, open),
            "the role changed"
        );
        assert!(!logout.ends_person(other, Role::Manager, closed));
        assert!(logout.ends_device(me, device(9)));
        assert!(!logout.ends_device(me, device(8)));
        let suspended = change(UserStatus::Suspended, Role::Manager);
        assert!(suspended.ends_person(me, Role::Manager, open));
        assert!(suspended.ends_device(me, device(8)));
        assert!(!suspended.ends_device(other, device(9)));
    }
}
