//! Mail about alerts: to whom it concerns, once, and only while it concerns them.

use serde_json::{Value, json};

use crate::{
    alert_answers::{absent, list, resolve, team},
    alerts::{detector, minute},
    harness::{LoggedIn, TestApp},
    mail::{MailServer, deliver},
};

async fn by_mail(app: &TestApp, admin: &LoggedIn) {
    let update = json!({ "alert_mail": true });
    let settings = app
        .patch("/api/v1/organization", &admin.token, &update)
        .await
        .expect(200);
    assert_eq!(settings["alert_mail"], true);
}

/// Bob is back for a minute, and away again for longer than is allowed: the new alert.
async fn away_again(app: &TestApp, admin: &LoggedIn, bob: &LoggedIn, seq: i64) -> Value {
    minute(app, bob, seq, app.clock_now(), "active").await;
    app.clock.advance_seconds(360);
    let worker = detector(app, "idle_detector").await;
    // The first look is at what is due since the worker began.
    app.clock.advance_seconds(60);
    worker.turn().await.expect("worked");
    list(app, admin, "?state=open").await.remove(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_alert_is_mailed_once_to_whoever_manages_the_person_and_is_a_look() {
    let server = MailServer::start().await;
    for app in server.apps().await {
        let app = &app;
        let ada = app.set_up().await;
        let bob = app.person(&ada, "Bob", "employee").await;
        let mona = app.person(&ada, "Mona", "manager").await;
        app.person(&ada, "Otto", "manager").await;
        team(app, &ada, &mona, &bob).await;
        by_mail(app, &ada).await;
        absent(app, &ada, &bob).await;
        assert_eq!(deliver(app).await, 1);
        let mails = server.take();
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].to, "mona@acme.test", "not Otto, nor the admin");
        for part in [
            "Bob has given no input for 6 min.",
            "2026-11-22 10:07 CET",
            "http://time.acme.test",
        ] {
            assert!(mails[0].text.contains(part), "{part}: {}", mails[0].text);
        }
        let looks = app.get("/api/v1/me/looks", &bob.token).await.expect(200);
        let looks = looks["items"].as_array().expect("a list");
        let hers = looks
            .iter()
            .find(|look| look["viewer_id"] == json!(mona.user_id));
        assert_eq!(hers.expect("Mona was told")["looked_at"], "alerts");
        // However often it is looked for while Bob is away.
        let worker = detector(app, "idle_detector").await;
        app.clock.advance_seconds(60);
        worker.turn().await.expect("worked");
        assert_eq!(deliver(app).await, 0);
        assert!(server.take().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_admins_hear_of_whom_nobody_manages_and_nobody_of_what_is_over_or_quiet() {
    let server = MailServer::start().await;
    for app in server.apps().await {
        let app = &app;
        let ada = app.set_up().await;
        let bob = app.person(&ada, "Bob", "employee").await;
        let mona = app.person(&ada, "Mona", "manager").await;
        by_mail(app, &ada).await;
        absent(app, &ada, &bob).await;
        assert_eq!(deliver(app).await, 1);
        let to: Vec<String> = server.take().into_iter().map(|mail| mail.to).collect();
        assert_eq!(to, ["ada@acme.test"]);
        // Resolved before the mail went: it is not wanted any more.
        team(app, &ada, &mona, &bob).await;
        let again = away_again(app, &ada, &bob, 2).await;
        let id = again["id"].as_str().expect("an id");
        let ada = app.log_in("ada@acme.test").await;
        resolve(app, &ada, id, "seen").await.expect(200);
        assert_eq!(deliver(app).await, 0);
        // In quiet hours no mail is even queued.
        let quiet =
            json!({ "quiet_hours": [{ "weekdays": ["sunday"], "from": "00:00", "to": "24:00" }] });
        app.patch("/api/v1/organization", &ada.token, &quiet)
            .await
            .expect(200);
        let bob = app.log_in("bob@acme.test").await;
        let silent = away_again(app, &ada, &bob, 3).await;
        assert_eq!(silent["quiet"], true);
        assert_eq!(deliver(app).await, 0);
        assert!(server.take().is_empty());
    }
}
