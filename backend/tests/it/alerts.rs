//! Alerts: one for each absence, and for each long day; resolved by themselves.

use serde_json::{Value, json};
use shared_types::Timestamp;
use workpulse_server::{
    jobs::{self, Worker},
    store::events,
};

use crate::{
    harness::{BEGINNING, LoggedIn, TestApp},
    socket::open,
};

pub(crate) const SESSION: &str = "0192f0c1-2345-7000-8000-00000000000a";

pub(crate) async fn detector(app: &TestApp, name: &str) -> Worker {
    let state = app.state();
    let mut definitions = jobs::all();
    definitions.retain(|job| job.name == name);
    let worker = Worker::new(
        state.store.clone(),
        state.live.clone(),
        state.clock.clone(),
        definitions,
        jobs::Options::default(),
    )
    .await
    .expect("made");
    worker.plan().await.expect("begun");
    worker
}

pub(crate) async fn start(app: &TestApp, person: &LoggedIn) {
    let body = json!({ "session_id": SESSION, "started_at": app.state().clock.now() });
    app.post("/api/v1/sessions/start", &person.token, &body)
        .await
        .expect(201);
}

pub(crate) async fn minute(
    app: &TestApp,
    person: &LoggedIn,
    seq: i64,
    from: Timestamp,
    kind: &str,
) {
    let span = json!({
        "seq": seq, "activity_type": kind, "started_at": from, "duration_seconds": 60,
    });
    let path = format!("/api/v1/sessions/{SESSION}/activity");
    app.post(&path, &person.token, &span).await.expect(201);
}

/// Alert events so far: kind, person, alert.
pub(crate) async fn told(app: &TestApp, person: &LoggedIn) -> Vec<(String, String, String)> {
    let mut reader = app
        .state()
        .store
        .tenant(person.organization_id)
        .read()
        .await
        .expect("read");
    events::after(reader.db(), 0, 1_000)
        .await
        .expect("read")
        .into_iter()
        .filter(|event| event.kind.contains("ALERT"))
        .map(|event| {
            let alert = event.subject.alert_id.expect("an alert's").to_string();
            (event.kind, event.subject.users[0].to_string(), alert)
        })
        .collect()
}

