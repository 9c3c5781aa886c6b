//! Categories: what applications count as, from the minute that arrives to the report.

use serde_json::{Value, json};
use sqlx::Connection as _;
use tokio_util::sync::CancellationToken;
use workpulse_server::{
    jobs::{self, Worker},
    store::checks,
};

use crate::{
    groups::id,
    harness::{Enrolled, LoggedIn, TestApp},
    raw::behind,
};

const DAY: &str = "from=2026-11-22&to=2026-11-22";

async fn category(app: &TestApp, admin: &LoggedIn, name: &str, kind: &str) -> String {
    let request = json!({ "name": name, "kind": kind });
    let made = app.post("/api/v1/categories", &admin.token, &request).await;
    made.expect(201)["id"].as_str().expect("an id").to_owned()
}

/// Replaces the rules, whatever they were.
async fn put(app: &TestApp, admin: &LoggedIn, rules: Value) -> Value {
    let before = app
        .get("/api/v1/category-rules", &admin.token)
        .await
        .expect(200);
    let request = json!({ "version": before["version"], "rules": rules });
    app.put("/api/v1/category-rules", &admin.token, &request)
        .await
        .expect(200)
}

/// A session with minutes from 8 o'clock on, each with an application, a title and an address.
async fn send(app: &TestApp, device: &Enrolled, session: u32, minutes: &[[&str; 3]]) {
    let at = |minute: usize| format!("2026-11-22T08:{minute:02}:00.000Z");
    let mut items = vec![json!({
        "seq": 1, "item": { "session_started": { "session_id": id(session), "started_at": at(0) } },
    })];
    for (minute, [application, title, url]) in minutes.iter().enumerate() {
        let mut span = json!({
            "session_id": id(session), "activity_type": "active", "started_at": at(minute),
            "duration_seconds": 60, "application": application,
        });
        for (name, value) in [("title", title), ("url", url)] {
            if !value.is_empty() {
                span[name] = json!(value);
            }
        }
        items.push(json!({ "seq": minute + 2, "item": { "activity": span } }));
    }
    let batch = json!({
        "device_id": device.device_id, "epoch": id(session + 500), "clock": app.clock_now(), "items": items,
    });
    let answer = app
        .post("/api/v1/sync", &device.secret, &batch)
        .await
        .expect(200);
    for result in answer["results"].as_array().expect("a list") {
        assert_eq!(result["outcome"], "stored", "{answer}");
    }
}

/// Worked seconds by category.
async fn by_category(app: &TestApp, who: &LoggedIn) -> Value {
    let path = format!("/api/v1/reports?{DAY}&group_by=category");
    app.get(&path, &who.token).await.expect(200)
}

fn seconds(report: &Value, key: &str) -> i64 {
    let rows = report["rows"].as_array().expect("rows");
    let row = rows.iter().find(|row| row["key"] == key);
    row.map_or(0, |row| row["worked_seconds"].as_i64().expect("a number"))
}

/// All sums agree with each other.
async fn balanced(app: &TestApp) {
    for outcome in checks::run(&app.state().store).await.expect("they run") {
        assert_eq!(outcome.found, 0, "{}", outcome.name);
    }
}

/// Lets the job that moves sums run once.
pub(crate) async fn recategorize(app: &TestApp) {
    let state = app.state();
    let mut definitions = jobs::all();
    definitions.retain(|job| job.name == "recategorize");
    let (store, live, clock) = (state.store.clone(), state.live.clone(), state.clock.clone());
    let worker = Worker::new(store, live, clock, definitions, jobs::Options::default())
        .await
        .expect("made");
    worker.plan().await.expect("begun");
    app.clock.advance_seconds(60);
    worker.turn().await.expect("worked");
}

async fn progress(app: &TestApp, admin: &LoggedIn) -> Value {
    let path = "/api/v1/category-rules/progress";
    app.get(path, &admin.token).await.expect(200)
}

const MINUTES: [[&str; 3]; 5] = [
    ["Editor", "main.rs", ""],
    ["Browser", "Docs", "https://docs.example.org/a"],
    ["Browser", "Cats", "https://cats.test/"],
    ["Mail", "Invoice 7", ""],
    ["Mail", "Hello", ""],
];

