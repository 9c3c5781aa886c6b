//! Projects: who may change them, what is booked on them, and what they add up to.

use serde_json::{Value, json};
use workpulse_server::store::{DatabaseTarget, checks};

use crate::{
    audit::actions,
    groups::{at, id, project_id},
    harness::{Answer, Enrolled, LoggedIn, TestApp},
};

async fn book(app: &TestApp, by: &LoggedIn, session: u32, project: &Value) -> Answer {
    let path = format!("/api/v1/sessions/{}/project", id(session));
    app.put(&path, &by.token, &json!({ "project_id": project }))
        .await
}

async fn names(app: &TestApp, person: &LoggedIn, query: &str) -> Vec<String> {
    let page = app
        .get(&format!("/api/v1/projects{query}"), &person.token)
        .await
        .expect(200);
    let items = page["items"].as_array().expect("a list").clone();
    items
        .iter()
        .map(|p| p["name"].as_str().expect("a name").to_owned())
        .collect()
}

async fn assert_checks_hold(app: &TestApp) {
    for outcome in checks::run(&app.state().store)
        .await
        .expect("the checks run")
    {
        assert_eq!(outcome.found, 0, "{}", outcome.counts);
    }
}

/// A batch of an agent: a session on a project, and its first minute.
async fn sync(app: &TestApp, device: &Enrolled, project: &str) -> Value {
    let batch = json!({
        "device_id": device.device_id, "epoch": id(99), "clock": at(0),
        "items": [
            { "seq": 1, "item": { "session_started": { "session_id": id(50), "project_id": project, "started_at": at(-120) } } },
            { "seq": 2, "item": { "activity": {
                "session_id": id(50), "activity_type": "active", "started_at": at(-120), "duration_seconds": 60,
            } } },
        ],
    });
    app.post("/api/v1/sync", &device.secret, &batch)
        .await
        .expect(200)
}