on_both_engines! {
    async fn an_absence_has_one_alert_which_ends_when_the_person_is_back(app) {
        let admin = app.set_up().await;
        let bob = app.person(&admin, "Bob", "employee").await;
        let (one, other) = (detector(app, "idle_detector").await, detector(app, "idle_detector").await);
        start(app, &bob).await;
        app.clock.advance_seconds(60);
        minute(app, &bob, 1, BEGINNING, "active").await;
        // Two workers look each minute, for ten minutes.
        for at in 2..=10 {
            app.clock.advance_seconds(60);
            let (first, second) = tokio::join!(one.turn(), other.turn());
            first.expect("worked");
            second.expect("worked");
            let count = told(app, &bob).await.len();
            // At 09:06 five minutes have passed, and no more than five.
            assert_eq!(count, usize::from(at > 6), "{at}");
        }
        let opened = told(app, &bob).await;
        assert_eq!((opened[0].0.as_str(), &opened[0].1), ("INACTIVE_ALERT", &bob.user_id.to_string()));
        // Back: the same alert is resolved. Gone again: another one.
        let back = app.state().clock.now().plus_seconds(-60);
        minute(app, &bob, 2, back, "active").await;
        app.clock.advance_seconds(60);
        one.turn().await.expect("worked");
        let resolved = told(app, &bob).await;
        assert_eq!(resolved.len(), 2);
        assert_eq!((resolved[1].0.as_str(), &resolved[1].2), ("ALERT_RESOLVED", &opened[0].2));
        app.clock.advance_seconds(300);
        one.turn().await.expect("worked");
        let again = told(app, &bob).await;
        assert_eq!(again.len(), 3);
        assert_ne!(again[2].2, opened[0].2);
        // The session ends, and the absence with it.
        let path = format!("/api/v1/sessions/{SESSION}/stop");
        let bob = app.log_in("bob@acme.test").await;
        let stop = app.request(reqwest::Method::POST, &path).bearer_auth(&bob.token);
        app.send(stop).await.expect(200);
        app.clock.advance_seconds(60);
        one.turn().await.expect("worked");
        assert_eq!(told(app, &bob).await.last().map(|last| (last.0.clone(), last.2.clone())), Some(("ALERT_RESOLVED".to_owned(), again[2].2.clone())));
    }

    async fn a_backlog_of_days_makes_no_absence_of_a_session_whose_end_is_on_its_way(app) {
        let admin = app.set_up().await;
        let bob = app.person(&admin, "Bob", "employee").await;
        let device = app.device(&admin, bob.user_id).await;
        let worker = detector(app, "idle_detector").await;
        // Three days offline: a session with an hour of input, ended there, of which the first
        // half arrives before the detector looks.
        app.clock.advance_seconds(3 * 86_400);
        let batch = |items: Vec<Value>| json!({
            "device_id": device.device_id, "epoch": SESSION, "clock": app.clock_now(), "items": items,
        });
        let span = |minute: i64| json!({ "seq": minute + 2, "item": { "activity": {
            "session_id": SESSION, "activity_type": "active",
            "started_at": BEGINNING.plus_seconds(minute * 60), "duration_seconds": 60,
        } } });
        let mut first = vec![json!({ "seq": 1, "item": {
            "session_started": { "session_id": SESSION, "started_at": BEGINNING },
        } })];
        first.extend((0..30).map(span));
        app.post("/api/v1/sync", &device.secret, &batch(first)).await.expect(200);
        worker.turn().await.expect("worked");
        assert_eq!(told(app, &bob).await, [], "more is to come");
        let mut rest: Vec<Value> = (30..60).map(span).collect();
        rest.push(json!({ "seq": 62, "item": {
            "session_stopped": { "session_id": SESSION, "stopped_at": BEGINNING.plus_seconds(3_600) },
        } }));
        app.post("/api/v1/sync", &device.secret, &batch(rest)).await.expect(200);
        app.clock.advance_seconds(60);
        worker.turn().await.expect("worked");
        assert_eq!(told(app, &bob).await, [], "it had ended long ago");
        // Silent again, a device has nothing more to say: what is missing is missing.
        let begun = app.clock_now();
        let again = json!({ "seq": 63, "item": {
            "session_started": { "session_id": crate::groups::id(9), "started_at": begun },
        } });
        app.post("/api/v1/sync", &device.secret, &batch(vec![again])).await.expect(200);
        app.clock.advance_seconds(360);
        worker.turn().await.expect("worked");
        assert_eq!(told(app, &bob).await.len(), 1);
    }

    async fn an_alert_reaches_the_manager_of_the_team_and_the_person_and_no_other_manager(app) {
        let ada = app.set_up().await;
        let worker = detector(app, "idle_detector").await;
        let mut sockets = Vec::new();
        let mut people = Vec::new();
        for (manager, person, team) in [("Mona", "Eve", "Engines"), ("Otto", "Zoe", "Mills")] {
            let manager = app.person(&ada, manager, "manager").await;
            let person = app.person(&ada, person, "employee").await;
            let team = app.team(&ada, team).await;
            app.put_in(&ada, &team, manager.user_id, true).await.expect(204);
            app.put_in(&ada, &team, person.user_id, false).await.expect(204);
            sockets.push((open(app, &manager.token, None).await, open(app, &person.token, None).await));
            people.push(person);
        }
        // First Eve falls idle, then Zoe: what Otto hears first is of Zoe.
        for (n, person) in people.iter().enumerate() {
            let session = uuid::Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0000 + n as u128);
            let begin = app.clock_now();
            let start = json!({ "session_id": session, "started_at": begin });
            app.post("/api/v1/sessions/start", &person.token, &start).await.expect(201);
            app.clock.advance_seconds(60);
            let span = json!({ "seq": 1, "activity_type": "active", "started_at": begin, "duration_seconds": 60 });
            app.post(&format!("/api/v1/sessions/{session}/activity"), &person.token, &span).await.expect(201);
            app.clock.advance_seconds(360);
            worker.turn().await.expect("worked");
        }
        for ((manager, person), expected) in sockets.iter_mut().zip(&people) {
            for socket in [manager, person] {
                let alert = loop {
                    let frame = socket.frame().await["event"]["event"].take();
                    if frame["type"] == "INACTIVE_ALERT" {
                        break frame["data"].clone();
                    }
                };
                assert_eq!(alert["user_id"], json!(expected.user_id), "{alert}");
            }
        }
    }

    async fn a_manager_hears_of_an_absence_after_the_person_whatever_the_thresholds_say(app) {
        let admin = app.set_up().await;
        let bob = app.person(&admin, "Bob", "employee").await;
        app.patch("/api/v1/organization", &admin.token, &json!({ "idle_alert_seconds": 60 })).await.expect(200);
        let mut policy = app.get("/api/v1/policy", &admin.token).await.expect(200);
        policy["idle_after_seconds"] = json!(600);
        app.put("/api/v1/policy", &admin.token, &policy).await.expect(200);
        let worker = detector(app, "idle_detector").await;
        start(app, &bob).await;
        app.clock.advance_seconds(60);
        minute(app, &bob, 1, BEGINNING, "active").await;
        for at in 2..=14 {
            app.clock.advance_seconds(60);
            worker.turn().await.expect("worked");
            // The person's own screen says so at 09:11, and half a minute later at the latest.
            assert_eq!(told(app, &bob).await.len(), usize::from(at > 11), "{at}");
        }
    }

    async fn a_long_day_has_one_alert_which_ends_with_the_day(app) {
        let admin = app.set_up().await;
        let bob = app.person(&admin, "Bob", "employee").await;
        let worker = detector(app, "overtime_checker").await;
        start(app, &bob).await;
        // Nine hours, of which one and a half were idle: at work all the same.
        app.clock.advance_seconds(9 * 3_600);
        let bob = app.log_in("bob@acme.test").await;
        let path = format!("/api/v1/sessions/{SESSION}/activities");
        let spans: Vec<Value> = (0..540_i64)
            .map(|minute| json!({
                "seq": minute + 1, "activity_type": if minute % 60 < 50 { "active" } else { "idle" },
                "started_at": BEGINNING.plus_seconds(minute * 60), "duration_seconds": 60,
            }))
            .collect();
        for part in spans.chunks(180) {
            app.post(&path, &bob.token, &json!({ "activities": part })).await.expect(200);
        }
        assert_eq!(worker.turn().await.expect("worked"), 1);
        // Nine hours are not more than nine hours.
        assert_eq!(told(app, &bob).await, []);
        app.clock.advance_seconds(60);
        minute(app, &bob, 541, BEGINNING.plus_seconds(9 * 3_600), "active").await;
        for _ in 0..3 {
            app.clock.advance_seconds(1_800);
            assert_eq!(worker.turn().await.expect("worked"), 1);
            assert_eq!(told(app, &bob).await.len(), 1);
        }
        let opened = told(app, &bob).await;
        assert_eq!(opened[0].0, "OVERTIME_ALERT");
        // Midnight in Berlin is 23:00 UTC; from the next check on it is another day.
        app.clock.advance_seconds(4 * 3_600);
        worker.turn().await.expect("worked");
        let over = told(app, &bob).await;
        assert_eq!(over.len(), 2);
        assert_eq!((over[1].0.as_str(), &over[1].2), ("ALERT_RESOLVED", &opened[0].2));
    }
}
