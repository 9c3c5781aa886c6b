//! Tokens that are not one person's, approval, what is shown of devices, and silence.

use reqwest::Method;
use serde_json::{Value, json};
use shared_types::{DeviceId, EpochId, auth::UserStatus};
use workpulse_server::{
    auth::accounts,
    clock::{Clock as _, SystemClock},
};

use crate::{
    harness::{Answer, LoggedIn, TestApp},
    raw::behind,
};

fn device() -> DeviceId {
    DeviceId(SystemClock.new_uuid())
}

/// Makes a token with these terms.
async fn token(app: &TestApp, admin: &LoggedIn, terms: Value) -> String {
    let answer = app
        .post("/api/v1/enrolment-tokens", &admin.token, &terms)
        .await
        .expect(201);
    answer["token"].as_str().expect("a text").to_owned()
}

async fn enrol(app: &TestApp, token: &str, device: DeviceId, email: Option<&str>) -> Answer {
    let mut request = json!({
        "token": token, "device_id": device, "name": "desk", "os": "Debian 12", "agent_version": "0.1.0",
    });
    if let Some(email) = email {
        request["email"] = json!(email);
    }
    app.post("/api/v1/devices/enrol", "", &request).await
}

fn secret(answer: &Value) -> String {
    answer["device_secret"].as_str().expect("a text").to_owned()
}

/// A device's batch with an account of itself.
async fn sync(app: &TestApp, secret: &str, device: DeviceId, epoch: EpochId, seq: i64) -> Answer {
    let counters = json!({ "produced": 10, "stored": 6, "pending": 3, "dropped": { "future": 1 } });
    let batch = json!({
        "device_id": device, "epoch": epoch, "clock": app.clock.now(),
        "items": [{ "seq": seq, "item": { "counters": counters } }],
    });
    app.post("/api/v1/sync", secret, &batch).await
}

async fn listed(app: &TestApp, query: &str, token: &str) -> Vec<Value> {
    let page = app.get(&format!("/api/v1/devices{query}"), token).await;
    page.expect(200)["items"]
        .as_array()
        .expect("a list")
        .clone()
}

