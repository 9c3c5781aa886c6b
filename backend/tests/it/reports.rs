//! Reports: what the rollups add up to, for whom one sees and nobody else.

use serde_json::{Value, json};
use uuid::Uuid;
use workpulse_server::store::day::Day;

use crate::{
    groups::{id, project_id},
    harness::{LoggedIn, TestApp},
    raw::behind,
};

const RANGE: &str = "from=2026-11-16&to=2026-11-22";

/// A day of a person: what was used at which hour, in seconds. Fills the rollups behind the
/// server's back: reports read nothing else.
pub(crate) async fn day(
    app: &TestApp,
    who: &LoggedIn,
    date: &str,
    application: &str,
    hour: i64,
    seconds: [i64; 3],
) {
    const SUMMARY: &str = "INSERT INTO daily_summaries (organization_id, user_id, day, time_zone, active_seconds, \
         idle_seconds, unobserved_seconds, updated_at) SELECT $1, $2, $3, 'Europe/Berlin', $4, $5, $6, created_at \
         FROM users WHERE id = $2";
    const HOUR: &str = "INSERT INTO hour_days (organization_id, user_id, day, hour, active_seconds, idle_seconds, \
         unobserved_seconds) VALUES ($1, $2, $3, $7, $4, $5, $6)";
    const USED: &str = "INSERT INTO application_days (organization_id, user_id, day, application, domain, category_id, \
         active_seconds, idle_seconds) VALUES ($1, $2, $3, $6, 'example.com', $7, $4, $5)";
    let (organization, user) = (who.organization_id, who.user_id);
    let day = Day(date.parse().expect("a day"));
    let [active, idle, unobserved] = seconds;
    behind!(app.target(), |c| {
        let done = sqlx::query(SUMMARY)
            .bind(organization)
            .bind(user)
            .bind(day)
            .bind(active)
            .bind(idle)
            .bind(unobserved)
            .execute(&mut *c)
            .await;
        done.expect("written");
        let done = sqlx::query(HOUR)
            .bind(organization)
            .bind(user)
            .bind(day)
            .bind(active)
            .bind(idle)
            .bind(unobserved)
            .bind(hour)
            .execute(&mut *c)
            .await;
        done.expect("written");
        let done = sqlx::query(USED)
            .bind(organization)
            .bind(user)
            .bind(day)
            .bind(active)
            .bind(idle)
            .bind(application)
            .bind(Uuid::nil())
            .execute(&mut *c)
            .await;
        done.expect("written");
    });
}

async fn report(app: &TestApp, who: &LoggedIn, query: &str) -> Value {
    app.get(&format!("/api/v1/reports?{RANGE}&{query}"), &who.token)
        .await
        .expect(200)
}

fn figure(rows: &Value, key: &str, name: &str) -> Value {
    let rows = rows["rows"].as_array().expect("rows");
    rows.iter()
        .find(|row| row["key"] == key)
        .map_or(Value::Null, |row| row[name].clone())
}

fn worked(report: &Value) -> i64 {
    let rows = report["rows"].as_array().expect("rows");
    rows.iter()
        .map(|row| row["worked_seconds"].as_i64().expect("a number"))
        .sum()
}

/// Whose activity the audit says was looked at, latest look of that kind.
async fn looked(app: &TestApp, who: &LoggedIn, kind: &str) -> usize {
    let page = app.get("/api/v1/me/looks", &who.token).await.expect(200);
    page["items"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|look| look["looked_at"] == kind)
        .count()
}

