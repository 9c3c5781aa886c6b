//! A person's standing in their organization: role and status, and who may change them how.
//!
//! Invariant: an organization always has an active admin. Nobody changes their own standing, so
//! that nobody raises themselves, or locks themselves out by a slip.

use shared_types::auth::{Role, UserStatus};

/// Role and status together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// What they may do.
    pub role: Role,
    /// Whether the account may be used.
    pub status: UserStatus,
}

impl Standing {
    /// Whether this person can manage the organization.
    #[must_use]
    pub fn manages_everything(self) -> bool {
        self.role == Role::Admin && self.status == UserStatus::Active
    }
}

/// What is to change; what is absent stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Change {
    /// The new role.
    pub role: Option<Role>,
    /// The new status.
    pub status: Option<UserStatus>,
}

/// Why a change is not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The person would change their own role.
    #[error("nobody changes their own role; ask another admin")]
    OwnRole,
    /// The person would change their own status.
    #[error("nobody changes their own status; ask another admin")]
    OwnStatus,
    /// The organization would have no active admin.
    #[error(
        "this is the last active admin: the organization would have nobody to manage it. Make somebody else an admin first"
    )]
    LastAdmin,
}

/// The standing after a change. `own`: whether the person asks for it themself;
/// `other_admins`: how many other active admins there are.
///
/// # Errors
/// When the change must not be made.
pub fn change(
    now: Standing,
    change: Change,
    own: bool,
    other_admins: i64,
) -> Result<Standing, Refusal> {
    let then = Standing {
        role: change.role.unwrap_or(now.role),
        status: change.status.unwrap_or(now.status),
    };
    if own && then.role != now.role {
        return Err(Refusal::OwnRole);
    }
    if own && then.status != now.status {
        return Err(Refusal::OwnStatus);
    }
    if now.manages_everything() && !then.manages_everything() && other_admins == 0 {
        return Err(Refusal::LastAdmin);
    }
    Ok(then)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ROLES: [Role; 3] = [Role::Admin, Role::Manager, Role::Employee];
    const STATUSES: [UserStatus; 3] = [
        UserStatus::Active,
        UserStatus::Inactive,
        UserStatus::Suspended,
    ];

    fn standing() -> impl Strategy<Value = Standing> {
        (0..3_usize, 0..3_usize).prop_map(|(role, status)| Standing {
            role: ROLES[role],
            status: STATUSES[status],
        })
    }

    fn wanted() -> impl Strategy<Value = Change> {
        (
            proptest::option::of(0..3_usize),
            proptest::option::of(0..3_usize),
        )
            .prop_map(|(role, status)| Change {
                role: role.map(|n| ROLES[n]),
                status: status.map(|n| STATUSES[n]),
            })
    }

    proptest! {
        #[test]
        fn there_is_always_somebody_who_manages_everything(
            people in proptest::collection::vec(standing(), 1..5),
            steps in proptest::collection::vec((0..5_usize, 0..5_usize, wanted()), 0..30),
        ) {
            let mut people = people;
            people[0] = Standing { role: Role::Admin, status: UserStatus::Active };
            for (actor, target, wanted) in steps {
                let (actor, target) = (actor % people.len(), target % people.len());
                let others = people.iter().enumerate()
                    .filter(|(n, person)| *n != target && person.manages_everything())
                    .count();
                let before = people[target];
                if let Ok(then) = change(before, wanted, actor == target, i64::try_from(others).expect("few")) {
                    prop_assert!(actor != target || then == before, "nobody changes themself");
                    people[target] = then;
                }
                prop_assert!(people.iter().any(|person| person.manages_everything()));
            }
        }
    }

    #[test]
    fn each_refusal_says_why_and_what_changes_nothing_is_no_change() {
        let admin = Standing {
            role: Role::Admin,
            status: UserStatus::Active,
        };
        let to = |role, status| Change { role, status };
        let demoted = to(Some(Role::Employee), None);
        let suspended = to(None, Some(UserStatus::Suspended));
        assert_eq!(change(admin, demoted, true, 3), Err(Refusal::OwnRole));
        assert_eq!(change(admin, suspended, true, 3), Err(Refusal::OwnStatus));
        assert_eq!(change(admin, demoted, false, 0), Err(Refusal::LastAdmin));
        assert_eq!(change(admin, suspended, false, 0), Err(Refusal::LastAdmin));
        assert_eq!(
            change(admin, to(Some(Role::Admin), None), true, 0),
            Ok(admin)
        );
        assert!(change(admin, demoted, false, 1).is_ok());
        let gone = Standing {
            role: Role::Admin,
            status: UserStatus::Inactive,
        };
        assert!(change(gone, demoted, false, 0).is_ok(), "not active anyway");
    }
}
