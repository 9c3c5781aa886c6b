//! Every look at another person's activity is written down in the same request, and the person
//! concerned reads who it was.

use futures_util::StreamExt as _;
use serde_json::{Value, json};
use tokio_tungstenite::{
    connect_async,
    tungstenite::{Message, client::IntoClientRequest, http::HeaderValue},
};
use workpulse_server::store::audit;

use crate::{
    harness::{BEGINNING, Enrolled, LoggedIn, TestApp},
    meddle::meddle,
    raw::behind,
};

/// The actions of looks so far, oldest first.
async fn looks(app: &TestApp) -> Vec<String> {
    const TEXT: &str = "SELECT action FROM audit WHERE action LIKE 'look.%' ORDER BY seq";
    behind!(app.target(), |c| sqlx::query_scalar(TEXT)
        .fetch_all(&mut *c)
        .await)
    .expect("reads")
}

async fn count(app: &TestApp, table: &'static str) -> i64 {
    let text = format!("SELECT count(*) FROM {table}");
    behind!(app.target(), |c| sqlx::query_scalar(sqlx::AssertSqlSafe(
        text
    ))
    .fetch_one(&mut *c)
    .await)
    .expect("reads")
}

async fn intact(app: &TestApp, person: &LoggedIn) -> bool {
    let tenant = app.state().store.tenant(person.organization_id);
    let mut reader = tenant.read().await.expect("reads");
    let found = audit::verify(reader.db()).await.expect("verifies");
    found.broken.is_none()
}

/// Who looked at somebody, as that person reads it.
async fn seen_by(app: &TestApp, person: &LoggedIn) -> Vec<Value> {
    let page = app.get("/api/v1/me/looks", &person.token).await.expect(200);
    page["items"].as_array().expect("a list").clone()
}

fn id(n: u32) -> String {
    format!("0192f0c1-2345-7000-8000-{n:012x}")
}

async fn start(app: &TestApp, person: &LoggedIn, n: u32) {
    let at = BEGINNING.plus_seconds(-600);
    let body = json!({ "session_id": id(n), "started_at": at });
    app.post("/api/v1/sessions/start", &person.token, &body)
        .await
        .expect(201);
}

/// A device's session number `n` with one minute in it.
async fn work(app: &TestApp, device: &Enrolled, n: u32) {
    let at = |seconds: i64| BEGINNING.plus_seconds(seconds).to_string();
    let batch = json!({
        "device_id": device.device_id, "epoch": id(1_000 + n), "clock": at(0),
        "items": [
            { "seq": 1, "item": { "session_started": { "session_id": id(n), "started_at": at(-60) } } },
            { "seq": 2, "item": { "activity": {
                "session_id": id(n), "activity_type": "active", "started_at": at(-60),
                "duration_seconds": 60, "application": "Editor",
            } } },
        ],
    });
    app.post("/api/v1/sync", &device.secret, &batch)
        .await
        .expect(200);
}

