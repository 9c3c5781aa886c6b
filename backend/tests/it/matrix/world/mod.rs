//! Two organizations with people in every position, each with things of their own.
//!
//! Every text of a person holds `zq` and their name, every text of an organization `zqacme` or
//! `zqother`: these are searched for wherever they must not be.
//!
//! | | |
//! |---|---|
//! | ada | admin |
//! | mona | manager of team Blue: eve, ben |
//! | petra | manager of project Apollo: eve |
//! | otto | manager of team Red: rob |
//! | eve, ben, rob | employees |
//! | dora | was an admin when she logged in, is an employee now |
//! | sue, ivan, lou | suspended; inactive; logged out |
//! | grace, hal | admin and employee of the other organization |

mod groups;
mod make;

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use serde_json::{Value, json};
use shared_types::auth::Role;
use uuid::Uuid;
use workpulse_server::config::Config;

use super::{
    database::Database,
    principals::{self, Principal, Standing},
    row::Thing,
};
use crate::harness::{PASSWORD, SECRET, TestApp};

/// Everybody with things of their own.
const PEOPLE: [(&str, &str); 11] = [
    ("ada", "admin"),
    ("mona", "manager"),
    ("petra", "manager"),
    ("otto", "manager"),
    ("eve", "employee"),
    ("ben", "employee"),
    ("rob", "employee"),
    ("dora", "admin"),
    ("sue", "employee"),
    ("ivan", "employee"),
    ("lou", "employee"),
];

/// People whose texts are searched for.
const WATCHED: [&str; 4] = ["eve", "ben", "rob", "hal"];

/// A person.
pub(crate) struct Citizen {
    /// Their address.
    pub(crate) email: String,
    /// Their log-in.
    pub(crate) token: String,
    /// Its refresh token.
    refresh_token: String,
    /// What is theirs.
    pub(crate) things: BTreeMap<Thing, Uuid>,
    /// Their device's credential.
    pub(crate) device_secret: String,
}

/// Everything that the matrix asks for.
pub(crate) struct World {
    people: BTreeMap<&'static str, Citizen>,
    /// Who asks.
    pub(crate) principals: Vec<Principal>,
    /// The database, past the server.
    pub(crate) database: Database,
    acme: Uuid,
    other: Uuid,
    serial: AtomicU32,
    /// Addresses of people who were made since.
    made: Mutex<BTreeMap<Uuid, String>>,
}

/// Requests come through a proxy, so that each can have an address of its own.
pub(crate) fn behind_a_proxy(config: &mut Config) {
    config.http.trusted_proxies = vec!["127.0.0.0/8".parse().expect("a network")];
}

impl World {
    /// One of the people.
    pub(crate) fn person(&self, name: &str) -> &Citizen {
        &self.people[name]
    }

    /// A number that was not given out before.
    pub(crate) fn count(&self) -> u32 {
        self.serial.fetch_add(1, Ordering::Relaxed)
    }

    /// The organization that this person is not in.
    pub(crate) fn elsewhere(&self, person: &str) -> Uuid {
        if matches!(person, "grace" | "hal") {
            self.acme
        } else {
            self.other
        }
    }

    /// The admin of a person's organization.
    pub(crate) fn admin_of(&self, person: &str) -> &Citizen {
        self.person(if matches!(person, "grace" | "hal") {
            "grace"
        } else {
            "ada"
        })
    }

    /// A principal by name.
    pub(crate) fn principal(&self, name: &str) -> &Principal {
        let found = self
            .principals
            .iter()
            .find(|principal| principal.name == name);
        found.unwrap_or_else(|| panic!("there is no {name}"))
    }

    /// Texts and ids that must not be shown to this principal.
    pub(crate) fn forbidden(&self, principal: &Principal) -> Vec<String> {
        let known = matches!(
            principal.standing,
            Standing::Device | Standing::Pending | Standing::Person(_)
        );
        let seen: &[&str] = match principal.person {
            _ if !known => &[],
            "ada" => &["eve", "ben", "rob"],
            "mona" => &["eve", "ben"],
            "petra" => &["eve"],
            "otto" => &["rob"],
            "grace" => &["hal"],
            person => &[person],
        };
        let mut texts: Vec<String> = Vec::new();
        for person in WATCHED {
            if seen.contains(&person) {
                continue;
            }
            texts.push(format!("zq{person}"));
            // Colleagues are in groups together, and have the organization's categories.
            let together = |thing: Thing| {
                matches!(thing, Thing::Team | Thing::Project | Thing::Category)
                    && self.elsewhere(person) == self.elsewhere(principal.person)
            };
            let things = self
                .person(person)
                .things
                .iter()
                .filter(|(thing, _)| !together(**thing));
            texts.extend(things.map(|(_, id)| id.to_string()));
        }
        let in_acme = principal.person != "grace";
        if !(known && in_acme) {
            texts.push("zqacme".to_owned());
            texts.extend(PEOPLE.map(|(person, _)| format!("zq{person}")));
            texts.push(self.acme.to_string());
        }
        if !known || in_acme {
            texts.extend([
                "zqother".to_owned(),
                "zqgrace".to_owned(),
                self.other.to_string(),
            ]);
        }
        texts
    }

