//! Counted months: the same answers as from days, and never an old one.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    harness::{Enrolled, LoggedIn, TestApp},
    meddle::meddle,
    raw::behind,
    remade::{doctor, world},
    reports::day,
    summaries::{instant, worker},
    timeline::send,
};

const GROUPS: [&str; 8] = [
    "person",
    "team",
    "application",
    "domain",
    "category",
    "project",
    "day",
    "hour",
];
const NOVEMBER: &str = "from=2026-11-01&to=2026-11-30";
const DECEMBER: &str = "2026-12-03T08:00:00.000Z";

/// All that is asked about a range of days.
async fn answers(app: &TestApp, who: &LoggedIn, range: &str) -> Vec<Value> {
    let mut found = Vec::new();
    for group in GROUPS {
        let path = format!("/api/v1/reports?{range}&group_by={group}&compare=true");
        found.push(app.get(&path, &who.token).await.expect(200));
    }
    let path = format!("/api/v1/reports/heatmap?{range}");
    found.push(app.get(&path, &who.token).await.expect(200));
    found
}

/// Months that are counted, and the days in them that are not.
async fn counted(app: &TestApp) -> (i64, i64) {
    behind!(app.target(), |c| {
        let months = sqlx::query_scalar("SELECT count(*) FROM person_months")
            .fetch_one(&mut *c)
            .await
            .expect("read");
        let open = sqlx::query_scalar(
            "SELECT count(*) FROM daily_summaries d JOIN person_months m ON m.user_id = d.user_id \
             WHERE d.day BETWEEN m.month AND m.last_day AND d.month_at IS NULL",
        )
        .fetch_one(&mut *c)
        .await
        .expect("read");
        (months, open)
    })
}

/// What the doctor finds of months; days that were written behind the server have no sessions.
async fn wrong(app: &TestApp) -> Vec<(&'static str, i64)> {
    let mut found = doctor(app).await;
    found.retain(|(name, _)| name.contains("month"));
    found
}

/// Seconds by person, application and hour agree, and are these.
async fn agree(app: &TestApp, who: &LoggedIn, active: i64) {
    for group in ["person", "application", "category", "hour", "day"] {
        let path = format!("/api/v1/reports?{NOVEMBER}&group_by={group}");
        let report = app.get(&path, &who.token).await.expect(200);
        assert_eq!(
            report["total"]["active_seconds"], active,
            "{group}: {report}"
        );
    }
}

/// Eve's two machines in November, counted in December, and she is logged in: her seconds.
async fn december(app: &TestApp, more: &[&str]) -> (LoggedIn, LoggedIn, [Enrolled; 2], i64) {
    let (_, eve, machines) = world(app).await;
    let path = format!("/api/v1/reports?{NOVEMBER}&group_by=day");
    let report = app.get(&path, &eve.token).await.expect(200);
    let active = report["total"]["active_seconds"].as_i64().expect("seconds");
    app.clock.set(instant(DECEMBER));
    let names: Vec<&str> = more.iter().copied().chain(["months"]).collect();
    let worker = worker(app, &names).await;
    app.clock.advance_seconds(60);
    worker.turn().await.expect("worked");
    assert_eq!(counted(app).await, (1, 0));
    let (ada, eve) = (
        app.log_in("ada@acme.test").await,
        app.log_in("eve@acme.test").await,
    );
    (ada, eve, machines, active)
}