/// Ada is admin, Mona manages Eve's team, Zoe is in nobody's; each worked.
async fn world(app: &TestApp) -> [LoggedIn; 4] {
    let ada = app.set_up().await;
    let mona = app.person(&ada, "Mona", "manager").await;
    let eve = app.person(&ada, "Eve", "employee").await;
    let zoe = app.person(&ada, "Zoe", "employee").await;
    let team = app.team(&ada, "Blue").await;
    app.put_in(&ada, &team, mona.user_id, true)
        .await
        .expect(204);
    app.put_in(&ada, &team, eve.user_id, false)
        .await
        .expect(204);
    day(app, &mona, "2026-11-16", "Mail", 9, [3_600, 0, 0]).await;
    day(app, &eve, "2026-11-16", "Editor", 10, [7_200, 1_800, 60]).await;
    day(app, &eve, "2026-11-17", "Mail", 11, [600, 0, 0]).await;
    day(app, &eve, "2026-11-10", "Mail", 11, [1_200, 1_200, 0]).await;
    day(app, &zoe, "2026-11-16", "Editor", 10, [50_000, 5_000, 0]).await;
    [ada, mona, eve, zoe]
}

on_both_engines! {
    async fn groups_add_up_to_a_total_of_exactly_those_whom_one_sees(app) {
        let [ada, mona, eve, zoe] = world(app).await;
        for (who, people, sum) in [(&ada, 4, 68_200), (&mona, 2, 13_200), (&eve, 1, 9_600), (&zoe, 1, 55_000)] {
            for group in ["person", "team", "application", "domain", "category", "day", "hour"] {
                let found = report(app, who, &format!("group_by={group}")).await;
                assert_eq!(worked(&found), sum, "{group}: {found}");
                assert_eq!(found["total"]["worked_seconds"], sum, "{group}: {found}");
                assert_eq!(found["people"], people, "{group}");
            }
        }
        let people = report(app, &mona, "group_by=person").await;
        assert_eq!(figure(&people, &zoe.user_id.to_string(), "key"), Value::Null, "out of sight");
        assert_eq!(figure(&people, &eve.user_id.to_string(), "label"), "Eve");
        assert_eq!(figure(&people, &eve.user_id.to_string(), "score"), 81.3);
        assert_eq!(figure(&people, &eve.user_id.to_string(), "share"), 72.7);
        assert_eq!(figure(&people, &eve.user_id.to_string(), "unobserved_seconds"), 60);
        let used = report(app, &mona, "group_by=application").await;
        assert_eq!(figure(&used, "Editor", "active_seconds"), 7_200);
        assert_eq!(figure(&used, "Editor", "unobserved_seconds"), Value::Null);
        assert_eq!(figure(&report(app, &mona, "group_by=hour").await, "9", "label"), "09:00");
        // Written down for each of them, and for nobody else.
        assert!(looked(app, &eve, "report").await >= 9);
        let only_ada = looked(app, &zoe, "report").await;
        assert_eq!(only_ada, 7, "the admin's, and not the manager's");
    }

    async fn what_one_does_not_see_is_not_there_to_be_asked_for(app) {
        let [ada, mona, eve, zoe] = world(app).await;
        let team = app.team(&ada, "Red").await;
        app.put_in(&ada, &team, zoe.user_id, false).await.expect(204);
        let team = team.rsplit('/').next().expect("an id");
        let project = app.project(&ada, "Secret").await;
        let project = project_id(&project);
        for (who, query) in [
            (&mona, format!("user_id={}", zoe.user_id)), (&eve, format!("user_id={}", mona.user_id)),
            (&mona, format!("team_id={team}")), (&mona, format!("project_id={project}")),
            (&mona, format!("user_id={}", id(77))),
        ] {
            for path in ["reports?group_by=person&", "reports/heatmap?", "reports/attendance?", "reports/completeness?"] {
                if query.starts_with("project") && !path.starts_with("reports?") {
                    continue;
                }
                app.get(&format!("/api/v1/{path}{RANGE}&{query}"), &who.token).await.problem(404, "not-found");
            }
            let path = format!("/api/v1/reports/export?format=csv&group_by=day&{RANGE}&{query}");
            app.get(&path, &who.token).await.problem(404, "not-found");
        }
        // The admin's report of that team has Zoe; a team that one is in says nothing of others.
        assert_eq!(report(app, &ada, &format!("group_by=person&team_id={team}")).await["total"]["worked_seconds"], 55_000);
        let other = app.another_organization("grace@other.test").await;
        assert_eq!(report(app, &other, "group_by=person").await["total"]["worked_seconds"], 0);
        for wrong in ["from=2026-11-22&to=2026-11-21", "from=2000-01-01&to=2026-11-21", "from=yesterday&to=2026-11-21"] {
            app.get(&format!("/api/v1/reports?{wrong}&group_by=day"), &ada.token).await.problem(422, "validation");
        }
        let mixed = format!("/api/v1/reports?{RANGE}&group_by=application&project_id={project}");
        app.get(&mixed, &ada.token).await.problem(422, "validation");
    }

    async fn a_report_is_compared_with_the_range_before_and_read_page_by_page(app) {
        let [ada, _, eve, _] = world(app).await;
        let compared = report(app, &ada, &format!("group_by=day&compare=true&user_id={}", eve.user_id)).await;
        assert_eq!((&compared["compared"]["from"], &compared["compared"]["to"]), (&json!("2026-11-09"), &json!("2026-11-15")));
        assert_eq!(compared["compared"]["total"]["worked_seconds"], 2_400);
        assert_eq!(compared["compared"]["difference"]["worked_seconds"], 7_200);
        let rows = compared["rows"].as_array().expect("rows");
        assert_eq!(rows[1]["key"], "2026-11-17", "{rows:?}");
        assert_eq!(rows[1]["before"]["worked_seconds"], 2_400, "the same day of the week before");
        assert_eq!(rows[1]["difference"]["active_seconds"], -600);
        for order in ["sort=worked&descending=true", "sort=worked&descending=false", "sort=label", "sort=score", "sort=idle", "sort=change&compare=true"] {
            let whole = report(app, &ada, &format!("group_by=person&{order}")).await;
            let mut met = Vec::new();
            let mut cursor = String::new();
            loop {
                let page = report(app, &ada, &format!("group_by=person&{order}&limit=1{cursor}")).await;
                assert_eq!((&page["total"], &page["row_count"]), (&whole["total"], &json!(3)), "of all pages");
                met.extend(page["rows"].as_array().expect("rows").clone());
                let Some(next) = page["next_cursor"].as_str() else { break };
                cursor = format!("&cursor={next}");
            }
            assert_eq!(&Value::from(met), &whole["rows"], "{order}");
        }
    }

    async fn more_days_than_a_page_holds_are_read_on_until_all_of_them_are_there(app) {
        let ada = app.set_up().await;
        let first: jiff::civil::Date = "2026-01-01".parse().expect("a day");
        for n in 0..205 {
            let date = first.checked_add(jiff::Span::new().days(n)).expect("a day").to_string();
            day(app, &ada, &date, "Editor", 9, [60, 0, 0]).await;
        }
        let path = "/api/v1/reports?from=2026-01-01&to=2026-12-31&group_by=day&sort=label&descending=false";
        let unasked = app.get(path, &ada.token).await.expect(200);
        assert_eq!(unasked["rows"].as_array().expect("rows").len(), 50, "a page, unless told");
        let page = app.get(&format!("{path}&limit=200"), &ada.token).await.expect(200);
        let next = page["next_cursor"].as_str().expect("more");
        let rest = app.get(&format!("{path}&limit=200&cursor={next}"), &ada.token).await.expect(200);
        let rows = [page["rows"].as_array().expect("rows").clone(), rest["rows"].as_array().expect("rows").clone()].concat();
        assert_eq!((rows.len(), &rest["next_cursor"]), (205, &Value::Null));
        assert_eq!((worked(&json!({ "rows": rows })), &page["total"]["worked_seconds"]), (205 * 60, &json!(205 * 60)));
        assert_eq!(rows[204]["key"], first.checked_add(jiff::Span::new().days(204)).expect("a day").to_string());
    }

    async fn projects_are_those_that_sessions_are_booked_on_now(app) {
        let [ada, mona, eve, _] = world(app).await;
        let site = app.project(&ada, "Website").await;
        app.put_in(&ada, &site, eve.user_id, false).await.expect(204);
        app.session(&eve, 1).await;
        app.session(&eve, 2).await;
        let before = report(app, &ada, "group_by=project").await;
        assert_eq!(figure(&before, "none", "worked_seconds"), 120);
        let path = format!("/api/v1/sessions/{}/project", id(1));
        app.put(&path, &eve.token, &json!({ "project_id": project_id(&site) })).await.expect(200);
        let after = report(app, &ada, "group_by=project").await;
        assert_eq!(figure(&after, project_id(&site), "label"), "Website");
        assert_eq!(figure(&after, project_id(&site), "worked_seconds"), 60);
        assert_eq!((figure(&after, "none", "worked_seconds"), &after["total"]["worked_seconds"]), (json!(60), &json!(120)));
        // Mona sees Eve, but does not know the project.
        let hers = report(app, &mona, "group_by=project").await;
        assert_eq!(figure(&hers, "other", "worked_seconds"), 60);
        assert!(!hers.to_string().contains("Website"), "{hers}");
        for group in ["person", "team", "day"] {
            let of_project = report(app, &ada, &format!("group_by={group}&project_id={}", project_id(&site))).await;
            assert_eq!((worked(&of_project), &of_project["total"]["worked_seconds"]), (60, &json!(60)), "{group}");
        }
    }

    async fn weeks_days_and_what_is_missing_of_them(app) {
        let [ada, mona, eve, _] = world(app).await;
        let map = app.get(&format!("/api/v1/reports/heatmap?{RANGE}"), &mona.token).await.expect(200);
        let cells = map["cells"].as_array().expect("cells");
        assert_eq!(cells.len(), 168);
        assert_eq!((&cells[10]["weekday"], &cells[10]["hour"], &cells[10]["active_seconds"]), (&json!(1), &json!(10), &json!(7_200)));
        assert_eq!(cells[24 + 11]["active_seconds"], 600, "Tuesday");

        // Real minutes: a pause of 26 minutes, a device that has dropped some.
        let device = app.device(&ada, eve.user_id).await;
        let span = |at: &str| json!({
            "session_id": id(9), "activity_type": "active", "started_at": at, "duration_seconds": 60,
        });
        let batch = json!({
            "device_id": device.device_id, "epoch": id(109), "clock": app.clock_now(), "items": [
                { "seq": 1, "item": { "session_started": { "session_id": id(9), "started_at": "2026-11-22T08:00:00.000Z" } } },
                { "seq": 2, "item": { "activity": span("2026-11-22T08:00:00.000Z") } },
                { "seq": 3, "item": { "activity": span("2026-11-22T08:01:00.000Z") } },
                { "seq": 4, "item": { "activity": span("2026-11-22T08:28:00.000Z") } },
                { "seq": 5, "item": { "counters": { "produced": 9, "stored": 4, "pending": 3, "dropped": { "too_old": 2 } } } },
            ],
        });
        app.post("/api/v1/sync", &device.secret, &batch).await.expect(200);
        let path = |least: i64| format!("/api/v1/reports/attendance?from=2026-11-22&to=2026-11-22&break_minutes={least}");
        let came = app.get(&path(26), &mona.token).await.expect(200);
        assert_eq!(came["items"].as_array().expect("a list").len(), 1, "{came}");
        assert_eq!(came["items"][0]["breaks"], json!([{ "from": "2026-11-22T08:02:00.000Z", "to": "2026-11-22T08:28:00.000Z" }]));
        assert_eq!((&came["items"][0]["name"], &came["items"][0]["worked_seconds"]), (&json!("Eve"), &json!(180)));
        assert_eq!((&came["items"][0]["first_input_at"], &came["items"][0]["last_input_at"]), (&json!("2026-11-22T08:00:00.000Z"), &json!("2026-11-22T08:29:00.000Z")));
        assert_eq!(app.get(&path(27), &mona.token).await.expect(200)["items"][0]["breaks"], json!([]));
        let whole = format!("/api/v1/reports/attendance?{RANGE}");
        let all = app.get(&whole, &mona.token).await.expect(200)["items"].clone();
        let first = app.get(&format!("{whole}&limit=2"), &mona.token).await.expect(200);
        let rest = app.get(&format!("{whole}&cursor={}", first["next_cursor"].as_str().expect("more")), &mona.token).await.expect(200);
        let both = [first["items"].as_array().expect("a list").clone(), rest["items"].as_array().expect("a list").clone()].concat();
        assert_eq!(Value::from(both), all);
        assert_eq!(all.as_array().expect("a list").len(), 4);

        let path = format!("/api/v1/reports/completeness?from=2026-11-22&to=2026-11-22&user_id={}", eve.user_id);
        let known = app.get(&path, &mona.token).await.expect(200)["items"][0].clone();
        // From 8 to 9 o'clock, which it is; three minutes are known.
        assert_eq!((&known["session_seconds"], &known["accounted_seconds"], &known["percent"]), (&json!(3_600), &json!(180), &json!(5.0)));
        assert_eq!((&known["devices"][0]["pending"], &known["devices"][0]["dropped"]), (&json!(3), &json!({ "too_old": 2 })));
        assert!(looked(app, &eve, "attendance").await >= 4 && looked(app, &eve, "completeness").await == 1);
    }

    async fn a_day_reported_is_what_its_spans_add_up_to(app) {
        let ada = app.set_up().await;
        for n in 1..=3 {
            app.session(&ada, n).await;
        }
        let spans: i64 = behind!(app.target(), |c| sqlx::query_scalar(
            "SELECT CAST(sum(duration_seconds) AS BIGINT) FROM activity_logs WHERE user_id = $1"
        ).bind(ada.user_id).fetch_one(&mut *c).await).expect("reads");
        for group in ["person", "team", "project", "application", "domain", "category", "day", "hour"] {
            let found = report(app, &ada, &format!("group_by={group}")).await;
            assert_eq!((found["total"]["active_seconds"].as_i64(), worked(&found)), (Some(spans), spans), "{group}");
        }
        assert_eq!(spans, 180);
        let map = app.get(&format!("/api/v1/reports/heatmap?{RANGE}"), &ada.token).await.expect(200);
        let cells = map["cells"].as_array().expect("cells");
        assert_eq!(cells.iter().filter_map(|cell| cell["active_seconds"].as_i64()).sum::<i64>(), spans);
    }

    async fn a_file_holds_names_as_words_and_never_as_formulas(app) {
        let ada = app.set_up().await;
        for (name, date) in [("=cmd|'/C calc'!A0", "2026-11-16"), ("@SUM(A1),\"x\"\nline", "2026-11-17"), ("+1", "2026-11-18")] {
            day(app, &ada, date, name, 9, [60, 0, 0]).await;
        }
        let path = |format: &str| format!("/api/v1/reports/export?format={format}&{RANGE}&group_by=application&sort=label");
        let file = app.get(&path("csv"), &ada.token).await;
        assert_eq!(file.status, 200, "{}", file.text);
        assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
        assert!(file.headers["content-disposition"].to_str().expect("ascii").starts_with("attachment"));
        let mut reader = csv::Reader::from_reader(file.text.as_bytes());
        let keys: Vec<String> = reader.records().map(|row| row.expect("a row")[0].to_owned()).collect();
        assert_eq!(keys, ["'+1", "'=cmd|'/C calc'!A0", "'@SUM(A1),\"x\"\nline"]);
        let book = app.send(app.request(reqwest::Method::GET, &path("xlsx")).bearer_auth(&ada.token)).await;
        assert_eq!(book.status, 200);
        assert!(book.text.starts_with("PK"));
        let pages = app.get(&path("pdf"), &ada.token).await;
        assert_eq!(pages.status, 200, "{}", pages.text);
        assert_eq!(pages.headers["content-type"], "application/pdf");
        assert!(pages.text.starts_with("%PDF-"));
        app.get(&path("docx"), &ada.token).await.problem(422, "validation");
    }
}
