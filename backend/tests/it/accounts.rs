//! Accounts: role, status and name, log-ins, and when somebody was last heard of.

use serde_json::{Value, json};
use workpulse_server::auth::last_seen::WRITE_EVERY;

use crate::{
    harness::{LoggedIn, TestApp},
    joining::actions,
    socket::{self, Socket},
};

fn path(person: &LoggedIn) -> String {
    format!("/api/v1/users/{}", person.user_id)
}

async fn log_ins(app: &TestApp, person: &LoggedIn) -> Vec<Value> {
    let page = app
        .get("/api/v1/auth/logins", &person.token)
        .await
        .expect(200);
    page["items"].as_array().expect("items").clone()
}

async fn look(app: &TestApp) {
    app.state()
        .auth
        .authority
        .poll()
        .await
        .expect("the database answers");
}

/// Two sockets of one person: on the instance that changes something, and on another one that
/// learns of it by looking.
async fn sockets(here: &TestApp, there: &TestApp, token: &str) -> (Socket, Socket) {
    let mut both = (
        socket::open(here, token, None).await,
        socket::open(there, token, None).await,
    );
    both.0.frame().await;
    both.1.frame().await;
    both
}

async fn are_closed(sockets: (Socket, Socket)) {
    let (mut here, mut there) = sockets;
    assert_eq!(here.closed_with().await, socket::POLICY);
    assert_eq!(there.closed_with().await, socket::POLICY);
}

