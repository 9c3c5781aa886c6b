//! How each kind of thing is made.

use serde_json::json;
use uuid::Uuid;
use workpulse_server::{
    clock::{Clock as _, SystemClock},
    domain::alert::Opening,
    store::{
        alerts::{self, Kind},
        sessions,
    },
};

use super::{PEOPLE, World, id};
use crate::{
    exports,
    harness::{BEGINNING, PASSWORD, TestApp},
    matrix::{mounted, principals, row::Thing},
};

impl World {
    /// Gives everybody their things.
    pub(super) async fn equip(&mut self, app: &TestApp) {
        let documented = mounted::documented();
        let names = PEOPLE.map(|(name, _)| name);
        for name in names.into_iter().chain(["grace", "hal"]) {
            let (device, secret) = self.enrol(app, name).await;
            let session = self.work(app, name, device, &secret).await;
            let token = self.make(app, name, Thing::EnrolmentToken).await;
            self.give_keyboard(app, name).await;
            let person = self.people.get_mut(name).expect("they are there");
            person.device_secret = secret;
            person.things.insert(Thing::Device, device);
            person.things.insert(Thing::Session, session);
            person.things.insert(Thing::EnrolmentToken, token);
            let alert = self.make(app, name, Thing::Alert).await;
            let person = self.people.get_mut(name).expect("they are there");
            person.things.insert(Thing::Alert, alert);
            for (thing, route) in [
                (Thing::Category, "POST /api/v1/categories"),
                (Thing::Invitation, "POST /api/v1/invitations"),
                (Thing::PendingDevice, "POST /api/v1/devices/{id}/approve"),
                (Thing::Webhook, "POST /api/v1/webhooks"),
                (Thing::WebhookMessage, "POST /api/v1/webhooks/{id}/test"),
                (Thing::Export, "POST /api/v1/exports"),
                (Thing::Note, "POST /api/v1/notes"),
                (Thing::ReportSchedule, "POST /api/v1/report-schedules"),
            ] {
                if documented.contains(route) {
                    let made = self.make(app, name, thing).await;
                    let person = self.people.get_mut(name).expect("they are there");
                    person.things.insert(thing, made);
                }
            }
        }
    }

    /// Makes a new thing of this kind, of this person.
    pub(crate) async fn make(&self, app: &TestApp, owner: &str, thing: Thing) -> Uuid {
        match thing {
            Thing::User => self.make_user(app, owner, "employee").await.0,
            Thing::Device => self.enrol(app, owner).await.0,
            Thing::EnrolmentToken => self.make_enrolment_token(app, owner).await.0,
            Thing::Session => self.start(app, owner).await,
            Thing::Login => {
                let email = &self.person(owner).email;
                principals::login_of(&self.log_in_again(app, email).await)
            }
            Thing::Invitation => self.invite(app, owner).await,
            Thing::Export => self.export(app, owner).await,
            Thing::Category => self.make_category(app, owner).await,
            Thing::PendingDevice => self.enrol_pending(app, owner).await.0,
            Thing::Webhook => self.make_webhook(app, owner).await,
            Thing::WebhookMessage => self.make_message(app, owner).await,
            Thing::Alert => self.alert(app, owner).await,
            Thing::Note => self.note(app, owner).await,
            Thing::ReportSchedule => self.report_schedule(app, owner).await,
            Thing::Team | Thing::Project => {
                let name = format!("extra {}", self.count());
                self.make_group(app, thing, owner, &name).await
            }
        }
    }

    /// What their first session in the browser makes: a refused one is then no change.
    async fn give_keyboard(&self, app: &TestApp, name: &str) {
        let user = self.person(name).things[&Thing::User];
        let organization = self.organization_of(app, name).await;
        let (store, now) = (&app.state().store, app.state().clock.now());
        let tenant = store.tenant(organization.into());
        let mut tx = tenant.begin().await.expect("begins");
        sessions::ensure_keyboard(&mut tx, user.into(), now)
            .await
            .expect("writes");
        tx.commit().await.expect("commits");
    }