on_both_engines! {
    async fn minutes_are_put_into_categories_as_they_arrive(app) {
        let ada = app.set_up().await;
        let (work, fun) = (category(app, &ada, "Work", "productive").await, category(app, &ada, "Fun", "unproductive").await);
        put(app, &ada, json!([
            { "title": "*invoice*", "category_id": work },
            { "domain": "example.org", "category_id": work },
            { "application": "browser", "category_id": fun },
            { "application": "edit*", "category_id": work },
        ])).await;
        let device = app.device(&ada, ada.user_id).await;
        send(app, &device, 1, &MINUTES).await;
        let report = by_category(app, &ada).await;
        assert_eq!((seconds(&report, &work), seconds(&report, &fun), seconds(&report, "none")), (180, 60, 60), "{report}");
        assert_eq!(report["kinds"], json!({
            "productive_seconds": 180, "neutral_seconds": 0, "unproductive_seconds": 60, "uncategorized_seconds": 60,
        }));
        let row = &report["rows"][0];
        assert_eq!((&row["label"], &row["kind"]), (&json!("Work"), &json!("productive")));
        // A kind counts at once, also for what is past.
        let path = format!("/api/v1/categories/{work}");
        app.patch(&path, &ada.token, &json!({ "kind": "neutral" })).await.expect(200);
        assert_eq!(by_category(app, &ada).await["kinds"]["neutral_seconds"], 180);
        // A second device makes the day again from its spans: by the rules of then.
        put(app, &ada, json!([{ "application": "mail", "category_id": fun }, { "title": "*invoice*", "category_id": work }])).await;
        let laptop = app.device(&ada, ada.user_id).await;
        send(app, &laptop, 2, &[["Mail", "", ""]]).await;
        let report = by_category(app, &ada).await;
        assert_eq!((seconds(&report, &fun), report["total"]["worked_seconds"].as_i64()), (180, Some(300)), "{report}");
        balanced(app).await;
    }

    async fn sums_of_past_days_come_to_follow_new_rules_and_titles_stay(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let (work, fun) = (category(app, &ada, "Work", "productive").await, category(app, &ada, "Fun", "unproductive").await);
        put(app, &ada, json!([{ "title": "*invoice*", "category_id": work }, { "application": "mail", "category_id": fun }])).await;
        for (n, person) in (1..).zip([&ada, &eve]) {
            let device = app.device(&ada, person.user_id).await;
            send(app, &device, n, &MINUTES).await;
        }
        recategorize(app).await;
        assert_eq!(progress(app, &ada).await["state"], "applied");
        let before = by_category(app, &ada).await;
        assert_eq!((seconds(&before, &work), seconds(&before, &fun), seconds(&before, "none")), (120, 120, 360), "{before}");
        put(app, &ada, json!([{ "domain": "example.org", "category_id": fun }, { "application": "mail", "category_id": work }])).await;
        assert_eq!(progress(app, &ada).await["state"], "waiting");
        recategorize(app).await;
        let done = progress(app, &ada).await;
        assert_eq!((&done["state"], &done["people"], &done["people_done"]), (&json!("applied"), &json!(2), &json!(2)), "{done}");
        assert_eq!(done["moved_seconds"], 240, "the invoices stay where their titles put them");
        let after = by_category(app, &ada).await;
        assert_eq!((seconds(&after, &work), seconds(&after, &fun), seconds(&after, "none")), (240, 120, 240), "{after}");
        // No rule fits any more: what a title decided is still there, all else in no category.
        put(app, &ada, json!([])).await;
        recategorize(app).await;
        let last = by_category(app, &ada).await;
        assert_eq!((seconds(&last, &work), seconds(&last, "none")), (120, 480), "{last}");
        app.delete(&format!("/api/v1/categories/{work}"), &ada.token).await.expect(204);
        assert_eq!(seconds(&by_category(app, &ada).await, "none"), 600, "a category that is no more is none");
        balanced(app).await;
        // Nothing is left to do: the same rules again change nothing.
        let version = app.get("/api/v1/category-rules", &ada.token).await.expect(200)["version"].clone();
        assert_eq!(put(app, &ada, json!([])).await["version"], version);
    }

    async fn work_on_past_days_that_is_interrupted_goes_on_where_it_was(app) {
        let ada = app.set_up().await;
        let (work, fun) = (category(app, &ada, "Work", "productive").await, category(app, &ada, "Fun", "unproductive").await);
        put(app, &ada, json!([{ "application": "mail", "category_id": fun }])).await;
        for (n, name) in (1..).zip(["Eve", "Max", "Zoe"]) {
            let person = app.person(&ada, name, "employee").await;
            let device = app.device(&ada, person.user_id).await;
            send(app, &device, n, &MINUTES).await;
        }
        recategorize(app).await;
        put(app, &ada, json!([{ "application": "mail", "category_id": work }])).await;
        let mut definitions = jobs::all();
        definitions.retain(|job| job.name == "recategorize");
        let state = app.state();
        let (store, live, clock) = (state.store.clone(), state.live.clone(), state.clock.clone());
        let worker = Worker::new(store, live, clock, definitions, jobs::Options::default()).await.expect("made");
        app.clock.advance_seconds(60);
        worker.plan().await.expect("planned");
        // The worker is stopping: it ends behind a person's days, and gives the job back. (Where
        // other transactions are open it ends before that, and takes it up again.) Ada is the
        // first, and has worked nothing.
        let stop = CancellationToken::new();
        stop.cancel();
        let mut half = progress(app, &ada).await;
        for _ in 0..100 {
            if half["moved_seconds"] == 120 {
                break;
            }
            let claim = worker.claim().await.expect("asked").expect("it was given back");
            worker.execute(claim, &stop).await;
            half = progress(app, &ada).await;
        }
        assert_eq!((&half["state"], &half["people"], &half["people_done"]), (&json!("running"), &json!(4), &json!(1)), "{half}");
        assert_eq!(half["moved_seconds"], 120);
        assert_eq!(seconds(&by_category(app, &ada).await, &work), 120, "one person's days follow already");
        recategorize(app).await;
        let done = progress(app, &ada).await;
        assert_eq!((&done["state"], &done["people_done"], &done["moved_seconds"]), (&json!("applied"), &json!(4), &json!(360)), "{done}");
        let after = by_category(app, &ada).await;
        assert_eq!((seconds(&after, &work), seconds(&after, &fun)), (360, 0), "{after}");
        balanced(app).await;
    }

    async fn a_list_is_replaced_by_whoever_read_the_one_before(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let rules = app.get("/api/v1/category-rules", &eve.token).await.expect(200);
        assert_eq!(rules["version"], 1, "what an organization begins with");
        assert_eq!(progress(app, &ada).await["state"], "applied");
        let work = category(app, &ada, "Work", "productive").await;
        let list = json!({ "version": 1, "rules": [{ "domain": "example.org", "category_id": work }] });
        app.put("/api/v1/category-rules", &eve.token, &list).await.problem(403, "forbidden");
        assert_eq!(app.put("/api/v1/category-rules", &ada.token, &list).await.expect(200)["version"], 2);
        app.put("/api/v1/category-rules", &ada.token, &list).await.problem(409, "conflict");
        app.delete(&format!("/api/v1/categories/{work}"), &ada.token).await.problem(409, "conflict");
        let twice = json!({ "name": "Work", "kind": "neutral" });
        app.post("/api/v1/categories", &ada.token, &twice).await.problem(409, "conflict");
        let other = app.another_organization("grace@other.test").await;
        let hers = category(app, &other, "Work", "productive").await;
        for (rule, field) in [
            (json!({ "domain": "example.org", "category_id": hers }), "rules[0].category_id"),
            (json!({ "category_id": work }), "rules[0].application"),
            (json!({ "domain": "no site", "category_id": work }), "rules[0].domain"),
        ] {
            let list = json!({ "version": 2, "rules": [rule] });
            let said = app.put("/api/v1/category-rules", &ada.token, &list).await.problem(422, "validation");
            assert_eq!(said["fields"][0]["field"], field, "{said}");
        }
        assert_eq!(app.get("/api/v1/category-rules", &ada.token).await.expect(200)["version"], 2);
    }

    async fn rules_are_tried_on_what_was_used_and_who_worked_can_read_of_it(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let work = category(app, &ada, "Work", "productive").await;
        put(app, &ada, json!([{ "title": "*invoice*", "category_id": work }])).await;
        let device = app.device(&ada, eve.user_id).await;
        send(app, &device, 1, &MINUTES).await;
        let path = "/api/v1/category-rules/preview";
        let rules = json!([{ "application": "mail", "category_id": work }, { "title": "*", "category_id": work }]);
        let tried = app.post(path, &ada.token, &json!({ "rules": rules })).await.expect(200);
        assert_eq!((&tried["worked_seconds"], &tried["moved_seconds"], &tried["decided_by_title_seconds"]), (&json!(300), &json!(60), &json!(60)), "{tried}");
        assert_eq!(tried["rule_seconds"], json!([60, null]));
        assert_eq!(tried["moved"], json!([{ "application": "Mail", "domain": "", "before": null, "after": work, "worked_seconds": 60 }]));
        let looks = app.get("/api/v1/me/looks", &eve.token).await.expect(200);
        assert_eq!(looks["items"][0]["looked_at"], "report", "{looks}");
        app.post(path, &ada.token, &json!({ "rules": [], "days": 0 })).await.problem(422, "validation");
        app.post(path, &eve.token, &json!({ "rules": [] })).await.problem(403, "forbidden");
        assert_eq!(seconds(&by_category(app, &ada).await, &work), 60, "nothing was changed");
    }
}

