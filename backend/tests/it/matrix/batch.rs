//! Ids that are not in a path: items of a batch, ids that clients make.

use serde_json::{Value, json};
use uuid::Uuid;
use workpulse_server::clock::{Clock as _, SystemClock};

use super::{database, row::Thing, world::World};
use crate::harness::{Answer, BEGINNING, TestApp};

fn at(seconds: i64) -> String {
    BEGINNING.plus_seconds(seconds).to_string()
}

/// What a device is told about these items, sent under a fresh epoch.
async fn told(app: &TestApp, device: Uuid, secret: &str, items: &[Value]) -> Value {
    let items: Vec<Value> = items
        .iter()
        .zip(1..)
        .map(|(item, seq)| json!({ "seq": seq, "item": item }))
        .collect();
    let batch = json!({ "device_id": device, "epoch": SystemClock.new_uuid(), "clock": at(0), "items": items });
    app.post("/api/v1/sync", secret, &batch).await.expect(200)["results"].take()
}

/// Eve's device names sessions of others in its items: another organization's are like ids that
/// nobody has, a colleague's are not touched either.
pub(super) async fn ids_in_items_and_bodies(app: &TestApp, world: &World) {
    let session_of = |name: &str| world.person(name).things[&Thing::Session];
    let elsewhere = world.elsewhere("eve");
    let ada = &world.person("ada").token;
    let bens = format!("/api/v1/sessions/{}", session_of("ben"));
    let other = world.database.digest(Some(elsewhere)).await;
    let ben = app.get(&bens, ada).await.expect(200);

    let mut outcomes = Vec::new();
    for session in [SystemClock.new_uuid(), session_of("hal"), session_of("ben")] {
        // A device each, so that all may speak of the same minutes.
        let (device, secret) = world.enrol(app, "eve").await;
        let span = |session: Uuid, from: i64| {
            json!({ "activity": {
            "session_id": session, "activity_type": "active", "started_at": at(from), "duration_seconds": 60,
        } })
        };
        let stopped = json!({ "session_stopped": { "session_id": session, "stopped_at": at(0) } });
        let unknown = told(
            app,
            device,
            &secret,
            &[span(session, -600), stopped.clone()],
        )
        .await;
        let started =
            json!({ "session_started": { "session_id": session, "started_at": at(-300) } });
        let begun = told(
            app,
            device,
            &secret,
            &[started, span(session, -300), stopped],
        )
        .await;
        let project = json!({ "session_started": {
            "session_id": SystemClock.new_uuid(), "started_at": at(-60), "project_id": session,
        } });
        let project = told(app, device, &secret, &[project]).await;
        outcomes.push((unknown, begun, project));
    }
    assert_eq!(
        outcomes[0], outcomes[1],
        "another organization's session is like none"
    );
    assert_eq!(outcomes[0].0[0]["reason"], "unknown_session");
    assert_eq!(
        outcomes[0].1[0]["outcome"], "stored",
        "the id is free in Eve's organization"
    );
    for result in outcomes[2]
        .0
        .as_array()
        .into_iter()
        .chain(outcomes[2].1.as_array())
        .flatten()
    {
        assert_eq!(
            result["outcome"], "rejected",
            "a colleague's session: {:?}",
            outcomes[2]
        );
    }
    assert_eq!(
        app.get(&bens, ada).await.expect(200),
        ben,
        "it is as it was"
    );

    // The same at a keyboard.
    let eve = &world.person("eve").token;
    let grace = world.person("grace").things[&Thing::Session];
    for session in [SystemClock.new_uuid(), grace] {
        let request = json!({ "session_id": session, "started_at": at(-8 * 86_400) });
        let made = app
            .post("/api/v1/sessions/start", eve, &request)
            .await
            .expect(201);
        assert_eq!(made["outcome"], "stored");
    }
    let request = json!({ "session_id": session_of("ben") });
    app.post("/api/v1/sessions/start", eve, &request)
        .await
        .problem(404, "not-found");

    projects_in_items(app, world).await;
    categories_in_rules(app, world).await;
    devices_that_are_enrolled(app, world).await;

    let after = world.database.digest(Some(elsewhere)).await;
    assert_eq!(
        database::changed(&other, &after),
        Vec::<&str>::new(),
        "of the other organization"
    );
}

