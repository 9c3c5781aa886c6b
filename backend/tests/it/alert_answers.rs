//! What people do with alerts: read them, resolve them, and have quiet hours.

use serde_json::{Value, json};

use crate::{
    alerts::{SESSION, detector, minute, start, told},
    harness::{BEGINNING, LoggedIn, TestApp},
};

/// Alerts as somebody reads them, newest first.
pub(crate) async fn list(app: &TestApp, who: &LoggedIn, query: &str) -> Vec<Value> {
    let page = app
        .get(&format!("/api/v1/alerts{query}"), &who.token)
        .await
        .expect(200);
    page["items"].as_array().expect("a list").clone()
}

/// Bob has given no input for six minutes, and somebody has looked: the alert's id.
pub(crate) async fn absent(app: &TestApp, admin: &LoggedIn, bob: &LoggedIn) -> String {
    let detector = detector(app, "idle_detector").await;
    start(app, bob).await;
    app.clock.advance_seconds(60);
    minute(app, bob, 1, BEGINNING, "active").await;
    app.clock.advance_seconds(360);
    detector.turn().await.expect("worked");
    let open = list(app, admin, "?state=open").await;
    assert_eq!(open.len(), 1, "{open:?}");
    open[0]["id"].as_str().expect("an id").to_owned()
}

pub(crate) async fn resolve(
    app: &TestApp,
    who: &LoggedIn,
    id: &str,
    note: &str,
) -> crate::harness::Answer {
    let path = format!("/api/v1/alerts/{id}/resolve");
    app.post(&path, &who.token, &json!({ "note": note })).await
}

/// A team of which Mona is the manager.
pub(crate) async fn team(app: &TestApp, admin: &LoggedIn, mona: &LoggedIn, member: &LoggedIn) {
    let request = json!({ "name": "Blue" });
    let team = app
        .post("/api/v1/teams", &admin.token, &request)
        .await
        .expect(201);
    for (person, manages) in [(mona, true), (member, false)] {
        let path = format!(
            "/api/v1/teams/{}/members/{}",
            team["id"].as_str().expect("an id"),
            person.user_id
        );
        let answer = app
            .put(&path, &admin.token, &json!({ "is_manager": manages }))
            .await;
        assert!(answer.status.is_success(), "{}", answer.text);
    }
}

async fn actions(app: &TestApp, admin: &LoggedIn, action: &str) -> Vec<Value> {
    let page = app
        .get(&format!("/api/v1/audit?action={action}"), &admin.token)
        .await
        .expect(200);
    page["items"].as_array().expect("a list").clone()
}