on_both_engines! {
    async fn every_way_to_look_at_somebody_writes_one_row_that_they_can_read(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        start(app, &eve, 1).await;
        let mut expected = Vec::new();
        for (path, looked_at) in [
            ("/api/v1/presence".to_owned(), "presence"),
            ("/api/v1/events?after=0".to_owned(), "events"),
            (format!("/api/v1/sessions?user_id={}", eve.user_id), "sessions"),
            (format!("/api/v1/sessions/{}", id(1)), "session"),
            (format!("/api/v1/users/{}/timeline?date=2026-11-22", eve.user_id), "timeline"),
        ] {
            app.get(&path, &ada.token).await.expect(200);
            expected.push(format!("look.{looked_at}"));
            assert_eq!(looks(app).await, expected, "{path}");
            let newest = &seen_by(app, &eve).await[0];
            assert_eq!(newest["looked_at"], looked_at);
            assert_eq!((&newest["viewer_name"], &newest["viewer_role"]), (&json!("Ada"), &json!("admin")));
            assert_eq!(newest["viewer_id"], json!(ada.user_id));
            assert_eq!(newest["at"], json!(BEGINNING));
        }
        assert_eq!(seen_by(app, &eve).await[0]["date"], "2026-11-22");
        let export = format!("/api/v1/users/{}/export", eve.user_id);
        assert_eq!(app.request(reqwest::Method::GET, &export).bearer_auth(&ada.token).send().await.expect("answers").status(), 200);
        expected.push("look.export".to_owned());
        assert_eq!(looks(app).await, expected);
        assert_eq!(seen_by(app, &eve).await.len(), expected.len());
        assert!(seen_by(app, &ada).await.is_empty(), "nobody looked at the admin");
        assert!(intact(app, &ada).await);
    }

    async fn looking_at_oneself_at_nobody_or_in_vain_writes_nothing(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let peer = app.person(&ada, "Peer", "employee").await;
        start(app, &eve, 1).await;
        for path in [
            "/api/v1/presence".to_owned(),
            "/api/v1/events?after=0".to_owned(),
            "/api/v1/sessions".to_owned(),
            format!("/api/v1/sessions?user_id={}", eve.user_id),
            format!("/api/v1/sessions/{}", id(1)),
            format!("/api/v1/users/{}/timeline?date=2026-11-22", eve.user_id),
            "/api/v1/me/looks".to_owned(),
        ] {
            app.get(&path, &eve.token).await.expect(200);
        }
        for path in [
            format!("/api/v1/sessions?user_id={}", eve.user_id),
            format!("/api/v1/sessions/{}", id(1)),
            format!("/api/v1/users/{}/timeline?date=2026-11-22", eve.user_id),
        ] {
            app.get(&path, &peer.token).await.problem(404, "not-found");
        }
        app.get(&format!("/api/v1/users/{}/export", id(7)), &ada.token).await.problem(404, "not-found");
        app.get(&format!("/api/v1/users/{}/timeline?date=2026-11-22", id(7)), &ada.token).await.problem(404, "not-found");
        app.get(&format!("/api/v1/users/{}/export", eve.user_id), &peer.token).await.problem(403, "forbidden");
        let latest = app.get("/api/v1/events?after=0", &ada.token).await.expect(200)["latest_seq"].clone();
        assert_eq!(looks(app).await, ["look.events"]);
        app.get(&format!("/api/v1/events?after={latest}"), &ada.token).await.expect(200);
        assert_eq!(looks(app).await, ["look.events"], "a page that shows nobody is no look");
    }

    async fn what_cannot_be_written_down_is_not_shown(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Evelyn", "employee").await;
        start(app, &eve, 1).await;
        meddle(app.target(), &["ALTER TABLE audit RENAME TO audit_away"]).await;
        for path in [
            "/api/v1/presence".to_owned(),
            "/api/v1/events?after=0".to_owned(),
            format!("/api/v1/sessions?user_id={}", eve.user_id),
            format!("/api/v1/sessions/{}", id(1)),
            format!("/api/v1/users/{}/timeline?date=2026-11-22", eve.user_id),
            format!("/api/v1/users/{}/export", eve.user_id),
        ] {
            let answer = app.get(&path, &ada.token).await;
            answer.problem(503, "unavailable");
            assert!(!answer.text.contains("Evelyn") && !answer.text.contains(&id(1)), "{path}");
        }
        app.get("/api/v1/presence", &eve.token).await.expect(200);
        meddle(app.target(), &["ALTER TABLE audit_away RENAME TO audit"]).await;
        app.get("/api/v1/presence", &ada.token).await.expect(200);
    }

    async fn a_look_tells_the_viewers_name_and_role_as_of_then(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let path = format!("/api/v1/users/{}/timeline?date=2026-11-22", eve.user_id);
        app.get(&path, &ada.token).await.expect(200);
        meddle(app.target(), &["UPDATE users SET name = 'Ada Lovelace' WHERE name = 'Ada'"]).await;
        app.get(&path, &ada.token).await.expect(200);
        meddle(app.target(), &["UPDATE users SET name = 'Countess', role = 'employee' WHERE name = 'Ada Lovelace'"]).await;
        let found = seen_by(app, &eve).await;
        let shape: Vec<_> = found.iter().map(|look| (look["viewer_name"].clone(), look["viewer_role"].clone())).collect();
        assert_eq!(shape, [(json!("Ada Lovelace"), json!("admin")), (json!("Ada"), json!("admin"))]);
        assert!(intact(app, &ada).await);
    }

    async fn a_look_at_many_people_is_one_row_and_each_of_them_finds_it(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let people = match app.target() {
            workpulse_server::store::DatabaseTarget::File(_) =>
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
                 INSERT INTO users (organization_id, id, email, name, role, status, created_at, authority_changed_at)
                 SELECT o.id, unhex(printf('%032x', i)), 'p' || i || '@x', 'p', 'employee', 'active', 0, 0 FROM n, organizations o",
            workpulse_server::store::DatabaseTarget::Url(_) =>
                "INSERT INTO users (organization_id, id, email, name, role, status, created_at, authority_changed_at)
                 SELECT o.id, lpad(to_hex(i), 32, '0')::uuid, 'p' || i || '@x', 'p', 'employee', 'active', now(), now()
                 FROM generate_series(1, 1000) AS n (i), organizations o",
        };
        meddle(app.target(), &[people]).await;
        let before = count(app, "audit").await;
        for _ in 0..3 {
            app.get("/api/v1/presence", &ada.token).await.expect(200);
        }
        assert_eq!(count(app, "audit").await, before + 3);
        assert_eq!(count(app, "audit_people").await, 1_001, "the set is kept once");
        let found = seen_by(app, &eve).await;
        assert_eq!(found.len(), 3);
        assert_eq!(found[0]["people"], 1_001);
        assert!(intact(app, &ada).await);
        // Page by page, each once.
        let first = app.get("/api/v1/me/looks?limit=2", &eve.token).await.expect(200);
        assert_eq!(first["items"].as_array().expect("a list").len(), 2);
        let cursor = first["next_cursor"].as_str().expect("there is more");
        let second = app.get(&format!("/api/v1/me/looks?limit=2&cursor={cursor}"), &eve.token).await.expect(200);
        assert_eq!(second["items"].as_array().expect("a list").len(), 1);
        assert_eq!(second["next_cursor"], Value::Null);
    }

    async fn who_looked_is_read_by_whoever_sees_the_person_and_is_no_look_itself(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let max = app.person(&ada, "Max", "manager").await;
        let bob = app.person(&ada, "Bob", "employee").await;
        app.get("/api/v1/presence", &ada.token).await.expect(200);
        let path = format!("/api/v1/users/{}/looks", eve.user_id);
        let own = app.get("/api/v1/me/looks", &eve.token).await.expect(200);
        assert_eq!(own["items"].as_array().expect("a list").len(), 1);
        for reader in [&ada, &eve] {
            assert_eq!(app.get(&path, &reader.token).await.expect(200), own);
        }
        // Max manages nobody, and Bob sees himself only.
        for stranger in [&max, &bob] {
            app.get(&path, &stranger.token).await.problem(404, "not-found");
        }
        let nobody = format!("/api/v1/users/{}/looks", "0192f0c1-2345-7000-8000-00000000dead");
        app.get(&nobody, &ada.token).await.problem(404, "not-found");
        assert_eq!(app.get("/api/v1/me/looks", &eve.token).await.expect(200), own, "reading it is none");
    }

    async fn looks_at_the_same_time_keep_one_chain(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        app.person(&ada, "Max", "employee").await;
        let asked = (0..24).map(|_| app.get("/api/v1/presence", &ada.token));
        for answer in futures_util::future::join_all(asked).await {
            answer.expect(200);
        }
        assert_eq!(seen_by(app, &eve).await.len(), 24);
        assert!(intact(app, &ada).await);
    }

    async fn an_open_socket_is_written_down_once_and_again_for_whoever_comes_into_view(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let device = app.device(&ada, eve.user_id).await;
        let mut request = app.url("/api/v1/ws").replacen("http", "ws", 1).into_client_request().expect("an address");
        let bearer = format!("Bearer {}", ada.token);
        request.headers_mut().insert("authorization", HeaderValue::from_str(&bearer).expect("a header"));
        let (mut socket, _) = connect_async(request).await.expect("opens");
        assert_eq!(looks(app).await, ["look.live"], "before anything was said");
        let mut until = async |who: String| loop {
            match socket.next().await.expect("open").expect("sound") {
                Message::Text(text) if text.contains(&who) => return,
                _ => {}
            }
        };
        work(app, &device, 1).await;
        until(eve.user_id.to_string()).await;
        assert_eq!(looks(app).await, ["look.live"], "one row for each opening, not for each frame");
        let max = app.person(&ada, "Max", "employee").await;
        let another = app.device(&ada, max.user_id).await;
        work(app, &another, 2).await;
        until(max.user_id.to_string()).await;
        assert_eq!(looks(app).await, ["look.live", "look.live"], "Max was not in view when it opened");
        assert_eq!(seen_by(app, &max).await.len(), 1);
        app.clock.advance_seconds(86_400);
        let eve_again = app.log_in("eve@acme.test").await;
        let body = json!({ "session_id": id(9) });
        app.post("/api/v1/sessions/start", &eve_again.token, &body).await.expect(201);
        while looks(app).await.len() < 3 {
            until(eve.user_id.to_string()).await;
        }
        assert_eq!(looks(app).await.len(), 3, "anew each day, once");
        assert!(intact(app, &ada).await);
    }

    async fn admins_read_the_audit_by_actor_subject_action_and_time(app) {
        let ada = app.set_up().await;
        let mona = app.person(&ada, "Mona", "manager").await;
        let eve = app.person(&ada, "Eve", "employee").await;
        start(app, &eve, 1).await;
        app.clock.advance_seconds(60);
        app.get("/api/v1/presence", &ada.token).await.expect(200);
        app.get(&format!("/api/v1/sessions?user_id={}", eve.user_id), &ada.token).await.expect(200);
        let list = async |query: &str| -> Vec<String> {
            let page = app.get(&format!("/api/v1/audit?{query}"), &ada.token).await.expect(200);
            page["items"].as_array().expect("a list").iter()
                .map(|item| item["action"].as_str().expect("a text").to_owned()).collect()
        };
        assert_eq!(list("").await, [
            "look.sessions", "look.presence", "user.created", "user.created", "user.created", "organization.created",
        ]);
        assert_eq!(list("action=look.").await, ["look.sessions", "look.presence"]);
        assert_eq!(list("action=user.created&limit=2").await, ["user.created", "user.created"]);
        assert_eq!(list(&format!("subject={}", eve.user_id)).await, ["look.sessions", "look.presence", "user.created"]);
        assert_eq!(list(&format!("subject={}&action=look.", mona.user_id)).await, ["look.presence"], "also among others");
        assert_eq!(list(&format!("actor={}", mona.user_id)).await, [""; 0]);
        assert_eq!(list(&format!("from={}", BEGINNING.plus_seconds(60))).await, ["look.sessions", "look.presence"]);
        assert_eq!(list(&format!("to={BEGINNING}")).await, [""; 0]);
        let page = app.get("/api/v1/audit?limit=1", &ada.token).await.expect(200);
        assert_eq!(page["items"][0]["subject_name"], "Eve");
        assert_eq!(page["items"][0]["actor_name"], "Ada");
        let cursor = page["next_cursor"].as_str().expect("there is more");
        assert_eq!(list(&format!("limit=1&cursor={cursor}")).await, ["look.presence"]);
        for (query, field) in [("action=DROP", "action"), ("limit=0", "limit"), ("cursor=x", "cursor")] {
            let problem = app.get(&format!("/api/v1/audit?{query}"), &ada.token).await.problem(422, "validation");
            assert_eq!(problem["fields"][0]["field"], field);
        }
        app.get("/api/v1/audit", &mona.token).await.problem(403, "forbidden");
        app.get("/api/v1/audit", &eve.token).await.problem(403, "forbidden");
        let grace = app.another_organization("grace@other.test").await;
        let theirs = app.get("/api/v1/audit", &grace.token).await;
        theirs.expect(200);
        assert!(!theirs.text.contains(&ada.user_id.to_string()), "another organization's audit is its own");
    }
}
