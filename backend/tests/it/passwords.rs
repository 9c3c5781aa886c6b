//! Passwords: changing and resetting them, earlier hashes, and what a log-in costs.

use reqwest::Method;
use serde_json::{Value, json};
use shared_types::auth::Role;
use workpulse_server::{
    auth::accounts::{self, NewPerson},
    store::{people, standing},
};

use crate::{
    harness::{Answer, LoggedIn, PASSWORD, TestApp},
    joining::{actions, secret},
};

const NEW: &str = "seven copper lanterns drift";
/// [`PASSWORD`] by another implementation, at cost 12.
const BCRYPT: &str = "$2y$12$k42ZFHFWqBp3vWli.nIn8uUsIoDoUDvAHeH.uBNT3tA7b/x5SiLDK";

async fn log_in(app: &TestApp, email: &str, password: &str) -> Answer {
    let request = json!({ "email": email, "password": password });
    app.post("/api/v1/auth/login", "", &request).await
}

async fn change(app: &TestApp, person: &LoggedIn, current: &str, new: &str) -> Answer {
    let request = json!({ "current_password": current, "new_password": new });
    app.post("/api/v1/auth/password", &person.token, &request)
        .await
}

async fn reset(app: &TestApp, token: &str, password: &str) -> Answer {
    let request = json!({ "token": token, "new_password": password });
    app.post("/api/v1/auth/reset", "", &request).await
}

/// A link that an admin makes; its secret.
async fn link(app: &TestApp, admin: &LoggedIn, person: &LoggedIn) -> String {
    let path = format!("/api/v1/users/{}/reset-link", person.user_id);
    let made = app.post(&path, &admin.token, &json!({})).await.expect(201);
    secret(made["link"].as_str().expect("a link"))
}

/// Makes a person with a hash of one's own, or none.
async fn person_with(app: &TestApp, admin: &LoggedIn, email: &str, hash: Option<&str>) {
    let (store, clock) = (&app.state().store, &*app.state().clock);
    let person = NewPerson {
        email,
        name: "Old",
        role: Role::Employee,
        password_hash: hash,
    };
    accounts::create_user(store, clock, admin.organization_id, None, person)
        .await
        .expect("made");
}

async fn stored_hash(app: &TestApp, admin: &LoggedIn, email: &str) -> String {
    let mut reader = app
        .state()
        .store
        .tenant(admin.organization_id)
        .read()
        .await
        .expect("reads");
    let user = people::find_by_email(reader.db(), email)
        .await
        .expect("reads")
        .expect("there");
    standing::password_hash(reader.db(), user.id)
        .await
        .expect("reads")
        .expect("has one")
}

on_both_engines! {
    async fn a_changed_password_keeps_this_log_in_and_ends_the_others(app) {
        let ada = app.set_up().await;
        let other = app.log_in("ada@acme.test").await;
        let given_out = link(app, &ada, &ada).await;
        let problem = change(app, &ada, "not my password at all", NEW).await.problem(422, "validation");
        assert_eq!(problem["fields"][0]["field"], "current_password");
        let weak = change(app, &ada, PASSWORD, "ada@acme.test").await.problem(422, "validation");
        assert_eq!(weak["fields"][0]["field"], "new_password");
        app.get("/api/v1/me", &other.token).await.expect(200);

        change(app, &ada, PASSWORD, NEW).await.expect(204);
        app.get("/api/v1/me", &ada.token).await.expect(200);
        app.get("/api/v1/me", &other.token).await.problem(401, "unauthenticated");
        log_in(app, "ada@acme.test", PASSWORD).await.problem(401, "login-failed");
        log_in(app, "ada@acme.test", NEW).await.expect(200);
        reset(app, &given_out, "another good long pass phrase").await.problem(410, "token-spent");
        assert_eq!(actions(app).await[2..], ["user.reset_link_made", "user.password_changed"]);
    }

    async fn a_link_sets_a_password_once_and_ends_all_log_ins(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let overtaken = link(app, &ada, &eve).await;
        let token = link(app, &ada, &eve).await;
        reset(app, &overtaken, NEW).await.problem(410, "token-spent");
        let weak = reset(app, &token, "eve@acme.test").await.problem(422, "validation");
        assert_eq!(weak["fields"][0]["field"], "new_password");
        let (one, two) = tokio::join!(reset(app, &token, NEW), reset(app, &token, "an entirely different phrase"));
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 410], "{} {}", one.text, two.text);
        reset(app, &token, NEW).await.problem(410, "token-spent");
        app.get("/api/v1/me", &eve.token).await.problem(401, "unauthenticated");
        let renew = json!({ "refresh_token": eve.refresh_token });
        app.post("/api/v1/auth/refresh", "", &renew).await.problem(401, "unauthenticated");
        log_in(app, "eve@acme.test", PASSWORD).await.problem(401, "login-failed");
        app.get("/api/v1/me", &ada.token).await.expect(200);
    }

    async fn expired_unknown_and_suspended_links_set_nothing(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let random = format!("wpp_{}", "A".repeat(43));
        for token in ["", "x", random.as_str(), "wpi_AAAA", &ada.refresh_token] {
            reset(app, token, NEW).await.problem(404, "not-found");
        }
        let token = link(app, &ada, &eve).await;
        let path = format!("/api/v1/users/{}", eve.user_id);
        app.patch(&path, &ada.token, &json!({ "status": "suspended" })).await.expect(200);
        reset(app, &token, NEW).await.problem(403, "suspended");
        app.patch(&path, &ada.token, &json!({ "status": "active" })).await.expect(200);
        app.clock.advance_seconds(24 * 3_600);
        reset(app, &token, NEW).await.problem(410, "token-spent");
        log_in(app, "eve@acme.test", PASSWORD).await.expect(200);
    }

    async fn every_refused_log_in_costs_one_hash_and_says_the_same(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let path = format!("/api/v1/users/{}", eve.user_id);
        app.patch(&path, &ada.token, &json!({ "status": "suspended" })).await.expect(200);
        person_with(app, &ada, "none@acme.test", None).await;
        person_with(app, &ada, "old@acme.test", Some(BCRYPT)).await;
        person_with(app, &ada, "broken@acme.test", Some("$2x$12$broken")).await;
        let mut answers = Vec::new();
        for (email, password) in [
            ("nobody@acme.test", PASSWORD),
            ("ada@acme.test", NEW),
            ("eve@acme.test", PASSWORD),
            ("eve@acme.test", NEW),
            ("none@acme.test", PASSWORD),
            ("none@acme.test", ""),
            ("old@acme.test", NEW),
            ("broken@acme.test", PASSWORD),
        ] {
            let before = app.state().auth.passwords.begun();
            let answer = log_in(app, email, password).await;
            assert_eq!(app.state().auth.passwords.begun() - before, 1, "{email}");
            answers.push(answer.problem(401, "login-failed"));
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]));
    }

    async fn an_earlier_hash_lets_its_owner_in_and_is_replaced(app) {
        let ada = app.set_up().await;
        person_with(app, &ada, "old@acme.test", Some(BCRYPT)).await;
        log_in(app, "old@acme.test", NEW).await.problem(401, "login-failed");
        assert_eq!(stored_hash(app, &ada, "old@acme.test").await, BCRYPT);
        let old = app.log_in("old@acme.test").await;
        let hash = stored_hash(app, &ada, "old@acme.test").await;
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        app.log_in("old@acme.test").await;
        assert_eq!(stored_hash(app, &ada, "old@acme.test").await, hash, "replaced once");
        app.get("/api/v1/me", &old.token).await.expect(200);
    }

    async fn asking_for_a_link_says_the_same_to_everybody(app) {
        app.set_up().await;
        let ask = async |email: &str| app.post("/api/v1/auth/reset-request", "", &json!({ "email": email })).await;
        let known = ask("ada@acme.test").await.expect(202);
        assert_eq!(known, json!({ "by_mail": false }));
        assert_eq!(ask("nobody@acme.test").await.expect(202), known);
        ask("no address").await.problem(422, "validation");
    }
}

