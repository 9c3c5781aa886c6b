//! Bodies that are not what they should be: the contract's answer, and nothing applied.

use reqwest::Method;
use serde_json::json;

use crate::harness::{Answer, LoggedIn, TestApp};

async fn raw(app: &TestApp, ada: &LoggedIn, body: impl Into<reqwest::Body>, media: &str) -> Answer {
    let request = app
        .request(Method::POST, "/api/v1/users")
        .bearer_auth(&ada.token)
        .header("content-type", media)
        .body(body);
    app.send(request).await
}

on_both_engines! {
    async fn what_is_no_json_is_400_and_says_where(app) {
        let ada = app.set_up().await;
        let problem = raw(app, &ada, "{\"name\": }", "application/json").await.problem(400, "malformed");
        assert_eq!(problem, json!({
            "type": "urn:workpulse:problem:malformed",
            "status": 400,
            "title": "The request could not be read",
            "detail": "This is not valid JSON: expected value at line 1, column 10. Nothing was applied.",
        }));
        raw(app, &ada, "", "application/json").await.problem(400, "malformed");
        raw(app, &ada, vec![0xff, 0xfe], "application/json").await.problem(400, "malformed");
        raw(app, &ada, "[".repeat(10_000), "application/json").await.problem(422, "validation");
    }

    async fn what_is_not_called_json_is_415(app) {
        let ada = app.set_up().await;
        raw(app, &ada, "{}", "text/plain").await.problem(415, "unsupported-media");
        raw(app, &ada, "a=b", "application/x-www-form-urlencoded").await.problem(415, "unsupported-media");
        raw(app, &ada, "{}", "application/json; charset=utf-8").await.problem(422, "validation");
    }

    async fn what_is_too_large_is_413_announced_or_not(app) {
        let ada = app.set_up().await;
        let large = format!("{{\"name\": \"{}\"}}", "x".repeat(1024 * 1024));
        raw(app, &ada, large.clone(), "application/json").await.problem(413, "too-large");
        let chunks: Vec<Result<Vec<u8>, std::io::Error>> =
            large.into_bytes().chunks(64 * 1024).map(|chunk| Ok(chunk.to_vec())).collect();
        let streamed = reqwest::Body::wrap_stream(futures_util::stream::iter(chunks));
        raw(app, &ada, streamed, "application/json").await.problem(413, "too-large");
    }

    async fn wrong_fields_are_422_and_named(app) {
        let ada = app.set_up().await;
        let request = json!({ "name": "", "email": "nobody", "role": "employee", "password": "password1234" });
        let problem = app.post("/api/v1/users", &ada.token, &request).await.problem(422, "validation");
        assert_eq!(problem["fields"], json!([
            { "field": "name", "message": "must have 1 to 200 characters" },
            { "field": "email", "message": "must be an e-mail address" },
            { "field": "password", "message": problem["fields"][2]["message"] },
        ]));
        let request = json!({ "name": "X", "email": "x@acme.test", "role": "king" });
        let problem = app.post("/api/v1/users", &ada.token, &request).await.problem(422, "validation");
        assert_eq!(problem["fields"][0]["field"], "role");
        let request = json!({ "name": "X", "email": "x@acme.test", "role": "employee", "is_admin": true });
        let problem = app.post("/api/v1/users", &ada.token, &request).await.problem(422, "validation");
        assert_eq!(problem["fields"][0]["field"], "is_admin");
        app.get("/api/v1/users?limit=0", &ada.token).await.problem(422, "validation");
        app.get("/api/v1/users?limit=x", &ada.token).await.problem(422, "validation");
        app.get("/api/v1/users?cursor=x", &ada.token).await.problem(422, "validation");
        app.get("/api/v1/users?colour=red", &ada.token).await.problem(422, "validation");
        let users = app.get("/api/v1/users", &ada.token).await.expect(200);
        assert_eq!(users["items"].as_array().expect("a list").len(), 1, "nothing was applied");
    }

    async fn a_stranger_is_sent_away_before_the_body_is_read(app) {
        let endless = futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>();
        let request = app
            .request(Method::POST, "/api/v1/users")
            .header("content-type", "application/json")
            .body(reqwest::Body::wrap_stream(endless));
        app.send(request).await.problem(401, "unauthenticated");
    }

    async fn an_address_that_is_taken_is_409_and_another_organization_may_use_it(app) {
        let ada = app.set_up().await;
        let request = json!({ "name": "Ada II", "email": "ADA@acme.test", "role": "employee" });
        app.post("/api/v1/users", &ada.token, &request).await.problem(409, "conflict");
        let grace = app.another_organization("grace@other.test").await;
        app.post("/api/v1/users", &grace.token, &request).await.expect(201);
    }

    async fn people_are_listed_by_name_alike_on_both_engines(app) {
        let ada = app.set_up().await;
        for (index, name) in ["zoe", "Émile", "Bob", "bob", "_x", "Ada"].iter().enumerate() {
            let request = json!({ "name": name, "email": format!("p{index}@acme.test"), "role": "employee" });
            app.post("/api/v1/users", &ada.token, &request).await.expect(201);
        }
        let mut names = Vec::new();
        let mut path = "/api/v1/users?limit=2".to_owned();
        loop {
            let page = app.get(&path, &ada.token).await.expect(200);
            let items = page["items"].as_array().expect("a list");
            names.extend(items.iter().map(|user| user["name"].as_str().expect("a text").to_owned()));
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("/api/v1/users?limit=2&cursor={cursor}");
        }
        assert_eq!(names, ["Ada", "Ada", "Bob", "_x", "bob", "zoe", "Émile"]);
    }
}