/// A device's session on another organization's project is kept without it, as on one that nobody
/// has and on a colleague's that is closed to the person.
async fn projects_in_items(app: &TestApp, world: &World) {
    let project_of = |name: &str| world.person(name).things[&Thing::Project];
    let eve = &world.person("eve").token;
    for project in [SystemClock.new_uuid(), project_of("hal"), project_of("ben")] {
        let (device, secret) = world.enrol(app, "eve").await;
        let session = SystemClock.new_uuid();
        let started = json!({ "session_started": {
            "session_id": session, "started_at": at(-60), "project_id": project,
        } });
        let told = told(app, device, &secret, &[started]).await;
        assert_eq!(told[0]["outcome"], "stored", "{told}");
        assert_eq!(told[0]["reason"], "unknown_project", "{told}");
        let path = format!("/api/v1/sessions/{session}");
        let kept = app.get(&path, eve).await.expect(200);
        assert_eq!(kept["project_id"], Value::Null);
    }
}

/// A rule that names another organization's category is answered like one that names none.
async fn categories_in_rules(app: &TestApp, world: &World) {
    let ada = &world.person("ada").token;
    let rules = app.get("/api/v1/category-rules", ada).await.expect(200);
    let with = |category: Uuid| json!([{ "application": "Editor", "category_id": category }]);
    let mut said = Vec::new();
    for category in [
        SystemClock.new_uuid(),
        world.person("hal").things[&Thing::Category],
    ] {
        let request = json!({ "version": rules["version"], "rules": with(category) });
        let put = app.put("/api/v1/category-rules", ada, &request).await;
        let request = json!({ "rules": with(category), "days": 7 });
        let preview = app
            .post("/api/v1/category-rules/preview", ada, &request)
            .await;
        let of = |answer: Answer| answer.problem(422, "validation");
        said.push((of(put), of(preview)));
    }
    assert_eq!(
        said[0], said[1],
        "another organization's category is like none"
    );
    let good = json!({ "rules": with(world.person("eve").things[&Thing::Category]), "days": 7 });
    app.post("/api/v1/category-rules/preview", ada, &good)
        .await
        .expect(200);
}

/// A device is enrolled under an id that another organization's device has as under any other;
/// that one goes on as it was. In its own organization an id is taken.
async fn devices_that_are_enrolled(app: &TestApp, world: &World) {
    let device_of = |name: &str| world.person(name).things[&Thing::Device];
    let hals = world.enrol_as(app, "eve", device_of("hal")).await;
    assert_ne!(hals.1, world.person("hal").device_secret);
    let heartbeat = json!({
        "device_id": hals.0, "epoch": SystemClock.new_uuid(), "clock": at(0), "items": [],
    });
    app.post("/api/v1/sync", &hals.1, &heartbeat)
        .await
        .expect(200);
    app.get("/api/v1/policy", &world.person("hal").device_secret)
        .await
        .expect(200);
    let token = world.make_enrolment_token(app, "eve").await.1;
    let request = json!({
        "token": token, "device_id": device_of("ben"), "name": "desk", "os": "Debian 12", "agent_version": "0.1.0",
    });
    app.post("/api/v1/devices/enrol", "", &request)
        .await
        .problem(409, "conflict");
    // The same of one's own, without a token.
    let eve = &world.person("eve").token;
    let own = |id: Uuid| json!({ "device_id": id, "name": "desk", "os": "Debian 12", "agent_version": "0.1.0" });
    let bens = own(device_of("ben"));
    let answer = app.post("/api/v1/devices", eve, &bens).await;
    answer.problem(409, "conflict");
    let answer = app.post("/api/v1/devices", eve, &own(hals.0)).await;
    let again = answer.expect(201);
    assert_ne!(again["device_secret"], world.person("hal").device_secret);
    app.get("/api/v1/policy", &world.person("hal").device_secret)
        .await
        .expect(200);
}
