//! The socket from outside: what it says, what ends it, who may open it.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use reqwest::Method;
use serde_json::{Value, json};
use shared_types::auth::UserStatus;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{
        Error, Message,
        client::IntoClientRequest,
        http::{HeaderName, HeaderValue, StatusCode, header},
        protocol::frame::coding::CloseCode,
    },
};
use workpulse_server::auth::accounts;

use crate::harness::{BEGINNING, Enrolled, LoggedIn, PASSWORD, TestApp};

/// Longer than anything here takes; a test that reaches it has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// How a socket is closed whose caller has lost their authority.
pub(crate) const POLICY: CloseCode = CloseCode::Policy;

pub(crate) struct Socket<S = MaybeTlsStream<TcpStream>>(WebSocketStream<S>);

async fn open_with(
    app: &TestApp,
    path: &str,
    headers: &[(HeaderName, &str)],
) -> Result<Socket, StatusCode> {
    open_url(&app.url(path).replacen("http", "ws", 1), headers).await
}

/// At any server, such as `ws://127.0.0.1:3000/api/v1/ws`.
pub(crate) async fn open_at(url: &str, token: &str) -> Result<Socket, StatusCode> {
    let bearer = format!("Bearer {token}");
    open_url(url, &[(header::AUTHORIZATION, &bearer)]).await
}

async fn open_url(url: &str, headers: &[(HeaderName, &str)]) -> Result<Socket, StatusCode> {
    let mut request = url.into_client_request().expect("an address");
    for (name, value) in headers {
        let value = HeaderValue::from_str(value).expect("a header");
        request.headers_mut().insert(name, value);
    }
    match connect_async(request).await {
        Ok((stream, _)) => Ok(Socket(stream)),
        Err(Error::Http(response)) => Err(response.status()),
        Err(error) => panic!("no answer: {error}"),
    }
}

pub(crate) async fn open(app: &TestApp, token: &str, after: Option<i64>) -> Socket {
    let path = after.map_or("/api/v1/ws".to_owned(), |after| {
        format!("/api/v1/ws?after={after}")
    });
    let bearer = format!("Bearer {token}");
    open_with(app, &path, &[(header::AUTHORIZATION, &bearer)])
        .await
        .expect("the socket opens")
}

impl<S: AsyncRead + AsyncWrite + Unpin> Socket<S> {
    /// Over a connection of the test's own.
    pub(crate) const fn over(stream: WebSocketStream<S>) -> Self {
        Self(stream)
    }

    /// The next frame with text, or with which code (if any) it ended.
    pub(crate) async fn frame_or_end(&mut self) -> Result<Value, Option<CloseCode>> {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Text(text))) => {
                    return Ok(serde_json::from_str(&text).expect("JSON"));
                }
                Some(Ok(Message::Close(close))) => return Err(close.map(|close| close.code)),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(None),
            }
        }
    }

    /// The next frame with text; pings do not make the test wait for longer.
    pub(crate) async fn frame(&mut self) -> Value {
        tokio::time::timeout(PATIENCE, self.frame_or_end())
            .await
            .expect("a frame comes")
            .expect("the socket is open and sound")
    }

    /// The code with which the server closes, whatever it says before.
    pub(crate) async fn closed_with(&mut self) -> CloseCode {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.0.next())
                .await
                .expect("the server closes");
            match message {
                Some(Ok(Message::Close(Some(close)))) => return close.code,
                Some(Ok(_)) => {}
                other => panic!("ended without a reason: {other:?}"),
            }
        }
    }
}

/// Sends a running session whose last minute ends now.
pub(crate) async fn work(app: &TestApp, device: &Enrolled) {
    let session = uuid(1);
    let at = |seconds: i64| BEGINNING.plus_seconds(seconds).to_string();
    let batch = json!({
        "device_id": device.device_id, "epoch": uuid(2), "clock": at(0),
        "items": [
            { "seq": 1, "item": { "session_started": { "session_id": session, "started_at": at(-60) } } },
            { "seq": 2, "item": { "activity": {
                "session_id": session, "activity_type": "active", "started_at": at(-60),
                "duration_seconds": 60, "application": "Editor",
            } } },
        ],
    });
    app.post("/api/v1/sync", &device.secret, &batch)
        .await
        .expect(200);
}

fn uuid(n: u128) -> String {
    format!("0192f0c1-2345-7000-8000-{n:012x}")
}

async fn set_status(app: &TestApp, person: &LoggedIn, status: UserStatus) {
    let (store, clock) = (&app.state().store, &*app.state().clock);
    let org = person.organization_id;
    accounts::set_status(store, clock, org, None, person.user_id, status)
        .await
        .expect("the database answers");
    app.state()
        .auth
        .authority
        .poll()
        .await
        .expect("the database answers");
}

