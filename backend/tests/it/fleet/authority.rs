//! What one instance is told about a person bites on the other one, by its own looking.

use serde_json::json;

use super::{Fleet, Process, client};
use crate::{
    harness::PASSWORD,
    socket::{POLICY, open_at},
    start_up::until,
};

/// A person who is logged in.
struct Person {
    id: String,
    token: String,
}

async fn person(fleet: &Fleet, server: &Process, name: &str) -> Person {
    let email = format!("{name}@acme.test");
    let request = json!({ "name": name, "email": email, "role": "manager", "password": PASSWORD });
    let (status, _) = fleet.post(server, "/users", fleet.token(), &request).await;
    assert_eq!(status, 201);
    let request = json!({ "email": email, "password": PASSWORD });
    let (status, body) = fleet.post(server, "/auth/login", "", &request).await;
    assert_eq!(status, 200, "{body}");
    let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    Person {
        id: text(&body["me"]["user_id"]),
        token: text(&body["tokens"]["access_token"]),
    }
}

async fn status(server: &Process, path: &str, token: &str) -> u16 {
    let url = format!("http://{}/api/v1{path}", server.address);
    let answer = client().get(url).bearer_auth(token).send().await;
    answer.expect("answers").status().as_u16()
}

async fn change(fleet: &Fleet, server: &Process, person: &Person, body: serde_json::Value) {
    let url = format!("http://{}/api/v1/users/{}", server.address, person.id);
    let request = client().patch(url).bearer_auth(fleet.token()).json(&body);
    let answer = request.send().await.expect("answers");
    assert_eq!(answer.status(), 200, "{body}");
}

/// Nothing tells the other instance; it remembers people for ten minutes. What happens here within
/// the half minute that `until` and a socket wait is found by its own looking.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_admin_changes_at_one_instance_bites_at_the_other() {
    let Some(fleet) = Fleet::make().await else {
        return;
    };
    let here = fleet.server("here", 0, &[]).await;
    let there = fleet.server("there", 0, &[]).await;
    let socket = async |token: &str| {
        let url = format!("ws://{}/api/v1/ws", there.address);
        let mut socket = open_at(&url, token).await.expect("it opens");
        assert_eq!(socket.frame().await["frame"], "hello");
        socket
    };
    let (suspended, demoted, left) = (
        person(&fleet, &here, "suspended").await,
        person(&fleet, &here, "demoted").await,
        person(&fleet, &here, "left").await,
    );
    let device = fleet.device(&here).await;
    let mut sockets = Vec::new();
    for token in [
        &suspended.token,
        &demoted.token,
        &left.token,
        &device.secret,
    ] {
        // Remembered there from now on.
        assert_eq!(status(&there, "/policy", token).await, 200);
        sockets.push(socket(token).await);
    }
    assert_eq!(status(&there, "/users", &demoted.token).await, 200);

    change(&fleet, &here, &suspended, json!({ "status": "suspended" })).await;
    change(&fleet, &here, &demoted, json!({ "role": "employee" })).await;
    let (ended, _) = fleet
        .post(&here, "/auth/logout", &left.token, &json!({}))
        .await;
    assert_eq!(ended, 204);
    let url = format!("http://{}/api/v1/devices/{}", here.address, device.id);
    let revoked = client().delete(url).bearer_auth(fleet.token()).send().await;
    assert_eq!(revoked.expect("answers").status(), 204);

    for socket in &mut sockets {
        assert_eq!(socket.closed_with().await, POLICY);
    }
    for (path, token, expected) in [
        ("/me", &suspended.token, 403),
        ("/users", &demoted.token, 403),
        ("/me", &left.token, 401),
        ("/policy", &device.secret, 403),
    ] {
        until(async || status(&there, path, token).await == expected).await;
    }
    assert_eq!(
        status(&there, "/me", fleet.token()).await,
        200,
        "nobody else"
    );
    fleet.store.close().await;
}