    /// What must be in no log line.
    pub(crate) fn secrets(&self) -> Vec<String> {
        // Every text that anybody wrote has this in it, and nothing else has.
        let mut secrets = vec!["zq".to_owned(), PASSWORD.to_owned(), SECRET.to_owned()];
        for person in self.people.values() {
            secrets.push(person.email.clone());
            secrets.push(person.refresh_token.clone());
            secrets.push(person.device_secret.clone());
        }
        let sent = self
            .principals
            .iter()
            .map(|principal| principal.bearer.clone());
        secrets.extend(sent.filter(|bearer| !bearer.is_empty()));
        secrets
    }

    /// Makes everybody and everything.
    pub(crate) async fn build(app: &TestApp) -> Self {
        let mut world = Self {
            people: BTreeMap::new(),
            principals: Vec::new(),
            database: Database::of(app).await,
            acme: Uuid::nil(),
            other: Uuid::nil(),
            serial: AtomicU32::new(1),
            made: Mutex::new(BTreeMap::new()),
        };
        let request = json!({
            "organization_name": "Acme zqacme", "time_zone": "Europe/Berlin",
            "name": "ada zqada", "email": "ada.zqada@acme.test", "password": PASSWORD,
        });
        app.post("/api/v1/setup", "", &request).await.expect(201);
        world.log_in(app, "ada", "ada.zqada@acme.test").await;
        app.another_organization("grace.zqgrace@other.test").await;
        world
            .database
            .execute(
                "UPDATE organizations SET name = 'Other zqother' WHERE name = 'Other'; \
                 UPDATE users SET name = 'grace zqgrace' WHERE email = 'grace.zqgrace@other.test'",
            )
            .await;
        world.log_in(app, "grace", "grace.zqgrace@other.test").await;
        for (name, role) in PEOPLE.iter().skip(1).chain(&[("hal", "employee")]) {
            world.hire(app, name, role).await;
        }
        world.acme = world.organization_of(app, "ada").await;
        world.other = world.organization_of(app, "grace").await;
        for (admin, text) in [("ada", "zqacmepolicy"), ("grace", "zqotherpolicy")] {
            let token = &world.person(admin).token;
            let mut policy = app.get("/api/v1/policy", token).await.expect(200);
            policy["excluded_applications"] = json!([text]);
            app.put("/api/v1/policy", token, &policy).await.expect(200);
        }
        world.equip(app).await;
        world.group(app).await;
        world.principals = world.everybody(app).await;
        world
    }

    async fn organization_of(&self, app: &TestApp, name: &str) -> Uuid {
        let me = app
            .get("/api/v1/me", &self.person(name).token)
            .await
            .expect(200);
        id(&me["organization"]["id"])
    }

    /// Makes a person's account, and logs them in.
    async fn hire(&mut self, app: &TestApp, name: &'static str, role: &str) {
        let domain = if name == "hal" { "other" } else { "acme" };
        let email = format!("{name}.zq{name}@{domain}.test");
        let request = json!({ "name": format!("{name} zq{name}"), "email": email, "role": role, "password": PASSWORD });
        let admin = self.admin_of(name).token.clone();
        app.post("/api/v1/users", &admin, &request)
            .await
            .expect(201);
        self.log_in(app, name, &email).await;
    }

    async fn log_in(&mut self, app: &TestApp, name: &'static str, email: &str) {
        let body = self.log_in_answer(app, email).await;
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let citizen = Citizen {
            email: email.to_owned(),
            token: text(&body["tokens"]["access_token"]),
            refresh_token: text(&body["tokens"]["refresh_token"]),
            things: BTreeMap::from([
                (Thing::User, id(&body["me"]["user_id"])),
                (
                    Thing::Login,
                    principals::login_of(&text(&body["tokens"]["access_token"])),
                ),
            ]),
            device_secret: String::new(),
        };
        self.people.insert(name, citizen);
    }

    async fn log_in_answer(&self, app: &TestApp, email: &str) -> Value {
        let [_, b, c, d] = self.count().to_be_bytes();
        let request = app
            .request(reqwest::Method::POST, "/api/v1/auth/login")
            .header("x-forwarded-for", format!("11.{b}.{c}.{d}"))
            .json(&json!({ "email": email, "password": PASSWORD }));
        app.send(request).await.expect(200)
    }

    /// A further log-in of a person: its access token.
    pub(crate) async fn log_in_again(&self, app: &TestApp, email: &str) -> String {
        let body = self.log_in_answer(app, email).await;
        body["tokens"]["access_token"]
            .as_str()
            .expect("a text")
            .to_owned()
    }

