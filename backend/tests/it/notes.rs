//! What people say of their own time, and what managers answer.

use serde_json::{Value, json};

use crate::{
    alert_answers::team,
    harness::{Answer, BEGINNING, LoggedIn, TestApp},
};

/// Minutes of the morning before the tests' beginning.
fn stretch(from: i64, to: i64, kind: &str, text: Option<&str>) -> Value {
    let at = |minutes: i64| BEGINNING.plus_seconds(minutes * 60 - 7_200);
    json!({ "from": at(from), "to": at(to), "kind": kind, "text": text })
}

async fn say(app: &TestApp, who: &LoggedIn, said: &Value) -> Answer {
    app.post("/api/v1/notes", &who.token, said).await
}

async fn answer(app: &TestApp, who: &LoggedIn, note: &Value, accepted: bool) -> Answer {
    let path = format!(
        "/api/v1/notes/{}/answer",
        note["id"].as_str().expect("an id")
    );
    let request =
        json!({ "version": note["version"], "accepted": accepted, "answer": " so be it " });
    app.post(&path, &who.token, &request).await
}

async fn list(app: &TestApp, who: &LoggedIn, query: &str) -> Vec<Value> {
    let page = app
        .get(&format!("/api/v1/notes{query}"), &who.token)
        .await
        .expect(200);
    page["items"].as_array().expect("a list").clone()
}

async fn actions(app: &TestApp, admin: &LoggedIn, action: &str) -> Vec<Value> {
    let page = app
        .get(&format!("/api/v1/audit?action={action}"), &admin.token)
        .await
        .expect(200);
    page["items"].as_array().expect("a list").clone()
}

fn changed(note: &Value, said: &Value) -> Value {
    let mut body = said.clone();
    body["version"] = note["version"].clone();
    body
}

