//! Windows of which only a category is kept: what agents say of them, from the batch to reports.

use serde_json::{Value, json};
use workpulse_server::{
    clock::{Clock as _, SystemClock},
    store::checks,
};

use crate::{
    categories::recategorize,
    groups::id,
    harness::{Enrolled, LoggedIn, TestApp},
};

const DAY: &str = "from=2026-11-22&to=2026-11-22";

async fn category(app: &TestApp, admin: &LoggedIn, name: &str) -> String {
    let request = json!({ "name": name, "kind": "neutral" });
    let made = app.post("/api/v1/categories", &admin.token, &request).await;
    made.expect(201)["id"].as_str().expect("an id").to_owned()
}

/// Sends a session with a minute for each of these, from 8 o'clock on; the results.
async fn send(app: &TestApp, device: &Enrolled, session: u32, minutes: &[Value]) -> Value {
    let at = |minute: usize| format!("2026-11-22T08:{minute:02}:00.000Z");
    let mut items = vec![json!({
        "seq": 1, "item": { "session_started": { "session_id": id(session), "started_at": at(0) } },
    })];
    for (minute, kept) in minutes.iter().enumerate() {
        let mut span = json!({
            "session_id": id(session), "activity_type": "active", "started_at": at(minute),
            "duration_seconds": 60,
        });
        for (name, value) in kept.as_object().expect("fields") {
            span[name] = value.clone();
        }
        items.push(json!({ "seq": minute + 2, "item": { "activity": span } }));
    }
    let batch = json!({
        "device_id": device.device_id, "epoch": id(session + 500), "clock": app.clock_now(), "items": items,
    });
    let answer = app.post("/api/v1/sync", &device.secret, &batch).await;
    answer.expect(200)["results"].clone()
}

async fn seconds(app: &TestApp, who: &LoggedIn, key: &str) -> i64 {
    let path = format!("/api/v1/reports?{DAY}&group_by=category");
    let report = app.get(&path, &who.token).await.expect(200);
    let rows = report["rows"].as_array().expect("rows");
    let row = rows.iter().find(|row| row["key"] == key);
    row.map_or(0, |row| row["worked_seconds"].as_i64().expect("a number"))
}

async fn balanced(app: &TestApp) {
    for outcome in checks::run(&app.state().store).await.expect("they run") {
        assert_eq!(outcome.found, 0, "{}", outcome.name);
    }
}

/// Puts a policy with this rule in the place of the one that there is.
async fn reduce(app: &TestApp, admin: &LoggedIn, path: &str, category: &str) -> (u16, Value) {
    let mut policy = app.get("/api/v1/policy", &admin.token).await.expect(200);
    if path != "/api/v1/policy" {
        policy["version"] = json!(0);
    }
    policy["window_rules"] = json!([
        { "field": "title", "pattern": "*salary*", "action": "category_only", "category_id": category },
    ]);
    let answer = app.put(path, &admin.token, &policy).await;
    let body = serde_json::from_str(&answer.text).unwrap_or_default();
    (answer.status.as_u16(), body)
}

