//! Webhooks, against a receiver of the test's own that speaks HTTP on loopback.

use std::{
    collections::{BTreeSet, VecDeque},
    sync::Arc,
};

use axum::{Router, body::Body, extract::State, response::Response};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderMap, StatusCode, Uri};
use parking_lot::Mutex;
use serde_json::{Value, json};
use sha2::Sha256;
use shared_types::WebhookId;
use tokio::net::TcpListener;
use workpulse_server::{
    config::Config,
    domain::webhook::{FAILING_SECONDS, PREVIOUS_SECRET_SECONDS},
    domain::webhook_address::Networks,
    jobs::{self, Worker},
    store::webhook_deliveries,
    webhooks::Webhooks,
};

use crate::{
    harness::{BEGINNING, LoggedIn, TestApp},
    raw::behind,
};

const SESSION: &str = "0192f0c1-2345-7000-8000-00000000000a";

/// A message that arrived.
#[derive(Debug, Clone)]
struct Arrived {
    path: String,
    headers: HeaderMap,
    body: String,
}

impl Arrived {
    fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().expect("ascii")
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("a message is JSON")
    }

    fn kind(&self) -> String {
        self.json()["type"].as_str().expect("a text").to_owned()
    }

    /// What the header must be with this secret, made here and not by the server.
    fn signature(&self, secret: &str) -> String {
        let key = secret.strip_prefix("whsec_").expect("a secret");
        let key = STANDARD.decode(key).expect("base64");
        assert!((24..=64).contains(&key.len()));
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("any length is fine");
        let (id, at) = (self.header("webhook-id"), self.header("webhook-timestamp"));
        mac.update(format!("{id}.{at}.{}", self.body).as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

type Answer = (u16, Option<&'static str>, Vec<u8>);

#[derive(Debug, Default)]
struct Post {
    arrived: Mutex<Vec<Arrived>>,
    /// What the next messages are answered: status, `Location`, body. Afterwards: 204.
    answers: Mutex<VecDeque<Answer>>,
}

/// A receiver that takes what it is given, or says what it is told to.
struct Receiver {
    post: Arc<Post>,
    port: u16,
}

async fn take(
    State(post): State<Arc<Post>>,
    uri: Uri,
    headers: HeaderMap,
    body: String,
) -> Response {
    post.arrived.lock().push(Arrived {
        path: uri.path().to_owned(),
        headers,
        body,
    });
    let answer = post.answers.lock().pop_front();
    let (status, location, body) = answer.unwrap_or((204, None, Vec::new()));
    let mut response = Response::builder().status(StatusCode::from_u16(status).expect("a status"));
    if let Some(location) = location {
        response = response.header("location", location);
    }
    response.body(Body::from(body)).expect("an answer")
}

impl Receiver {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("it has one").port();
        let inbox = Arc::new(Post::default());
        let router = Router::new().fallback(take).with_state(Arc::clone(&inbox));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { post: inbox, port }
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hook", self.port)
    }

    fn take(&self) -> Vec<Arrived> {
        std::mem::take(&mut *self.post.arrived.lock())
    }

    fn answer(&self, status: u16) {
        self.post
            .answers
            .lock()
            .push_back((status, None, Vec::new()));
    }
}

fn loopback() -> Networks {
    Networks(vec!["127.0.0.0/8".parse().expect("a network")])
}

/// A server on each engine that may send to loopback.
async fn apps() -> Vec<TestApp> {
    let configure = |config: &mut Config| config.webhooks.networks = loopback();
    let postgres = TestApp::postgres_configured(configure).await;
    [Some(TestApp::configured(configure).await), postgres]
        .into_iter()
        .flatten()
        .collect()
}

/// Makes a webhook to this receiver: its path and its secret.
async fn hook(
    app: &TestApp,
    admin: &LoggedIn,
    receiver: &Receiver,
    kinds: &[&str],
) -> (String, String) {
    let body = json!({ "url": receiver.url(), "label": "ours", "kinds": kinds });
    let made = app.post("/api/v1/webhooks", &admin.token, &body).await;
    let made = made.expect(201);
    let id = made["webhook"]["id"].as_str().expect("an id");
    let secret = made["secret"].as_str().expect("a secret").to_owned();
    (format!("/api/v1/webhooks/{id}"), secret)
}

/// Queues and sends what is due; how many attempts were made.
async fn turn(app: &TestApp) -> usize {
    let sender = Webhooks::new(loopback()).expect("made");
    let state = app.state();
    let sent = sender.turn(&state.store, &*state.clock).await;
    sent.expect("the database is there")
}

async fn start(app: &TestApp, person: &LoggedIn) {
    let body = json!({ "session_id": SESSION, "started_at": BEGINNING });
    app.post("/api/v1/sessions/start", &person.token, &body)
        .await
        .expect(201);
}

async fn stop(app: &TestApp, person: &LoggedIn) {
    let path = format!("/api/v1/sessions/{SESSION}/stop");
    let body = json!({ "stopped_at": app.clock_now() });
    app.post(&path, &person.token, &body).await.expect(200);
}

/// The log, newest first: read behind the API, for log-ins end while the clock is moved by days.
async fn log(app: &TestApp, admin: &LoggedIn, hook: &str) -> Vec<Value> {
    let id = hook.rsplit('/').next().expect("a path");
    let id: WebhookId = id.parse().expect("an id");
    let tenant = app.state().store.tenant(admin.organization_id);
    let mut reader = tenant.read().await.expect("read");
    let found = webhook_deliveries::list(reader.db(), id, None, 200).await;
    let found = found.expect("read");
    found.iter().map(|one| json!(one)).collect()
}

#[tokio::test]
async fn what_happens_is_told_once_signed_and_without_a_word_of_what_was_worked_on() {
    for app in apps().await {
        let receiver = Receiver::start().await;
        let admin = app.set_up().await;
        let bob = app.person(&admin, "Bob", "employee").await;
        let kinds = ["session.started", "session.stopped", "policy.changed"];
        let (hook, secret) = hook(&app, &admin, &receiver, &kinds).await;
        start(&app, &bob).await;
        app.clock.advance_seconds(60);
        let span = json!({
            "seq": 1, "activity_type": "active", "started_at": BEGINNING, "duration_seconds": 60,
            "application": "secret-app", "title": "secret-title",
        });
        let path = format!("/api/v1/sessions/{SESSION}/activity");
        app.post(&path, &bob.token, &span).await.expect(201);
        stop(&app, &bob).await;
        assert_eq!(turn(&app).await, 2);
        assert_eq!(turn(&app).await, 0, "once");

        let arrived = receiver.take();
        let told: Vec<String> = arrived.iter().map(Arrived::kind).collect();
        assert_eq!(told, ["session.started", "session.stopped"]);
        for message in &arrived {
            assert_eq!(message.path, "/hook");
            assert_eq!(message.header("content-type"), "application/json");
            let at = (app.clock_now().as_millis() / 1_000).to_string();
            assert_eq!(message.header("webhook-timestamp"), at);
            assert_eq!(
                message.header("webhook-signature"),
                message.signature(&secret)
            );
            assert!(!message.body.contains("secret") && !message.body.contains("Bob"));
        }
        let body = arrived[1].json();
        assert_eq!(body["organization_id"], json!(admin.organization_id));
        assert_eq!(body["timestamp"], json!(app.clock_now()));
        assert_eq!(body["data"]["id"], SESSION);
        assert_eq!(body["data"]["user_id"], json!(bob.user_id));
        assert_eq!(body["data"]["total_active_seconds"], 60);
        assert_eq!(body["data"]["status"], "stopped");

        let page = app.get(&format!("{hook}/deliveries"), &admin.token).await;
        let log = page.expect(200)["items"]
            .as_array()
            .expect("a list")
            .clone();
        assert_eq!(log.len(), 2);
        assert_eq!(
            log[0]["id"],
            arrived[1].header("webhook-id"),
            "newest first"
        );
        assert_eq!(log[0]["state"], "delivered");
        assert_eq!(log[0]["status"], 204);
        assert_eq!(log[0]["attempts"], 1);
        assert_eq!(log[0]["error"], Value::Null);
        assert_eq!(log[0]["body"], json!(arrived[1].body));
        app.close().await;
    }
}

#[tokio::test]
async fn an_alert_is_told_when_it_opens_and_when_it_is_resolved() {
    for app in apps().await {
        let receiver = Receiver::start().await;
        let admin = app.set_up().await;
        let bob = app.person(&admin, "Bob", "employee").await;
        let kinds = ["alert.opened", "alert.resolved"];
        hook(&app, &admin, &receiver, &kinds).await;
        let state = app.state();
        let (store, live, clock) = (state.store.clone(), state.live.clone(), state.clock.clone());
        let options = jobs::Options::default();
        let worker = Worker::new(store, live, clock, jobs::all(), options).await;
        let worker = worker.expect("made");
        worker.plan().await.expect("begun");
        start(&app, &bob).await;
        let active = async |seq: i64, from: i64| {
            let span = json!({
                "seq": seq, "activity_type": "active", "started_at": BEGINNING.plus_seconds(from),
                "duration_seconds": 60,
            });
            let path = format!("/api/v1/sessions/{SESSION}/activity");
            app.post(&path, &bob.token, &span).await.expect(201);
        };
        app.clock.advance_seconds(60);
        active(1, 0).await;
        app.clock.advance_seconds(600);
        worker.turn().await.expect("worked");
        assert_eq!(turn(&app).await, 1);
        app.clock.advance_seconds(60);
        active(2, 660).await;
        app.clock.advance_seconds(60);
        worker.turn().await.expect("worked");
        assert_eq!(turn(&app).await, 1);

        let arrived = receiver.take();
        let (opened, resolved) = (arrived[0].json(), arrived[1].json());
        assert_eq!(opened["type"], "alert.opened");
        assert_eq!(opened["data"]["kind"], "idle");
        assert_eq!(opened["data"]["user_id"], json!(bob.user_id));
        assert_eq!(opened["data"]["resolved_at"], Value::Null);
        assert_eq!(resolved["type"], "alert.resolved");
        assert_eq!(resolved["data"]["alert_id"], opened["data"]["alert_id"]);
        assert_eq!(resolved["data"]["resolved_at"], json!(app.clock_now()));
        app.close().await;
    }
}

#[tokio::test]
async fn a_message_that_was_not_taken_is_tried_again_under_its_id_and_then_given_up() {
    for app in apps().await {
        let receiver = Receiver::start().await;
        let admin = app.set_up().await;
        let (hook, _) = hook(&app, &admin, &receiver, &["session.started"]).await;
        receiver.answer(500);
        start(&app, &admin).await;
        assert_eq!(turn(&app).await, 1);
        assert_eq!(turn(&app).await, 0, "not before its time");
        let waits = log(&app, &admin, &hook).await.remove(0);
        assert_eq!(waits["state"], "waiting");
        assert_eq!(
            (&waits["status"], &waits["error"]),
            (&json!(500), &json!("status"))
        );
        app.clock.advance_seconds(10);
        assert_eq!(turn(&app).await, 1);
        let arrived = receiver.take();
        assert_eq!(
            arrived[0].header("webhook-id"),
            arrived[1].header("webhook-id")
        );
        assert_eq!(arrived[0].body, arrived[1].body);
        assert_ne!(
            arrived[0].header("webhook-timestamp"),
            arrived[1].header("webhook-timestamp")
        );
        assert_eq!(log(&app, &admin, &hook).await[0]["state"], "delivered");
        assert_eq!(
            app.get(&hook, &admin.token).await.expect(200)["failing_since"],
            Value::Null
        );

        // The next one never arrives.
        app.post(&format!("{hook}/test"), &admin.token, &json!({}))
            .await
            .expect(202);
        let mut attempts = 0;
        loop {
            receiver.answer(503);
            attempts += turn(&app).await;
            let last = log(&app, &admin, &hook).await.remove(0);
            if last["state"] == "failed" {
                assert_eq!(last["attempts"], 10);
                break;
            }
            assert!(attempts <= 10, "{last}");
            let next = serde_json::from_value(last["next_attempt_at"].clone());
            app.clock.set(next.expect("it is tried again"));
        }
        assert_eq!(attempts, 10);
        app.close().await;
    }
}

#[tokio::test]
async fn a_webhook_that_nothing_reaches_for_days_is_turned_off_and_says_so() {
    for app in apps().await {
        let receiver = Receiver::start().await;
        let admin = app.set_up().await;
        let (hook, _) = hook(
            &app,
            &admin,
            &receiver,
            &["session.started", "session.stopped"],
        )
        .await;
        receiver.answer(500);
        start(&app, &admin).await;
        turn(&app).await;
        app.clock.advance_seconds(FAILING_SECONDS - 10);
        let admin = app.log_in("ada@acme.test").await;
        receiver.answer(500);
        turn(&app).await;
        let still = app.get(&hook, &admin.token).await.expect(200);
        assert_eq!(still["off_since"], Value::Null);
        assert_eq!(still["failing_since"], json!(BEGINNING));
        app.clock.advance_seconds(3_600);
        let admin = app.log_in("ada@acme.test").await;
        receiver.answer(500);
        turn(&app).await;
        let off = app.get(&hook, &admin.token).await.expect(200);
        assert_eq!(off["off_because"], "failing");
        assert_eq!(off["off_since"], json!(app.clock_now()));
        assert_eq!(log(&app, &admin, &hook).await[0]["error"], "off");
        let audit = app.get("/api/v1/audit", &admin.token).await.expect(200);
        assert!(
            audit["items"]
                .as_array()
                .expect("a list")
                .iter()
                .any(|row| {
                    row["action"] == "webhook.turned_off" && row["detail"]["reason"] == "failing"
                })
        );
        // While it is off nothing is queued, tried out or sent again.
        let id = log(&app, &admin, &hook).await[0]["id"]
            .as_str()
            .expect("an id")
            .to_owned();
        stop(&app, &admin).await;
        assert_eq!(turn(&app).await, 0);
        for path in [
            format!("{hook}/test"),
            format!("{hook}/deliveries/{id}/again"),
        ] {
            app.post(&path, &admin.token, &json!({}))
                .await
                .problem(409, "conflict");
        }
        // On again, it is told what happens from then on; the old message goes out when asked for.
        app.patch(&hook, &admin.token, &json!({ "on": true }))
            .await
            .expect(200);
        receiver.take();
        assert_eq!(turn(&app).await, 0);
        let path = format!("{hook}/deliveries/{id}/again");
        let again = app.post(&path, &admin.token, &json!({})).await.expect(202);
        assert_eq!(
            (&again["state"], &again["attempts"]),
            (&json!("waiting"), &json!(0))
        );
        assert_eq!(turn(&app).await, 1);
        assert_eq!(receiver.take()[0].header("webhook-id"), id);
        app.close().await;
    }
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_not_asked_again() {
    for app in apps().await {
        let receiver = Receiver::start().await;
        let admin = app.set_up().await;
        let (hook, _) = hook(&app, &admin, &receiver, &["session.started"]).await;
        receiver.answer(410);
        start(&app, &admin).await;
        assert_eq!(turn(&app).await, 1);
        let off = app.get(&hook, &admin.token).await.expect(200);
        assert_eq!(off["off_because"], "gone");
        app.clock.advance_seconds(3_600);
        assert_eq!(turn(&app).await, 0);
        app.close().await;
    }
}

#[tokio::test]
async fn while_a_secret_is_changed_both_sign_for_a_day_and_neither_is_shown_again() {
    for app in apps().await {
        let receiver = Receiver::start().await;
        let admin = app.set_up().await;
        let (hook, old) = hook(&app, &admin, &receiver, &["policy.changed"]).await;
        let path = format!("{hook}/secret");
        let changed = app.post(&path, &admin.token, &json!({})).await.expect(201);
        let new = changed["secret"].as_str().expect("a secret").to_owned();
        assert_ne!(new, old);
        let try_out = async |token: &str| {
            app.post(&format!("{hook}/test"), token, &json!({}))
                .await
                .expect(202);
            assert_eq!(turn(&app).await, 1);
            receiver.take().remove(0)
        };
        let both = try_out(&admin.token).await;
        let expected = format!("{} {}", both.signature(&new), both.signature(&old));
        assert_eq!(both.header("webhook-signature"), expected);
        app.clock.advance_seconds(PREVIOUS_SECRET_SECONDS);
        let admin = app.log_in("ada@acme.test").await;
        let alone = try_out(&admin.token).await;
        assert_eq!(alone.header("webhook-signature"), alone.signature(&new));
        for path in [hook.as_str(), "/api/v1/webhooks", "/api/v1/audit"] {
            let text = app.get(path, &admin.token).await.text;
            assert!(
                !text.contains("whsec_") && !text.contains(&new[6..]),
                "{text}"
            );
        }
        // Nor is the address in the audit: many are a secret by themselves.
        let audit = app.get("/api/v1/audit", &admin.token).await.text;
        assert!(
            audit.contains("webhook.secret_changed") && !audit.contains("/hook"),
            "{audit}"
        );
        app.close().await;
    }
}

#[tokio::test]
async fn a_webhook_reaches_nothing_that_only_this_server_reaches() {
    let app = TestApp::sqlite().await;
    let receiver = Receiver::start().await;
    let admin = app.set_up().await;
    for url in [
        receiver.url(),
        format!("https://127.0.0.1:{}/", receiver.port),
        "https://169.254.169.254/latest/meta-data/".to_owned(),
        "https://[::ffff:10.0.0.1]/".to_owned(),
    ] {
        let body = json!({ "url": url, "kinds": ["session.started"] });
        let answer = app.post("/api/v1/webhooks", &admin.token, &body).await;
        let problem = answer.problem(422, "validation");
        assert_eq!(problem["fields"][0]["field"], "url", "{url}");
    }
    // A name may be anything; where it leads is asked when there is something to send.
    let url = format!("https://localhost:{}/hook", receiver.port);
    let body = json!({ "url": url, "kinds": ["session.started"] });
    let made = app.post("/api/v1/webhooks", &admin.token, &body).await;
    let id = made.expect(201)["webhook"]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let hook = format!("/api/v1/webhooks/{id}");
    start(&app, &admin).await;
    let send = async |networks: Networks| {
        let sender = Webhooks::new(networks).expect("made");
        let state = app.state();
        let sent = sender.turn(&state.store, &*state.clock).await;
        assert_eq!(sent.expect("the database is there"), 1);
        log(&app, &admin, &hook).await[0]["error"].clone()
    };
    assert_eq!(send(Networks::default()).await, "address");
    // The other half: with the network listed, it is connected to (and speaks no TLS).
    app.clock.advance_seconds(10);
    assert_eq!(send(loopback()).await, "connection");
    assert_eq!(receiver.take().len(), 0);
    // An address written down while its network was listed is not gone to when it no longer is.
    let url = format!("http://127.0.0.1:{}/", receiver.port);
    behind!(app.target(), |c| sqlx::query(
        "UPDATE webhooks SET url = $1"
    )
    .bind(&url)
    .execute(&mut *c)
    .await
    .map(drop))
    .expect("written");
    app.clock.advance_seconds(3_600);
    assert_eq!(send(Networks::default()).await, "address");
    app.clock.advance_seconds(3_600);
    assert_eq!(send(loopback()).await, Value::Null);
    assert_eq!(receiver.take().len(), 1);
    app.close().await;
}

#[tokio::test]
async fn no_redirect_is_followed_and_of_a_long_answer_the_beginning_is_kept() {
    let app = apps().await.remove(0);
    let receiver = Receiver::start().await;
    let admin = app.set_up().await;
    let (hook, _) = hook(&app, &admin, &receiver, &["session.started"]).await;
    let long = vec![b'x'; 8 << 20];
    receiver.post.answers.lock().extend([
        (302, Some("/elsewhere"), b"moved".to_vec()),
        (200, None, long),
    ]);
    start(&app, &admin).await;
    turn(&app).await;
    let first = log(&app, &admin, &hook).await.remove(0);
    assert_eq!(first["error"], "redirect");
    assert_eq!(first["answer"], "moved");
    app.clock.advance_seconds(10);
    turn(&app).await;
    let second = log(&app, &admin, &hook).await.remove(0);
    assert_eq!(second["state"], "delivered");
    assert_eq!(second["answer"], "x".repeat(500));
    let paths: BTreeSet<String> = receiver.take().into_iter().map(|one| one.path).collect();
    assert_eq!(paths, BTreeSet::from(["/hook".to_owned()]));
    app.close().await;
}

#[tokio::test]
async fn two_instances_at_once_queue_and_send_each_message_once() {
    for app in apps().await {
        let receiver = Receiver::start().await;
        let admin = app.set_up().await;
        let kinds = ["session.started", "session.stopped"];
        hook(&app, &admin, &receiver, &kinds).await;
        let mut sessions = BTreeSet::new();
        for n in 0..12 {
            let session = format!("0192f0c1-2345-7000-8000-0000000000{n:02}");
            let body = json!({ "session_id": session, "started_at": BEGINNING });
            app.post("/api/v1/sessions/start", &admin.token, &body)
                .await
                .expect(201);
            let path = format!("/api/v1/sessions/{session}/stop");
            app.post(&path, &admin.token, &json!({})).await.expect(200);
            sessions.insert(session);
        }
        let other = app.another_instance().await;
        let (one, two, three) = tokio::join!(turn(&app), turn(&other), turn(&other));
        assert_eq!(one + two + three, 24);
        let arrived = receiver.take();
        let ids: BTreeSet<&str> = arrived.iter().map(|one| one.header("webhook-id")).collect();
        assert_eq!((arrived.len(), ids.len()), (24, 24));
        let started = arrived.iter().filter(|one| one.kind() == "session.started");
        let started: BTreeSet<String> = started
            .map(|one| one.json()["data"]["id"].as_str().expect("an id").to_owned())
            .collect();
        assert_eq!(started, sessions);
        other.close().await;
        app.close().await;
    }
}

#[tokio::test]
async fn a_webhook_is_told_only_of_what_it_asked_for_and_of_its_own_organization() {
    for app in apps().await {
        let receiver = Receiver::start().await;
        let admin = app.set_up().await;
        let grace = app.another_organization("grace@other.test").await;
        let (hook, _) = hook(&app, &admin, &receiver, &["session.stopped"]).await;
        start(&app, &admin).await;
        let theirs = json!({ "session_id": "0192f0c1-2345-7000-8000-00000000000b" });
        app.post("/api/v1/sessions/start", &grace.token, &theirs)
            .await
            .expect(201);
        let path = "/api/v1/sessions/0192f0c1-2345-7000-8000-00000000000b/stop";
        app.post(path, &grace.token, &json!({})).await.expect(200);
        assert_eq!(turn(&app).await, 0);
        stop(&app, &admin).await;
        // Removed with what waits for it.
        app.delete(&hook, &admin.token).await.expect(204);
        assert_eq!(turn(&app).await, 0);
        assert_eq!(receiver.take().len(), 0);
        app.get(&hook, &admin.token).await.problem(404, "not-found");
        app.close().await;
    }
}