on_both_engines! {
    async fn a_manager_sees_a_minute_arrive_and_resumes_after_a_drop(app) {
        let admin = app.set_up().await;
        let grace = app.person(&admin, "Grace", "employee").await;
        let device = app.device(&admin, grace.user_id).await;
        let mut socket = open(app, &admin.token, None).await;
        let hello = socket.frame().await;
        assert_eq!((&hello["frame"], &hello["seq"]), (&json!("hello"), &json!(0)));
        work(app, &device).await;
        let mut last = 0;
        let person = loop {
            let event = socket.frame().await["event"].take();
            last = event["seq"].as_i64().expect("a number").max(last);
            if event["event"]["type"] == "SESSION_UPDATE" {
                break event["event"]["data"]["people"][0].clone();
            }
        };
        assert_eq!(person["name"], "Grace");
        assert_eq!((&person["status"], &person["application"]), (&json!("active"), &json!("Editor")));
        assert_eq!(person["today"]["active_seconds"], 60);
        let hours = json!({ "first_hour": 9, "active_seconds": [60], "idle_seconds": [0], "unobserved_seconds": [0] });
        assert_eq!(person["hours"], hours);
        let snapshot = app.get("/api/v1/presence", &admin.token).await.expect(200);
        let people = snapshot["people"].as_array().expect("a list");
        let of = |name: &str| people.iter().find(|one| one["name"] == name).expect("listed")["hours"].clone();
        assert_eq!(of("Grace"), hours);
        assert_eq!(of("Ada")["active_seconds"], json!([]), "nothing yet");
        drop(socket);

        let mut resumed = open(app, &admin.token, Some(0)).await;
        assert_eq!(resumed.frame().await["frame"], "hello");
        assert_eq!(resumed.frame().await["event"]["seq"], 1, "from where it was");
        let mut reset = open(app, &admin.token, Some(last + 1_000)).await;
        assert_eq!(reset.frame().await["frame"], "hello");
        assert_eq!(reset.frame().await["frame"], "reset");
        let page = app.get("/api/v1/events?after=0", &admin.token).await.expect(200);
        assert_eq!(page["latest_seq"], last);
    }

    async fn a_suspended_person_is_cut_off_on_an_open_socket(app) {
        let admin = app.set_up().await;
        let manager = app.person(&admin, "Mona", "manager").await;
        let mut socket = open(app, &manager.token, None).await;
        socket.frame().await;
        set_status(app, &manager, UserStatus::Suspended).await;
        assert_eq!(socket.closed_with().await, CloseCode::Policy);
    }

    async fn a_revoked_device_is_cut_off_and_hears_of_nothing_but_policy(app) {
        let admin = app.set_up().await;
        let grace = app.person(&admin, "Grace", "employee").await;
        let device = app.device(&admin, grace.user_id).await;
        let mut socket = open(app, &device.secret, None).await;
        assert_eq!(socket.frame().await["frame"], "hello");
        work(app, &device).await;
        let mut policy = app.get("/api/v1/policy", &admin.token).await.expect(200);
        policy["titles"] = json!(true);
        app.put("/api/v1/policy", &admin.token, &policy).await.expect(200);
        let event = socket.frame().await["event"].take();
        assert_eq!(event["event"], json!({ "type": "POLICY_CHANGED", "data": { "version": 2 } }));
        let path = format!("/api/v1/devices/{}", device.device_id);
        app.delete(&path, &admin.token).await.expect(204);
        assert_eq!(socket.closed_with().await, CloseCode::Policy);
    }

    async fn a_restart_closes_with_its_own_code(app) {
        let admin = app.set_up().await;
        let mut socket = open(app, &admin.token, None).await;
        socket.frame().await;
        app.state().shutdown.cancel();
        assert_eq!(socket.closed_with().await, CloseCode::Restart);
    }

    async fn a_client_that_floods_is_closed(app) {
        let admin = app.set_up().await;
        let mut socket = open(app, &admin.token, None).await;
        socket.frame().await;
        for _ in 0..200 {
            // It may close while we still talk.
            if socket.0.send(Message::Text("{}".into())).await.is_err() {
                break;
            }
        }
        assert_eq!(socket.closed_with().await, CloseCode::Policy);
    }

    async fn a_cookie_opens_a_socket_from_our_own_pages_only(app) {
        app.set_up().await;
        let request = json!({ "email": "ada@acme.test", "password": PASSWORD, "delivery": "cookie" });
        let answer = app.post("/api/v1/auth/login", "", &request).await;
        let cookie = answer.headers[header::SET_COOKIE.as_str()].to_str().expect("ascii")
            .split(';').next().expect("a cookie").to_owned();
        assert!(cookie.starts_with("wp_access="), "{cookie}");
        let ours = app.url("");
        let with = async |origin: &str| {
            let mut headers = vec![(header::COOKIE, cookie.as_str())];
            if !origin.is_empty() {
                headers.push((header::ORIGIN, origin));
            }
            open_with(app, "/api/v1/ws", &headers).await.map(drop)
        };
        assert_eq!(with(&ours).await, Ok(()));
        for foreign in ["", "null", "https://evil.test", &format!("{ours}.evil.test"), &format!("{ours}0")] {
            assert_eq!(with(foreign).await, Err(StatusCode::FORBIDDEN), "{foreign:?}");
        }
    }

    async fn nobody_opens_a_socket_without_a_credential(app) {
        app.set_up().await;
        let refused = open_with(app, "/api/v1/ws", &[]).await.map(drop);
        assert_eq!(refused, Err(StatusCode::UNAUTHORIZED));
        let forged = [(header::AUTHORIZATION, "Bearer wpd_AAAA")];
        assert_eq!(open_with(app, "/api/v1/ws", &forged).await.map(drop), Err(StatusCode::UNAUTHORIZED));
        let plain = app.send(app.request(Method::GET, "/api/v1/ws")).await;
        plain.problem(401, "unauthenticated");
    }
}