on_both_engines! {
    async fn its_time_is_in_the_category_and_newer_rules_leave_it(app) {
        let ada = app.set_up().await;
        let (personal, work) = (category(app, &ada, "Personal").await, category(app, &ada, "Work").await);
        let device = app.device(&ada, ada.user_id).await;
        let minutes = [
            json!({ "category_id": personal }), json!({ "category_id": personal }),
            json!({ "application": "Editor" }), json!({ "category_id": personal, "activity_type": "idle" }),
        ];
        let results = send(app, &device, 1, &minutes).await;
        assert!(results.as_array().expect("a list").iter().all(|it| it["outcome"] == "stored"), "{results}");
        assert_eq!(seconds(app, &ada, &personal).await, 180);
        assert_eq!(seconds(app, &ada, "none").await, 60);
        // The same again is the same, and no conflict.
        let again = send(app, &device, 1, &minutes).await;
        assert!(again.as_array().expect("a list").iter().all(|it| it["outcome"] == "duplicate"), "{again}");

        let path = format!("/api/v1/users/{}/timeline?date=2026-11-22", ada.user_id);
        let timeline = app.get(&path, &ada.token).await.expect(200);
        let told: Vec<_> = timeline["spans"].as_array().expect("spans").iter()
            .map(|span| (span["category"].clone(), span["application"].clone())).collect();
        let alone = (json!("Personal"), Value::Null);
        assert_eq!(told, [alone.clone(), (Value::Null, json!("Editor")), alone]);

        // Everything goes into another category now, as far as there is something to look at.
        let rules = app.get("/api/v1/category-rules", &ada.token).await.expect(200);
        let request = json!({ "version": rules["version"], "rules": [{ "application": "*", "category_id": work }] });
        app.put("/api/v1/category-rules", &ada.token, &request).await.expect(200);
        recategorize(app).await;
        assert_eq!((seconds(app, &ada, &personal).await, seconds(app, &ada, &work).await), (180, 60));
        // A second device makes the day again from its spans.
        let laptop = app.device(&ada, ada.user_id).await;
        let idle = json!({ "activity_type": "idle" });
        let minutes = [&idle, &idle, &idle, &idle, &json!({ "category_id": personal })].map(Clone::clone);
        send(app, &laptop, 2, &minutes).await;
        // Its idle minute hides the first device's, and it has one of its own.
        assert_eq!((seconds(app, &ada, &personal).await, seconds(app, &ada, &work).await), (180, 60));
        balanced(app).await;
    }

    async fn a_category_of_nobody_or_of_others_is_none_and_the_time_is_kept(app) {
        let ada = app.set_up().await;
        let grace = app.another_organization("grace@other.test").await;
        let others = category(app, &grace, "zq-not-yours").await;
        let device = app.device(&ada, ada.user_id).await;
        let unknown = SystemClock.new_uuid().to_string();
        let results = send(app, &device, 1, &[json!({ "category_id": others }), json!({ "category_id": unknown })]).await;
        assert_eq!((&results[1]["outcome"], &results[2]["outcome"]), (&json!("stored"), &json!("stored")), "{results}");
        assert_eq!(seconds(app, &ada, "none").await, 120);
        let timeline = format!("/api/v1/users/{}/timeline?date=2026-11-22", ada.user_id);
        for path in [timeline, format!("/api/v1/reports?{DAY}&group_by=category")] {
            let answer = app.get(&path, &ada.token).await;
            assert!(!answer.text.contains("zq-not-yours") && !answer.text.contains(&others), "{}", answer.text);
        }
        assert_eq!(seconds(app, &grace, &others).await, 0);
        balanced(app).await;
    }

    async fn beside_a_category_nothing_is_taken_and_only_that_span_is_refused(app) {
        let ada = app.set_up().await;
        let personal = category(app, &ada, "Personal").await;
        let device = app.device(&ada, ada.user_id).await;
        let results = send(app, &device, 1, &[
            json!({ "category_id": personal, "application": "Writer" }),
            json!({ "category_id": personal, "title": "Salary" }),
            json!({ "category_id": personal, "url": "https://bank.example/" }),
            json!({ "category_id": personal, "activity_type": "unobserved", "reason": "locked" }),
            json!({ "category_id": "no id" }),
            json!({ "category_id": personal }),
        ]).await;
        let told: Vec<_> = results.as_array().expect("a list")[1..].iter().map(|it| it["reason"].as_str().unwrap_or("stored")).collect();
        assert_eq!(told, ["out_of_range", "out_of_range", "out_of_range", "out_of_range", "malformed", "stored"], "{results}");
        balanced(app).await;
    }

    async fn policies_name_only_categories_that_there_are_and_hold_them(app) {
        let ada = app.set_up().await;
        let grace = app.another_organization("grace@other.test").await;
        let others = category(app, &grace, "Theirs").await;
        let unknown = SystemClock.new_uuid().to_string();
        let team = app.post("/api/v1/teams", &ada.token, &json!({ "name": "Support" })).await.expect(201);
        let team = format!("/api/v1/teams/{}/policy", team["id"].as_str().expect("an id"));
        for path in ["/api/v1/policy", &team] {
            for foreign in [&unknown, &others] {
                let (status, body) = reduce(app, &ada, path, foreign).await;
                assert_eq!((status, &body["fields"][0]["field"]), (422, &json!("window_rules")), "{body}");
            }
        }
        let personal = category(app, &ada, "Personal").await;
        let (status, body) = reduce(app, &ada, &team, &personal).await;
        assert_eq!((status, &body["needs"]), (200, &json!(["window_rules"])), "{body}");
        let path = format!("/api/v1/categories/{personal}");
        app.delete(&path, &ada.token).await.problem(409, "conflict");
        app.delete(&team, &ada.token).await.expect(204);
        let (status, _) = reduce(app, &ada, "/api/v1/policy", &personal).await;
        assert_eq!(status, 200);
        app.delete(&path, &ada.token).await.problem(409, "conflict");

        let policy = app.get("/api/v1/policy", &ada.token).await.expect(200);
        let request = json!({ "policy": policy, "windows": [{ "application": "Writer", "title": "My salary" }] });
        let preview = app.post("/api/v1/policy/preview", &ada.token, &request).await.expect(200);
        assert_eq!(preview["windows"][0], json!({
            "application": null, "title": null, "url": null, "category_id": personal, "removed_by": "category_only",
        }));
    }
}
