//! Files that are made meanwhile: whole, once, for who asked, of whom they see.

use std::{
    io::{Cursor, Read as _},
    sync::atomic::{AtomicUsize, Ordering},
};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shared_types::{ExportId, OrganizationId};
use uuid::Uuid;
use workpulse_server::{
    reports::exports::{Made, make},
    rights::erase,
    store::exports::{self, Attempt, Piece},
};

use crate::{
    groups::id,
    harness::{LoggedIn, TestApp},
    raw::behind,
    summaries,
};

/// A worker comes by and makes what was asked for.
async fn work(app: &TestApp) {
    let worker = summaries::worker(app, &["exports"]).await;
    worker.turn().await.expect("worked");
}

/// A file is made at once. The clock stands still, and a second job of the same moment is none.
pub(crate) async fn finish(app: &TestApp, organization: Uuid, export: Uuid) {
    let (store, clock) = (&app.state().store, &*app.state().clock);
    let (organization, export) = (OrganizationId(organization), ExportId(export));
    let made = make(store, clock, organization, export, &|_| false).await;
    assert!(matches!(made, Ok(Made::Done(_))), "{made:?}");
}

async fn ask(app: &TestApp, who: &LoggedIn, change: Value) -> Value {
    let mut request = json!({
        "content": "activity", "format": "csv", "from": "2026-11-22", "to": "2026-11-22",
    });
    for (field, value) in change.as_object().expect("fields") {
        request[field] = value.clone();
    }
    app.post("/api/v1/exports", &who.token, &request)
        .await
        .expect(202)
}

fn path(export: &Value) -> String {
    format!("/api/v1/exports/{}", export["id"].as_str().expect("an id"))
}

async fn bytes(app: &TestApp, who: &LoggedIn, path: &str) -> Vec<u8> {
    let request = app.request(Method::GET, path).bearer_auth(&who.token);
    let answer = request.send().await.expect("answered");
    assert_eq!(answer.status(), StatusCode::OK);
    answer.bytes().await.expect("whole").to_vec()
}

async fn handed_out(app: &TestApp, who: &LoggedIn) -> usize {
    let page = app.get("/api/v1/me/looks", &who.token).await.expect(200);
    let looks = page["items"].as_array().expect("a list");
    looks
        .iter()
        .filter(|look| look["looked_at"] == "exported_file")
        .count()
}

async fn pieces(app: &TestApp) -> i64 {
    behind!(app.target(), |c| sqlx::query_scalar(
        "SELECT count(*) FROM export_chunks"
    )
    .fetch_one(&mut *c)
    .await)
    .expect("counted")
}

/// Ada is admin, Mona manages Eve's team, Zoe is in nobody's; each has a minute.
async fn world(app: &TestApp) -> [LoggedIn; 4] {
    let ada = app.set_up().await;
    let mona = app.person(&ada, "Mona", "manager").await;
    let eve = app.person(&ada, "Eve", "employee").await;
    let formula = json!({ "name": "=Eve" });
    app.patch(
        &format!("/api/v1/users/{}", eve.user_id),
        &ada.token,
        &formula,
    )
    .await
    .expect(200);
    let zoe = app.person(&ada, "Zoe", "employee").await;
    let team = app.team(&ada, "Blue").await;
    app.put_in(&ada, &team, mona.user_id, true)
        .await
        .expect(204);
    app.put_in(&ada, &team, eve.user_id, false)
        .await
        .expect(204);
    for (n, who) in [(1, &mona), (2, &eve), (3, &zoe)] {
        app.session(who, n).await;
    }
    [ada, mona, eve, zoe]
}

/// Minutes of a person with long titles, so that their file has several pieces.
async fn long_titles(app: &TestApp, admin: &LoggedIn, who: &LoggedIn, n: u32, minutes: u32) {
    let device = app.device(admin, who.user_id).await;
    let start = app.clock_now().plus_seconds(-i64::from(minutes) * 60);
    let mut items = vec![
        json!({ "seq": 1, "item": { "session_started": { "session_id": id(n), "started_at": start } } }),
    ];
    for minute in 0..minutes {
        items.push(json!({ "seq": minute + 2, "item": { "activity": {
            "session_id": id(n), "activity_type": "active", "duration_seconds": 60,
            "started_at": start.plus_seconds(i64::from(minute) * 60),
            "application": "Editor", "title": format!("{minute} {}", "x".repeat(900)),
        } } }));
    }
    let batch = json!({ "device_id": device.device_id, "epoch": id(n + 1_000), "clock": app.clock_now(), "items": items });
    app.post("/api/v1/sync", &device.secret, &batch)
        .await
        .expect(200);
}