/// On both engines, behind a proxy that tells who asks.
async fn behind_a_proxy(test: impl AsyncFn(&TestApp)) {
    let trust = |config: &mut workpulse_server::config::Config| {
        config.http.trusted_proxies = vec![
            "127.0.0.1"
                .parse::<std::net::IpAddr>()
                .expect("valid")
                .into(),
        ];
    };
    let apps = [
        Some(TestApp::configured(trust).await),
        TestApp::postgres_configured(trust).await,
    ];
    for app in apps.into_iter().flatten() {
        test(&app).await;
        app.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storm_of_log_ins_is_bounded_and_a_batch_passes_it() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    const STORM: usize = 320;
    behind_a_proxy(async |app| {
        let ada = app.set_up().await;
        let device = app.device(&ada, ada.user_id).await;
        let answered = AtomicUsize::new(0);
        let attempt = async |n: usize| {
            let request = json!({ "email": format!("p{n}@acme.test"), "password": NEW });
            let sent = app
                .request(Method::POST, "/api/v1/auth/login")
                .header("x-forwarded-for", format!("10.1.{}.{}", n / 250, n % 250))
                .json(&request);
            let answer = app.send(sent).await;
            answered.fetch_add(1, Ordering::SeqCst);
            answer
        };
        let sync = async || {
            // The storm is on: some hashes have begun, and many wait.
            while app.state().auth.passwords.begun() < 10 {
                tokio::task::yield_now().await;
            }
            let batch = json!({
                "device_id": device.device_id, "epoch": uuid::Uuid::from_u128(9),
                "clock": "2026-11-22T09:00:00.000Z", "items": [],
            });
            app.post("/api/v1/sync", &device.secret, &batch)
                .await
                .expect(200);
            answered.load(Ordering::SeqCst)
        };
        let (answers, before) = tokio::join!(
            futures_util::future::join_all((0..STORM).map(attempt)),
            sync(),
        );
        assert!(
            before < STORM,
            "the batch did not wait for the log-ins: {before} were answered before it"
        );
        let busy: Vec<&Answer> = answers
            .iter()
            .filter(|answer| answer.status == 503)
            .collect();
        let refused = answers.iter().filter(|answer| answer.status == 401).count();
        assert_eq!(busy.len() + refused, STORM, "nothing else happened");
        for answer in busy {
            answer.problem(503, "unavailable");
            // The crowd before the hashes, or before the database's connections.
            let wait = answer.headers["retry-after"].to_str().expect("ascii");
            assert!(["2", "5"].contains(&wait), "{wait}");
        }
        // Whoever was refused for the crowd cost nothing.
        let hashes = app.state().auth.passwords.begun();
        assert_eq!(
            hashes,
            u64::try_from(refused + 2).expect("small"),
            "and set-up with its log-in"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_knows_a_log_in_cannot_try_passwords_with_it() {
    let app = TestApp::sqlite().await;
    let ada = app.set_up().await;
    let mut last = Value::Null;
    for _ in 0..11 {
        let answer = change(&app, &ada, NEW, "another good long pass phrase").await;
        last = json!(answer.status.as_u16());
    }
    assert_eq!(last, 429);
    app.close().await;
}