/// What was planned by older rules is planned again when newer ones were written before it came
/// to its day: otherwise the work on past days could have gone past it already.
#[tokio::test]
async fn a_minute_that_was_planned_by_older_rules_is_planned_again() {
    let Some(app) = TestApp::postgres().await else {
        return;
    };
    let ada = app.set_up().await;
    let (work, fun) = (
        category(&app, &ada, "Work", "productive").await,
        category(&app, &ada, "Fun", "unproductive").await,
    );
    put(
        &app,
        &ada,
        json!([{ "application": "mail", "category_id": fun }]),
    )
    .await;
    let (device, laptop) = (
        app.device(&ada, ada.user_id).await,
        app.device(&ada, ada.user_id).await,
    );
    send(&app, &device, 1, &[["Mail", "", ""]]).await;
    // Somebody holds the day.
    let mut held = app.owner().await;
    sqlx::raw_sql("BEGIN; SELECT 1 FROM daily_summaries FOR UPDATE")
        .execute(&mut held)
        .await
        .expect("locked");
    let minutes = [["Editor", "", ""], ["Mail", "", ""]];
    let ((), ()) = tokio::join!(send(&app, &laptop, 2, &minutes), async {
        let mut looker = app.owner().await;
        loop {
            let waiting: i64 = sqlx::query_scalar(
                "SELECT count(*) FROM pg_stat_activity \
                 WHERE datname = current_database() AND wait_event_type = 'Lock'",
            )
            .fetch_one(&mut looker)
            .await
            .expect("reads");
            if waiting > 0 {
                break;
            }
            tokio::task::yield_now().await;
        }
        put(
            &app,
            &ada,
            json!([{ "application": "mail", "category_id": work }]),
        )
        .await;
        sqlx::raw_sql("COMMIT")
            .execute(&mut held)
            .await
            .expect("let go");
        held.close().await.expect("closes");
        looker.close().await.expect("closes");
    });
    let stale: i64 = behind!(app.target(), |c| sqlx::query_scalar(
        "SELECT CAST(COALESCE(sum(active_seconds), 0) AS BIGINT) FROM application_days WHERE category_id = $1"
    )
    .bind(fun.parse::<uuid::Uuid>().expect("an id"))
    .fetch_one(&mut *c)
    .await)
    .expect("reads");
    assert_eq!(stale, 0, "the day was made again by the newer rules");
    app.close().await;
}
