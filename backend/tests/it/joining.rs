//! Joining: by invitation, or by the organization's id where it is open.

use serde_json::{Value, json};
use workpulse_server::clock::{Clock as _, SystemClock};

use crate::{
    harness::{Answer, LoggedIn, PASSWORD, TestApp},
    raw::behind,
};

const PATH: &str = "/api/v1/invitations";
const REGISTER: &str = "/api/v1/auth/register";

/// The secret of a link.
pub(crate) fn secret(link: &str) -> String {
    let (_, secret) = link.split_once("#token=").expect("a link with a secret");
    secret.to_owned()
}

/// Invites somebody; the invitation's id and its secret.
pub(crate) async fn invite(app: &TestApp, admin: &LoggedIn, email: &str) -> (String, String) {
    let made = app
        .post(PATH, &admin.token, &json!({ "email": email }))
        .await
        .expect(201);
    let id = made["invitation"]["id"].as_str().expect("an id").to_owned();
    (
        id,
        secret(made["link"].as_str().expect("shown without mail")),
    )
}

async fn join(app: &TestApp, token: &str, name: &str) -> Answer {
    let request = json!({ "invitation": token, "name": name, "password": PASSWORD });
    app.post(REGISTER, "", &request).await
}

async fn look(app: &TestApp, token: &str) -> Answer {
    app.post("/api/v1/auth/invitation", "", &json!({ "token": token }))
        .await
}

async fn states(app: &TestApp, admin: &LoggedIn) -> Vec<Value> {
    let page = app.get(PATH, &admin.token).await.expect(200);
    let items = page["items"].as_array().expect("items");
    items.iter().map(|item| item["state"].clone()).collect()
}

/// Actions of the audit, oldest first, with their subjects' presence.
pub(crate) async fn actions(app: &TestApp) -> Vec<String> {
    behind!(app.target(), |c| sqlx::query_scalar(
        "SELECT action FROM audit ORDER BY organization_id, seq"
    )
    .fetch_all(&mut *c)
    .await
    .expect("reads"))
}

/// Opens the organization for registration by its id.
pub(crate) async fn open(app: &TestApp, admin: &LoggedIn, domains: &[&str]) {
    let settings = json!({ "registration_open": true, "registration_domains": domains });
    app.patch("/api/v1/organization", &admin.token, &settings)
        .await
        .expect(200);
}

fn by_id(admin: &LoggedIn, email: &str) -> Value {
    json!({ "organization_id": admin.organization_id, "email": email, "name": "Grace", "password": PASSWORD })
}

async fn log_in_status(app: &TestApp, email: &str) -> u16 {
    let request = json!({ "email": email, "password": PASSWORD });
    app.post("/api/v1/auth/login", "", &request)
        .await
        .status
        .as_u16()
}