on_both_engines! {
    async fn a_token_for_anybody_enrols_for_the_person_with_the_address(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let token = token(app, &ada, json!({ "max_uses": 5, "needs_approval": false, "label": "Turin <b>" })).await;
        let id = device();
        let problem = enrol(app, &token, id, None).await.problem(422, "validation");
        assert_eq!(problem["fields"][0]["field"], "email");
        let answer = enrol(app, &token, id, Some(" EVE@Acme.Test ")).await.expect(201);
        assert_eq!((answer["user_name"].as_str(), answer["status"].as_str()), (Some("Eve"), Some("approved")));
        // Again for the same person is once; for another person it is taken.
        enrol(app, &token, id, Some("eve@acme.test")).await.expect(201);
        enrol(app, &token, id, Some("ada@acme.test")).await.problem(409, "conflict");
        let devices = listed(app, "", &ada.token).await;
        assert_eq!(devices.len(), 1);
        assert_eq!(devices[0]["user_id"], json!(eve.user_id));
        let tokens = app.get("/api/v1/enrolment-tokens", &ada.token).await;
        assert_eq!(tokens.expect(200)["items"][0]["uses"], 1);
        assert_eq!(tokens.expect(200)["items"][0]["label"], "Turin <b>");
        assert!(!tokens.text.contains(&token), "the secret is shown once");
    }

    async fn an_address_that_a_token_is_not_for_is_refused_without_telling_why(app) {
        let ada = app.set_up().await;
        app.person(&ada, "Eve", "employee").await;
        let gone = app.person(&ada, "Max", "employee").await;
        let (store, clock) = (&app.state().store, &*app.state().clock);
        accounts::set_status(store, clock, gone.organization_id, None, gone.user_id, UserStatus::Suspended)
            .await
            .expect("suspended");
        let anybody = token(app, &ada, json!({ "max_uses": 5 })).await;
        let elsewhere = token(app, &ada, json!({ "mail_domain": "Other.Test", "max_uses": 5 })).await;
        let mut refusals = Vec::new();
        for (token, email) in [
            (&anybody, "nobody@acme.test"),
            (&anybody, "max@acme.test"),
            (&elsewhere, "eve@acme.test"),
            (&elsewhere, "eve@other.test"),
            (&elsewhere, "eve@acme.test@other.test"),
        ] {
            let answer = enrol(app, token, device(), Some(email)).await;
            if answer.status == 422 {
                continue;
            }
            refusals.push(answer.problem(403, "forbidden"));
        }
        assert_eq!(refusals.len(), 4);
        refusals.dedup();
        assert_eq!(refusals.len(), 1, "{refusals:#?}");
        let fitting = token(app, &ada, json!({ "mail_domain": "ACME.test", "max_uses": 1 })).await;
        enrol(app, &fitting, device(), Some("eve@acme.test")).await.expect(201);
        assert_eq!(listed(app, "", &ada.token).await.len(), 1, "refusals used nothing up");
    }

    async fn terms_that_cannot_be_are_named(app) {
        let ada = app.set_up().await;
        for (terms, field) in [
            (json!({ "mail_domain": "not a domain" }), "mail_domain"),
            (json!({ "mail_domain": "acme.test", "user_id": ada.user_id }), "mail_domain"),
            (json!({ "label": "x".repeat(201) }), "label"),
            (json!({ "label": "a\u{0}b" }), "label"),
            (json!({ "max_uses": 1_001 }), "max_uses"),
        ] {
            let problem = app.post("/api/v1/enrolment-tokens", &ada.token, &terms).await.problem(422, "validation");
            assert_eq!(problem["fields"][0]["field"], field);
        }
    }

    async fn a_device_that_waits_may_read_its_policy_and_nothing_else_until_it_is_approved(app) {
        let ada = app.set_up().await;
        let token = token(app, &ada, json!({ "max_uses": 2 })).await;
        let (id, epoch) = (device(), EpochId(SystemClock.new_uuid()));
        let answer = enrol(app, &token, id, Some("ada@acme.test")).await.expect(201);
        assert_eq!(answer["status"], "pending");
        let credential = secret(&answer);
        sync(app, &credential, id, epoch, 1).await.problem(403, "device-pending");
        app.get("/api/v1/ws", &credential).await.problem(403, "device-pending");
        assert_eq!(app.get("/api/v1/policy", &credential).await.expect(200)["version"], 1);
        let waiting = listed(app, "?pending=true", &ada.token).await;
        assert_eq!((waiting.len(), &waiting[0]["status"]), (1, &json!("pending")));
        assert!(listed(app, "?pending=false", &ada.token).await.is_empty());
        // Enrolling again does not approve it.
        let again = enrol(app, &token, id, Some("ada@acme.test")).await.expect(201);
        assert_eq!(again["status"], "pending");
        let credential = secret(&again);
        let path = format!("/api/v1/devices/{id}/approve");
        app.post(&path, &ada.token, &json!({})).await.expect(204);
        app.post(&path, &ada.token, &json!({})).await.expect(204);
        let stored = sync(app, &credential, id, epoch, 1).await.expect(200);
        assert_eq!(stored["results"][0]["outcome"], "stored");
        let shown = app.get(&format!("/api/v1/devices/{id}"), &ada.token).await.expect(200);
        assert_eq!(shown["status"], "approved");
        assert_eq!(shown["account"]["pending"], 3);
        assert_eq!(shown["account"]["dropped"]["future"], 1);
        assert!(shown["last_contact_at"].is_string() && shown["approved_at"].is_string());
        app.delete(&format!("/api/v1/devices/{id}"), &ada.token).await.expect(204);
        app.post(&path, &ada.token, &json!({})).await.problem(409, "conflict");
        app.post(&format!("/api/v1/devices/{}/approve", device()), &ada.token, &json!({})).await.problem(404, "not-found");
    }

    async fn approval_and_revocation_reach_another_instance(app) {
        let ada = app.set_up().await;
        let token = token(app, &ada, json!({})).await;
        let (id, epoch) = (device(), EpochId(SystemClock.new_uuid()));
        let credential = secret(&enrol(app, &token, id, Some("ada@acme.test")).await.expect(201));
        sync(app, &credential, id, epoch, 1).await.problem(403, "device-pending");
        // As IT does on the database, or another instance: this one only polls.
        let (store, clock) = (&app.state().store, &*app.state().clock);
        let organization = ada.organization_id;
        app.clock.advance_seconds(1);
        workpulse_server::auth::devices::approve(store, clock, organization, None, id).await.expect("approved");
        app.state().auth.authority.poll().await.expect("polled");
        sync(app, &credential, id, epoch, 1).await.expect(200);
        app.clock.advance_seconds(1);
        workpulse_server::auth::devices::revoke(store, clock, organization, None, id).await.expect("revoked");
        app.state().auth.authority.poll().await.expect("polled");
        sync(app, &credential, id, epoch, 1).await.problem(403, "device-revoked");
    }

    async fn where_the_organization_wants_approval_every_device_waits(app) {
        let ada = app.set_up().await;
        let set = behind!(app.target(), |c| sqlx::query(
            "UPDATE organizations SET devices_need_approval = $1"
        ).bind(true).execute(c).await.map(drop));
        set.expect("set");
        let token = token(app, &ada, json!({ "user_id": ada.user_id, "needs_approval": false })).await;
        let answer = enrol(app, &token, device(), None).await.expect(201);
        assert_eq!(answer["status"], "pending");
    }

    async fn devices_of_which_nothing_was_heard_for_seven_days_are_listed(app) {
        let ada = app.set_up().await;
        let (quiet, talking) = (app.device(&ada, ada.user_id).await, app.device(&ada, ada.user_id).await);
        let never = app.device(&ada, ada.user_id).await;
        let revoked = app.device(&ada, ada.user_id).await;
        let epoch = || EpochId(SystemClock.new_uuid());
        sync(app, &quiet.secret, quiet.device_id, epoch(), 1).await.expect(200);
        app.delete(&format!("/api/v1/devices/{}", revoked.device_id), &ada.token).await.expect(204);
        app.clock.advance_seconds(7 * 86_400 - 1);
        let ada = app.log_in("ada@acme.test").await;
        assert!(listed(app, "?silent_days=7", &ada.token).await.is_empty());
        sync(app, &talking.secret, talking.device_id, epoch(), 1).await.expect(200);
        app.clock.advance_seconds(2);
        let silent = listed(app, "?silent_days=7", &ada.token).await;
        let ids: Vec<&str> = silent.iter().map(|it| it["id"].as_str().expect("an id")).collect();
        assert_eq!(ids, [quiet.device_id.to_string(), never.device_id.to_string()]);
        app.get("/api/v1/devices?silent_days=0", &ada.token).await.problem(422, "validation");
    }

    async fn an_updated_agent_shows_its_new_version(app) {
        let ada = app.set_up().await;
        let enrolled = app.device(&ada, ada.user_id).await;
        let request = app.request(Method::GET, "/api/v1/policy").bearer_auth(&enrolled.secret)
            .header("user-agent", "workpulse-agent/9.8.7");
        app.send(request).await.expect(200);
        let path = format!("/api/v1/devices/{}", enrolled.device_id);
        assert_eq!(app.get(&path, &ada.token).await.expect(200)["agent_version"], "9.8.7");
    }

    async fn what_an_agent_sees_of_its_desktop_is_shown_and_written_only_when_it_changes(app) {
        let ada = app.set_up().await;
        let enrolled = app.device(&ada, ada.user_id).await;
        let path = format!("/api/v1/devices/{}", enrolled.device_id);
        let before = app.get(&path, &ada.token).await.expect(200);
        assert_eq!(before["probe"], Value::Null, "it has not said yet");
        let say = async |desktop: &str| {
            let request = app.request(Method::GET, "/api/v1/policy").bearer_auth(&enrolled.secret)
                .header("workpulse-desktop", desktop);
            app.send(request).await.expect(200);
            let device = app.get(&path, &ada.token).await.expect(200);
            (device["probe"].clone(), device["capabilities"].clone())
        };
        let wayland = json!({ "application": false, "title": false, "idle": true });
        assert_eq!(say("wayland idle").await, (json!("wayland"), wayland.clone()));
        assert_eq!(say("<script>").await, (json!("wayland"), wayland));
        let x11 = json!({ "application": true, "title": true, "idle": true });
        assert_eq!(say("x11 application title idle").await, (json!("x11"), x11.clone()));
        // Saying the same again writes nothing: what somebody else put there stays.
        assert_eq!(say("x11 application title idle").await, (json!("x11"), x11.clone()));
        behind!(app.target(), |c| {
            sqlx::query("UPDATE devices SET probe = 'by hand' WHERE probe = 'x11'")
                .execute(&mut *c).await.map(drop).expect("is written");
        });
        assert_eq!(say("x11 application title idle").await, (json!("by hand"), x11));
    }

    async fn a_person_sees_their_own_devices_and_no_others(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let (hers, other) = (app.device(&ada, eve.user_id).await, app.device(&ada, ada.user_id).await);
        let seen = listed(app, "", &eve.token).await;
        assert_eq!((seen.len(), &seen[0]["id"]), (1, &json!(hers.device_id)));
        app.get(&format!("/api/v1/devices/{}", hers.device_id), &eve.token).await.expect(200);
        app.get(&format!("/api/v1/devices/{}", other.device_id), &eve.token).await.problem(404, "not-found");
        assert!(listed(app, &format!("?user_id={}", ada.user_id), &eve.token).await.is_empty());
        assert_eq!(listed(app, &format!("?user_id={}", eve.user_id), &ada.token).await.len(), 1);
    }
}