on_both_engines! {
    async fn an_alert_says_who_what_since_when_and_how_it_ended(app) {
        let admin = app.set_up().await;
        let bob = app.person(&admin, "Bob", "employee").await;
        let id = absent(app, &admin, &bob).await;
        let path = format!("/api/v1/alerts/{id}");
        let alert = app.get(&path, &bob.token).await.expect(200);
        assert_eq!(alert["kind"], "idle");
        assert_eq!((&alert["user_name"], &alert["seconds"]), (&json!("Bob"), &json!(360)));
        assert_eq!(alert["since"], json!(BEGINNING.plus_seconds(60)));
        assert_eq!(alert["session_id"], SESSION);
        assert_eq!(alert["message"], "Bob has given no input for 6 min.");
        assert_eq!((&alert["ended_at"], &alert["resolution"]), (&Value::Null, &Value::Null));
        // Back: by itself, by nobody.
        let now = app.clock_now();
        minute(app, &bob, 2, now, "active").await;
        app.clock.advance_seconds(60);
        detector(app, "idle_detector").await.turn().await.expect("worked");
        let alert = app.get(&path, &admin.token).await.expect(200);
        assert_eq!((&alert["state"], &alert["resolution"]), (&json!("resolved"), &json!("returned")));
        assert_eq!((&alert["ended_at"], &alert["resolved_by"]), (&alert["resolved_at"], &Value::Null));
        // Resolved by itself, it is nobody's any more.
        resolve(app, &admin, &id, "late").await.problem(409, "conflict");
        assert_eq!(app.get(&path, &admin.token).await.expect(200)["note"], Value::Null);
        // Each look of the admin is one that Bob reads.
        let looks = actions(app, &admin, "look.alerts").await;
        assert_eq!(looks.len(), 3, "{looks:?}");
        assert!(looks.iter().all(|look| look["actor_id"] == json!(admin.user_id)), "one's own is none");
        assert_eq!(looks[0]["subject_id"], json!(bob.user_id));
    }

    async fn an_alert_that_a_manager_resolves_stays_resolved_while_its_episode_goes_on(app) {
        let admin = app.set_up().await;
        let bob = app.person(&admin, "Bob", "employee").await;
        let mona = app.person(&admin, "Mona", "manager").await;
        let otto = app.person(&admin, "Otto", "manager").await;
        team(app, &admin, &mona, &bob).await;
        let id = absent(app, &admin, &bob).await;
        // Neither whom it is about, nor who does not see them.
        resolve(app, &bob, &id, "me").await.problem(403, "forbidden");
        resolve(app, &otto, &id, "not mine").await.problem(404, "not-found");
        resolve(app, &mona, &id, &"x".repeat(1_001)).await.problem(422, "validation");
        let alert = resolve(app, &mona, &id, " at the dentist ").await.expect(200);
        assert_eq!(alert["note"], "at the dentist");
        assert_eq!((&alert["state"], &alert["resolution"]), (&json!("resolved"), &json!("by_hand")));
        assert_eq!((&alert["resolved_by"], &alert["resolved_by_name"]), (&json!(mona.user_id), &json!("Mona")));
        assert_eq!(alert["ended_at"], Value::Null, "Bob is still away");
        // It is in Bob's day, as he reads it; and in no day that is still to come.
        let day = |date: &str| format!("/api/v1/users/{}/timeline?date={date}", bob.user_id);
        let today = app.get(&day("2026-11-22"), &bob.token).await.expect(200);
        assert_eq!(today["alerts"], json!([alert]));
        for date in ["2026-11-21", "2026-11-23"] {
            let other = app.get(&day(date), &bob.token).await.expect(200);
            assert_eq!(other["alerts"], json!([]), "{date}");
        }
        // Again: the same. By somebody else: too late, and nothing of it is kept.
        assert_eq!(resolve(app, &mona, &id, "other").await.expect(200)["note"], "at the dentist");
        resolve(app, &admin, &id, "mine").await.problem(409, "conflict");
        let written = actions(app, &admin, "alert.resolved").await;
        assert_eq!(written.len(), 1);
        assert_eq!((&written[0]["actor_id"], &written[0]["subject_id"]), (&json!(mona.user_id), &json!(bob.user_id)));
        assert!(!written[0].to_string().contains("dentist"), "a note is no matter of the audit");
        // The detector goes on looking: no second alert, no second event, while Bob is away.
        let worker = detector(app, "idle_detector").await;
        for _ in 0..3 {
            app.clock.advance_seconds(60);
            worker.turn().await.expect("worked");
        }
        let events: Vec<String> = told(app, &bob).await.into_iter().map(|event| event.0).collect();
        assert_eq!(events, ["INACTIVE_ALERT", "ALERT_RESOLVED"]);
        // Back: it ends, and says so to nobody. Away again: a new one.
        let back = app.clock_now().plus_seconds(-60);
        minute(app, &bob, 2, back, "active").await;
        app.clock.advance_seconds(60);
        worker.turn().await.expect("worked");
        let admin = app.log_in("ada@acme.test").await;
        let alert = app.get(&format!("/api/v1/alerts/{id}"), &admin.token).await.expect(200);
        assert_eq!(alert["ended_at"], json!(app.clock_now()));
        assert_eq!((&alert["resolution"], &alert["note"]), (&json!("by_hand"), &json!("at the dentist")));
        assert_eq!(told(app, &bob).await.len(), 2);
        app.clock.advance_seconds(360);
        worker.turn().await.expect("worked");
        assert_eq!(told(app, &bob).await.len(), 3);
        assert_eq!(list(app, &admin, "?state=open").await.len(), 1);
    }

    async fn several_alerts_are_resolved_with_one_note_all_or_none(app) {
        let admin = app.set_up().await;
        let people = [
            app.person(&admin, "Bob", "employee").await,
            app.person(&admin, "Eve", "employee").await,
            app.person(&admin, "Max", "employee").await,
        ];
        let mona = app.person(&admin, "Mona", "manager").await;
        team(app, &admin, &mona, &people[0]).await;
        let ids = open_overtime(app, &people).await;
        let all = |ids: &[String], note: &str| json!({ "ids": ids, "note": note });
        // Of three she sees one.
        let path = "/api/v1/alerts/resolve";
        app.post(path, &mona.token, &all(&ids, "no")).await.problem(404, "not-found");
        app.post(path, &mona.token, &json!({ "ids": [] })).await.problem(422, "validation");
        assert_eq!(list(app, &admin, "?state=open").await.len(), 3, "all or none");
        app.post(path, &mona.token, &all(&ids[..1], "hers")).await.expect(200);
        let twice = [ids.clone(), ids.clone()].concat();
        let answer = app.post(path, &admin.token, &all(&twice, "a long day")).await.expect(200);
        assert_eq!(answer["resolved"], 2, "{answer}");
        let notes: Vec<&Value> = answer["items"].as_array().expect("a list").iter().map(|one| &one["note"]).collect();
        assert_eq!(notes.len(), 3);
        assert_eq!(notes.iter().filter(|note| **note == "hers").count(), 1, "what was resolved stays");
        assert_eq!(actions(app, &admin, "alert.resolved").await.len(), 3);
        let resolved = told(app, &admin).await;
        assert_eq!(resolved.iter().filter(|event| event.0 == "ALERT_RESOLVED").count(), 3);
        assert!(list(app, &admin, "?state=open").await.is_empty());
    }

    async fn alerts_are_filtered_and_turned_page_by_page(app) {
        let admin = app.set_up().await;
        let people = [
            app.person(&admin, "Bob", "employee").await,
            app.person(&admin, "Eve", "employee").await,
            app.person(&admin, "Max", "employee").await,
        ];
        let ids = open_overtime(app, &people).await;
        resolve(app, &admin, &ids[1], "done").await.expect(200);
        let found = |query: String| { let admin = &admin; async move {
            let found: Vec<String> = list(app, admin, &query).await.iter().map(|one| one["id"].as_str().expect("an id").to_owned()).collect();
            found
        } };
        let (zero, one, two) = (ids[0].clone(), ids[1].clone(), ids[2].clone());
        assert_eq!(found(String::new()).await, [two.clone(), one.clone(), zero.clone()], "newest first");
        assert_eq!(found("?state=open".into()).await, [two.clone(), zero.clone()]);
        assert_eq!(found("?state=resolved".into()).await, std::slice::from_ref(&one));
        assert_eq!(found("?kind=idle".into()).await, Vec::<String>::new());
        assert_eq!(found("?kind=overtime&state=open".into()).await.len(), 2);
        assert_eq!(found(format!("?user_id={}", people[1].user_id)).await, std::slice::from_ref(&one));
        assert_eq!(found(format!("?user_id={}&state=open", people[1].user_id)).await, Vec::<String>::new());
        assert_eq!(found(format!("?user_id={}&state=resolved", people[1].user_id)).await.len(), 1);
        let second = BEGINNING.plus_seconds(60);
        assert_eq!(found(format!("?from={second}")).await, [two.clone(), one.clone()]);
        assert_eq!(found(format!("?to={second}")).await, std::slice::from_ref(&zero), "before it");
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = app.get(&format!("/api/v1/alerts?limit=1{cursor}"), &admin.token).await.expect(200);
            seen.push(page["items"][0]["id"].as_str().expect("one").to_owned());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen, [two, one, zero]);
        // Eve sees her own, and of others not even that they are there.
        let hers = list(app, &people[1], "").await;
        assert_eq!((hers.len(), &hers[0]["note"]), (1, &json!("done")));
        let other = format!("/api/v1/alerts?user_id={}", people[0].user_id);
        app.get(&other, &people[1].token).await.problem(404, "not-found");
        app.get("/api/v1/alerts?state=gone", &admin.token).await.problem(422, "validation");
        for query in ["from=0000-01-01T00:00:00Z", "to=9999-12-30T22:00:00Z"] {
            assert_eq!(found(format!("?{query}")).await.len(), 3, "{query}");
        }
    }

    async fn in_quiet_hours_an_alert_is_written_down_and_nobody_is_told(app) {
        let admin = app.set_up().await;
        let bob = app.person(&admin, "Bob", "employee").await;
        // 09:00 UTC is 10:00 in Berlin, a Sunday.
        let quiet = |from: &str, to: &str| json!({ "quiet_hours": [{ "weekdays": ["sunday"], "from": from, "to": to }] });
        let settings = app.patch("/api/v1/organization", &admin.token, &quiet("10:00", "10:10")).await.expect(200);
        assert_eq!(settings["quiet_hours"], quiet("10:00", "10:10")["quiet_hours"]);
        let id = absent(app, &admin, &bob).await;
        let alert = app.get(&format!("/api/v1/alerts/{id}"), &admin.token).await.expect(200);
        assert_eq!((&alert["quiet"], &alert["state"]), (&json!(true), &json!("open")));
        assert_eq!(told(app, &bob).await, []);
        // Back and gone again, and the quiet is over at the tenth minute: the end of the quiet
        // one is told to nobody either, the next alert is told.
        let worker = detector(app, "idle_detector").await;
        let back = app.clock_now();
        minute(app, &bob, 2, back, "active").await;
        app.clock.advance_seconds(60);
        worker.turn().await.expect("worked");
        assert_eq!(told(app, &bob).await, []);
        app.clock.advance_seconds(360);
        worker.turn().await.expect("worked");
        let events = told(app, &bob).await;
        assert_eq!(events.len(), 1, "{events:?}");
        assert_eq!(events[0].0, "INACTIVE_ALERT");
        // Resolving a quiet one by hand tells nobody either.
        app.patch("/api/v1/organization", &admin.token, &quiet("00:00", "24:00")).await.expect(200);
        minute(app, &bob, 3, app.clock_now(), "active").await;
        app.clock.advance_seconds(420);
        worker.turn().await.expect("worked");
        let admin = app.log_in("ada@acme.test").await;
        let open = list(app, &admin, "?state=open").await;
        assert_eq!((open.len(), &open[0]["quiet"]), (1, &json!(true)));
        resolve(app, &admin, open[0]["id"].as_str().expect("an id"), "seen").await.expect(200);
        let after: Vec<String> = told(app, &bob).await.into_iter().map(|event| event.0).collect();
        assert_eq!(after, ["INACTIVE_ALERT", "ALERT_RESOLVED"], "those of the one that was told");
    }

    async fn an_alert_that_outlasts_the_quiet_hours_is_told_when_they_end_and_once(app) {
        let admin = app.set_up().await;
        let bob = app.person(&admin, "Bob", "employee").await;
        let quiet = json!({ "quiet_hours": [{ "weekdays": ["sunday"], "from": "10:00", "to": "10:30" }] });
        app.patch("/api/v1/organization", &admin.token, &quiet).await.expect(200);
        let id = absent(app, &admin, &bob).await;
        let quiet = async || {
            let admin = app.log_in("ada@acme.test").await;
            let alert = app.get(&format!("/api/v1/alerts/{id}"), &admin.token).await.expect(200);
            (alert["state"].clone(), alert["quiet"].clone())
        };
        assert_eq!(quiet().await, (json!("open"), json!(true)));
        let worker = detector(app, "idle_detector").await;
        app.clock.advance_seconds(60);
        worker.turn().await.expect("worked");
        assert_eq!(told(app, &bob).await, []);
        app.clock.set(BEGINNING.plus_seconds(30 * 60));
        for _ in 0..3 {
            worker.turn().await.expect("worked");
            app.clock.advance_seconds(60);
        }
        let names = async || {
            let bob = app.log_in("bob@acme.test").await;
            told(app, &bob).await.into_iter().map(|event| event.0).collect::<Vec<_>>()
        };
        assert_eq!(names().await, ["INACTIVE_ALERT"]);
        assert_eq!(quiet().await, (json!("open"), json!(false)));
        let bob = app.log_in("bob@acme.test").await;
        minute(app, &bob, 2, app.clock_now(), "active").await;
        app.clock.advance_seconds(60);
        worker.turn().await.expect("worked");
        assert_eq!(names().await, ["INACTIVE_ALERT", "ALERT_RESOLVED"], "who was told of it is told of its end");
    }

    async fn thresholds_are_the_organizations_and_a_change_is_written_down(app) {
        let admin = app.set_up().await;
        let bob = app.person(&admin, "Bob", "employee").await;
        let path = "/api/v1/organization";
        let before = app.get(path, &admin.token).await.expect(200);
        assert_eq!((&before["idle_alert_seconds"], &before["overtime_alert_seconds"]), (&json!(300), &json!(32_400)));
        assert_eq!((&before["quiet_hours"], &before["alert_mail"]), (&json!([]), &json!(false)));
        for wrong in [
            json!({ "idle_alert_seconds": 59 }), json!({ "idle_alert_seconds": 86_401 }),
            json!({ "overtime_alert_seconds": 3_599 }), json!({ "alert_mail": true }),
            json!({ "quiet_hours": [{ "weekdays": [], "from": "20:00", "to": "07:00" }] }),
            json!({ "quiet_hours": [{ "weekdays": ["monday"], "from": "25:00", "to": "07:00" }] }),
        ] {
            app.patch(path, &admin.token, &wrong).await.problem(422, "validation");
        }
        app.patch(path, &bob.token, &json!({ "idle_alert_seconds": 60 })).await.problem(403, "forbidden");
        assert_eq!(app.get(path, &admin.token).await.expect(200), before);
        app.patch(path, &admin.token, &json!({ "idle_alert_seconds": 120 })).await.expect(200);
        let written = actions(app, &admin, "organization.changed").await;
        assert_eq!((written.len(), &written[0]["detail"]["idle_alert_seconds"]), (1, &json!(120)));
        // Two minutes are enough now.
        let worker = detector(app, "idle_detector").await;
        start(app, &bob).await;
        app.clock.advance_seconds(60);
        minute(app, &bob, 1, BEGINNING, "active").await;
        app.clock.advance_seconds(120);
        worker.turn().await.expect("worked");
        assert_eq!(told(app, &bob).await, []);
        app.clock.advance_seconds(60);
        worker.turn().await.expect("worked");
        assert_eq!(told(app, &bob).await.len(), 1);
    }
}