on_both_engines! {
    async fn people_choose_from_what_is_open_to_them(app) {
        let ada = app.set_up().await;
        let mona = app.person(&ada, "Mona", "manager").await;
        let eve = app.person(&ada, "Eve", "employee").await;
        app.post("/api/v1/projects", &ada.token, &json!({ "name": "Open" })).await.expect(201);
        let closed = app.project(&ada, "Closed").await;
        let own = app.project(&mona, "Monas").await;
        app.post("/api/v1/projects", &eve.token, &json!({ "name": "Eves" })).await.problem(403, "forbidden");
        assert_eq!(names(app, &ada, "").await, ["Closed", "Monas", "Open"]);
        assert_eq!(names(app, &mona, "").await, ["Monas", "Open"]);
        assert_eq!(names(app, &eve, "").await, ["Open"]);
        app.get(&closed, &eve.token).await.problem(404, "not-found");
        app.put_in(&ada, &closed, eve.user_id, false).await.expect(204);
        assert_eq!(names(app, &eve, "").await, ["Closed", "Open"]);
        let seen = app.get(&own, &mona.token).await.expect(200);
        assert_eq!((&seen["is_manager"], &seen["open_to_all"]), (&json!(true), &json!(false)));
        let clash = app.post("/api/v1/projects", &mona.token, &json!({ "name": "Open" })).await.problem(409, "conflict");
        assert!(clash["detail"].as_str().expect("words").contains("\"Open\""), "{clash}");
    }

    async fn a_project_is_changed_by_admins_and_by_those_who_manage_it(app) {
        let ada = app.set_up().await;
        let mona = app.person(&ada, "Mona", "manager").await;
        let otto = app.person(&ada, "Otto", "manager").await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let project = app.project(&mona, "Website").await;
        app.put_in(&ada, &project, eve.user_id, true).await.expect(204);
        let change = json!({ "name": "Site" });
        app.change(&project, &otto.token, &change).await.problem(404, "not-found");
        // Named its manager, but by role an employee: that has no effect.
        app.change(&project, &eve.token, &change).await.problem(403, "forbidden");
        assert_eq!(app.change(&project, &mona.token, &change).await.expect(200)["name"], "Site");
        assert_eq!(app.change(&project, &ada.token, &json!({ "open_to_all": true })).await.expect(200)["open_to_all"], true);
        app.change(&project, &otto.token, &change).await.problem(403, "forbidden");
        app.post("/api/v1/projects", &ada.token, &json!({ "name": "Taken" })).await.expect(201);
        app.change(&project, &mona.token, &json!({ "name": "Taken" })).await.problem(409, "conflict");
        let archived = app.change(&project, &mona.token, &json!({ "archived": true })).await.expect(200);
        assert_eq!(archived["archived_at"], at(0));
        app.clock.advance_seconds(5);
        assert_eq!(app.change(&project, &mona.token, &json!({ "archived": true })).await.expect(200), archived);
        assert_eq!(names(app, &mona, "").await, ["Taken"]);
        assert_eq!(names(app, &mona, "?archived=true").await, ["Site", "Taken"]);
        let restored = app.change(&project, &mona.token, &json!({ "archived": false })).await.expect(200);
        assert_eq!(restored["archived_at"], Value::Null);
        let acts: Vec<String> = actions(app).await.into_iter().filter(|a| a.starts_with("project.")).collect();
        assert_eq!(acts, [
            "project.created", "project.member_added", "project.changed", "project.changed",
            "project.created", "project.archived", "project.restored",
        ]);
    }

    async fn a_session_moves_as_a_whole_while_it_runs_and_after(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let peer = app.person(&ada, "Peer", "employee").await;
        let mona = app.person(&ada, "Mona", "manager").await;
        let website = app.project(&ada, "Website").await;
        let website = json!(project_id(&website));
        app.put_in(&ada, &format!("/api/v1/projects/{}", website.as_str().expect("an id")), eve.user_id, false).await.expect(204);
        let closed = app.project(&ada, "Closed").await;
        app.session(&eve, 1).await;

        let booked = book(app, &eve, 1, &website).await.expect(200);
        assert_eq!((&booked["project_id"], &booked["version"]), (&website, &json!(3)));
        assert_eq!(book(app, &eve, 1, &website).await.expect(200), booked, "the same again is no change");
        let view = app.get("/api/v1/presence", &eve.token).await.expect(200);
        assert_eq!(view["people"][0]["session"]["project_id"], website);

        for other in [json!(project_id(&closed)), json!(id(7))] {
            let problem = book(app, &eve, 1, &other).await.problem(422, "validation");
            assert_eq!(problem["fields"][0]["field"], "project_id");
        }
        let path = format!("/api/v1/sessions/{}/project", id(1));
        app.put(&path, &eve.token, &json!({})).await.problem(422, "validation");
        for stranger in [&peer, &mona] {
            book(app, stranger, 1, &Value::Null).await.problem(404, "not-found");
            book(app, stranger, 9, &Value::Null).await.problem(404, "not-found");
        }
        let team = app.team(&ada, "Engines").await;
        app.put_in(&ada, &team, mona.user_id, true).await.expect(204);
        app.put_in(&ada, &team, eve.user_id, false).await.expect(204);
        let before = actions(app).await.len();
        let removed = book(app, &mona, 1, &Value::Null).await.expect(200);
        assert_eq!((&removed["project_id"], &removed["version"]), (&Value::Null, &json!(4)));
        assert_eq!(actions(app).await[before..], ["look.session", "session.project_changed"]);

        let stop = format!("/api/v1/sessions/{}/stop", id(1));
        app.post(&stop, &eve.token, &json!({ "stopped_at": at(-500) })).await.expect(200);
        let booked = book(app, &eve, 1, &website).await.expect(200);
        assert_eq!((&booked["version"], &booked["status"]), (&json!(6), &json!("stopped")));
        assert_eq!(actions(app).await.len(), before + 2, "one's own are one's own");
        assert_checks_hold(app).await;
    }

    async fn an_archived_project_keeps_its_sessions_and_takes_no_more(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let made = app.post("/api/v1/projects", &ada.token, &json!({ "name": "Website" })).await.expect(201);
        let project = format!("/api/v1/projects/{}", made["id"].as_str().expect("an id"));
        app.session(&eve, 1).await;
        app.session(&ada, 2).await;
        book(app, &eve, 1, &made["id"]).await.expect(200);
        app.change(&project, &ada.token, &json!({ "archived": true })).await.expect(200);
        let refused = book(app, &ada, 2, &made["id"]).await.problem(409, "conflict");
        assert!(refused["detail"].as_str().expect("words").contains("\"Website\" has been archived"), "{refused}");
        let start = json!({ "session_id": id(3), "project_id": made["id"] });
        let refused = app.post("/api/v1/sessions/start", &eve.token, &start).await.problem(409, "conflict");
        assert!(refused["detail"].as_str().expect("words").contains("archived"), "{refused}");
        let start = json!({ "session_id": id(3), "project_id": id(77) });
        let refused = app.post("/api/v1/sessions/start", &eve.token, &start).await.problem(422, "validation");
        assert_eq!(refused["fields"][0]["field"], "project_id");
        let kept = app.get(&format!("/api/v1/sessions/{}", id(1)), &eve.token).await.expect(200);
        assert_eq!(kept["project_id"], made["id"]);
        let totals = app.get(&format!("{project}/totals?from=2026-11-22&to=2026-11-22"), &ada.token).await.expect(200);
        assert_eq!(totals["total"]["active_seconds"], 60);
        // Away from it is still possible.
        assert_eq!(book(app, &eve, 1, &Value::Null).await.expect(200)["project_id"], Value::Null);
    }

    async fn an_agents_minutes_are_kept_when_its_project_is_not_theirs(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let device = app.device(&ada, eve.user_id).await;
        let closed = app.project(&ada, "Closed").await;
        let answer = sync(app, &device, project_id(&closed)).await;
        assert_eq!(answer["results"], json!([
            { "seq": 1, "outcome": "stored", "reason": "unknown_project" },
            { "seq": 2, "outcome": "stored" },
        ]));
        assert_eq!(answer["sessions"][0]["project_id"], Value::Null);
        let session = app.get(&format!("/api/v1/sessions/{}", id(50)), &eve.token).await.expect(200);
        assert_eq!((&session["project_id"], &session["total_active_seconds"]), (&Value::Null, &json!(60)));
        let again = sync(app, &device, project_id(&closed)).await;
        assert_eq!(again["results"][0]["outcome"], "duplicate");

        let other = app.person(&ada, "Olga", "employee").await;
        let device = app.device(&ada, other.user_id).await;
        app.put_in(&ada, &closed, other.user_id, false).await.expect(204);
        let batch = json!({
            "device_id": device.device_id, "epoch": id(98), "clock": at(0),
            "items": [{ "seq": 1, "item": { "session_started": {
                "session_id": id(51), "project_id": project_id(&closed), "started_at": at(-120),
            } } }],
        });
        let answer = app.post("/api/v1/sync", &device.secret, &batch).await.expect(200);
        assert_eq!(answer["results"], json!([{ "seq": 1, "outcome": "stored" }]));
        assert_eq!(answer["sessions"][0]["project_id"], project_id(&closed));
        assert_checks_hold(app).await;
    }

    async fn totals_show_whom_one_sees_and_hide_the_few_whom_one_does_not(app) {
        let ada = app.set_up().await;
        let mona = app.person(&ada, "Mona", "manager").await;
        let made = app.post("/api/v1/projects", &ada.token, &json!({ "name": "Website" })).await.expect(201);
        let totals = format!("/api/v1/projects/{}/totals?from=2026-11-22&to=2026-11-22", made["id"].as_str().expect("an id"));
        let team = app.team(&ada, "Engines").await;
        app.put_in(&ada, &team, mona.user_id, true).await.expect(204);
        let mut people = Vec::new();
        for n in 0_u32..6 {
            let person = app.person(&ada, &format!("Person{n}"), "employee").await;
            app.session(&person, n).await;
            book(app, &person, n, &made["id"]).await.expect(200);
            people.push(person);
            if n == 0 {
                app.put_in(&ada, &team, people[0].user_id, false).await.expect(204);
                let all = app.get(&totals, &mona.token).await.expect(200);
                assert_eq!(all["total"], json!({ "sessions": 1, "active_seconds": 60, "idle_seconds": 0, "unobserved_seconds": 0 }));
            }
            let seen = app.get(&totals, &mona.token).await.expect(200);
            assert_eq!(seen["people"].as_array().expect("a list").len(), 1, "{seen}");
            assert_eq!(seen["people"][0]["name"], "Person0");
            // Five whom she does not see are enough to be counted together; fewer are not.
            assert_eq!(seen["total"].is_null(), (1..5).contains(&n), "{n}: {seen}");
        }
        let all = app.get(&totals, &ada.token).await.expect(200);
        assert_eq!(all["total"]["sessions"], 6);
        let (mut found, mut path) = (Vec::new(), format!("{totals}&limit=4"));
        loop {
            let page = app.get(&path, &ada.token).await.expect(200);
            found.extend(page["people"].as_array().expect("a list").iter().map(|p| p["user_id"].to_string()));
            let Some(next) = page["next_cursor"].as_str() else { break };
            path = format!("{totals}&limit=4&cursor={next}");
        }
        assert_eq!(found.len(), 6);
        let own = app.get(&totals, &people[3].token).await.expect(200);
        assert_eq!(own["people"][0]["user_id"], people[3].user_id.to_string());
        let day_before = totals.replace("-22&", "-21&").replace("to=2026-11-22", "to=2026-11-21");
        assert_eq!(app.get(&day_before, &ada.token).await.expect(200)["people"], json!([]));
        for wrong in ["from=2026-11-23&to=2026-11-22", "from=1900-01-01&to=2026-11-22", "from=yesterday&to=2026-11-22", "from=2026-02-30&to=2026-11-22"] {
            let path = totals.replace("from=2026-11-22&to=2026-11-22", wrong);
            app.get(&path, &ada.token).await.problem(422, "validation");
        }
    }

    async fn a_session_that_is_written_by_many_at_once_keeps_its_accounts(app) {
        let ada = app.set_up().await;
        let eve = app.person(&ada, "Eve", "employee").await;
        let mut projects = vec![Value::Null];
        for n in 0..3 {
            let made = app.post("/api/v1/projects", &ada.token, &json!({ "name": format!("P{n}") })).await.expect(201);
            projects.push(made["id"].clone());
        }
        app.session(&eve, 1).await;
        let activity = format!("/api/v1/sessions/{}/activity", id(1));
        let spans = futures_util::future::join_all((0_i64..8).map(|n| {
            let span = json!({ "seq": n + 2, "activity_type": "idle", "started_at": at(-540 + n * 60), "duration_seconds": 60 });
            let (activity, eve) = (&activity, &eve);
            async move { app.post(activity, &eve.token, &span).await }
        }));
        let books = futures_util::future::join_all((0..16).map(|n| {
            let (by, project) = (if n % 2 == 0 { &eve } else { &ada }, &projects[n % 4]);
            book(app, by, 1, project)
        }));
        let (spans, books) = futures_util::future::join(spans, books).await;
        for answer in spans.iter().chain(&books) {
            // A race that was lost too often says so, and nothing of it was written.
            assert!(matches!(answer.status.as_u16(), 200 | 201 | 503), "{}", answer.text);
        }
        assert!(books.iter().any(|answer| answer.status == 200));
        assert_checks_hold(app).await;
    }
}

#[tokio::test]
async fn a_session_that_never_stands_still_is_given_up_with_503() {
    let app = TestApp::sqlite().await;
    let ada = app.set_up().await;
    let made = app
        .post(
            "/api/v1/projects",
            &ada.token,
            &json!({ "name": "Website" }),
        )
        .await
        .expect(201);
    app.session(&ada, 1).await;
    // Somebody always comes first: the update finds another version than was read.
    let DatabaseTarget::File(file) = app.target() else {
        unreachable!("it is a file")
    };
    let file = rusqlite::Connection::open(file).expect("opens");
    file.execute_batch(
        "CREATE TRIGGER always_first BEFORE UPDATE OF project_id ON work_sessions
         BEGIN SELECT RAISE(IGNORE); END",
    )
    .expect("made");
    let answer = book(&app, &ada, 1, &made["id"]).await;
    answer.problem(503, "unavailable");
    assert!(answer.headers.contains_key("retry-after"));
    file.execute_batch("DROP TRIGGER always_first")
        .expect("gone");
    drop(file);
    assert_eq!(
        book(&app, &ada, 1, &made["id"]).await.expect(200)["version"],
        3
    );
    app.close().await;
}