on_both_engines! {
    async fn a_file_is_made_of_whom_one_sees_and_handed_out_to_who_asked(app) {
        let [ada, mona, eve, zoe] = world(app).await;
        let export = ask(app, &mona, json!({})).await;
        assert_eq!((&export["state"], &export["rows_total"]), (&json!("waiting"), &Value::Null));
        let (path, file) = (path(&export), format!("{}/file", path(&export)));
        app.get(&file, &mona.token).await.problem(409, "conflict");
        assert_eq!(handed_out(app, &eve).await, 0, "nothing was shown yet");
        work(app).await;
        let done = app.get(&path, &mona.token).await.expect(200);
        assert_eq!((&done["state"], &done["rows_done"], &done["rows_total"]), (&json!("done"), &json!(2), &json!(2)), "{done}");
        let answer = app.get(&file, &mona.token).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.headers["content-type"], "text/csv; charset=utf-8");
        assert_eq!(answer.headers["content-disposition"], "attachment; filename=\"workpulse-activity-2026-11-22-2026-11-22.csv\"");
        assert_eq!(done["bytes"], answer.text.len());
        let lines: Vec<&str> = answer.text.lines().collect();
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert!(lines[0].starts_with("user_id,name,started_at,local_time,"), "{lines:?}");
        assert!(answer.text.contains(",'=Eve,2026-11-22T08:48:00.000Z,2026-11-22 09:48:00,60,active,,canary-2,"), "{}", answer.text);
        assert!(!answer.text.contains(&zoe.user_id.to_string()), "out of sight");
        assert_eq!((handed_out(app, &eve).await, handed_out(app, &zoe).await), (1, 0));
        // Nobody else's, not even an admin's.
        for who in [&ada, &eve] {
            app.get(&path, &who.token).await.problem(404, "not-found");
            app.get(&file, &who.token).await.problem(404, "not-found");
            app.delete(&path, &who.token).await.problem(404, "not-found");
        }
        app.delete(&path, &mona.token).await.expect(204);
        app.get(&file, &mona.token).await.problem(404, "not-found");
        assert_eq!(pieces(app).await, 0, "the file went with it");
    }

    async fn a_report_as_a_file_is_the_report_that_is_streamed(app) {
        let [_, mona, ..] = world(app).await;
        let range = "from=2026-11-16&to=2026-11-22&group_by=person&compare=true";
        let streamed = bytes(app, &mona, &format!("/api/v1/reports/export?format=csv&{range}")).await;
        let change = |format: &str| json!({
            "content": "report", "format": format, "from": "2026-11-16", "group_by": "person", "compare": true,
        });
        let (csv, xlsx) = (ask(app, &mona, change("csv")).await, ask(app, &mona, change("xlsx")).await);
        work(app).await;
        assert_eq!(bytes(app, &mona, &format!("{}/file", path(&csv))).await, streamed);
        assert!(streamed.len() > 100);
        let streamed = bytes(app, &mona, &format!("/api/v1/reports/export?format=xlsx&{range}")).await;
        for book in [streamed, bytes(app, &mona, &format!("{}/file", path(&xlsx))).await] {
            let mut zip = zip::ZipArchive::new(Cursor::new(book)).expect("a zip");
            let mut page = String::new();
            zip.by_name("xl/worksheets/sheet1.xml").expect("a page").read_to_string(&mut page).expect("text");
            assert!(page.contains("'=Eve") && page.contains("<v>60</v>") && !page.contains("<f>"), "{page}");
        }
        let page = app.get("/api/v1/exports?limit=1", &mona.token).await.expect(200);
        assert_eq!(page["items"][0]["id"], xlsx["id"], "newest first");
        let rest = app.get(&format!("/api/v1/exports?cursor={}", page["next_cursor"].as_str().expect("more")), &mona.token).await.expect(200);
        assert_eq!((&rest["items"][0]["id"], &rest["next_cursor"]), (&csv["id"], &Value::Null));
        let pdf = ask(app, &mona, change("pdf")).await;
        work(app).await;
        assert!(bytes(app, &mona, &format!("{}/file", path(&pdf))).await.starts_with(b"%PDF-"));
        let activity = json!({ "content": "activity", "format": "pdf", "from": "2026-11-16", "to": "2026-11-22" });
        app.post("/api/v1/exports", &mona.token, &activity).await.problem(422, "validation");
    }

    async fn an_attempt_that_dies_leaves_nothing_in_the_file_of_the_next(app) {
        let [ada, mona, eve, _] = world(app).await;
        long_titles(app, &ada, &eve, 50, 700).await;
        long_titles(app, &ada, &mona, 51, 700).await;
        let (one, two) = (ask(app, &mona, json!({ "from": "2026-11-21" })).await, ask(app, &mona, json!({ "from": "2026-11-21" })).await);
        let export = ExportId(one["id"].as_str().expect("an id").parse::<Uuid>().expect("an id"));
        let state = app.state();
        // Stops before the second person, when pieces of the first are written.
        let asked = AtomicUsize::new(0);
        let stops = |_: String| asked.fetch_add(1, Ordering::Relaxed) >= 1;
        let made = make(&state.store, &*state.clock, ada.organization_id, export, &stops).await.expect("tried");
        assert_eq!(made, Made::Left);
        let left = app.get(&path(&one), &mona.token).await.expect(200);
        assert_eq!((&left["state"], &left["rows_done"], &left["rows_total"]), (&json!("running"), &json!(701), &json!(1_402)), "{left}");
        assert!(pieces(app).await >= 1);
        app.get(&format!("{}/file", path(&one)), &mona.token).await.problem(409, "conflict");
        work(app).await;
        let files = [bytes(app, &mona, &format!("{}/file", path(&one))).await, bytes(app, &mona, &format!("{}/file", path(&two))).await];
        assert_eq!(files[0].len(), files[1].len());
        assert!(files[0] == files[1], "the same, whatever died on the way");
        assert_eq!(String::from_utf8(files[0].clone()).expect("text").lines().count(), 1_403);
    }

    async fn a_worker_that_only_slept_writes_into_nobodys_file(app) {
        let [ada, mona, ..] = world(app).await;
        let asked = ask(app, &mona, json!({})).await;
        let export = ExportId(asked["id"].as_str().expect("an id").parse::<Uuid>().expect("an id"));
        let state = app.state();
        let slept = Attempt { id: export, attempt: Uuid::from_u128(70) };
        let mut tx = state.store.tenant(ada.organization_id).begin().await.expect("begun");
        exports::begin(&mut tx, slept).await.expect("written").expect("there");
        tx.commit().await.expect("committed");
        work(app).await;
        let before = bytes(app, &mona, &format!("{}/file", path(&asked))).await;
        let mut tx = state.store.tenant(ada.organization_id).begin().await.expect("begun");
        let piece = Piece { position: 9, bytes: b"late", rows_done: 9, bytes_done: 9 };
        assert!(!exports::append(&mut tx, slept, piece, state.clock.now()).await.expect("asked"));
        assert!(!exports::note(&mut tx, slept, &[], 9).await.expect("asked"));
        tx.commit().await.expect("committed");
        assert_eq!(bytes(app, &mona, &format!("{}/file", path(&asked))).await, before);
    }

    async fn a_file_goes_with_its_time_with_sight_and_with_whoever_is_in_it(app) {
        let [ada, mona, eve, zoe] = world(app).await;
        let (hers, all) = (ask(app, &mona, json!({})).await, ask(app, &ada, json!({})).await);
        let not_hers = ask(app, &ada, json!({ "user_id": zoe.user_id })).await;
        work(app).await;
        let team = app.get("/api/v1/teams", &ada.token).await.expect(200)["items"][0]["id"].clone();
        let member = format!("/api/v1/teams/{}/members/{}", team.as_str().expect("an id"), eve.user_id);
        app.delete(&member, &ada.token).await.expect(204);
        app.get(&format!("{}/file", path(&hers)), &mona.token).await.problem(409, "conflict");
        assert_eq!(handed_out(app, &eve).await, 0);

        let request = json!({ "email": "eve@acme.test" });
        app.post(&format!("/api/v1/users/{}/erase", eve.user_id), &ada.token, &request).await.expect(202);
        erase::run_all(&app.state().store, &*app.state().clock, || false).await.expect("erased");
        app.get(&path(&all), &ada.token).await.problem(404, "not-found");
        app.get(&path(&hers), &mona.token).await.problem(404, "not-found");
        bytes(app, &ada, &format!("{}/file", path(&not_hers))).await;
        assert_eq!(pieces(app).await, 1);

        app.clock.advance_seconds(7 * 86_400 + 3_600);
        let ada = app.log_in("ada@acme.test").await;
        app.get(&path(&not_hers), &ada.token).await.problem(404, "not-found");
        let worker = summaries::worker(app, &["retention"]).await;
        app.clock.advance_seconds(3_600);
        worker.turn().await.expect("worked");
        assert_eq!(pieces(app).await, 0, "removed by the job");
    }

    async fn what_does_not_go_together_is_refused_by_field(app) {
        let [_, mona, _, zoe] = world(app).await;
        let activity = json!({ "content": "activity", "format": "csv", "from": "2026-11-01", "to": "2026-11-22" });
        for (field, value, wrong) in [
            ("group_by", json!("day"), "group_by"), ("compare", json!(true), "compare"),
            ("from", json!("2025-11-01"), "to"), ("to", json!("2026-10-01"), "to"), ("from", json!("soon"), "from"),
            ("content", json!("report"), "group_by"), ("project_id", json!(id(5)), "project_id"),
        ] {
            let mut request = activity.clone();
            request[field] = value;
            let problem = app.post("/api/v1/exports", &mona.token, &request).await.problem(422, "validation");
            assert_eq!(problem["fields"][0]["field"], wrong, "{request}: {problem}");
        }
        let mut request = activity.clone();
        request["user_id"] = json!(zoe.user_id);
        app.post("/api/v1/exports", &mona.token, &request).await.problem(404, "not-found");
        let page = app.get("/api/v1/exports", &mona.token).await.expect(200);
        assert_eq!(page["items"], json!([]), "nothing was kept");
    }
}
