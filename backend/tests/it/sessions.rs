//! Sessions from a keyboard, through the same ingest as the agents'.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{BEGINNING, LoggedIn, TestApp};

fn at(seconds: i64) -> String {
    BEGINNING.plus_seconds(seconds).to_string()
}

fn id(n: u32) -> String {
    format!("0192f0c1-2345-7000-8000-{n:012x}")
}

async fn start(app: &TestApp, person: &LoggedIn, n: u32, began: i64) -> Value {
    let body = json!({ "session_id": id(n), "started_at": at(began) });
    app.post("/api/v1/sessions/start", &person.token, &body)
        .await
        .expect(201)
}

fn span(seq: i64, from: i64, seconds: i64) -> Value {
    json!({
        "seq": seq, "activity_type": "active", "started_at": at(from),
        "duration_seconds": seconds, "application": "Whiteboard",
    })
}

on_both_engines! {
    async fn a_session_is_started_filled_and_stopped_once_however_often_it_is_said(app) {
        app.set_up().await;
        let ada = app.log_in("ada@acme.test").await;
        let started = start(app, &ada, 1, -600).await;
        assert_eq!(started["outcome"], "stored");
        assert_eq!(started["session"]["version"], 1);
        let again = json!({ "session_id": id(1) });
        let again = app.post("/api/v1/sessions/start", &ada.token, &again).await.expect(200);
        assert_eq!(again["outcome"], "duplicate");
        assert_eq!(again["session"], started["session"]);

        let one = format!("/api/v1/sessions/{}/activity", id(1));
        let stored = app.post(&one, &ada.token, &span(1, -600, 60)).await.expect(201);
        assert_eq!(stored["session"]["total_active_seconds"], 60);
        let twice = app.post(&one, &ada.token, &span(1, -600, 60)).await.expect(200);
        assert_eq!(twice["session"], stored["session"]);
        app.post(&one, &ada.token, &span(1, -540, 60)).await.problem(409, "conflict");

        let many = format!("/api/v1/sessions/{}/activities", id(1));
        let spans = json!({ "activities": [span(2, -540, 60), span(3, -540, 30), span(4, -480, 60)] });
        let stored = app.post(&many, &ada.token, &spans).await.expect(200);
        let outcomes: Vec<_> = stored["results"].as_array().expect("a list").iter()
            .map(|r| (r["seq"].clone(), r["outcome"].clone())).collect();
        assert_eq!(outcomes, [
            (json!(2), json!("stored")), (json!(3), json!("rejected")), (json!(4), json!("stored")),
        ]);
        assert_eq!(stored["results"][1]["reason"], "overlap");
        assert_eq!(stored["session"]["version"], 4);

        let stop = format!("/api/v1/sessions/{}/stop", id(1));
        let stopped = app.send(app.request(Method::POST, &stop).bearer_auth(&ada.token)).await.expect(200);
        assert_eq!(stopped["session"]["status"], "stopped");
        assert_eq!(stopped["session"]["version"], 5);
        let again = app.send(app.request(Method::POST, &stop).bearer_auth(&ada.token)).await.expect(200);
        assert_eq!(again["outcome"], "duplicate");
        assert_eq!(again["session"], stopped["session"]);
        app.post(&stop, &ada.token, &json!({ "stopped_at": at(60) })).await.problem(409, "conflict");
    }

    async fn what_is_wrong_is_named_by_its_field_and_may_be_corrected(app) {
        app.set_up().await;
        let ada = app.log_in("ada@acme.test").await;
        start(app, &ada, 1, -600).await;
        let one = format!("/api/v1/sessions/{}/activity", id(1));
        for (wrong, field) in [
            (span(1, -590, 60), "duration_seconds"),
            (span(1, -660, 60), "started_at"),
            (span(1, 600, 60), "started_at"),
            (span(0, -600, 60), "seq"),
        ] {
            let problem = app.post(&one, &ada.token, &wrong).await.problem(422, "validation");
            assert_eq!(problem["fields"][0]["field"], field, "{wrong}");
        }
        app.post(&one, &ada.token, &span(1, -600, 60)).await.expect(201);
    }

    async fn sessions_are_listed_newest_first_page_by_page(app) {
        app.set_up().await;
        let ada = app.log_in("ada@acme.test").await;
        for n in 1..=5 {
            start(app, &ada, n, -600 + i64::from(n % 3)).await;
        }
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("/api/v1/sessions?limit=2{cursor}");
            let page = app.get(&path, &ada.token).await.expect(200);
            for item in page["items"].as_array().expect("a list") {
                seen.push((item["started_at"].clone().to_string(), item["id"].to_string()));
            }
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen.len(), 5, "each once");
        assert!(seen.is_sorted_by(|a, b| a > b), "{seen:?}");
    }

    async fn nobody_touches_a_session_that_is_not_theirs(app) {
        let admin = app.set_up().await;
        let grace = app.person(&admin, "Grace", "employee").await;
        let peer = app.person(&admin, "Peer", "employee").await;
        let manager = app.person(&admin, "Mona", "manager").await;
        let team = app.team(&admin, "Engines").await;
        app.put_in(&admin, &team, manager.user_id, true).await.expect(204);
        app.put_in(&admin, &team, grace.user_id, false).await.expect(204);
        start(app, &grace, 1, -600).await;
        let theirs = format!("/api/v1/sessions/{}", id(1));
        let random = format!("/api/v1/sessions/{}", id(9));
        for path in [&theirs, &random] {
            app.get(path, &peer.token).await.problem(404, "not-found");
            for (verb, body) in [("activity", span(1, -600, 60)), ("stop", json!({}))] {
                let path = format!("{path}/{verb}");
                app.post(&path, &peer.token, &body).await.problem(404, "not-found");
                app.post(&path, &manager.token, &body).await.problem(404, "not-found");
            }
        }
        // The id is taken; it must look like any other refusal, and change nothing.
        let body = json!({ "session_id": id(1), "started_at": at(-300) });
        app.post("/api/v1/sessions/start", &peer.token, &body).await.problem(404, "not-found");
        let seen = app.get(&theirs, &manager.token).await.expect(200);
        assert_eq!((&seen["version"], &seen["started_at"]), (&json!(1), &json!(at(-600))));
        let listed = format!("/api/v1/sessions?user_id={}", grace.user_id);
        assert_eq!(app.get(&listed, &manager.token).await.expect(200)["items"][0]["id"], id(1));
        app.get(&listed, &peer.token).await.problem(404, "not-found");
    }

    async fn a_session_in_the_browser_shows_on_the_live_page(app) {
        let admin = app.set_up().await;
        start(app, &admin, 1, -600).await;
        let view = app.get("/api/v1/presence", &admin.token).await.expect(200);
        assert_eq!(view["people"][0]["status"], "active");
        assert_eq!(view["people"][0]["session"]["id"], id(1));
        assert_eq!(view["people"][0]["online"], false);
        let devices = app.get("/api/v1/devices", &admin.token).await.expect(200);
        assert_eq!(devices["items"], json!([]), "a keyboard is no device that anybody enrolled");
    }
}
