//! Who sees whom, and who may put whom where.
//!
//! An admin sees everyone. A person whose role is manager sees themself and the members of
//! the teams and projects that they manage; an employee sees themself. Sight comes from what
//! admins did, and from nothing else (invariant S3): teams are theirs to change, and whom a
//! manager adds to a project may book time on it but is shown to nobody by it. Were it
//! otherwise, a manager could keep somebody in sight by adding them to a project of their
//! own, after an admin has moved that person to another team.

use std::collections::BTreeSet;

use shared_types::{ProjectId, TeamId, UserId, auth::Role};
use uuid::Uuid;

/// Somebody who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Viewer {
    /// Who.
    pub user_id: UserId,
    /// What they may do, as of now.
    pub role: Role,
}

impl Viewer {
    /// IT, on the server itself: sees everyone.
    pub const SERVER: Self = Self {
        user_id: UserId(Uuid::nil()),
        role: Role::Admin,
    };
}

/// Whom somebody sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    /// The whole organization.
    Everyone,
    /// These people.
    Only(BTreeSet<UserId>),
}

impl Sight {
    /// Whether that person is among them.
    #[must_use]
    pub fn sees(&self, person: UserId) -> bool {
        match self {
            Self::Everyone => true,
            Self::Only(people) => people.contains(&person),
        }
    }
}

/// Whether somebody may decide about what concerns a person whom they see: resolve an alert,
/// answer a note. A manager leaves their own to somebody else; an admin may be alone.
#[must_use]
pub fn may_decide(viewer: Viewer, about: UserId) -> bool {
    match viewer.role {
        Role::Admin => true,
        Role::Manager => viewer.user_id != about,
        Role::Employee => false,
    }
}

/// What people are put into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// A team.
    Team(TeamId),
    /// A project.
    Project(ProjectId),
}

/// A person in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Membership {
    /// Of what.
    pub group: Group,
    /// Who.
    pub user_id: UserId,
    /// Whether they manage it.
    pub is_manager: bool,
    /// Whether its managers see them because of it: an admin put them there.
    pub gives_sight: bool,
}

/// Whether somebody sees a person of their organization.
#[must_use]
pub fn can_see(viewer: Viewer, person: UserId, memberships: &[Membership]) -> bool {
    match viewer.role {
        Role::Admin => true,
        _ if viewer.user_id == person => true,
        Role::Employee => false,
        Role::Manager => memberships.iter().any(|theirs| {
            theirs.user_id == person
                && theirs.gives_sight
                && manages(viewer.user_id, theirs.group, memberships)
        }),
    }
}

/// Everybody whom somebody sees.
#[must_use]
pub fn sight(viewer: Viewer, memberships: &[Membership]) -> Sight {
    if viewer.role == Role::Admin {
        return Sight::Everyone;
    }
    let mut people = BTreeSet::from([viewer.user_id]);
    if viewer.role == Role::Manager {
        let managed: BTreeSet<Group> = memberships
            .iter()
            .filter(|own| own.user_id == viewer.user_id && own.is_manager)
            .map(|own| own.group)
            .collect();
        let shown = memberships
            .iter()
            .filter(|theirs| theirs.gives_sight && managed.contains(&theirs.group));
        people.extend(shown.map(|theirs| theirs.user_id));
    }
    Sight::Only(people)
}

fn manages(user: UserId, group: Group, memberships: &[Membership]) -> bool {
    memberships
        .iter()
        .any(|own| own.user_id == user && own.group == group && own.is_manager)
}

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// IT, on the server itself.
    Server,
    /// A person.
    Person(Viewer),
}

impl Actor {
    /// The person, for the audit.
    #[must_use]
    pub const fn user_id(self) -> Option<UserId> {
        match self {
            Self::Server => None,
            Self::Person(viewer) => Some(viewer.user_id),
        }
    }

    /// The actor as somebody who looks.
    #[must_use]
    pub const fn viewer(self) -> Viewer {
        match self {
            Self::Server => Viewer::SERVER,
            Self::Person(viewer) => viewer,
        }
    }

    /// Whether they may do whatever an admin may.
    #[must_use]
    pub fn is_admin(self) -> bool {
        match self {
            Self::Server => true,
            Self::Person(viewer) => viewer.role == Role::Admin,
        }
    }
}

/// Why something is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// As if it were not there.
    Hidden,
    /// With these words.
    Forbidden(&'static str),
}

/// How an actor stands to a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// A manager of it, as a member.
    pub manages: bool,
    /// It is open to all, or they are in it.
    pub knows: bool,
}