    /// The access token of a new person with this one's role, in their organization.
    pub(crate) async fn newcomer(&self, app: &TestApp, like: &Principal) -> String {
        let Standing::Person(role) = like.standing else {
            panic!("{} is no person", like.name);
        };
        let (_, email) = self.make_user(app, like.person, role.as_str()).await;
        self.log_in_again(app, &email).await
    }

    /// The address of a person who was made since; a wrong one for others.
    pub(crate) fn email_of(&self, user: Uuid) -> String {
        let made = self.made.lock().expect("nobody panics with it");
        made.get(&user)
            .cloned()
            .unwrap_or_else(|| "nobody@new.test".to_owned())
    }

    /// What a path says to the admin of the principal's organization.
    pub(crate) async fn read_before(
        &self,
        app: &TestApp,
        principal: &Principal,
        path: &str,
    ) -> Value {
        let answer = app.get(path, &self.admin_of(principal.person).token).await;
        if answer.status == 200 {
            answer.json()
        } else {
            Value::Null
        }
    }

    /// Has the admin of the principal's organization put something there.
    pub(crate) async fn put(&self, app: &TestApp, principal: &Principal, path: &str, body: &Value) {
        let answer = app
            .put(path, &self.admin_of(principal.person).token, body)
            .await;
        assert!(answer.status.is_success(), "{path}: {}", answer.text);
    }

    /// Who asks: with good credentials, with bad ones, with none.
    async fn everybody(&self, app: &TestApp) -> Vec<Principal> {
        use Standing::{Blocked, Device, Invalid, Nobody, Pending, Person};
        let token = |name: &str| self.person(name).token.as_str();
        let eve = self.person("eve");
        let revoked = self.enrol(app, "eve").await;
        app.delete(&format!("/api/v1/devices/{}", revoked.0), token("ada"))
            .await
            .expect(204);
        app.post("/api/v1/auth/logout", token("lou"), &json!({}))
            .await
            .expect(204);
        let enrolment = self.make_enrolment_token(app, "eve").await.1;
        let pending = self.enrol_pending(app, "eve").await.1;
        self.change_people(app).await;
        let mut all = vec![
            Principal::new("nobody", "", Nobody, "eve"),
            Principal::new("a malformed token", "not.a.token", Invalid, "eve"),
            Principal::new("a refresh token", &eve.refresh_token, Invalid, "eve"),
            Principal::new("an enrolment token", &enrolment, Invalid, "eve"),
            Principal::new(
                "an unknown device",
                "wpd_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG",
                Invalid,
                "eve",
            ),
            Principal::new("a logged-out person", token("lou"), Invalid, "lou"),
            Principal::new("an inactive person", token("ivan"), Invalid, "ivan"),
            Principal::new("a suspended person", token("sue"), Blocked, "sue"),
            Principal::new(
                "a suspended person's device",
                &self.person("sue").device_secret,
                Blocked,
                "sue",
            ),
            Principal::new("a revoked device", &revoked.1, Blocked, "eve"),
            Principal::new("a device that waits", &pending, Pending, "eve"),
            Principal::new("a device", &eve.device_secret, Device, "eve"),
            // A device has an employee's rights, whoever's it is.
            Principal::new(
                "a manager's device",
                &self.person("mona").device_secret,
                Device,
                "mona",
            ),
            Principal::new(
                "an admin's device",
                &self.person("ada").device_secret,
                Device,
                "ada",
            ),
        ];
        let people = [
            ("eve", Role::Employee),
            ("ben", Role::Employee),
            ("mona", Role::Manager),
            ("petra", Role::Manager),
            ("otto", Role::Manager),
            ("dora", Role::Employee),
            ("ada", Role::Admin),
            ("grace", Role::Admin),
        ];
        for (name, role) in people {
            all.push(Principal::new(name, token(name), Person(role), name));
        }
        all.extend(principals::mutations(
            token("eve"),
            token("ben"),
            token("hal"),
            SECRET,
        ));
        all
    }

    /// Suspends, demotes, deactivates, after everybody has logged in and is remembered.
    async fn change_people(&self, app: &TestApp) {
        for name in ["sue", "dora", "ivan"] {
            app.get("/api/v1/me", &self.person(name).token)
                .await
                .expect(200);
        }
        self.database
            .execute(
                "UPDATE users SET status = 'suspended' WHERE name = 'sue zqsue'; \
                 UPDATE users SET status = 'inactive' WHERE name = 'ivan zqivan'; \
                 UPDATE users SET role = 'employee' WHERE name = 'dora zqdora'",
            )
            .await;
        for name in ["sue", "dora", "ivan"] {
            let user = self.person(name).things[&Thing::User];
            app.state()
                .auth
                .authority
                .forget(shared_types::UserId(user));
        }
    }
}

/// An id in an answer.
fn id(value: &Value) -> Uuid {
    value.as_str().expect("a text").parse().expect("an id")
}
