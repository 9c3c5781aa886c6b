//! Logging in, renewing, logging out, being cut off.

use reqwest::Method;
use serde_json::json;
use shared_types::auth::UserStatus;
use workpulse_server::auth::{accounts, authority::POLL_INTERVAL, tokens::ACCESS_SECONDS};

use crate::harness::{LoggedIn, PASSWORD, TestApp};

async fn refresh(app: &TestApp, token: &str) -> crate::harness::Answer {
    app.post(
        "/api/v1/auth/refresh",
        "",
        &json!({ "refresh_token": token }),
    )
    .await
}

async fn set_status(app: &TestApp, person: &LoggedIn, status: UserStatus) {
    let (store, clock) = (&app.state().store, &*app.state().clock);
    let found = accounts::set_status(
        store,
        clock,
        person.organization_id,
        None,
        person.user_id,
        status,
    )
    .await
    .expect("the database answers");
    assert!(found);
}

on_both_engines! {
    async fn set_up_happens_once(app) {
        let status = app.get("/api/v1/setup", "").await.expect(200);
        assert_eq!(status, json!({ "needed": true, "code_required": false }));
        app.set_up().await;
        assert_eq!(app.get("/api/v1/setup", "").await.expect(200)["needed"], false);
        let again = json!({
            "organization_name": "Mine", "time_zone": "UTC", "name": "Eve",
            "email": "eve@evil.test", "password": PASSWORD,
        });
        app.post("/api/v1/setup", "", &again).await.problem(409, "conflict");
    }

    async fn two_set_ups_at_once_make_one_organization(app) {
        let request = |name: &str| json!({
            "organization_name": name, "time_zone": "UTC", "name": "Ada",
            "email": "ada@acme.test", "password": PASSWORD,
        });
        let (one, two) = (request("One"), request("Two"));
        let (first, second) = tokio::join!(
            app.post("/api/v1/setup", "", &one),
            app.post("/api/v1/setup", "", &two),
        );
        let mut statuses = [first.status.as_u16(), second.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409], "{} {}", first.text, second.text);
    }

    async fn who_logged_in_is_told_who_they_are(app) {
        let ada = app.set_up().await;
        let me = app.get("/api/v1/me", &ada.token).await.expect(200);
        assert_eq!(me, json!({
            "user_id": ada.user_id, "name": "Ada", "email": "ada@acme.test", "role": "admin",
            "organization": { "id": ada.organization_id, "name": "Acme", "time_zone": "Europe/Berlin" },
        }));
    }

    async fn unknown_wrong_and_suspended_get_the_same_answer(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        set_status(app, &eve, UserStatus::Suspended).await;
        let mut answers = Vec::new();
        for (email, password) in [
            ("nobody@acme.test", PASSWORD),
            ("ada@acme.test", "a wrong password altogether"),
            ("eve@acme.test", PASSWORD),
        ] {
            let request = json!({ "email": email, "password": password });
            answers.push(app.post("/api/v1/auth/login", "", &request).await.problem(401, "login-failed"));
        }
        assert_eq!(answers[0], answers[1]);
        assert_eq!(answers[1], answers[2]);
    }

    async fn an_address_in_two_organizations_must_say_which(app) {
        let ada = app.set_up().await;
        let twin = app.another_organization("grace@other.test").await;
        app.add_admin(twin.organization_id, "ada@acme.test").await;
        let request = json!({ "email": "ada@acme.test", "password": PASSWORD });
        app.post("/api/v1/auth/login", "", &request).await.problem(409, "organization-needed");
        let request = json!({
            "email": "ADA@acme.test", "password": PASSWORD, "organization_id": ada.organization_id,
        });
        let body = app.post("/api/v1/auth/login", "", &request).await.expect(200);
        assert_eq!(body["me"]["user_id"], json!(ada.user_id));
    }

    async fn what_is_no_token_is_401_with_a_challenge(app) {
        let ada = app.set_up().await;
        let device = app.device(&ada, ada.user_id).await;
        let swapped = format!("{}x", ada.token);
        for token in ["", "x", "a.b.c", &swapped, &ada.refresh_token, "wpd_short", &device.secret.replace("wpd_", "wpd_A")] {
            let answer = app.get("/api/v1/me", token).await;
            answer.problem(401, "unauthenticated");
            assert!(answer.headers.contains_key("www-authenticate"));
        }
        let basic = app.request(Method::GET, "/api/v1/me").header("authorization", "Basic YTpi");
        app.send(basic).await.problem(401, "unauthenticated");
    }

    async fn an_access_token_ends_after_fifteen_minutes_and_is_renewed(app) {
        let ada = app.set_up().await;
        app.clock.advance_seconds(ACCESS_SECONDS);
        app.get("/api/v1/me", &ada.token).await.problem(401, "unauthenticated");
        let renewed = refresh(app, &ada.refresh_token).await.expect(200);
        let token = renewed["tokens"]["access_token"].as_str().expect("a text");
        app.get("/api/v1/me", token).await.expect(200);
    }

    async fn a_refresh_whose_answer_was_lost_may_be_repeated(app) {
        let ada = app.set_up().await;
        let lost = refresh(app, &ada.refresh_token).await.expect(200);
        let repeated = refresh(app, &ada.refresh_token).await.expect(200);
        assert_ne!(lost["tokens"]["refresh_token"], repeated["tokens"]["refresh_token"]);
        let next = repeated["tokens"]["refresh_token"].as_str().expect("a text");
        refresh(app, next).await.expect(200);
    }

    async fn a_replayed_refresh_token_ends_the_whole_log_in(app) {
        let ada = app.set_up().await;
        let other = app.log_in("ada@acme.test").await;
        let first = refresh(app, &ada.refresh_token).await.expect(200);
        let second = first["tokens"]["refresh_token"].as_str().expect("a text");
        let third = refresh(app, second).await.expect(200);
        let access = third["tokens"]["access_token"].as_str().expect("a text");
        app.get("/api/v1/me", access).await.expect(200);

        refresh(app, &ada.refresh_token).await.problem(401, "unauthenticated");

        app.get("/api/v1/me", access).await.problem(401, "unauthenticated");
        let newest = third["tokens"]["refresh_token"].as_str().expect("a text");
        refresh(app, newest).await.problem(401, "unauthenticated");
        app.get("/api/v1/me", &other.token).await.expect(200);
    }

    async fn a_lost_successor_that_turns_up_later_is_a_replay_as_well(app) {
        let ada = app.set_up().await;
        let stolen = refresh(app, &ada.refresh_token).await.expect(200);
        let kept = refresh(app, &ada.refresh_token).await.expect(200);
        let newest = refresh(app, kept["tokens"]["refresh_token"].as_str().expect("a text")).await.expect(200);
        refresh(app, stolen["tokens"]["refresh_token"].as_str().expect("a text"))
            .await
            .problem(401, "unauthenticated");
        let newest = newest["tokens"]["access_token"].as_str().expect("a text");
        app.get("/api/v1/me", newest).await.problem(401, "unauthenticated");
    }

    async fn a_refresh_token_ends_after_seven_days(app) {
        let ada = app.set_up().await;
        app.clock.advance_seconds(7 * 24 * 3_600);
        refresh(app, &ada.refresh_token).await.problem(401, "unauthenticated");
    }

    async fn logging_out_ends_this_log_in_at_once_and_no_other(app) {
        let ada = app.set_up().await;
        let other = app.log_in("ada@acme.test").await;
        let mut changes = app.state().auth.authority.subscribe();
        app.post("/api/v1/auth/logout", &ada.token, &json!({})).await.expect(204);
        app.get("/api/v1/me", &ada.token).await.problem(401, "unauthenticated");
        refresh(app, &ada.refresh_token).await.problem(401, "unauthenticated");
        app.get("/api/v1/me", &other.token).await.expect(200);
        let change = changes.recv().await.expect("announced");
        assert_eq!(change.ended_logins.len(), 1);
    }

    async fn who_is_suspended_elsewhere_is_cut_off_by_the_next_look(app) {
        assert!(POLL_INTERVAL.as_secs() <= 2, "S1 allows five seconds");
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let device = app.device(&ada, eve.user_id).await;
        app.get("/api/v1/me", &eve.token).await.expect(200);
        app.get("/api/v1/policy", &device.secret).await.expect(200);
        let mut changes = app.state().auth.authority.subscribe();
        app.state().auth.authority.poll().await.expect("looks");
        while changes.try_recv().is_ok() {}
        app.clock.advance_seconds(1);

        // As another instance, or the command line, does it: this one is told nothing.
        set_status(app, &eve, UserStatus::Suspended).await;
        app.state().auth.authority.poll().await.expect("looks");

        app.get("/api/v1/me", &eve.token).await.problem(403, "suspended");
        app.get("/api/v1/policy", &device.secret).await.problem(403, "suspended");
        let change = changes.try_recv().expect("announced");
        assert!(change.ends_device(eve.user_id, device.device_id));
        app.state().auth.authority.poll().await.expect("looks again");
        assert!(changes.try_recv().is_err(), "announced once");
        app.get("/api/v1/me", &ada.token).await.expect(200);
    }

    async fn who_is_suspended_while_nobody_could_look_is_cut_off_by_the_next_look(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        app.get("/api/v1/me", &eve.token).await.expect(200);
        app.state().auth.authority.poll().await.expect("looks");
        let mut changes = app.state().auth.authority.subscribe();
        app.clock.advance_seconds(1);
        set_status(app, &eve, UserStatus::Suspended).await;
        // The process stood still, or the database was away, for longer than a look overlaps with
        // the one before it.
        app.clock.advance_seconds(120);
        app.state().auth.authority.poll().await.expect("looks");
        app.get("/api/v1/me", &eve.token).await.problem(403, "suspended");
        let change = changes.try_recv().expect("announced");
        assert!(change.ends_device(eve.user_id, shared_types::DeviceId(eve.user_id.uuid())));

        // A clock that is set back hides nothing either.
        set_status(app, &eve, UserStatus::Active).await;
        app.clock.advance_seconds(-3_600);
        app.state().auth.authority.poll().await.expect("looks");
        app.log_in("eve@acme.test").await;
    }

    async fn guessing_one_account_is_slowed_down(app) {
        app.set_up().await;
        let request = json!({ "email": "ada@acme.test", "password": "not the password at all" });
        let mut last = app.post("/api/v1/auth/login", "", &request).await;
        for _ in 0..12 {
            last = app.post("/api/v1/auth/login", "", &request).await;
        }
        last.problem(429, "too-many-requests");
        let wait: u32 = last.headers["retry-after"].to_str().expect("ascii").parse().expect("a number");
        assert!((1..=60).contains(&wait));
    }
}