    /// An open alert about them, as a detector would leave it.
    async fn alert(&self, app: &TestApp, owner: &str) -> Uuid {
        let things = &self.person(owner).things;
        let organization = self.organization_of(app, owner).await;
        let opening = Opening {
            user_id: things[&Thing::User].into(),
            session_id: None,
            episode: format!("zq{owner}day {}", self.count()),
            seconds: 33_000,
            agent_online: None,
        };
        let (store, now) = (&app.state().store, app.state().clock.now());
        let mut tx = store
            .tenant(organization.into())
            .begin()
            .await
            .expect("begins");
        let id = SystemClock.new_uuid();
        let made = alerts::insert(&mut tx, id.into(), Kind::Overtime, &opening, false, now).await;
        assert!(made.expect("writes"), "the episode is new");
        tx.commit().await.expect("commits");
        id
    }

    /// What they say of two minutes, long ago, that no other note is about.
    async fn note(&self, app: &TestApp, owner: &str) -> Uuid {
        let from = BEGINNING.plus_seconds(-10 * 86_400 - 120 * i64::from(self.count()));
        let request = json!({
            "from": from, "to": from.plus_seconds(120), "kind": "other", "text": format!("zq{owner}note"),
        });
        let token = &self.person(owner).token;
        let made = app.post("/api/v1/notes", token, &request).await;
        id(&made.expect(201)["id"])
    }

    /// A report that they have made each day.
    async fn report_schedule(&self, app: &TestApp, owner: &str) -> Uuid {
        let request = json!({
            "name": format!("zq{owner}schedule"), "every": "day", "at": "07:00", "group_by": "day",
            "format": "csv", "enabled": true,
        });
        let token = &self.person(owner).token;
        let made = app.post("/api/v1/report-schedules", token, &request).await;
        id(&made.expect(201)["id"])
    }

    /// A colleague of theirs with a password, and their address.
    pub(super) async fn make_user(&self, app: &TestApp, of: &str, role: &str) -> (Uuid, String) {
        let n = self.count();
        let email = format!("extra{n}@new.test");
        let request = json!({ "name": format!("extra {n}"), "email": email, "role": role, "password": PASSWORD });
        let token = &self.admin_of(of).token;
        let made = app.post("/api/v1/users", token, &request).await;
        let user = id(&made.expect(201)["id"]);
        let mut emails = self.made.lock().expect("nobody panics with it");
        emails.insert(user, email.clone());
        (user, email)
    }

    /// An invitation into their organization.
    async fn invite(&self, app: &TestApp, of: &str) -> Uuid {
        let request = json!({ "email": format!("invited{}@new.test", self.count()) });
        let token = &self.admin_of(of).token;
        let made = app.post("/api/v1/invitations", token, &request).await;
        id(&made.expect(201)["invitation"]["id"])
    }

    /// A webhook of their organization.
    async fn make_webhook(&self, app: &TestApp, of: &str) -> Uuid {
        let request = json!({ "url": "https://hooks.acme.test/", "kinds": ["alert.opened"] });
        let token = &self.admin_of(of).token;
        let made = app.post("/api/v1/webhooks", token, &request).await;
        id(&made.expect(201)["webhook"]["id"])
    }

    /// A message to their webhook.
    async fn make_message(&self, app: &TestApp, of: &str) -> Uuid {
        let webhook = self.person(of).things[&Thing::Webhook];
        let path = format!("/api/v1/webhooks/{webhook}/test");
        let made = app.post(&path, &self.admin_of(of).token, &json!({})).await;
        id(&made.expect(202)["id"])
    }

    /// A finished file of theirs.
    async fn export(&self, app: &TestApp, owner: &str) -> Uuid {
        let request = json!({
            "content": "activity", "format": "csv", "from": "2026-11-22", "to": "2026-11-22",
            "user_id": self.person(owner).things[&Thing::User],
        });
        let token = &self.person(owner).token;
        let made = app.post("/api/v1/exports", token, &request).await;
        let export = id(&made.expect(202)["id"]);
        let organization = if matches!(owner, "grace" | "hal") {
            self.other
        } else {
            self.acme
        };
        exports::finish(app, organization, export).await;
        export
    }

