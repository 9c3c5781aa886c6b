//! Who is with whom, as far as somebody sees somebody by it: team Blue (mona: eve, ben) and team
//! Red (otto: rob), project Apollo (mona and petra: eve).

use serde_json::json;
use uuid::Uuid;

use super::{World, id};
use crate::{harness::TestApp, matrix::row::Thing};

/// A team or a project.
struct Group {
    thing: Thing,
    name: &'static str,
    managers: &'static [&'static str],
    members: &'static [&'static str],
    /// Whose own it counts as; the first is in the group's organization.
    owners: &'static [&'static str],
}

const GROUPS: [Group; 8] = [
    Group {
        thing: Thing::Team,
        name: "Blue zqacme",
        managers: &["mona"],
        members: &["ada", "petra", "eve", "ben", "dora", "sue", "ivan", "lou"],
        owners: &[
            "ada", "mona", "petra", "eve", "ben", "dora", "sue", "ivan", "lou",
        ],
    },
    Group {
        thing: Thing::Team,
        name: "Red zqacme zqrob",
        managers: &["otto"],
        members: &["rob"],
        owners: &["otto", "rob"],
    },
    Group {
        thing: Thing::Team,
        name: "Green zqother",
        managers: &[],
        members: &["grace", "hal"],
        owners: &["grace", "hal"],
    },
    Group {
        thing: Thing::Project,
        name: "Apollo zqacme",
        managers: &["mona", "petra"],
        members: &["ada", "eve"],
        owners: &["mona", "petra", "eve"],
    },
    Group {
        thing: Thing::Project,
        name: "Borealis zqacme zqrob",
        managers: &["otto"],
        members: &["ada", "rob"],
        owners: &["otto", "rob"],
    },
    Group {
        thing: Thing::Project,
        name: "Cygnus zqacme",
        managers: &[],
        members: &["ben", "dora"],
        owners: &["ben", "dora", "sue", "ivan", "lou"],
    },
    // Without a manager: nobody sees anybody by it.
    Group {
        thing: Thing::Project,
        name: "Delta zqacme",
        managers: &[],
        members: &["ada", "eve", "rob"],
        owners: &["ada"],
    },
    Group {
        thing: Thing::Project,
        name: "Corona zqother",
        managers: &[],
        members: &["grace", "hal"],
        owners: &["grace", "hal"],
    },
];

impl World {
    /// Puts everybody where they belong.
    pub(super) async fn group(&mut self, app: &TestApp) {
        for group in GROUPS {
            let id = self
                .make_group(app, group.thing, group.owners[0], group.name)
                .await;
            for (people, is_manager) in [(group.managers, true), (group.members, false)] {
                for person in people {
                    self.join(app, group.thing, id, person, is_manager).await;
                }
            }
            for owner in group.owners {
                let owner = self.people.get_mut(owner).expect("they are there");
                owner.things.insert(group.thing, id);
            }
        }
    }

    /// A new team with a policy, or a new project, of the organization of this person.
    pub(super) async fn make_group(
        &self,
        app: &TestApp,
        thing: Thing,
        of: &str,
        name: &str,
    ) -> Uuid {
        let mut request = json!({ "name": name });
        if thing == Thing::Project {
            request["open_to_all"] = json!(false);
        }
        let token = &self.admin_of(of).token;
        let made = app.post(kind(thing), token, &request).await;
        let group = id(&made.expect(201)["id"]);
        if thing == Thing::Team {
            // As the organization's, so that it is nobody's canary.
            let mut policy = app.get("/api/v1/policy", token).await.expect(200);
            policy["version"] = json!(0);
            let path = format!("{}/{group}/policy", kind(thing));
            app.put(&path, token, &policy).await.expect(200);
        }
        group
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