mod cookies {
    use super::*;

    async fn cookie_log_in(app: &TestApp) -> (String, String) {
        let request =
            json!({ "email": "ada@acme.test", "password": PASSWORD, "delivery": "cookie" });
        let answer = app.post("/api/v1/auth/login", "", &request).await;
        let body = answer.expect(200);
        assert!(body.get("tokens").is_none(), "the tokens are for no script");
        let mut values = answer.headers.get_all("set-cookie").iter().map(|value| {
            let value = value.to_str().expect("ascii");
            for attribute in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age="] {
                assert!(value.contains(attribute), "{value}");
            }
            value.split(';').next().expect("a pair").to_owned()
        });
        (
            values.next().expect("the access token"),
            values.next().expect("the refresh token"),
        )
    }

    #[tokio::test]
    async fn a_cookie_reads_from_anywhere_but_writes_from_our_own_pages_only() {
        let app = TestApp::sqlite().await;
        app.set_up().await;
        let (access, refresh) = cookie_log_in(&app).await;
        let own = app.url("");
        let get = app
            .request(Method::GET, "/api/v1/me")
            .header("cookie", &access);
        app.send(get).await.expect(200);
        for (path, cookie) in [
            ("/api/v1/auth/logout", &access),
            ("/api/v1/auth/refresh", &refresh),
        ] {
            for (name, value) in [
                ("origin", "http://evil.test"),
                ("origin", "null"),
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-site", "same-site"),
                ("x-nothing", "said"),
            ] {
                let foreign = app
                    .request(Method::POST, path)
                    .header("cookie", cookie)
                    .header(name, value);
                app.send(foreign).await.problem(403, "forbidden");
            }
        }
        let renew = app
            .request(Method::POST, "/api/v1/auth/refresh")
            .header("cookie", &refresh)
            .header("origin", &own);
        let renewed = app.send(renew).await;
        assert!(renewed.expect(200).get("tokens").is_none());
        assert_eq!(renewed.headers.get_all("set-cookie").iter().count(), 2);
        let leave = app
            .request(Method::POST, "/api/v1/auth/logout")
            .header("cookie", &access)
            .header("sec-fetch-site", "same-origin");
        let left = app.send(leave).await;
        left.expect(204);
        assert!(
            left.headers["set-cookie"]
                .to_str()
                .expect("ascii")
                .contains("Max-Age=0")
        );
        app.close().await;
    }

    #[tokio::test]
    async fn behind_https_cookies_are_secure_and_bound_to_the_host() {
        let app = TestApp::configured(|config| {
            config.http.public_url = Some("https://time.acme.test".parse().expect("valid"));
        })
        .await;
        app.set_up().await;
        let (access, refresh) = cookie_log_in(&app).await;
        assert!(access.starts_with("__Host-wp_access="), "{access}");
        assert!(refresh.starts_with("__Secure-wp_refresh="), "{refresh}");
        let leave = |origin: &str| {
            app.request(Method::POST, "/api/v1/auth/logout")
                .header("cookie", &access)
                .header("origin", origin.to_owned())
        };
        app.send(leave("http://time.acme.test"))
            .await
            .problem(403, "forbidden");
        app.send(leave("https://time.acme.test")).await.expect(204);
        app.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_address_is_slowed_down_and_another_is_not() {
    let app = TestApp::configured(crate::matrix::world::behind_a_proxy).await;
    app.set_up().await;
    let from = |path: &str, address: &str, body: &serde_json::Value| {
        let request = app.request(reqwest::Method::POST, path).json(body);
        request.header("x-forwarded-for", address)
    };
    // Guesses at something that costs no hash: all guessing counts together.
    let guess = json!({ "token": "wpi_nobody-has-this-one" });
    let mut asked = 0;
    let refused = loop {
        let answer = app
            .send(from("/api/v1/auth/invitation", "203.0.113.9", &guess))
            .await;
        if answer.status != 404 {
            break answer;
        }
        asked += 1;
        assert!(asked < 1_000, "nobody is slowed down");
    };
    refused.problem(429, "too-many-requests");
    let wait: u32 = refused.headers["retry-after"]
        .to_str()
        .expect("ascii")
        .parse()
        .expect("a number");
    assert!((1..=60).contains(&wait));
    let good = json!({ "email": "ada@acme.test", "password": PASSWORD });
    app.send(from("/api/v1/auth/login", "203.0.113.9", &good))
        .await
        .problem(429, "too-many-requests");
    app.send(from("/api/v1/auth/login", "203.0.113.10", &good))
        .await
        .expect(200);
    app.close().await;
}