    /// A category of their organization, which no rule names.
    async fn make_category(&self, app: &TestApp, of: &str) -> Uuid {
        let name = format!("Category {}", self.count());
        let request = json!({ "name": name, "kind": "neutral" });
        let token = &self.admin_of(of).token;
        let made = app.post("/api/v1/categories", token, &request).await;
        id(&made.expect(201)["id"])
    }

    /// An enrolment token for them, and its secret.
    pub(crate) async fn make_enrolment_token(&self, app: &TestApp, owner: &str) -> (Uuid, String) {
        let request = json!({ "user_id": self.person(owner).things[&Thing::User] });
        let made = app
            .post(
                "/api/v1/enrolment-tokens",
                &self.admin_of(owner).token,
                &request,
            )
            .await
            .expect(201);
        (
            id(&made["id"]),
            made["token"].as_str().expect("a text").to_owned(),
        )
    }

    /// A device of theirs, and its credential.
    pub(crate) async fn enrol(&self, app: &TestApp, owner: &str) -> (Uuid, String) {
        self.enrol_as(app, owner, SystemClock.new_uuid()).await
    }

    /// A device of theirs that waits for approval, and its credential.
    pub(super) async fn enrol_pending(&self, app: &TestApp, owner: &str) -> (Uuid, String) {
        let request =
            json!({ "user_id": self.person(owner).things[&Thing::User], "needs_approval": true });
        let token = &self.admin_of(owner).token;
        let made = app
            .post("/api/v1/enrolment-tokens", token, &request)
            .await
            .expect(201);
        let request = json!({
            "token": made["token"], "device_id": SystemClock.new_uuid(), "name": format!("zq{owner}waits"),
            "os": format!("zq{owner}os"), "agent_version": "0.1.0",
        });
        let made = app
            .post("/api/v1/devices/enrol", "", &request)
            .await
            .expect(201);
        assert_eq!(made["status"], "pending", "{made}");
        let secret = made["device_secret"].as_str().expect("a text").to_owned();
        (id(&made["device_id"]), secret)
    }

    /// A device of theirs with this id.
    pub(crate) async fn enrol_as(
        &self,
        app: &TestApp,
        owner: &str,
        device: Uuid,
    ) -> (Uuid, String) {
        let token = self.make_enrolment_token(app, owner).await.1;
        let request = json!({
            "token": token, "device_id": device, "name": format!("zq{owner}desk"),
            "os": format!("zq{owner}os"), "agent_version": "0.1.0",
        });
        let made = app
            .post("/api/v1/devices/enrol", "", &request)
            .await
            .expect(201);
        (
            device,
            made["device_secret"].as_str().expect("a text").to_owned(),
        )
    }

    /// A session kept at a keyboard, begun long ago.
    async fn start(&self, app: &TestApp, owner: &str) -> Uuid {
        let session = SystemClock.new_uuid();
        let request = json!({ "session_id": session, "started_at": BEGINNING.plus_seconds(-7 * 86_400).to_string() });
        app.post(
            "/api/v1/sessions/start",
            &self.person(owner).token,
            &request,
        )
        .await
        .expect(201);
        session
    }

    /// A running session that the device sent, with a minute of work in it, as its first epoch.
    pub(crate) async fn work(
        &self,
        app: &TestApp,
        owner: &str,
        device: Uuid,
        secret: &str,
    ) -> Uuid {
        let session = SystemClock.new_uuid();
        let at = |seconds: i64| BEGINNING.plus_seconds(seconds).to_string();
        let batch = json!({
            "device_id": device, "epoch": device, "clock": at(0),
            "items": [
                { "seq": 1, "item": { "session_started": { "session_id": session, "started_at": at(-60) } } },
                { "seq": 2, "item": { "activity": {
                    "session_id": session, "activity_type": "active", "started_at": at(-60), "duration_seconds": 60,
                    "application": format!("zq{owner}app"), "title": format!("zq{owner}title"),
                    "url": format!("https://zq{owner}url.test/"),
                } } },
            ],
        });
        let answer = app.post("/api/v1/sync", secret, &batch).await.expect(200);
        for result in answer["results"].as_array().expect("a list") {
            assert_eq!(result["outcome"], "stored", "{answer}");
        }
        session
    }
}
