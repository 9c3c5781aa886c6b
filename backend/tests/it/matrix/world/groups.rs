//! Who is with whom: teams Blue (mona: eve, ben) and Red (otto: rob), project Apollo (petra: eve),
//! and their like in the other organization.

use std::sync::LazyLock;

use serde_json::json;
use uuid::Uuid;

use super::{World, id};
use crate::{
    harness::TestApp,
    matrix::{mounted, row::Thing},
};

/// A group: what it is, its name, its admin, its managers, its members, and whose thing it is.
type Group = (
    Thing,
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
    &'static [&'static str],
);

const GROUPS: [Group; 6] = [
    (
        Thing::Team,
        "Blue zqacme",
        "ada",
        &["mona"],
        &["eve", "ben"],
        &[
            "ada", "mona", "petra", "eve", "ben", "dora", "sue", "ivan", "lou",
        ],
    ),
    (
        Thing::Team,
        "Red zqacme zqrob",
        "ada",
        &["otto"],
        &["rob"],
        &["otto", "rob"],
    ),
    (
        Thing::Team,
        "Green zqother",
        "grace",
        &[],
        &["hal"],
        &["grace", "hal"],
    ),
    (
        Thing::Project,
        "Apollo zqacme",
        "ada",
        &["petra"],
        &["eve"],
        &[
            "ada", "mona", "petra", "eve", "ben", "dora", "sue", "ivan", "lou",
        ],
    ),
    (
        Thing::Project,
        "Borealis zqacme zqrob",
        "ada",
        &["otto"],
        &["rob"],
        &["otto", "rob"],
    ),
    (
        Thing::Project,
        "Corona zqother",
        "grace",
        &[],
        &["hal"],
        &["grace", "hal"],
    ),
];

/// Whether teams and projects are there to be seen by.
pub(crate) fn are_there() -> bool {
    static THERE: LazyLock<bool> =
        LazyLock::new(|| mounted::documented().contains("POST /api/v1/teams"));
    *THERE
}

impl World {
    /// Puts everybody where they belong.
    pub(super) async fn group(&mut self, app: &TestApp) {
        if !are_there() {
            return;
        }
        for (thing, name, admin, managers, members, owners) in GROUPS {
            let group = self.make_group(app, thing, admin, name).await;
            for manager in managers {
                self.join(app, thing, group, manager, true).await;
            }
            for member in members {
                self.join(app, thing, group, member, false).await;
            }
            for owner in owners {
                self.people
                    .get_mut(owner)
                    .expect("they are there")
                    .things
                    .insert(thing, group);
            }
        }
    }

    /// A new team or project.
    pub(super) async fn make_group(
        &self,
        app: &TestApp,
        thing: Thing,
        admin: &str,
        name: &str,
    ) -> Uuid {
        let token = &self.admin_of(admin).token;
        let made = app.post(kind(thing), token, &json!({ "name": name })).await;
        id(&made.expect(201)["id"])
    }

    async fn join(&self, app: &TestApp, thing: Thing, group: Uuid, person: &str, is_manager: bool) {
        let user = self.person(person).things[&Thing::User];
        let path = format!("{}/{group}/members/{user}", kind(thing));
        let answer = app
            .put(
                &path,
                &self.admin_of(person).token,
                &json!({ "is_manager": is_manager }),
            )
            .await;
        assert!(answer.status.is_success(), "{path}: {}", answer.text);
    }
}

fn kind(thing: Thing) -> &'static str {
    match thing {
        Thing::Team => "/api/v1/teams",
        Thing::Project => "/api/v1/projects",
        other => panic!("{other:?} is no group"),
    }
}