/// Whether somebody may know of a project: its name, and that it is there.
///
/// # Errors
/// [`Refusal::Hidden`].
pub fn may_see_project(actor: Actor, standing: Standing) -> Result<(), Refusal> {
    if actor.is_admin() || standing.knows {
        Ok(())
    } else {
        Err(Refusal::Hidden)
    }
}

/// Whether somebody may rename, open, close or archive a project.
///
/// # Errors
/// [`Refusal::Hidden`] when they may not know of it.
pub fn may_change_project(actor: Actor, standing: Standing) -> Result<(), Refusal> {
    may_see_project(actor, standing)?;
    match actor {
        actor if actor.is_admin() => Ok(()),
        Actor::Person(viewer) if viewer.role == Role::Manager && standing.manages => Ok(()),
        _ => Err(Refusal::Forbidden(
            "Only an admin or a manager of the project may do this. Nothing was changed.",
        )),
    }
}

/// A change of who is in a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemberChange {
    /// Whether the actor sees the person.
    pub sees_person: bool,
    /// Whether the person manages the project before the change.
    pub was_manager: bool,
    /// Whether they are to manage it.
    pub becomes_manager: bool,
}

/// Whether somebody may make that change.
///
/// # Errors
/// [`Refusal::Hidden`] when they may not know of the project, or do not see the person.
pub fn may_change_member(
    actor: Actor,
    standing: Standing,
    change: MemberChange,
) -> Result<(), Refusal> {
    may_change_project(actor, standing)?;
    if actor.is_admin() {
        return Ok(());
    }
    if !change.sees_person {
        return Err(Refusal::Hidden);
    }
    if change.was_manager || change.becomes_manager {
        return Err(Refusal::Forbidden(
            "Who manages a project is for admins to say. Nothing was changed.",
        ));
    }
    Ok(())
}

/// Whether being put into a project shows a person to its managers: when an admin does it,
/// or has done it before.
#[must_use]
pub fn gives_sight(actor: Actor, gave_sight: bool) -> bool {
    actor.is_admin() || gave_sight
}

/// People whom a viewer does not see are counted together only when they are this many:
/// what fewer did could be told from the sum.
pub const FEWEST_TOGETHER: usize = 5;

