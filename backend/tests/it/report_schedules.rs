//! Reports that are made again and again: once each, of the right days, and told by mail.

use serde_json::{Value, json};

use crate::{
    harness::{LoggedIn, TestApp},
    mail::{MailServer, deliver},
    raw::behind,
    summaries::{instant, worker},
};

const PATH: &str = "/api/v1/report-schedules";

fn terms(change: &Value) -> Value {
    let mut terms = json!({
        "name": "The day before", "every": "day", "at": "10:05", "group_by": "person", "format": "csv", "enabled": true,
    });
    for (field, value) in change.as_object().expect("fields") {
        terms[field] = value.clone();
    }
    terms
}

async fn schedule(app: &TestApp, who: &LoggedIn, change: &Value) -> Value {
    app.post(PATH, &who.token, &terms(change)).await.expect(201)
}

/// Every file that there is: its first and last day.
async fn files(app: &TestApp) -> Vec<String> {
    let requests: Vec<sqlx::types::Json<Value>> = behind!(app.target(), |c| sqlx::query_scalar(
        "SELECT request FROM exports ORDER BY created_at, id"
    )
    .fetch_all(&mut *c)
    .await)
    .expect("read");
    requests
        .iter()
        .map(|one| format!("{} {}", one["from"], one["to"]).replace('"', ""))
        .collect()
}

/// It is `now`, and whoever looks for what is due does.
async fn due(app: &TestApp, now: &str) {
    let looks = worker(app, &["report_schedules"]).await;
    app.clock.set(instant(now));
    looks.turn().await.expect("worked");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_is_made_once_and_its_owner_is_told_by_mail_that_it_is_there() {
    let server = MailServer::start().await;
    for app in server.apps().await {
        let app = &app;
        let ada = app.set_up().await;
        app.person(&ada, "Bob", "employee").await;
        let made = schedule(app, &ada, &json!({ "by_mail": true })).await;
        assert_eq!(made["next_at"], "2026-11-22T09:05:00.000Z");
        assert_eq!(
            (&made["last_at"], &made["last_state"]),
            (&Value::Null, &Value::Null)
        );
        // Two workers, who both look.
        let names = ["report_schedules"];
        let (one, other) = (worker(app, &names).await, worker(app, &names).await);
        let maker = worker(app, &["exports"]).await;
        app.clock.set(instant("2026-11-22T09:06:00Z"));
        let (first, second) = tokio::join!(one.turn(), other.turn());
        first.expect("worked");
        second.expect("worked");
        assert_eq!(files(app).await, ["2026-11-21 2026-11-21"]);
        assert_eq!(deliver(app).await, 0, "it is not there yet");
        maker.turn().await.expect("worked");
        assert_eq!(deliver(app).await, 1);
        let mails = server.take();
        assert_eq!((mails.len(), mails[0].to.as_str()), (1, "ada@acme.test"));
        for part in [
            "http://time.acme.test/reports/files",
            "workpulse-person-2026-11-21-2026-11-21.csv is ready",
            "2026-11-29 10:06 CET",
        ] {
            assert!(mails[0].text.contains(part), "{part}: {}", mails[0].text);
        }
        assert!(!mails[0].text.contains("Bob"), "{}", mails[0].text);
        // However often it is looked for.
        due(app, "2026-11-22T09:08:00Z").await;
        assert_eq!(files(app).await.len(), 1);
        assert_eq!(deliver(app).await, 0);
        let listed = app.get(PATH, &ada.token).await.expect(200);
        assert_eq!(listed["can_mail"], true);
        let item = &listed["items"][0];
        assert_eq!(item["last_at"], "2026-11-22T09:05:00.000Z");
        assert_eq!(
            (&item["last_state"], &item["next_at"]),
            (&json!("done"), &json!("2026-11-23T09:05:00.000Z"))
        );
    }
}

on_both_engines! {
    async fn of_what_was_missed_the_newest_is_made_and_nothing_for_whoever_may_not(app) {
        let admin = app.set_up().await;
        let mona = app.person(&admin, "Mona", "manager").await;
        schedule(app, &mona, &json!({})).await;
        schedule(app, &mona, &json!({ "every": "week", "weekday": "monday", "at": "07:00" })).await;
        schedule(app, &mona, &json!({ "every": "month", "at": "00:00", "enabled": false })).await;
        due(app, "2026-11-22T09:04:59Z").await;
        assert!(files(app).await.is_empty(), "before its time");
        // Nobody was there on Monday, nor on Tuesday.
        due(app, "2026-11-25T12:00:00Z").await;
        let mut made = files(app).await;
        made.sort();
        assert_eq!(made, ["2026-11-16 2026-11-22", "2026-11-24 2026-11-24"]);
        // Suspended, nothing is made for them.
        let admin = app.log_in("ada@acme.test").await;
        let path = format!("/api/v1/users/{}", mona.user_id);
        app.patch(&path, &admin.token, &json!({ "status": "suspended" })).await.expect(200);
        due(app, "2026-12-02T12:00:00Z").await;
        assert_eq!(files(app).await.len(), 2);
    }

    async fn a_schedule_is_its_owners_alone_and_what_cannot_be_is_refused(app) {
        let admin = app.set_up().await;
        let mona = app.person(&admin, "Mona", "manager").await;
        let bob = app.person(&admin, "Bob", "employee").await;
        let made = schedule(app, &mona, &json!({})).await;
        let path = format!("{PATH}/{}", made["id"].as_str().expect("an id"));
        // Not even an admin's.
        app.put(&path, &admin.token, &terms(&json!({}))).await.problem(404, "not-found");
        assert_eq!(app.delete(&path, &admin.token).await.status, 404);
        assert_eq!(app.get(PATH, &admin.token).await.expect(200)["items"], json!([]));
        for (change, field) in [
            (json!({ "by_mail": true }), "by_mail"),
            (json!({ "every": "week" }), "weekday"),
            (json!({ "weekday": "monday" }), "weekday"),
            (json!({ "at": "24:00" }), "at"),
            (json!({ "name": " " }), "name"),
        ] {
            let problem = app.post(PATH, &mona.token, &terms(&change)).await.problem(422, "validation");
            assert_eq!(problem["fields"][0]["field"], field);
        }
        // Mona does not see Bob.
        let of_bob = terms(&json!({ "user_id": bob.user_id }));
        app.put(&path, &mona.token, &of_bob).await.problem(404, "not-found");
        // Changed terms hold from the next time on: what was due is not made late.
        app.clock.advance_seconds(600);
        let earlier = app.put(&path, &mona.token, &terms(&json!({ "at": "10:09" }))).await.expect(200);
        assert_eq!(earlier["next_at"], "2026-11-23T09:09:00.000Z");
        let off = app.put(&path, &mona.token, &terms(&json!({ "enabled": false }))).await.expect(200);
        assert_eq!(off["next_at"], Value::Null);
        due(app, "2026-11-22T09:12:00Z").await;
        assert!(files(app).await.is_empty());
        for _ in 1..20 {
            schedule(app, &mona, &json!({})).await;
        }
        app.post(PATH, &mona.token, &terms(&json!({}))).await.problem(409, "conflict");
        assert_eq!(app.delete(&path, &mona.token).await.status, 204);
        assert_eq!(app.get(PATH, &mona.token).await.expect(200)["items"].as_array().map(Vec::len), Some(19));
    }
}