on_both_engines! {
    async fn a_suspension_bites_on_every_instance_and_on_open_sockets(app) {
        let ada = app.set_up().await;
        let max = app.person(&ada, "Max", "manager").await;
        let device = app.device(&ada, max.user_id).await;
        let there = app.another_instance().await;
        there.get("/api/v1/me", &max.token).await.expect(200);
        there.get("/api/v1/policy", &device.secret).await.expect(200);
        let open = sockets(app, &there, &max.token).await;
        app.clock.advance_seconds(1);

        let changed = app.patch(&path(&max), &ada.token, &json!({ "status": "suspended" })).await.expect(200);
        assert_eq!(changed["status"], "suspended");
        look(&there).await;

        for instance in [app, &there] {
            instance.get("/api/v1/me", &max.token).await.problem(403, "suspended");
            instance.get("/api/v1/policy", &device.secret).await.problem(403, "suspended");
            let renew = json!({ "refresh_token": max.refresh_token });
            instance.post("/api/v1/auth/refresh", "", &renew).await.problem(401, "unauthenticated");
        }
        are_closed(open).await;
        app.patch(&path(&max), &ada.token, &json!({ "status": "active" })).await.expect(200);
        app.get("/api/v1/me", &max.token).await.problem(401, "unauthenticated");
        there.close().await;
    }

    async fn a_new_role_bites_on_every_instance_and_on_open_sockets(app) {
        let ada = app.set_up().await;
        let max = app.person(&ada, "Max", "manager").await;
        let there = app.another_instance().await;
        there.get("/api/v1/users", &max.token).await.expect(200);
        let open = sockets(app, &there, &max.token).await;
        app.clock.advance_seconds(1);

        app.patch(&path(&max), &ada.token, &json!({ "role": "employee" })).await.expect(200);
        look(&there).await;

        for instance in [app, &there] {
            instance.get("/api/v1/users", &max.token).await.problem(403, "forbidden");
            assert_eq!(instance.get("/api/v1/me", &max.token).await.expect(200)["role"], "employee");
        }
        are_closed(open).await;
        there.close().await;
    }

    async fn signing_somebody_out_bites_on_every_instance_and_on_open_sockets(app) {
        let ada = app.set_up().await;
        let max = app.person(&ada, "Max", "manager").await;
        let device = app.device(&ada, max.user_id).await;
        let there = app.another_instance().await;
        there.get("/api/v1/me", &max.token).await.expect(200);
        let open = sockets(app, &there, &max.token).await;
        app.clock.advance_seconds(1);

        app.post(&format!("{}/sign-out", path(&max)), &ada.token, &json!({})).await.expect(204);
        look(&there).await;

        for instance in [app, &there] {
            instance.get("/api/v1/me", &max.token).await.problem(401, "unauthenticated");
            instance.get("/api/v1/policy", &device.secret).await.expect(200);
        }
        are_closed(open).await;
        app.log_in("max@acme.test").await;
        there.close().await;
    }

    async fn the_last_active_admin_stays_one_and_nobody_changes_their_own_standing(app) {
        let ada = app.set_up().await;
        let max = app.person(&ada, "Max", "admin").await;
        for change in [json!({ "role": "employee" }), json!({ "status": "suspended" }), json!({ "status": "inactive" })] {
            app.patch(&path(&ada), &ada.token, &change).await.problem(409, "conflict");
        }
        app.patch(&path(&ada), &max.token, &json!({ "role": "manager" })).await.expect(200);
        // Max is the last one now; IT on the server may not take that away either.
        let (store, clock) = (&app.state().store, &*app.state().clock);
        let refused = workpulse_server::auth::accounts::set_status(
            store, clock, max.organization_id, None, max.user_id, shared_types::auth::UserStatus::Suspended,
        ).await;
        assert!(refused.expect_err("refused").to_string().contains("last active admin"));
        let same = json!({ "role": "admin", "status": "active", "name": "Maxine" });
        let max_now = app.patch(&path(&max), &max.token, &same).await.expect(200);
        assert_eq!(max_now["name"], "Maxine");
        assert_eq!(actions(app).await[3..], ["user.role_changed", "user.renamed"]);
    }

    async fn of_two_admins_who_demote_each_other_one_stays(app) {
        let ada = app.set_up().await;
        let max = app.person(&ada, "Max", "admin").await;
        let (ada_path, max_path, demoted) = (path(&ada), path(&max), json!({ "role": "employee" }));
        let (one, two) = tokio::join!(
            app.patch(&max_path, &ada.token, &demoted),
            app.patch(&ada_path, &max.token, &demoted),
        );
        let statuses = [one.status.as_u16(), two.status.as_u16()];
        // The second finds itself no admin any more, or the last one protected.
        assert!(statuses.contains(&200), "{statuses:?}");
        assert!(statuses.contains(&409) || statuses.contains(&403), "{statuses:?}");
    }

    async fn employees_change_nothing_but_their_own_name(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let max = app.person(&ada, "Max", "manager").await;
        let renamed = app.patch(&path(&eve), &eve.token, &json!({ "name": "Evelyn" })).await.expect(200);
        assert_eq!(renamed["name"], "Evelyn");
        for (caller, change) in [
            (&eve, json!({ "role": "admin" })),
            (&eve, json!({ "name": "E", "status": "active" })),
            (&max, json!({ "name": "Not Eve" })),
        ] {
            app.patch(&path(&eve), &caller.token, &change).await.problem(403, "forbidden");
        }
        for tail in ["sign-out", "reset-link"] {
            app.post(&format!("{}/{tail}", path(&ada)), &max.token, &json!({})).await.problem(403, "forbidden");
        }
        app.get(&path(&ada), &eve.token).await.problem(404, "not-found");
        assert_eq!(app.get(&path(&eve), &eve.token).await.expect(200)["name"], "Evelyn");
        let wrong = json!({ "name": " " });
        app.patch(&path(&eve), &eve.token, &wrong).await.problem(422, "validation");
        app.patch(&path(&eve), &ada.token, &json!({ "status": "dead" })).await.problem(422, "validation");
    }

    async fn another_organizations_person_is_like_nobody(app) {
        let ada = app.set_up().await;
        let other = app.another_organization("grace@other.test").await;
        let theirs = path(&other);
        let nobody = "/api/v1/users/01a2052c-8fe7-777f-b75c-070bb6591ece";
        let change = json!({ "status": "suspended" });
        for tail in ["", "/sign-out", "/reset-link"] {
            let mut seen = Vec::new();
            for base in [theirs.as_str(), nobody] {
                let whole = format!("{base}{tail}");
                let answer = if tail.is_empty() {
                    assert_eq!(app.get(&whole, &ada.token).await.status, 404);
                    app.patch(&whole, &ada.token, &change).await
                } else {
                    app.post(&whole, &ada.token, &json!({})).await
                };
                seen.push(answer.problem(404, "not-found"));
            }
            assert_eq!(seen[0], seen[1], "{tail}");
        }
        app.get("/api/v1/me", &other.token).await.expect(200);
    }

    async fn a_person_sees_their_log_ins_and_ends_one_or_all(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let request = json!({ "email": "ada@acme.test", "password": crate::harness::PASSWORD });
        let firefox = app.request(reqwest::Method::POST, "/api/v1/auth/login")
            .header("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
            .json(&request);
        let second = app.send(firefox).await.expect(200);
        let second = second["tokens"]["access_token"].as_str().expect("a token").to_owned();
        let items = log_ins(app, &ada).await;
        assert_eq!(items.len(), 2);
        assert_eq!((&items[0]["client"], &items[0]["current"]), (&json!("Firefox on Linux"), &json!(false)));
        assert_eq!((&items[1]["client"], &items[1]["current"]), (&json!("unknown program"), &json!(true)));

        let one = format!("/api/v1/auth/logins/{}", items[0]["id"].as_str().expect("an id"));
        app.delete(&one, &eve.token).await.problem(404, "not-found");
        app.get("/api/v1/me", &second).await.expect(200);
        app.delete(&one, &ada.token).await.expect(204);
        app.get("/api/v1/me", &second).await.problem(401, "unauthenticated");
        app.delete(&one, &ada.token).await.problem(404, "not-found");
        assert_eq!(log_ins(app, &ada).await.len(), 1);

        let third = app.log_in("ada@acme.test").await;
        app.delete("/api/v1/auth/logins", &third.token).await.expect(204);
        for token in [&ada.token, &third.token] {
            app.get("/api/v1/me", token).await.problem(401, "unauthenticated");
        }
        app.get("/api/v1/me", &eve.token).await.expect(200);
    }

    async fn a_log_in_says_when_it_was_last_used_and_goes_when_it_is_over(app) {
        let ada = app.set_up().await;
        app.clock.advance_seconds(600);
        let renew = json!({ "refresh_token": ada.refresh_token });
        app.post("/api/v1/auth/refresh", "", &renew).await.expect(200);
        assert_eq!(log_ins(app, &ada).await[0]["last_used_at"], "2026-11-22T09:10:00.000Z");
        app.clock.advance_seconds(7 * 24 * 3_600);
        let fresh = app.log_in("ada@acme.test").await;
        assert_eq!(log_ins(app, &fresh).await.len(), 1);
    }

    async fn when_somebody_was_last_heard_of_is_written_once_in_a_while(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let device = app.device(&ada, eve.user_id).await;
        let (seen, store) = (&app.state().auth.last_seen, &app.state().store);
        let write = async || seen.write(store, app.state().clock.now()).await.expect("writes");
        let last_seen = async || app.get(&path(&eve), &ada.token).await.expect(200)["last_seen_at"].clone();
        assert_eq!(last_seen().await, Value::Null);
        assert_eq!(write().await, 2, "Ada, and Eve who logged in");
        assert_eq!(last_seen().await, "2026-11-22T09:00:00.000Z");
        for second in 1..5 {
            app.clock.advance_seconds(1);
            app.get("/api/v1/policy", &device.secret).await.expect(200);
            assert_eq!(write().await, 0, "after {second} s");
        }
        app.clock.advance_seconds(WRITE_EVERY);
        app.get("/api/v1/policy", &device.secret).await.expect(200);
        app.get("/api/v1/policy", &device.secret).await.expect(200);
        assert_eq!(write().await, 1, "Eve, by her device");
        assert_eq!(last_seen().await, "2026-11-22T09:05:04.000Z");
    }
}
