//! Days made again from their spans: in another zone, and where they lack their rollups.

use serde_json::{Value, json};
use workpulse_server::{jobs::lag, store::checks};

use crate::{
    harness::{Enrolled, LoggedIn, TestApp},
    meddle::meddle,
    summaries::{instant, worker},
    timeline::send,
};

const DAYS: [&str; 6] = [
    "2026-11-18",
    "2026-11-19",
    "2026-11-20",
    "2026-11-21",
    "2026-11-22",
    "2026-11-23",
];

pub(crate) async fn doctor(app: &TestApp) -> Vec<(&'static str, i64)> {
    let outcomes = checks::run(&app.state().store)
        .await
        .expect("the checks run");
    outcomes
        .into_iter()
        .filter(|one| one.found != 0)
        .map(|one| (one.name, one.found))
        .collect()
}

/// Eve worked on two machines around many midnights: of Berlin, of New York, of Auckland.
pub(crate) async fn world(app: &TestApp) -> (LoggedIn, LoggedIn, [Enrolled; 2]) {
    let ada = app.set_up().await;
    let eve = app.person(&ada, "Eve", "employee").await;
    let machines = [
        app.device(&ada, eve.user_id).await,
        app.device(&ada, eve.user_id).await,
    ];
    for (n, day) in (1..).zip(["2026-11-18", "2026-11-19", "2026-11-21"]) {
        let at = |time: &str| format!("{day}T{time}:00.000Z");
        let times = [
            at("04:58"),
            at("04:59"),
            at("05:00"),
            at("10:59"),
            at("11:00"),
            at("22:59"),
            at("23:00"),
            at("23:59"),
        ];
        let spans: Vec<(&str, i64, &str)> = times
            .iter()
            .zip([
                "active",
                "idle",
                "active",
                "unobserved",
                "active",
                "idle",
                "active",
                "active",
            ])
            .map(|(at, kind)| (at.as_str(), 60, kind))
            .collect();
        send(app, &machines[0], n, &times[0], &spans).await;
        if day == "2026-11-19" {
            // Beside the first: what was idle there was active here.
            send(
                app,
                &machines[1],
                10,
                &times[1],
                &[(&times[1], 60, "active"), (&times[5], 60, "active")],
            )
            .await;
        }
    }
    (ada, eve, machines)
}

/// Every day as its summary has it, and the same counted from its spans.
pub(crate) async fn compare(app: &TestApp, who: &LoggedIn) -> Vec<Value> {
    let path = format!(
        "/api/v1/summaries?from=2026-11-10&to=2026-11-30&user_id={}",
        who.user_id
    );
    let items = app.get(&path, &who.token).await.expect(200)["items"]
        .as_array()
        .expect("a list")
        .clone();
    for day in DAYS {
        let timeline = app
            .get(
                &format!("/api/v1/users/{}/timeline?date={day}", who.user_id),
                &who.token,
            )
            .await
            .expect(200);
        let kept = items.iter().find(|item| item["date"] == day);
        for kind in ["active_seconds", "idle_seconds", "unobserved_seconds"] {
            let found = kept.map_or(&json!(0), |kept| &kept[kind]).clone();
            assert_eq!(found, timeline["totals"][kind], "{day} {kind}");
        }
    }
    for group in ["hour", "application", "day"] {
        let path = format!("/api/v1/reports?from=2026-11-10&to=2026-11-30&group_by={group}");
        let report = app.get(&path, &who.token).await.expect(200);
        for kind in ["active_seconds", "idle_seconds"] {
            let all: i64 = items
                .iter()
                .map(|item| item[kind].as_i64().expect("a number"))
                .sum();
            assert_eq!(report["total"][kind], all, "{group} {kind}");
        }
    }
    items
}

