//! Sums, files, and answers to changes that show somebody are looks as well.

use serde_json::{Value, json};

use crate::{
    alert_answers::{open_overtime, resolve},
    groups::{at, id, project_id},
    harness::{LoggedIn, TestApp},
    raw::behind,
};

/// Rows of the audit so far, oldest first.
async fn actions(app: &TestApp) -> Vec<String> {
    const TEXT: &str = "SELECT action FROM audit ORDER BY seq";
    behind!(app.target(), |c| sqlx::query_scalar(TEXT)
        .fetch_all(&mut *c)
        .await)
    .expect("reads")
}

/// What was looked at of somebody, newest first, as they read it.
async fn seen_by(app: &TestApp, person: &LoggedIn) -> Vec<Value> {
    let page = app.get("/api/v1/me/looks", &person.token).await.expect(200);
    let items = page["items"].as_array().expect("a list");
    items.iter().map(|look| look["looked_at"].clone()).collect()
}

async fn book(app: &TestApp, who: &LoggedIn, project: &Value) -> crate::harness::Answer {
    let path = format!("/api/v1/sessions/{}/project", id(1));
    app.put(&path, &who.token, &json!({ "project_id": project }))
        .await
}

on_both_engines! {
    async fn sums_over_days_and_projects_are_looks(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        app.session(&eve, 1).await;
        let project = app.project(&ada, "Website").await;
        app.put_in(&ada, &project, eve.user_id, false).await.expect(204);
        book(app, &eve, &json!(project_id(&project))).await.expect(200);
        let range = "from=2026-11-22&to=2026-11-22";
        let hers = format!("{range}&user_id={}", eve.user_id);
        let mut expected = Vec::new();
        for (path, looked_at) in [
            (format!("{project}/totals?{range}"), "project_totals"),
            (format!("/api/v1/reports?{hers}&group_by=day"), "report"),
            (format!("/api/v1/reports?{range}&group_by=person"), "report"),
            (format!("/api/v1/reports/export?{hers}&group_by=day&format=csv"), "exported_file"),
            (format!("/api/v1/reports/export?{range}&group_by=person&format=xlsx"), "exported_file"),
            (format!("/api/v1/reports/heatmap?{hers}"), "report"),
            (format!("/api/v1/reports/attendance?{hers}"), "attendance"),
            (format!("/api/v1/reports/completeness?{hers}"), "completeness"),
            (format!("/api/v1/summaries?{hers}"), "summaries"),
        ] {
            let before = actions(app).await.len();
            let answer = app.get(&path, &ada.token).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.text);
            expected.insert(0, json!(looked_at));
            assert_eq!(seen_by(app, &eve).await, expected, "{path}");
            assert_eq!(actions(app).await.len(), before + 1, "{path}");
            // The same of oneself.
            assert_eq!(app.get(&path, &eve.token).await.status, 200, "{path}");
            assert_eq!(actions(app).await.len(), before + 1, "{path}");
        }
    }

    async fn booking_a_session_of_somebody_shows_it_changed_or_not(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let mona = app.person(&ada, "Mona", "manager").await;
        app.session(&eve, 1).await;
        let before = actions(app).await.len();
        book(app, &mona, &Value::Null).await.problem(404, "not-found");
        book(app, &eve, &Value::Null).await.expect(200);
        assert_eq!(actions(app).await.len(), before, "nobody was shown somebody else's");
        book(app, &ada, &Value::Null).await.expect(200);
        assert_eq!(actions(app).await[before..], ["look.session"], "it is as it was, and was shown");
        assert_eq!(seen_by(app, &eve).await, ["session"]);
        let made = app.post("/api/v1/projects", &ada.token, &json!({ "name": "Open" })).await.expect(201);
        let before = actions(app).await.len();
        book(app, &ada, &made["id"]).await.expect(200);
        assert_eq!(actions(app).await[before..], ["look.session", "session.project_changed"]);
        assert_eq!(seen_by(app, &eve).await.len(), 2);
    }

    async fn resolving_alerts_shows_them_also_those_that_were_resolved_before(app) {
        let ada = app.set_up().await;
        let otto = app.person(&ada, "Otto", "admin").await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let ben = app.person(&ada, "Ben", "employee").await;
        let ids = open_overtime(app, &[eve.clone(), ben.clone()]).await;
        let before = actions(app).await.len();
        resolve(app, &ada, &ids[0], "seen to").await.expect(200);
        assert_eq!(actions(app).await[before..], ["look.alerts", "alert.resolved"]);
        resolve(app, &ada, &ids[0], "seen to").await.expect(200);
        assert_eq!(actions(app).await[before + 2..], ["look.alerts"], "again, and shown again");
        assert_eq!(seen_by(app, &eve).await, ["alerts", "alerts"]);
        resolve(app, &otto, &ids[0], "seen to").await.problem(409, "conflict");
        assert_eq!(actions(app).await.len(), before + 3, "nothing was shown");

        let several = json!({ "ids": ids });
        let answer = app.post("/api/v1/alerts/resolve", &otto.token, &several).await.expect(200);
        assert_eq!(answer["resolved"], 1);
        assert_eq!(actions(app).await[before + 3..], ["look.alerts", "alert.resolved"]);
        app.post("/api/v1/alerts/resolve", &otto.token, &several).await.expect(200);
        assert_eq!(actions(app).await[before + 5..], ["look.alerts"]);
        assert_eq!(seen_by(app, &eve).await.len(), 4, "one was hers each time");
        assert_eq!(seen_by(app, &ben).await.len(), 2);
    }

    async fn answering_a_note_shows_it(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let note = json!({ "from": at(-3_600), "to": at(-1_800), "kind": "meeting" });
        let note = app.post("/api/v1/notes", &eve.token, &note).await.expect(201);
        let before = actions(app).await.len();
        let path = format!("/api/v1/notes/{}/answer", note["id"].as_str().expect("an id"));
        let answer = json!({ "version": note["version"], "accepted": true });
        app.post(&path, &ada.token, &answer).await.expect(200);
        assert_eq!(actions(app).await[before..], ["note.answered", "look.notes"]);
        assert_eq!(seen_by(app, &eve).await, ["notes"]);
    }
}