/// Whether a sum over people may be shown, of whom so many are not seen by the viewer.
#[must_use]
pub const fn may_sum(unseen: usize) -> bool {
    unseen == 0 || unseen >= FEWEST_TOGETHER
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn user(n: u8) -> UserId {
        UserId(Uuid::from_u128(u128::from(n)))
    }

    #[test]
    fn a_manager_leaves_what_is_about_themselves_to_others_and_an_employee_all() {
        for (role, own, theirs) in [
            (Role::Admin, true, true),
            (Role::Manager, false, true),
            (Role::Employee, false, false),
        ] {
            let viewer = Viewer {
                user_id: user(1),
                role,
            };
            assert_eq!(may_decide(viewer, user(1)), own, "{role:?}");
            assert_eq!(may_decide(viewer, user(2)), theirs, "{role:?}");
        }
    }

    fn group(n: u8) -> Group {
        let id = Uuid::from_u128(u128::from(n));
        if n.is_multiple_of(2) {
            Group::Team(TeamId(id))
        } else {
            Group::Project(ProjectId(id))
        }
    }

    const PEOPLE: u8 = 6;
    const GROUPS: u8 = 4;

    fn role() -> impl Strategy<Value = Role> {
        prop_oneof![
            Just(Role::Admin),
            Just(Role::Manager),
            Just(Role::Manager),
            Just(Role::Employee)
        ]
    }

    fn memberships() -> impl Strategy<Value = Vec<Membership>> {
        let one = (0..GROUPS, 0..PEOPLE, any::<bool>(), any::<bool>());
        prop::collection::vec(one, 0..20).prop_map(|rows| {
            let mut all: Vec<Membership> = Vec::new();
            for (g, u, is_manager, by_admin) in rows {
                let one = Membership {
                    group: group(g),
                    user_id: user(u),
                    is_manager,
                    gives_sight: by_admin || matches!(group(g), Group::Team(_)),
                };
                if !all
                    .iter()
                    .any(|m| (m.group, m.user_id) == (one.group, one.user_id))
                {
                    all.push(one);
                }
            }
            all
        })
    }

    fn all_sights(roles: &[Role], memberships: &[Membership]) -> Vec<Sight> {
        (0..PEOPLE)
            .zip(roles)
            .map(|(n, role)| {
                let viewer = Viewer {
                    user_id: user(n),
                    role: *role,
                };
                sight(viewer, memberships)
            })
            .collect()
    }

    /// What a manager (or an employee) does to a project, as the routes do it.
    fn act(memberships: &mut Vec<Membership>, roles: &[Role], step: (u8, u8, u8, bool, bool)) {
        let (actor, group_number, person, becomes_manager, removes) = step;
        let Group::Project(_) = group(group_number) else {
            return;
        };
        let group = group(group_number);
        let viewer = Viewer {
            user_id: user(actor),
            role: roles[usize::from(actor)],
        };
        if viewer.role == Role::Admin {
            return;
        }
        let at = memberships
            .iter()
            .position(|m| m.group == group && m.user_id == user(person));
        let before = at.map(|at| memberships[at]);
        let standing = Standing {
            manages: manages(viewer.user_id, group, memberships),
            knows: true,
        };
        let change = MemberChange {
            sees_person: can_see(viewer, user(person), memberships),
            was_manager: before.is_some_and(|m| m.is_manager),
            becomes_manager: becomes_manager && !removes,
        };
        let by = Actor::Person(viewer);
        if may_change_member(by, standing, change).is_err() {
            return;
        }
        if let Some(at) = at {
            memberships.remove(at);
        }
        if !removes {
            memberships.push(Membership {
                group,
                user_id: user(person),
                is_manager: becomes_manager,
                gives_sight: gives_sight(by, before.is_some_and(|m| m.gives_sight)),
            });
        }
    }

    proptest! {
        #[test]
        fn the_people_one_sees_are_those_whom_one_can_see(
            role in role(), viewer in 0..PEOPLE, all in memberships(),
        ) {
            let viewer = Viewer { user_id: user(viewer), role };
            let seen = sight(viewer, &all);
            for n in 0..PEOPLE {
                prop_assert_eq!(seen.sees(user(n)), can_see(viewer, user(n), &all), "{}", n);
            }
            prop_assert!(seen.sees(viewer.user_id), "oneself always");
        }

        #[test]
        fn nothing_that_managers_do_lets_anybody_see_more(
            roles in prop::collection::vec(role(), usize::from(PEOPLE)),
            start in memberships(),
            steps in prop::collection::vec(
                (0..PEOPLE, 0..GROUPS, 0..PEOPLE, any::<bool>(), any::<bool>()), 1..30),
            moved in 0..PEOPLE,
        ) {
            let mut all = start;
            let mut before = all_sights(&roles, &all);
            for (number, step) in steps.iter().enumerate() {
                act(&mut all, &roles, *step);
                // An admin takes somebody out of a team half-way: nobody keeps them by
                // what a manager did before, nor gets them back by what one does after.
                if number == steps.len() / 2 {
                    all.retain(|m| m.user_id != user(moved) || m.is_manager || !m.gives_sight);
                    let without = all_sights(&roles, &all);
                    for (n, sight) in (0..PEOPLE).zip(&without) {
                        if roles[usize::from(n)] != Role::Admin && n != moved {
                            let admins_put_them = all.iter().any(|m| m.user_id == user(moved) && m.gives_sight);
                            prop_assert!(!sight.sees(user(moved)) || admins_put_them);
                        }
                    }
                    before = without;
                }
                for (now, then) in all_sights(&roles, &all).iter().zip(&before) {
                    for n in 0..PEOPLE {
                        prop_assert!(!now.sees(user(n)) || then.sees(user(n)), "{:?} after {:?}", n, step);
                    }
                }
            }
        }
    }

    #[test]
    fn managing_without_the_role_shows_nobody() {
        let all = [
            Membership {
                group: group(0),
                user_id: user(1),
                is_manager: true,
                gives_sight: true,
            },
            Membership {
                group: group(0),
                user_id: user(2),
                is_manager: false,
                gives_sight: true,
            },
        ];
        let viewer = |role| Viewer {
            user_id: user(1),
            role,
        };
        assert!(can_see(viewer(Role::Manager), user(2), &all));
        assert!(!can_see(viewer(Role::Employee), user(2), &all));
        let member = Viewer {
            user_id: user(2),
            role: Role::Manager,
        };
        assert!(!can_see(member, user(1), &all), "a member sees no manager");
    }

    #[test]
    fn a_sum_is_shown_when_nobody_can_be_told_from_it() {
        let shown: Vec<usize> = (0..7).filter(|unseen| may_sum(*unseen)).collect();
        assert_eq!(shown, [0, 5, 6]);
    }
}