/// An open overtime alert about each of these people, a minute apart; oldest first.
pub(crate) async fn open_overtime(app: &TestApp, people: &[LoggedIn]) -> Vec<String> {
    use workpulse_server::{
        clock::{Clock as _, SystemClock},
        domain::alert::Opening,
        store::{
            alerts::{self, Kind},
            events::{self, Subject},
        },
    };
    let mut ids = Vec::new();
    for (at, person) in (0_i64..).zip(people) {
        let opening = Opening {
            user_id: person.user_id,
            session_id: None,
            episode: "2026-11-22".to_owned(),
            seconds: 33_000,
            agent_online: None,
        };
        let now = BEGINNING.plus_seconds(at * 60);
        let tenant = app.state().store.tenant(person.organization_id);
        let mut tx = tenant.begin().await.expect("begins");
        let id = SystemClock.new_uuid().into();
        alerts::insert(&mut tx, id, Kind::Overtime, &opening, false, now)
            .await
            .expect("writes");
        let subject = Subject {
            users: vec![person.user_id],
            alert_id: Some(id),
            ..Subject::default()
        };
        events::append(&mut tx, "OVERTIME_ALERT", &subject, now)
            .await
            .expect("writes");
        tx.commit().await.expect("commits");
        ids.push(id.to_string());
    }
    ids
}
