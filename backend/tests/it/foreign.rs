//! Another organization's id behaves like a random id, everywhere.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;
use workpulse_server::clock::{Clock as _, SystemClock};

use crate::harness::{LoggedIn, TestApp};

async fn outcome(
    app: &TestApp,
    caller: &LoggedIn,
    method: Method,
    path: &str,
    body: Option<Value>,
) -> (u16, Value) {
    let mut request = app.request(method, path).bearer_auth(&caller.token);
    if let Some(body) = body {
        request = request.json(&body);
    }
    let answer = app.send(request).await;
    let mut body = answer.json();
    body.as_object_mut()
        .expect("a problem")
        .remove("request_id");
    (answer.status.as_u16(), body)
}

on_both_engines! {
    async fn a_foreign_id_is_answered_like_a_random_one(app) {
        let ada = app.set_up().await;
        let grace = app.another_organization("grace@other.test").await;
        let device = app.device(&grace, grace.user_id).await;
        let token = app.enrolment_token(&grace, grace.user_id, 1).await;
        let session = SystemClock.new_uuid();
        let start = json!({ "session_id": session });
        app.post("/api/v1/sessions/start", &grace.token, &start).await;
        let token: Uuid = token["id"].as_str().expect("a text").parse().expect("an id");

        for (method, path, foreign) in [
            (Method::DELETE, "/api/v1/devices/", device.device_id.uuid()),
            (Method::DELETE, "/api/v1/enrolment-tokens/", token),
            (Method::GET, "/api/v1/sessions/", session),
        ] {
            let theirs = outcome(app, &ada, method.clone(), &format!("{path}{foreign}"), None).await;
            let random = outcome(app, &ada, method, &format!("{path}{}", SystemClock.new_uuid()), None).await;
            assert_eq!(theirs, random, "{path}");
            assert_eq!(theirs.0, 404, "{path}");
        }
        let terms = |user: Uuid| Some(json!({ "user_id": user }));
        let path = "/api/v1/enrolment-tokens";
        let theirs = outcome(app, &ada, Method::POST, path, terms(grace.user_id.uuid())).await;
        let random = outcome(app, &ada, Method::POST, path, terms(SystemClock.new_uuid())).await;
        assert_eq!(theirs, random);
        assert_eq!(theirs.0, 404);

        // Nothing of theirs was touched, and nothing of theirs is seen.
        app.get("/api/v1/policy", &device.secret).await.expect(200);
        for path in ["/api/v1/users", "/api/v1/devices", "/api/v1/presence", "/api/v1/events?after=0"] {
            let seen = app.get(path, &ada.token).await;
            seen.expect(200);
            for secret in ["Grace", "grace@other.test", &grace.user_id.to_string(), &device.device_id.to_string()] {
                assert!(!seen.text.contains(secret), "{path} shows {secret}");
            }
        }
    }

    async fn another_organizations_cursor_shows_only_ones_own(app) {
        let ada = app.set_up().await;
        let grace = app.another_organization("grace@other.test").await;
        for (caller, domain) in [(&ada, "acme"), (&grace, "other")] {
            for n in 0..3 {
                let request = json!({ "name": format!("P{n}"), "email": format!("p{n}@{domain}.test"), "role": "employee" });
                app.post("/api/v1/users", &caller.token, &request).await.expect(201);
            }
        }
        let page = app.get("/api/v1/users?limit=1", &grace.token).await.expect(200);
        let cursor = page["next_cursor"].as_str().expect("there is more");
        let page = app.get(&format!("/api/v1/users?cursor={cursor}"), &ada.token).await;
        page.expect(200);
        assert!(page.text.contains("@acme.test") && !page.text.contains("@other.test"));
    }

    async fn what_is_no_id_is_not_there(app) {
        let ada = app.set_up().await;
        app.delete("/api/v1/devices/1", &ada.token).await.problem(404, "not-found");
        app.delete("/api/v1/devices/..%2f..", &ada.token).await.problem(404, "not-found");
    }
}