on_both_engines! {
    async fn an_invitation_lets_one_person_in_once_as_an_employee(app) {
        let ada = app.set_up().await;
        let (_, token) = invite(app, &ada, "Grace@Acme.test").await;
        let offer = look(app, &token).await.expect(200);
        assert_eq!(offer, json!({
            "organization_name": "Acme", "email": "grace@acme.test", "expires_at": "2026-11-29T09:00:00.000Z",
        }));
        let joined = join(app, &token, " Grace ").await.expect(201);
        assert_eq!(joined["email"], "grace@acme.test");
        let grace = app.log_in("grace@acme.test").await;
        let me = app.get("/api/v1/me", &grace.token).await.expect(200);
        assert_eq!((&me["role"], &me["name"]), (&json!("employee"), &json!("Grace")));

        join(app, &token, "Eve").await.problem(410, "token-spent");
        look(app, &token).await.problem(410, "token-spent");
        assert_eq!(states(app, &ada).await, ["accepted"]);
        assert_eq!(actions(app).await[2..], ["invitation.created", "user.registered"]);
    }

    async fn of_two_who_come_with_one_invitation_at_once_one_joins(app) {
        let ada = app.set_up().await;
        let (_, token) = invite(app, &ada, "grace@acme.test").await;
        let (one, two) = tokio::join!(join(app, &token, "One"), join(app, &token, "Two"));
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 410], "{} {}", one.text, two.text);
        let page = app.get("/api/v1/users", &ada.token).await.expect(200);
        assert_eq!(page["items"].as_array().expect("items").len(), 2);
    }

    async fn expired_revoked_and_overtaken_invitations_let_nobody_in(app) {
        let ada = app.set_up().await;
        let (_, overtaken) = invite(app, &ada, "grace@acme.test").await;
        let (id, revoked) = invite(app, &ada, "grace@acme.test").await;
        for _ in 0..2 {
            app.delete(&format!("{PATH}/{id}"), &ada.token).await.expect(204);
        }
        let (_, expired) = invite(app, &ada, "grace@acme.test").await;
        app.clock.advance_seconds(7 * 24 * 3_600);
        let ada = app.log_in("ada@acme.test").await;
        assert_eq!(states(app, &ada).await, ["expired", "revoked", "revoked"]);
        for token in [overtaken, revoked, expired] {
            look(app, &token).await.problem(410, "token-spent");
            join(app, &token, "Grace").await.problem(410, "token-spent");
        }
        let revocations = actions(app).await.iter().filter(|a| *a == "invitation.revoked").count();
        assert_eq!(revocations, 1, "the second time nothing happened");
    }

    async fn what_is_no_invitation_is_not_known(app) {
        app.set_up().await;
        let random = format!("wpi_{}", "A".repeat(43));
        for token in ["", "x", "wpi_", "wpr_AAAA", random.as_str(), "\u{0}", "wpi_' OR 1=1 --"] {
            look(app, token).await.problem(404, "not-found");
            join(app, token, "Grace").await.problem(404, "not-found");
        }
    }

    async fn an_invitation_is_bound_to_its_address_and_asks_for_a_good_password(app) {
        let ada = app.set_up().await;
        let (_, token) = invite(app, &ada, "grace@acme.test").await;
        let mut request = json!({ "invitation": token, "name": "Grace", "password": PASSWORD, "email": "eve@acme.test" });
        let problem = app.post(REGISTER, "", &request).await.problem(422, "validation");
        assert_eq!(problem["fields"][0]["field"], "email");
        request["password"] = json!("grace@acme.test");
        request["name"] = json!("a\u{7}b");
        let problem = app.post(REGISTER, "", &request).await.problem(422, "validation");
        assert_eq!(problem["fields"].as_array().expect("fields").len(), 3);
        request["organization_id"] = json!(ada.organization_id);
        app.post(REGISTER, "", &request).await.problem(422, "validation");
        app.post(REGISTER, "", &json!({})).await.problem(422, "validation");
        app.post(REGISTER, "", &json!({ "invitation": token, "role": "admin" })).await.problem(422, "validation");
        assert_eq!(states(app, &ada).await, ["open"], "nothing was used up");
        let hostile = "<img src=x onerror=alert(1)> =cmd|' /C calc'!A0";
        join(app, &token, hostile).await.expect(201);
        let grace = app.log_in("grace@acme.test").await;
        assert_eq!(app.get("/api/v1/me", &grace.token).await.expect(200)["name"], hostile);
    }

    async fn who_is_there_already_is_not_invited_and_joins_no_second_time(app) {
        let ada = app.set_up().await;
        let (_, token) = invite(app, &ada, "grace@acme.test").await;
        app.person(&ada, "Grace", "manager").await;
        let again = json!({ "email": "GRACE@acme.test" });
        app.post(PATH, &ada.token, &again).await.problem(409, "conflict");
        join(app, &token, "Grace").await.problem(409, "conflict");
    }

    async fn only_admins_invite_and_only_in_their_own_organization(app) {
        let ada = app.set_up().await;
        let max = app.person(&ada, "Max", "manager").await;
        let other = app.another_organization("grace@other.test").await;
        let (id, token) = invite(app, &ada, "new@acme.test").await;
        app.post(PATH, &max.token, &json!({ "email": "x@acme.test" })).await.problem(403, "forbidden");
        app.get(PATH, &max.token).await.problem(403, "forbidden");
        app.delete(&format!("{PATH}/{id}"), &max.token).await.problem(403, "forbidden");

        let theirs = app.delete(&format!("{PATH}/{id}"), &other.token).await.problem(404, "not-found");
        let random = app.delete(&format!("{PATH}/{}", SystemClock.new_uuid()), &other.token).await.problem(404, "not-found");
        assert_eq!(theirs, random);
        assert!(states(app, &other).await.is_empty());
        let joined = join(app, &token, "New").await.expect(201);
        assert_eq!(joined["organization_id"], json!(ada.organization_id));
        let used = app.delete(&format!("{PATH}/{id}"), &ada.token).await;
        used.problem(409, "conflict");
        for (email, hours) in [("nobody", 1), ("a@b.test", 0), ("a@b.test", 721)] {
            let wrong = json!({ "email": email, "expires_in_hours": hours });
            app.post(PATH, &ada.token, &wrong).await.problem(422, "validation");
        }
    }

    async fn invitations_are_paged_newest_first(app) {
        let ada = app.set_up().await;
        for n in 0..3 {
            invite(app, &ada, &format!("p{n}@acme.test")).await;
        }
        let page = app.get(&format!("{PATH}?limit=2"), &ada.token).await.expect(200);
        assert_eq!(page["items"][0]["email"], "p2@acme.test");
        let cursor = page["next_cursor"].as_str().expect("there is more");
        let page = app.get(&format!("{PATH}?limit=2&cursor={cursor}"), &ada.token).await.expect(200);
        assert_eq!(page["items"][0]["email"], "p0@acme.test");
        assert_eq!(page["next_cursor"], Value::Null);
    }

    async fn a_closed_organization_is_like_one_that_is_not_there(app) {
        let ada = app.set_up().await;
        let mut request = by_id(&ada, "grace@acme.test");
        let closed = app.post(REGISTER, "", &request).await.problem(404, "not-found");
        request["organization_id"] = json!(SystemClock.new_uuid());
        assert_eq!(app.post(REGISTER, "", &request).await.problem(404, "not-found"), closed);
        open(app, &ada, &["acme.test"]).await;
        let request = by_id(&ada, "grace@evil.test");
        let problem = app.post(REGISTER, "", &request).await.problem(422, "validation");
        assert_eq!(problem["fields"][0]["field"], "email");
    }

    async fn without_mail_an_admin_lets_newcomers_in_and_a_taken_address_is_answered_alike(app) {
        let ada = app.set_up().await;
        open(app, &ada, &[]).await;
        let before = app.state().auth.passwords.begun();
        let free = app.post(REGISTER, "", &by_id(&ada, "grace@acme.test")).await.expect(202);
        assert_eq!(app.state().auth.passwords.begun() - before, 1);
        let mut request = by_id(&ada, "ada@acme.test");
        request["password"] = json!("another seven purple lanterns");
        let taken = app.post(REGISTER, "", &request).await.expect(202);
        assert_eq!(app.state().auth.passwords.begun() - before, 2, "as much work");
        assert_eq!(free, json!({ "next": "approval" }));
        assert_eq!(taken, free);
        assert_eq!(log_in_status(app, "grace@acme.test").await, 401, "not yet");
        let stolen = json!({ "email": "ada@acme.test", "password": "another seven purple lanterns" });
        app.post("/api/v1/auth/login", "", &stolen).await.problem(401, "login-failed");
        assert_eq!(log_in_status(app, "ada@acme.test").await, 200, "nothing of hers was changed");

        let users = app.get("/api/v1/users", &ada.token).await.expect(200);
        let grace = users["items"].as_array().expect("items").iter()
            .find(|user| user["email"] == "grace@acme.test").expect("waits").clone();
        assert_eq!((&grace["role"], &grace["status"]), (&json!("employee"), &json!("inactive")));
        let path = format!("/api/v1/users/{}", grace["id"].as_str().expect("an id"));
        app.patch(&path, &ada.token, &json!({ "status": "active" })).await.expect(200);
        assert_eq!(log_in_status(app, "grace@acme.test").await, 200);
        assert_eq!(actions(app).await[3..], [
            "user.registered", "user.registration_repeated", "user.status_changed",
        ]);
    }

    async fn two_who_register_one_address_at_once_make_one_account(app) {
        let ada = app.set_up().await;
        open(app, &ada, &[]).await;
        let request = by_id(&ada, "grace@acme.test");
        let (one, two) = tokio::join!(app.post(REGISTER, "", &request), app.post(REGISTER, "", &request));
        assert_eq!((one.expect(202), two.expect(202)), (json!({ "next": "approval" }), json!({ "next": "approval" })));
        let users = app.get("/api/v1/users", &ada.token).await.expect(200);
        assert_eq!(users["items"].as_array().expect("items").len(), 2);
    }

    async fn settings_are_read_by_members_and_changed_by_admins(app) {
        const SETTINGS: &str = "/api/v1/organization";
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let other = app.another_organization("grace@other.test").await;
        let before = app.get(SETTINGS, &eve.token).await.expect(200);
        assert_eq!(before, json!({
            "id": ada.organization_id, "name": "Acme", "time_zone": "Europe/Berlin", "registration_open": false,
            "registration_domains": [], "devices_need_approval": false, "retention_days": 400,
            "idle_alert_seconds": 300, "overtime_alert_seconds": 32_400, "quiet_hours": [], "alert_mail": false,
        }));
        app.patch(SETTINGS, &eve.token, &json!({ "retention_days": 1 })).await.problem(403, "forbidden");
        let wrong = json!({ "name": "", "registration_domains": ["a b"], "retention_days": 0 });
        let problem = app.patch(SETTINGS, &ada.token, &wrong).await.problem(422, "validation");
        assert_eq!(problem["fields"].as_array().expect("fields").len(), 3);
        let change = json!({ "name": " Acme \u{1F680} ", "registration_domains": ["@B.test", "a.test", "b.test"], "retention_days": 90 });
        let then = app.patch(SETTINGS, &ada.token, &change).await.expect(200);
        assert_eq!((&then["name"], &then["registration_domains"]), (&json!("Acme \u{1F680}"), &json!(["a.test", "b.test"])));
        assert_eq!(app.get(SETTINGS, &eve.token).await.expect(200), then);
        app.patch(SETTINGS, &ada.token, &json!({})).await.expect(200);
        let changes = actions(app).await.iter().filter(|a| *a == "organization.changed").count();
        assert_eq!(changes, 1, "what changes nothing is not written down");
        assert_eq!(app.get(SETTINGS, &other.token).await.expect(200)["name"], "Other");
    }
}