on_both_engines! {
    async fn counted_months_answer_as_their_days_do(app) {
        let ada = app.set_up().await;
        let mona = app.person(&ada, "Mona", "manager").await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let team = app.team(&ada, "Blue").await;
        app.put_in(&ada, &team, mona.user_id, true).await.expect(204);
        app.put_in(&ada, &team, eve.user_id, false).await.expect(204);
        for (who, stride) in [(&ada, 7), (&mona, 5), (&eve, 4)] {
            for number in (0..140).step_by(stride) {
                let date = jiff::civil::date(2026, 7, 3) + jiff::Span::new().days(number);
                let n = i64::from(number);
                let used = ["Editor", "Mail", "Browser"][usize::try_from(number % 3).expect("small")];
                let seconds = [600 + n * 7, n * 11 % 900, n * 13 % 500];
                day(app, who, &date.to_string(), used, n * 5 % 24, seconds).await;
            }
        }
        let ranges = [
            "from=2026-07-01&to=2026-10-31", "from=2026-07-15&to=2026-11-22", "from=2026-08-01&to=2026-08-31",
            "from=2026-08-02&to=2026-09-30", "from=2026-09-10&to=2026-09-20", "from=2026-01-01&to=2026-12-31",
        ];
        let mut before = Vec::new();
        for range in ranges {
            for who in [&ada, &mona, &eve] {
                before.push(answers(app, who, range).await);
            }
        }
        let worker = worker(app, &["months"]).await;
        app.clock.advance_seconds(60);
        worker.turn().await.expect("worked");
        // July to October of three people. November runs.
        assert_eq!(counted(app).await, (12, 0));
        assert_eq!(wrong(app).await, []);
        let mut before = before.into_iter();
        for range in ranges {
            for who in [&ada, &mona, &eve] {
                assert_eq!(Some(answers(app, who, range).await), before.next(), "{range}");
            }
        }
        // The months are what was read, and the doctor looks at them.
        let path = "/api/v1/reports?from=2026-08-01&to=2026-10-31&group_by=person";
        let total = |report: Value| report["total"]["active_seconds"].as_i64().expect("seconds");
        let right = total(app.get(path, &ada.token).await.expect(200));
        meddle(app.target(), &["UPDATE person_months SET active_seconds = active_seconds + 5 WHERE month = '2026-09-01'"]).await;
        assert_eq!(total(app.get(path, &ada.token).await.expect(200)), right + 15);
        assert_eq!(wrong(app).await, [("months of a person", 3)]);
        // A month with a day that is not counted is read by its days, until it is counted again.
        meddle(app.target(), &["UPDATE daily_summaries SET month_at = NULL WHERE day BETWEEN '2026-09-01' AND '2026-09-30'"]).await;
        assert_eq!(total(app.get(path, &ada.token).await.expect(200)), right);
        app.clock.advance_seconds(60);
        worker.turn().await.expect("worked");
        assert_eq!(total(app.get(path, &ada.token).await.expect(200)), right);
        assert_eq!((counted(app).await, wrong(app).await), ((12, 0), vec![]));
        meddle(app.target(), &["DELETE FROM person_months WHERE month = '2026-09-01'"]).await;
        assert_eq!(wrong(app).await.len(), 1, "days that are in no month");
    }

    async fn what_comes_late_shows_at_once_and_is_counted_then(app) {
        let (ada, eve, machines, active) = december(app, &[]).await;
        agree(app, &eve, active).await;
        let third = app.device(&ada, eve.user_id).await;
        // A day of its own, a day of the same machine, and one that two machines share now.
        for (n, (device, at, seconds)) in (50..).zip([
            (&third, "2026-11-03T09:00:00.000Z", 60),
            (&machines[0], "2026-11-21T13:00:00.000Z", 120),
            (&third, "2026-11-18T13:00:00.000Z", 180),
        ]) {
            send(app, device, n, at, &[(at, 60, "active")]).await;
            assert_ne!(counted(app).await.1, 0, "the day is not counted any more");
            agree(app, &eve, active + seconds).await;
            assert_eq!(doctor(app).await, []);
            app.clock.advance_seconds(60);
            worker(app, &["months"]).await.turn().await.expect("worked");
            assert_eq!(counted(app).await, (1, 0));
            agree(app, &eve, active + seconds).await;
            assert_eq!(doctor(app).await, []);
        }
    }

    async fn days_that_are_made_again_are_counted_again_also_when_one_is_gone(app) {
        let (ada, eve, _, active) = december(app, &["rollups"]).await;
        // A minute past Berlin's midnight: in New York it belongs to the day before, and no day is left.
        let device = app.device(&ada, eve.user_id).await;
        let late = "2026-11-24T23:30:00.000Z";
        send(app, &device, 60, late, &[(late, 60, "active")]).await;
        let worker = worker(app, &["months", "rollups"]).await;
        app.clock.advance_seconds(60);
        worker.turn().await.expect("worked");
        assert_eq!(counted(app).await, (1, 0));
        app.patch("/api/v1/organization", &ada.token, &json!({ "time_zone": "America/New_York" })).await.expect(200);
        for _ in 0..3 {
            worker.turn().await.expect("worked");
            agree(app, &eve, active + 60).await;
            app.clock.advance_seconds(61);
        }
        assert_eq!((counted(app).await, doctor(app).await), ((1, 0), vec![]));
        // By the hours of the new zone, as the days have them.
        let path = format!("/api/v1/reports/heatmap?{NOVEMBER}");
        let months = app.get(&path, &eve.token).await.expect(200);
        meddle(app.target(), &["UPDATE daily_summaries SET month_at = NULL"]).await;
        assert_eq!(app.get(&path, &eve.token).await.expect(200), months);
        let path = format!("/api/v1/reports?{NOVEMBER}&group_by=day");
        let days = app.get(&path, &eve.token).await.expect(200);
        let keys: Vec<&Value> = days["rows"].as_array().expect("rows").iter().map(|row| &row["key"]).collect();
        assert!(keys.contains(&&json!("2026-11-24")) && !keys.contains(&&json!("2026-11-25")), "{keys:?}");
    }

    async fn a_month_whose_only_day_is_gone_is_gone(app) {
        let (ada, eve, _, _) = december(app, &["rollups"]).await;
        // December in Berlin, November in New York.
        let device = app.device(&ada, eve.user_id).await;
        let late = "2026-11-30T23:30:00.000Z";
        send(app, &device, 60, late, &[(late, 60, "active")]).await;
        app.clock.set(instant("2027-01-03T08:00:00.000Z"));
        let (ada, eve) = (app.log_in("ada@acme.test").await, app.log_in("eve@acme.test").await);
        let worker = worker(app, &["months", "rollups"]).await;
        worker.turn().await.expect("worked");
        assert_eq!(counted(app).await, (2, 0));
        let path = "/api/v1/reports?from=2026-12-01&to=2026-12-31&group_by=application";
        assert_eq!(app.get(path, &eve.token).await.expect(200)["total"]["active_seconds"], 60);
        app.clock.advance_seconds(1);
        app.patch("/api/v1/organization", &ada.token, &json!({ "time_zone": "America/New_York" })).await.expect(200);
        for _ in 0..3 {
            worker.turn().await.expect("worked");
            assert_eq!(app.get(path, &eve.token).await.expect(200)["total"]["active_seconds"], 0);
            app.clock.advance_seconds(61);
        }
        assert_eq!((counted(app).await, doctor(app).await), ((1, 0), vec![]));
    }

    async fn new_rules_reach_counted_months(app) {
        let (ada, eve, _, active) = december(app, &["recategorize"]).await;
        let made = app.post("/api/v1/categories", &ada.token, &json!({ "name": "Craft", "kind": "productive" })).await.expect(201);
        let version = app.get("/api/v1/category-rules", &ada.token).await.expect(200)["version"].clone();
        let rules = json!({ "version": version, "rules": [{ "application": "editor", "category_id": made["id"] }] });
        app.put("/api/v1/category-rules", &ada.token, &rules).await.expect(200);
        app.clock.advance_seconds(60);
        worker(app, &["recategorize"]).await.turn().await.expect("worked");
        let path = format!("/api/v1/reports?{NOVEMBER}&group_by=category");
        for _ in 0..2 {
            let report = app.get(&path, &eve.token).await.expect(200);
            let row = &report["rows"][0];
            assert_eq!((&row["label"], &row["active_seconds"]), (&json!("Craft"), &json!(active)), "{report}");
            assert_eq!(doctor(app).await, []);
            app.clock.advance_seconds(60);
            worker(app, &["months"]).await.turn().await.expect("worked");
        }
        assert_eq!(counted(app).await, (1, 0));
        assert_ne!(made["id"], json!(Uuid::nil()));
    }

    async fn a_month_that_runs_is_not_counted_and_one_that_ended_in_the_zone_is(app) {
        let (_, _, _) = world(app).await;
        // The last second of November in Berlin, and the first of December.
        app.clock.set(instant("2026-11-30T22:59:59.000Z"));
        worker(app, &["months"]).await.turn().await.expect("worked");
        assert_eq!(counted(app).await, (0, 0));
        app.clock.set(instant("2026-11-30T23:01:00.000Z"));
        worker(app, &["months"]).await.turn().await.expect("worked");
        assert_eq!(counted(app).await, (1, 0));
    }
}