on_both_engines! {
    async fn a_person_says_what_their_time_was_and_a_manager_answers(app) {
        let admin = app.set_up().await;
        let bob = app.person(&admin, "Bob", "employee").await;
        let mona = app.person(&admin, "Mona", "manager").await;
        let otto = app.person(&admin, "Otto", "manager").await;
        team(app, &admin, &mona, &bob).await;
        let note = say(app, &bob, &stretch(0, 30, "meeting", Some("  stand-up\n"))).await.expect(201);
        assert_eq!((&note["text"], &note["state"], &note["version"]), (&json!("stand-up"), &json!("open"), &json!(1)));
        assert_eq!((&note["user_id"], &note["user_name"]), (&json!(bob.user_id), &json!("Bob")));
        // His managers and admins read it, and nobody else.
        assert_eq!(list(app, &mona, "?state=open").await, std::slice::from_ref(&note));
        assert_eq!(list(app, &admin, &format!("?user_id={}", bob.user_id)).await, std::slice::from_ref(&note));
        assert!(list(app, &otto, "").await.is_empty());
        // It is in his day, and no sum is another for it.
        let day = |who: &LoggedIn| {
            let (path, token) = (format!("/api/v1/users/{}/timeline?date=2026-11-22", bob.user_id), who.token.clone());
            async move { app.get(&path, &token).await.expect(200) }
        };
        let his = day(&bob).await;
        assert_eq!(his["notes"], json!([note]));
        assert_eq!(his["totals"], json!({ "active_seconds": 0, "idle_seconds": 0, "unobserved_seconds": 0 }));
        // Answered by whoever sees him; not by himself, not by others.
        answer(app, &bob, &note, true).await.problem(403, "forbidden");
        answer(app, &otto, &note, true).await.problem(404, "not-found");
        let answered = answer(app, &mona, &note, true).await.expect(200);
        assert_eq!((&answered["state"], &answered["answer"]), (&json!("accepted"), &json!("so be it")));
        assert_eq!((&answered["answered_by"], &answered["answered_by_name"]), (&json!(mona.user_id), &json!("Mona")));
        assert_eq!(day(&bob).await["notes"], json!([answered]));
        // Another answer takes its place; each is written down.
        assert_eq!(answer(app, &admin, &note, false).await.expect(200)["state"], "declined");
        let acts = actions(app, &admin, "note.answered").await;
        assert_eq!(acts.len(), 2);
        assert_eq!((&acts[1]["actor_id"], &acts[1]["subject_id"]), (&json!(mona.user_id), &json!(bob.user_id)));
        assert!(!acts[1].to_string().contains("so be it"), "the audit holds no words");
        // Who read it is what he can read.
        let looks = app.get("/api/v1/me/looks", &bob.token).await.expect(200);
        let at: Vec<&Value> = looks["items"].as_array().expect("a list").iter().map(|look| &look["looked_at"]).collect();
        assert_eq!(at, [&json!("notes"); 4], "by the manager and by the admin, when they read it and when they answered; one's own is none");
    }

    async fn what_nobody_has_answered_is_changed_and_taken_back_by_whoever_wrote_it(app) {
        let admin = app.set_up().await;
        let bob = app.person(&admin, "Bob", "employee").await;
        let note = say(app, &bob, &stretch(0, 30, "break", None)).await.expect(201);
        let path = format!("/api/v1/notes/{}", note["id"].as_str().expect("an id"));
        let longer = stretch(0, 45, "work", Some("on the phone"));
        let now = app.put(&path, &bob.token, &changed(&note, &longer)).await.expect(200);
        assert_eq!((&now["version"], &now["kind"], &now["to"]), (&json!(2), &json!("work"), &longer["to"]));
        // A version that is gone: nothing is changed, nothing is answered.
        app.put(&path, &bob.token, &changed(&note, &longer)).await.problem(409, "conflict");
        answer(app, &admin, &note, true).await.problem(409, "conflict");
        // Not even an admin changes another's words.
        app.put(&path, &admin.token, &changed(&now, &longer)).await.problem(404, "not-found");
        assert_eq!(app.delete(&path, &admin.token).await.status, 404);
        assert_eq!(list(app, &bob, "").await, std::slice::from_ref(&now));
        // Answered, it stays.
        answer(app, &admin, &now, false).await.expect(200);
        app.put(&path, &bob.token, &changed(&now, &longer)).await.problem(409, "conflict");
        app.delete(&path, &bob.token).await.problem(409, "conflict");
        // Declined, it is in nobody's way.
        let again = say(app, &bob, &longer).await.expect(201);
        // And can no more be agreed to beside it.
        answer(app, &admin, &now, true).await.problem(409, "conflict");
        let other = format!("/api/v1/notes/{}", again["id"].as_str().expect("an id"));
        assert_eq!(app.delete(&other, &bob.token).await.status, 204);
        answer(app, &admin, &now, true).await.expect(200);
        assert_eq!(list(app, &bob, "").await.len(), 1);
    }

    async fn one_moment_has_one_account_and_what_cannot_be_is_refused(app) {
        let admin = app.set_up().await;
        let bob = app.person(&admin, "Bob", "employee").await;
        let eve = app.person(&admin, "Eve", "employee").await;
        say(app, &bob, &stretch(10, 20, "break", None)).await.expect(201);
        for (from, to) in [(9, 11), (19, 21), (12, 15), (0, 60), (10, 20)] {
            say(app, &bob, &stretch(from, to, "work", None)).await.problem(409, "conflict");
        }
        // Beside it, and of somebody else, there is room.
        say(app, &bob, &stretch(20, 30, "work", None)).await.expect(201);
        say(app, &bob, &stretch(5, 10, "work", None)).await.expect(201);
        say(app, &eve, &stretch(10, 20, "work", None)).await.expect(201);
        for (said, field) in [
            (stretch(40, 40, "work", None), "to"),
            (stretch(40, 130, "work", None), "to"),
            (stretch(-600_000, -599_990, "work", None), "from"),
            (stretch(40, 50, "other", Some(" \n ")), "text"),
            (stretch(40, 50, "work", Some(&"x".repeat(501))), "text"),
            (stretch(40, 50, "work", Some("bell\u{7}")), "text"),
        ] {
            let problem = say(app, &bob, &said).await.problem(422, "validation");
            assert_eq!(problem["fields"][0]["field"], field, "{said}");
        }
        assert_eq!(list(app, &bob, "").await.len(), 3);
        // Only of that time, and page by page.
        let from = BEGINNING.plus_seconds(20 * 60 - 7_200);
        assert_eq!(list(app, &bob, &format!("?from={from}")).await.len(), 1);
        let page = app.get("/api/v1/notes?limit=2", &admin.token).await.expect(200);
        let cursor = page["next_cursor"].as_str().expect("there is more").to_owned();
        let rest = list(app, &admin, &format!("?limit=2&cursor={cursor}")).await;
        assert_eq!((page["items"].as_array().map(Vec::len), rest.len()), (Some(2), 2));
    }

    async fn two_notes_about_the_same_moment_at_once_are_one(app) {
        let admin = app.set_up().await;
        let bob = app.person(&admin, "Bob", "employee").await;
        let said = stretch(0, 30, "work", None);
        let sent = (0..8).map(|_| say(app, &bob, &said));
        let kept = futures_util::future::join_all(sent).await;
        let made = kept.iter().filter(|answer| answer.status == 201).count();
        assert_eq!(made, 1, "{:?}", kept.iter().map(|answer| answer.status).collect::<Vec<_>>());
        assert_eq!(list(app, &bob, "").await.len(), 1);
    }
}
