//! Every route, asked with another organization's ids in every place.

use reqwest::Method;
use rusqlite::Connection;
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;
use workpulse_server::{
    clock::{Clock as _, SystemClock},
    http::pipeline,
    store::{Store, wall::OF_THE_SERVER},
};

use super::seeds::tables;
use crate::harness::{LoggedIn, TestApp};

/// What is known of the other organization, to be asked for by its ids.
pub(super) struct Theirs {
    pub(super) organization: Uuid,
    ids: Vec<Uuid>,
    words: Vec<String>,
}

pub(crate) async fn work(app: &TestApp, who: &LoggedIn, word: &str) -> Uuid {
    let session = SystemClock.new_uuid();
    let start = json!({ "session_id": session, "started_at": "2026-11-22T08:58:00.000Z" });
    app.post("/api/v1/sessions/start", &who.token, &start)
        .await
        .expect(201);
    let span = json!({
        "seq": 1, "activity_type": "active", "started_at": "2026-11-22T08:58:00.000Z",
        "duration_seconds": 60, "application": word,
    });
    let path = format!("/api/v1/sessions/{session}/activity");
    app.post(&path, &who.token, &span).await.expect(201);
    session
}

pub(super) async fn another(app: &TestApp) -> Theirs {
    let grace = app.another_organization("grace@canary.test").await;
    let device = app.device(&grace, grace.user_id).await;
    let token = app.enrolment_token(&grace, grace.user_id, 1).await;
    let token: Uuid = token["id"]
        .as_str()
        .expect("a text")
        .parse()
        .expect("an id");
    let session = work(app, &grace, "canary-app").await;
    let ids = vec![
        grace.user_id.uuid(),
        device.device_id.uuid(),
        token,
        session,
        grace.organization_id.uuid(),
    ];
    let words = ids
        .iter()
        .map(Uuid::to_string)
        .chain(["Grace", "canary"].map(str::to_owned))
        .collect();
    Theirs {
        organization: grace.organization_id.uuid(),
        ids,
        words,
    }
}

/// Asks for everything that can be read, with each of their ids in each place; what of theirs
/// came back.
pub(super) async fn leaks(app: &TestApp, caller: &LoggedIn, theirs: &Theirs) -> Vec<String> {
    let document = serde_json::to_value(pipeline::document()).expect("JSON");
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        let operation = &item["get"];
        if operation.is_null()
            || path.ends_with("/ws")
            || !path.starts_with("/api/v1")
            || path.contains("openapi")
        {
            continue;
        }
        let takes_person = operation["parameters"]
            .as_array()
            .is_some_and(|all| all.iter().any(|p| p["name"] == "user_id"));
        let mut addresses = Vec::new();
        for id in &theirs.ids {
            let mut filled = String::new();
            for part in path.split('/').skip(1) {
                filled.push('/');
                filled.push_str(&if part.starts_with('{') {
                    id.to_string()
                } else {
                    part.to_owned()
                });
            }
            addresses.push(if takes_person {
                format!("{filled}?user_id={id}")
            } else {
                filled.clone()
            });
            addresses.push(filled);
        }
        addresses.sort();
        addresses.dedup();
        for address in addresses {
            let asked = if address.contains("/events") {
                format!("{address}?after=0")
            } else {
                address
            };
            let answer = app.get(&asked, &caller.token).await;
            assert!(answer.status.as_u16() < 500, "{asked}: {}", answer.text);
            let echo = asked.to_lowercase();
            for word in theirs
                .words
                .iter()
                .filter(|word| !echo.contains(&word.to_lowercase()))
            {
                if answer.text.contains(word.as_str()) {
                    found.push(format!("{asked} shows {word}"));
                }
            }
            // An id that was asked for comes back in an answer that found something only.
            if answer.status.as_u16() == 200
                && theirs
                    .words
                    .iter()
                    .any(|word| answer.text.contains(word.as_str()))
            {
                found.push(format!("{asked} finds what is theirs"));
            }
        }
    }
    found
}

/// Every row of an organization, table by table, as the owner of the database sees it.
pub(super) async fn rows(app: &TestApp, organization: Uuid) -> Vec<(String, String)> {
    match &app.state().store {
        Store::Sqlite(engine) => rows_of_file(
            &Connection::open(engine.path()).expect("opens"),
            organization,
        ),
        Store::Postgres(_) => rows_of_server(&mut app.owner().await, organization).await,
    }
}

