//! Daily summaries: closed at midnight, opened by what comes late, closed again; for those whom
//! one sees.

use serde_json::{Value, json};
use shared_types::Timestamp;
use workpulse_server::jobs::{self, Worker};

use crate::{
    harness::{LoggedIn, TestApp},
    timeline::send,
};

pub(crate) fn instant(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

/// A worker that has these jobs alone, and whose schedules begin now.
pub(crate) async fn worker(app: &TestApp, names: &[&str]) -> Worker {
    let state = app.state();
    let mut definitions = jobs::all();
    definitions.retain(|job| names.contains(&job.name));
    assert_eq!(definitions.len(), names.len());
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

/// It is `now`, and whatever is due is done.
async fn turn(app: &TestApp, worker: &Worker, now: &str) -> usize {
    app.clock.set(instant(now));
    worker.turn().await.expect("worked")
}

/// The days of some range that somebody who has just logged in sees.
async fn days(app: &TestApp, who: &LoggedIn, email: &str, more: &str) -> Vec<Value> {
    let who = if app.clock_now() > instant("2026-11-22T09:10:00Z") {
        app.log_in(email).await
    } else {
        who.clone()
    };
    let path = format!("/api/v1/summaries?from=2026-11-20&to=2026-11-30{more}");
    let page = app.get(&path, &who.token).await.expect(200);
    page["items"].as_array().expect("a list").clone()
}

on_both_engines! {
    async fn a_day_is_closed_at_its_midnight_and_again_when_something_came_late(app) {
        let ada = app.set_up().await;
        let (desk, tablet) = (app.device(&ada, ada.user_id).await, app.device(&ada, ada.user_id).await);
        send(app, &desk, 1, "2026-11-22T08:00:00.000Z", &[
            ("2026-11-22T08:00:00.000Z", 60, "active"),
            ("2026-11-22T08:01:00.000Z", 60, "active"),
            ("2026-11-22T08:02:00.000Z", 60, "idle"),
            ("2026-11-22T08:03:00.000Z", 60, "unobserved"),
        ]).await;
        let worker = worker(app, &["daily_summary", "late_summaries"]).await;
        let look = async || days(app, &ada, "ada@acme.test", "").await.remove(0);
        let running = look().await;
        assert_eq!((&running["made_at"], &running["score"]), (&Value::Null, &json!(66.7)));
        assert_eq!((&running["date"], &running["time_zone"]), (&json!("2026-11-22"), &json!("Europe/Berlin")));
        // A second before midnight in Berlin.
        turn(app, &worker, "2026-11-22T22:59:59.000Z").await;
        assert_eq!(look().await["made_at"], Value::Null);
        turn(app, &worker, "2026-11-22T23:00:01.000Z").await;
        let closed = look().await;
        assert_eq!(closed["made_at"], "2026-11-22T23:00:01.000Z");
        assert_eq!((&closed["score"], &closed["worked_seconds"]), (&running["score"], &json!(180)));
        assert_eq!((&closed["first_input_at"], &closed["last_input_at"]),
            (&json!("2026-11-22T08:00:00.000Z"), &json!("2026-11-22T08:02:00.000Z")));
        // Nothing is left to do, and what is closed stays so.
        turn(app, &worker, "2026-11-22T23:30:00.000Z").await;
        assert_eq!(look().await, closed);

        // Three days later another machine finds a network: it had input while the desk was idle.
        app.clock.set(instant("2026-11-25T12:00:00.000Z"));
        send(app, &tablet, 2, "2026-11-22T08:02:00.000Z", &[("2026-11-22T08:02:00.000Z", 60, "active")]).await;
        let opened = look().await;
        assert_eq!((&opened["made_at"], &opened["score"]), (&Value::Null, &json!(100.0)), "at once, and open");
        turn(app, &worker, "2026-11-25T12:10:00.000Z").await;
        let again = look().await;
        assert_eq!((&again["made_at"], &again["score"]), (&json!("2026-11-25T12:10:00.000Z"), &json!(100.0)));
        assert_eq!((&again["active_seconds"], &again["idle_seconds"], &again["unobserved_seconds"]), (&json!(180), &json!(0), &json!(60)));
    }

    async fn midnights_that_nobody_was_there_for_are_made_up_for_at_once(app) {
        let ada = app.set_up().await;
        let desk = app.device(&ada, ada.user_id).await;
        let worker = worker(app, &["daily_summary"]).await;
        for (n, now) in [(1, "2026-11-22T10:00:00.000Z"), (2, "2026-11-23T10:00:00.000Z"), (3, "2026-11-24T10:00:00.000Z")] {
            app.clock.set(instant(now));
            send(app, &desk, n, now, &[(now, 60, "active")]).await;
        }
        assert_eq!(turn(app, &worker, "2026-11-24T11:00:00.000Z").await, 1, "one for all that was missed");
        let made: Vec<Value> = days(app, &ada, "ada@acme.test", "").await.iter().map(|day| day["made_at"].clone()).collect();
        assert_eq!(made, [json!("2026-11-24T11:00:00.000Z"), json!("2026-11-24T11:00:00.000Z"), Value::Null], "today runs");
        // What comes late from the day's only machine is added, and opens the day as well.
        let late = "2026-11-22T11:00:00.000Z";
        send(app, &desk, 4, late, &[(late, 60, "active")]).await;
        let opened = days(app, &ada, "ada@acme.test", "").await.remove(0);
        assert_eq!((&opened["made_at"], &opened["active_seconds"]), (&Value::Null, &json!(120)));
    }

    async fn each_organization_has_its_own_midnight(app) {
        let ada = app.set_up().await;
        let far = app.another_organization("far@far.test").await;
        for who in [&ada, &far] {
            let device = app.device(who, who.user_id).await;
            let n = if who.organization_id == ada.organization_id { 1 } else { 2 };
            send(app, &device, n, "2026-11-22T08:00:00.000Z", &[("2026-11-22T08:00:00.000Z", 60, "active")]).await;
        }
        let zone = async |who: &LoggedIn| app.get("/api/v1/organization", &who.token).await;
        let far_zone = zone(&far).await.expect(200)["time_zone"].as_str().expect("a text").to_owned();
        assert_ne!(far_zone, "Europe/Berlin", "or this test shows nothing");
        let bounds = workpulse_server::domain::day::DayBounds::on(
            "2026-11-22".parse().expect("a day"), &jiff::tz::TimeZone::get(&far_zone).expect("a zone"));
        let worker = worker(app, &["daily_summary"]).await;
        turn(app, &worker, "2026-11-22T23:00:00.000Z").await;
        let made = async |who: &LoggedIn, email: &str| days(app, who, email, "").await[0]["made_at"].clone();
        assert_eq!(made(&ada, "ada@acme.test").await, "2026-11-22T23:00:00.000Z");
        assert_eq!(made(&far, "far@far.test").await, Value::Null);
        turn(app, &worker, &bounds.end.to_string()).await;
        assert_eq!(made(&far, "far@far.test").await, json!(bounds.end));
    }

    async fn a_day_that_nobody_observed_has_no_score(app) {
        let ada = app.set_up().await;
        let desk = app.device(&ada, ada.user_id).await;
        send(app, &desk, 1, "2026-11-22T08:00:00.000Z", &[("2026-11-22T08:00:00.000Z", 60, "unobserved")]).await;
        let day = days(app, &ada, "", "").await.remove(0);
        assert_eq!((&day["score"], &day["worked_seconds"], &day["unobserved_seconds"]), (&Value::Null, &json!(0), &json!(60)));
        assert_eq!(day["first_input_at"], Value::Null);
    }

    async fn summaries_are_of_people_whom_one_sees_and_they_can_read_who_looked(app) {
        let ada = app.set_up().await;
        let mona = app.person(&ada, "Mona", "manager").await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let zoe = app.person(&ada, "Zoe", "employee").await;
        let team = app.team(&ada, "Blue").await;
        app.put_in(&ada, &team, mona.user_id, true).await.expect(204);
        app.put_in(&ada, &team, eve.user_id, false).await.expect(204);
        for (n, who) in [(1, &mona), (2, &eve), (3, &zoe)] {
            let device = app.device(&ada, who.user_id).await;
            send(app, &device, n, "2026-11-22T08:00:00.000Z", &[("2026-11-22T08:00:00.000Z", 60, "active")]).await;
        }
        let looks = async |who: &LoggedIn| {
            let page = app.get("/api/v1/me/looks", &who.token).await.expect(200);
            page["items"].as_array().expect("a list").iter().filter(|look| look["looked_at"] == "summaries").count()
        };
        for (who, names) in [(&ada, vec!["Mona", "Eve", "Zoe"]), (&mona, vec!["Mona", "Eve"]), (&eve, vec!["Eve"])] {
            let mut found: Vec<Value> = days(app, who, "", "").await.iter().map(|day| day["name"].clone()).collect();
            found.sort_by_key(|name| names.iter().position(|one| name == one));
            assert_eq!(found, names);
        }
        assert_eq!((looks(&eve).await, looks(&zoe).await), (2, 1), "the admin and the manager; the admin");
        let path = format!("/api/v1/summaries?from=2026-11-20&to=2026-11-30&user_id={}", zoe.user_id);
        app.get(&path, &mona.token).await.problem(404, "not-found");
        assert_eq!(looks(&zoe).await, 1);
        // Page by page it is the same.
        let whole = days(app, &ada, "", "").await;
        let mut read = Vec::new();
        let mut cursor = String::new();
        loop {
            let path = format!("/api/v1/summaries?from=2026-11-20&to=2026-11-30&limit=1{cursor}");
            let page = app.get(&path, &ada.token).await.expect(200);
            read.extend(page["items"].as_array().expect("a list").iter().cloned());
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(read, whole);
        for wrong in ["from=2026-11-30&to=2026-11-20", "from=2024-01-01&to=2026-11-20", "from=now&to=2026-11-20"] {
            app.get(&format!("/api/v1/summaries?{wrong}"), &ada.token).await.problem(422, "validation");
        }
    }
}
