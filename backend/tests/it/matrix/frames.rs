//! Open sockets: each is sent only what its owner may see, whatever happens elsewhere.

use std::{collections::BTreeMap, time::Duration};

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::json;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest as _, http::header},
};

use super::{row::Thing, world::World};
use crate::harness::TestApp;

const PATIENCE: Duration = Duration::from_secs(30);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn open(app: &TestApp, token: &str, query: &str) -> Socket {
    let address = app
        .url(&format!("/api/v1/ws{query}"))
        .replacen("http", "ws", 1);
    let mut request = address.into_client_request().expect("an address");
    let bearer = format!("Bearer {token}").parse().expect("a header");
    request.headers_mut().insert(header::AUTHORIZATION, bearer);
    connect_async(request).await.expect("it opens").0
}

/// Every text up to and with the first that holds this.
async fn texts_until(socket: &mut Socket, mark: &str) -> Vec<String> {
    let mut texts = Vec::new();
    // Of the whole: pings come for as long as somebody listens.
    let end = tokio::time::Instant::now() + PATIENCE;
    loop {
        let message = tokio::time::timeout_at(end, socket.next())
            .await
            .unwrap_or_else(|_| panic!("no {mark} came after {texts:?}"))
            .expect("it is open")
            .expect("and sound");
        if let Message::Text(text) = message {
            texts.push(text.to_string());
            if text.contains(mark) {
                return texts;
            }
        }
    }
}

/// Something happens to everybody; then each organization's policy changes, of which everyone in
/// it hears: what came before that is all that came.
pub(super) async fn show_only_what_may_be_seen(app: &TestApp, world: &World) {
    let names = [
        "a device", "eve", "ben", "mona", "petra", "otto", "dora", "ada", "grace",
    ];
    let mut sockets = Vec::new();
    for name in names {
        let principal = world.principal(name);
        // Once from now on, once from the beginning, once from a number of somebody else's log.
        for query in ["", "?after=0", "?after=1000000"] {
            let mut socket = open(app, &principal.bearer, query).await;
            let hello = texts_until(&mut socket, "hello").await;
            assert_eq!(hello.len(), 1);
            sockets.push((principal, query, socket));
        }
    }
    for name in ["eve", "ben", "rob", "hal"] {
        let person = world.person(name);
        let (device, secret) = world.enrol(app, name).await;
        world.work(app, name, device, &secret).await;
        assert_ne!(device, person.things[&Thing::Device]);
    }
    // The organization's own, and not what it is together with a team's, as its devices see it.
    let mut latest = BTreeMap::new();
    for admin in ["ada", "grace"] {
        let token = &world.person(admin).token;
        let policy = app.get("/api/v1/policy", token).await.expect(200);
        app.put("/api/v1/policy", token, &policy).await.expect(200);
        let policy = app.get("/api/v1/policy", token).await.expect(200);
        latest.insert(admin, policy["version"].clone());
    }
    for (principal, query, mut socket) in sockets {
        let mark = if query == "?after=1000000" {
            "reset"
        } else {
            "POLICY_CHANGED"
        };
        // Earlier changes of the policy are in the log as well.
        let admin = if principal.person == "grace" {
            "grace"
        } else {
            "ada"
        };
        let mark = if mark == "reset" {
            mark.to_owned()
        } else {
            json!({ "version": latest[admin] }).to_string()
        };
        let texts = texts_until(&mut socket, &mark).await;
        let own = format!("zq{}", principal.person);
        for text in &texts {
            for forbidden in world.forbidden(principal) {
                assert!(
                    !text.contains(&forbidden),
                    "{} on {query:?} was sent {forbidden}: {text}",
                    principal.name
                );
            }
        }
        if matches!(principal.person, "eve" | "ben")
            && principal.name != "a device"
            && mark != "reset"
        {
            assert!(
                texts.iter().any(|text| text.contains(&own)),
                "{} hears of themself",
                principal.name
            );
        }
    }
    no_frame_is_larger_than_64_kib(app, world).await;
}

/// What a client may say is bounded, in one frame and in many.
async fn no_frame_is_larger_than_64_kib(app: &TestApp, world: &World) {
    let token = &world.principal("eve").bearer;
    let mut fits = open(app, token, "").await;
    texts_until(&mut fits, "hello").await;
    fits.send(Message::text("x".repeat(64 * 1024)))
        .await
        .expect("sent");
    fits.send(Message::Ping(Vec::new().into()))
        .await
        .expect("sent");
    let pong = loop {
        match tokio::time::timeout(PATIENCE, fits.next())
            .await
            .expect("an answer")
        {
            Some(Ok(Message::Pong(_))) => break true,
            Some(Ok(_)) => {}
            _ => break false,
        }
    };
    assert!(pong, "64 KiB are read");
    let mut larger = open(app, token, "").await;
    texts_until(&mut larger, "hello").await;
    // It may be closed while it is still being sent.
    let _ = larger.send(Message::text("x".repeat(64 * 1024 + 1))).await;
    let _ = larger.send(Message::Ping(Vec::new().into())).await;
    let ended = loop {
        match tokio::time::timeout(PATIENCE, larger.next())
            .await
            .expect("an end")
        {
            Some(Ok(Message::Pong(_))) => break false,
            Some(Ok(Message::Close(_)) | Err(_)) | None => break true,
            Some(Ok(_)) => {}
        }
    };
    assert!(ended, "more is not");
}
