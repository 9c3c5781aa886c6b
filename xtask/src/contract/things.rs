//! What the passes meet beside people and their work: an alert, notes, webhooks, files,
//! categories, schedules, tokens, invitations.
//!
//! Several of each: what one request removes, the next one still finds.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::{clock::now, cmd::Cmd, demo::api::Api, repo};

/// Of what one caller alone may change, so many each.
const OF_EACH: usize = 4;

/// Ids by the first word of the addresses that take them.
pub(super) type Ids = Vec<(&'static str, Vec<String>)>;

fn id(value: &Value) -> Result<String> {
    let found = value["id"].as_str();
    Ok(found
        .with_context(|| format!("no id in {value}"))?
        .to_owned())
}

fn several(make: impl Fn(usize) -> Result<Value>) -> Result<Vec<String>> {
    (0..OF_EACH).map(|n| id(&make(n)?)).collect()
}

/// What admins see to.
pub(super) fn of_admins(api: &Api, admin: &str, user: &str) -> Result<Ids> {
    let post = |path: &str, body: Value| api.post::<Value>(path, Some(admin), &body);
    Ok(vec![
        (
            "categories",
            several(|n| {
                let body = json!({ "name": format!("Craft {n}"), "kind": "productive" });
                post("/categories", body)
            })?,
        ),
        (
            "webhooks",
            several(|n| {
                let url = format!("https://hooks.example.org/{n}");
                let body = json!({ "url": url, "kinds": ["alert.opened"] });
                Ok(post("/webhooks", body)?["webhook"].take())
            })?,
        ),
        (
            "enrolment-tokens",
            several(|_| {
                post(
                    "/enrolment-tokens",
                    json!({ "user_id": user, "max_uses": 1 }),
                )
            })?,
        ),
        (
            "invitations",
            several(|n| {
                let email = format!("new-{n}@contract.example");
                Ok(post("/invitations", json!({ "email": email }))?["invitation"].take())
            })?,
        ),
    ])
}

/// What belongs to one caller: files and schedules.
pub(super) fn of_person(api: &Api, token: &str) -> Result<Ids> {
    let post = |path: &str, body: Value| api.post::<Value>(path, Some(token), &body);
    Ok(vec![
        (
            "exports",
            several(|_| {
                let body = json!({
                    "content": "report", "group_by": "day", "format": "csv",
                    "from": "2026-11-01", "to": "2026-11-02",
                });
                post("/exports", body)
            })?,
        ),
        (
            "report-schedules",
            several(|n| {
                let body = json!({
                    "name": format!("Each day, {n}"), "every": "day", "at": "06:00",
                    "group_by": "person", "format": "csv", "enabled": true,
                });
                post("/report-schedules", body)
            })?,
        ),
    ])
}

/// Notes of somebody about minutes of the last hour, from so many seconds ago on.
pub(super) fn notes(api: &Api, token: &str, ago: i64) -> Result<Vec<String>> {
    let begin = now().plus_seconds(-ago);
    (0..)
        .take(OF_EACH)
        .map(|n: i64| {
            let from = begin.plus_seconds(n * 120);
            let body = json!({ "from": from, "to": from.plus_seconds(60), "kind": "meeting" });
            id(&api.post::<Value>("/notes", Some(token), &body)?)
        })
        .collect()
}

/// Alerts of people who have done nothing for some minutes, once somebody has looked.
pub(super) fn alerts(
    api: &Api,
    admin: &str,
    data: &Path,
    database: Option<&str>,
) -> Result<Vec<String>> {
    let mut look = Cmd::new(
        repo::binary("debug", "workpulse-server")?,
        &["jobs", "run", "idle_detector", "--wait"],
    )
    .arg("--data-dir")
    .arg(data)
    .without_env("DATABASE_URL");
    for (name, _) in std::env::vars() {
        if name.starts_with("WORKPULSE_") {
            look = look.without_env(&name);
        }
    }
    if let Some(url) = database {
        look = look.env("DATABASE_URL", url);
    }
    look.capture()?;
    let found: Value = api.get("/alerts", Some(admin))?;
    let items = found["items"].as_array().context("no alerts")?;
    ensure!(!items.is_empty(), "nobody was found idle");
    items.iter().map(id).collect()
}