fn condition(table: &str, organization: &str) -> String {
    match table {
        "organizations" => format!("id = {organization}"),
        "rejected_items" => format!(
            "stream_id IN (SELECT id FROM sync_streams WHERE organization_id = {organization})"
        ),
        _ => format!("organization_id = {organization}"),
    }
}

fn rows_of_file(file: &Connection, organization: Uuid) -> Vec<(String, String)> {
    let texts = |sql: &str| -> Vec<String> {
        let mut statement = file.prepare(sql).expect("prepares");
        let width = statement.column_count();
        let rows = statement.query_map([], |row| {
            (0..width)
                .map(|at| {
                    row.get::<_, rusqlite::types::Value>(at)
                        .map(|v| format!("{v:?}"))
                })
                .collect::<Result<String, _>>()
        });
        rows.expect("reads")
            .map(|row| row.expect("a row"))
            .collect()
    };
    let names: Vec<String> = {
        let mut statement = file
            .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
            .expect("prepares");
        let rows = statement.query_map([], |row| row.get(0)).expect("reads");
        rows.map(|row| row.expect("a row")).collect()
    };
    let key = format!("x'{}'", organization.simple());
    names
        .into_iter()
        .filter(|name| !OF_THE_SERVER.contains(&name.as_str()))
        .map(|name| {
            let text = format!("SELECT * FROM {name} WHERE {}", condition(&name, &key));
            let mut found = texts(&text);
            found.sort();
            (name, found.join("\n"))
        })
        .collect()
}

async fn rows_of_server(owner: &mut PgConnection, organization: Uuid) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for table in tables(owner).await {
        let condition = condition(&table.name, &format!("'{organization}'"));
        let text = format!(
            "SELECT COALESCE(string_agg(t::text, E'\\n' ORDER BY t::text), '') FROM {} t WHERE {condition}",
            table.name
        );
        let found = sqlx::query_scalar(sqlx::AssertSqlSafe(text))
            .fetch_one(&mut *owner)
            .await
            .expect("reads");
        all.push((table.name, found));
    }
    all
}

/// Every way to change something, with their ids in it.
pub(super) async fn attack(
    app: &TestApp,
    caller: &LoggedIn,
    theirs: &Theirs,
) -> Vec<(String, u16)> {
    let document = serde_json::to_value(pipeline::document()).expect("JSON");
    let mut outcomes = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        if !path.contains('{') || !path.starts_with("/api/v1") {
            continue;
        }
        for method in [Method::DELETE, Method::PUT, Method::PATCH, Method::POST] {
            if item[method.as_str().to_lowercase()].is_null() {
                continue;
            }
            for id in &theirs.ids {
                let address: String = path
                    .split('/')
                    .map(|part| {
                        if part.starts_with('{') {
                            id.to_string()
                        } else {
                            part.to_owned()
                        }
                    })
                    .collect::<Vec<_>>()
                    .join("/");
                for body in bodies(id) {
                    let request = app
                        .request(method.clone(), &address)
                        .bearer_auth(&caller.token)
                        .json(&body);
                    let answer = app.send(request).await;
                    outcomes.push((format!("{method} {address}"), answer.status.as_u16()));
                }
            }
        }
    }
    for id in &theirs.ids {
        let terms = json!({ "user_id": id, "max_uses": 1 });
        let answer = app
            .post("/api/v1/enrolment-tokens", &caller.token, &terms)
            .await;
        outcomes.push((format!("a token for {id}"), answer.status.as_u16()));
    }
    outcomes
}

fn bodies(id: &Uuid) -> [Value; 5] {
    [
        json!({}),
        json!({ "name": "mine now" }),
        json!({ "user_id": id }),
        json!({ "is_manager": true }),
        json!({
            "seq": 2, "activity_type": "active", "started_at": "2026-11-22T08:59:00.000Z", "duration_seconds": 60,
        }),
    ]
}

on_both_engines! {
    async fn no_route_shows_or_changes_anything_of_another_organization(app) {
        let ada = app.set_up().await;
        work(app, &ada, "ours").await;
        let theirs = another(app).await;
        let before = rows(app, theirs.organization).await;
        let filled = before.iter().filter(|(_, rows)| !rows.is_empty()).count();
        assert!(filled >= 10, "only {filled} tables have anything of theirs");
        assert_eq!(leaks(app, &ada, &theirs).await, Vec::<String>::new());
        for (what, status) in attack(app, &ada, &theirs).await {
            assert!((400..500).contains(&status), "{what}: {status}");
        }
        assert_eq!(rows(app, theirs.organization).await, before);
    }
}
