//! One person's day over HTTP: bounds of the organization's zone, devices counted once, gaps.

use serde_json::{Value, json};
use shared_types::Timestamp;

use crate::harness::{Enrolled, TestApp};

fn id(n: u32) -> String {
    format!("0192f0c1-2345-7000-8000-{n:012x}")
}

fn instant(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

/// A session with spans: begin, seconds, kind.
pub(crate) async fn send(
    app: &TestApp,
    device: &Enrolled,
    n: u32,
    began: &str,
    spans: &[(&str, i64, &str)],
) {
    let mut items = vec![json!({
        "seq": 1, "item": { "session_started": { "session_id": id(n), "started_at": began } },
    })];
    for (at, (started_at, seconds, kind)) in spans.iter().enumerate() {
        let mut activity = json!({
            "session_id": id(n), "activity_type": kind, "started_at": started_at,
            "duration_seconds": seconds, "application": "Editor", "title": "plan.md",
        });
        if *kind == "unobserved" {
            activity["reason"] = json!("locked");
        }
        items.push(json!({ "seq": at + 2, "item": { "activity": activity } }));
    }
    let batch = json!({
        "device_id": device.device_id, "epoch": id(100 + n), "clock": app.clock_now(), "items": items,
    });
    let answer = app
        .post("/api/v1/sync", &device.secret, &batch)
        .await
        .expect(200);
    for result in answer["results"].as_array().expect("a list") {
        assert_eq!(result["outcome"], "stored", "{result}");
    }
}

on_both_engines! {
    async fn a_day_shows_runs_gaps_sessions_and_totals_of_all_devices(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let (one, two) = (app.device(&ada, eve.user_id).await, app.device(&ada, eve.user_id).await);
        send(app, &one, 1, "2026-11-22T08:00:00.000Z", &[
            ("2026-11-22T08:00:00.000Z", 60, "active"),
            ("2026-11-22T08:01:00.000Z", 60, "active"),
            ("2026-11-22T08:02:00.000Z", 60, "idle"),
            ("2026-11-22T08:03:00.000Z", 60, "unobserved"),
            ("2026-11-22T08:30:00.000Z", 60, "active"),
        ]).await;
        // At the same time on the other machine: counted once, as active.
        send(app, &two, 2, "2026-11-22T08:02:00.000Z", &[("2026-11-22T08:02:00.000Z", 60, "active")]).await;
        let path = format!("/api/v1/users/{}/timeline?date=2026-11-22", eve.user_id);
        let day = app.get(&path, &eve.token).await.expect(200);
        assert_eq!((&day["from"], &day["to"]), (&json!("2026-11-21T23:00:00.000Z"), &json!("2026-11-22T23:00:00.000Z")));
        assert_eq!(day["totals"], json!({ "active_seconds": 240, "idle_seconds": 0, "unobserved_seconds": 60 }));
        let spans = day["spans"].as_array().expect("a list");
        assert_eq!(spans.len(), 5);
        assert_eq!((&spans[0]["from"], &spans[0]["to"]), (&json!("2026-11-22T08:00:00.000Z"), &json!("2026-11-22T08:02:00.000Z")));
        assert_eq!(spans[0]["title"], "plan.md");
        assert_eq!(day["gaps"], json!([
            { "from": "2026-11-22T08:04:00.000Z", "to": "2026-11-22T08:30:00.000Z", "reason": "not_reported" },
        ]));
        assert_eq!(day["sessions"].as_array().expect("a list").len(), 2);
        assert_eq!(day["spans_left_out"], 0);
        let theirs = app.get(&path, &ada.token).await.expect(200);
        assert_eq!(theirs, day);
        let empty = app.get(&path.replace("11-22", "11-20"), &eve.token).await.expect(200);
        assert_eq!((&empty["spans"], &empty["gaps"], &empty["sessions"]), (&json!([]), &json!([]), &json!([])));
        for wrong in ["2026-02-30", "yesterday", "", "2026-11-22T00:00:00Z"] {
            let problem = app.get(&path.replace("2026-11-22", wrong), &eve.token).await;
            assert_eq!(problem.status, 422, "{wrong}: {}", problem.text);
        }
    }

    async fn days_of_a_time_change_have_23_and_25_hours_and_each_minute_lies_on_one(app) {
        let ada = app.set_up().await;
        for (now, date, from, to, hours) in [
            ("2026-03-30T12:00:00Z", "2026-03-29", "2026-03-28T23:00:00.000Z", "2026-03-29T22:00:00.000Z", 23),
            ("2026-10-26T12:00:00Z", "2026-10-25", "2026-10-24T22:00:00.000Z", "2026-10-25T23:00:00.000Z", 25),
        ] {
            app.clock.set(instant(now));
            let ada_now = app.log_in("ada@acme.test").await;
            let device = app.device(&ada_now, ada.user_id).await;
            let end = instant(to);
            let (last, next) = (end.plus_seconds(-60).to_string(), end.to_string());
            send(app, &device, hours, from, &[(from, 60, "active"), (&last, 60, "idle"), (&next, 60, "active")]).await;
            let path = |date: &str| format!("/api/v1/users/{}/timeline?date={date}", ada.user_id);
            let day: Value = app.get(&path(date), &ada_now.token).await.expect(200);
            assert_eq!((&day["from"], &day["to"]), (&json!(from), &json!(to)));
            assert_eq!(end.millis_since(instant(from)), i64::from(hours) * 3_600_000);
            assert_eq!(day["totals"], json!({ "active_seconds": 60, "idle_seconds": 60, "unobserved_seconds": 0 }), "{date}");
            let tomorrow = date.parse::<jiff::civil::Date>().expect("a day").tomorrow().expect("a day");
            let next = app.get(&path(&tomorrow.to_string()), &ada_now.token).await.expect(200);
            assert_eq!(next["totals"]["active_seconds"], 60);
            assert_eq!(next["sessions"][0]["id"], id(hours), "the session began the day before");
        }
    }
}