on_both_engines! {
    async fn after_a_change_of_zone_every_day_is_what_its_spans_add_up_to_there(app) {
        let (ada, eve, machines) = world(app).await;
        let berlin = compare(app, &eve).await;
        let worker = worker(app, &["rollups"]).await;
        for zone in ["America/New_York", "Pacific/Auckland"] {
            let now = app.clock_now();
            let changed = app.patch("/api/v1/organization", &ada.token, &json!({ "time_zone": zone })).await.expect(200);
            assert_eq!(changed["time_zone"], zone);
            let waiting = app.get("/api/v1/organization", &eve.token).await.expect(200)["days_remade"].clone();
            assert_eq!(waiting, json!({ "reason": "zone", "asked_at": now, "people": 1, "people_done": 0 }));
            worker.turn().await.expect("worked");
            let days = compare(app, &eve).await;
            assert!(days.iter().all(|day| day["time_zone"] == zone), "{days:?}");
            assert_ne!(days.len(), 0);
            // Days that are over are closed; what is being made again is not said to be done before
            // whatever was under way has been looked at.
            assert!(days.iter().all(|day| day["made_at"] == json!(now) || day["date"] == "2026-11-22"), "{days:?}");
            assert_ne!(app.get("/api/v1/organization", &eve.token).await.expect(200)["days_remade"], Value::Null);
            app.clock.advance_seconds(61);
            worker.turn().await.expect("worked");
            assert_eq!(app.get("/api/v1/organization", &eve.token).await.expect(200)["days_remade"], Value::Null);
            assert_eq!(doctor(app).await, []);
        }
        // Ingest goes on where the day is, one machine or two.
        send(app, &machines[0], 30, "2026-11-22T08:00:00.000Z", &[("2026-11-22T08:00:00.000Z", 60, "active")]).await;
        send(app, &machines[1], 31, "2026-11-22T08:00:00.000Z", &[("2026-11-22T08:00:00.000Z", 60, "active")]).await;
        compare(app, &eve).await;
        assert_eq!(doctor(app).await, []);
        app.patch("/api/v1/organization", &ada.token, &json!({ "time_zone": "Europe/Berlin" })).await.expect(200);
        worker.turn().await.expect("worked");
        let back = compare(app, &eve).await;
        let seconds = |days: &[Value]| -> Vec<Value> { days.iter().map(|day| json!([day["date"], day["active_seconds"], day["idle_seconds"], day["score"]])).collect() };
        assert_eq!(seconds(&back[..4]), seconds(&berlin[..4]), "as it was");
        assert_eq!(back[4]["active_seconds"], json!(berlin[4]["active_seconds"].as_i64().expect("a number") + 60), "and a minute more");
        app.patch("/api/v1/organization", &ada.token, &json!({ "time_zone": "Mars/Olympus" })).await.problem(422, "validation");
        let audit = app.get("/api/v1/audit?limit=1", &ada.token).await.expect(200);
        assert_eq!((&audit["items"][0]["action"], &audit["items"][0]["detail"]["time_zone"]), (&json!("organization.changed"), &json!("Europe/Berlin")));
    }

    async fn what_was_written_by_the_old_zone_meanwhile_is_found(app) {
        let (ada, eve, _) = world(app).await;
        let worker = worker(app, &["rollups"]).await;
        app.patch("/api/v1/organization", &ada.token, &json!({ "time_zone": "America/New_York" })).await.expect(200);
        worker.turn().await.expect("worked");
        // As a transaction leaves it that read the zone before the change and ended after the days were made.
        meddle(app.target(), &["UPDATE daily_summaries SET time_zone = 'Europe/Berlin', active_seconds = active_seconds + 7 WHERE day = '2026-11-19'"]).await;
        app.clock.advance_seconds(61);
        worker.turn().await.expect("worked");
        let days = compare(app, &eve).await;
        assert!(days.iter().all(|day| day["time_zone"] == "America/New_York"), "{days:?}");
        assert_eq!(doctor(app).await, []);
    }

    async fn days_from_before_there_were_rollups_get_them(app) {
        let (_, eve, machines) = world(app).await;
        let before = compare(app, &eve).await;
        assert_eq!(doctor(app).await, []);
        meddle(app.target(), &[
            "DELETE FROM hour_days", "DELETE FROM application_days", "DELETE FROM session_days WHERE day <> '2026-11-21'",
            "UPDATE organizations SET rollups_checked_at = NULL",
        ]).await;
        let found: Vec<&str> = doctor(app).await.into_iter().map(|(name, _)| name).collect();
        assert_eq!(found, ["hours of a day", "applications of a day", "sessions of a day"]);
        let worker = worker(app, &["rollups"]).await;
        app.clock.advance_seconds(60);
        worker.turn().await.expect("worked");
        let after = compare(app, &eve).await;
        let seconds = |days: &[Value]| -> Vec<Value> { days.iter().map(|day| json!([day["date"], day["active_seconds"], day["idle_seconds"]])).collect() };
        assert_eq!(seconds(&after), seconds(&before));
        assert_eq!(doctor(app).await, []);
        assert_eq!(lag::measure(&app.state().store, app.clock_now()).await.expect("reads").rollups, 0);
        // A day with one machine is that machine's again, and goes on by adding.
        let late = "2026-11-21T12:00:00.000Z";
        send(app, &machines[0], 40, late, &[(late, 60, "active")]).await;
        compare(app, &eve).await;
        assert_eq!(doctor(app).await, []);
    }

    async fn days_whose_spans_have_been_removed_stay_as_they_were(app) {
        let (ada, eve, _) = world(app).await;
        let worker = worker(app, &["rollups"]).await;
        let removed = match &app.state().store {
            workpulse_server::store::Store::Sqlite(_) => instant("2026-11-19T23:00:00Z").as_millis().to_string(),
            workpulse_server::store::Store::Postgres(_) => "'2026-11-19T23:00:00Z'".to_owned(),
        };
        meddle(app.target(), &[
            &format!("DELETE FROM activity_logs WHERE started_at < {removed}"),
            &format!("UPDATE organizations SET removed_before = {removed}, removed_before_day = '2026-11-20'"),
        ]).await;
        let path = "/api/v1/summaries?from=2026-11-10&to=2026-11-30";
        let before = app.get(path, &eve.token).await.expect(200)["items"].clone();
        app.patch("/api/v1/organization", &ada.token, &json!({ "time_zone": "America/New_York" })).await.expect(200);
        worker.turn().await.expect("worked");
        app.clock.advance_seconds(61);
        worker.turn().await.expect("worked");
        let after = app.get(path, &eve.token).await.expect(200)["items"].clone();
        assert_eq!(after[0], before[0]);
        assert_eq!(after[1], before[1]);
        assert_eq!((&after[0]["date"], &after[1]["date"], &after[0]["time_zone"]), (&json!("2026-11-18"), &json!("2026-11-19"), &json!("Europe/Berlin")));
        let zones: Vec<&Value> = after.as_array().expect("a list").iter().filter(|day| day["date"].as_str() >= Some("2026-11-20")).map(|day| &day["time_zone"]).collect();
        assert!(!zones.is_empty() && zones.iter().all(|zone| *zone == "America/New_York"), "{after}");
        assert_eq!(app.get("/api/v1/organization", &eve.token).await.expect(200)["days_remade"], Value::Null);
        assert_eq!(doctor(app).await, []);
    }
}
