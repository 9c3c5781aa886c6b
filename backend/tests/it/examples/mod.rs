//! The examples of docs/API.md, done by a real server, so that they cannot go stale.
//!
//! `UPDATE_DOCS=1` writes the answers anew; what they leave out they go on leaving out.

mod block;
mod compare;

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::Value;
use workpulse_server::{
    http::pipeline,
    jobs::{self, Worker},
};

use self::{
    block::{Example, Step, steps},
    compare::{Names, compare, fill, fill_all, pretty, show},
};
use crate::harness::{PASSWORD, TestApp};

const PAGE: &str = include_str!("../../../../docs/API.md");
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/API.md");

/// What the page has examples for, in this order.
const AREAS: [&str; 21] = [
    "Set-up",
    "Logging in",
    "People",
    "Teams",
    "Projects",
    "Devices",
    "Policy",
    "Sessions",
    "Sync",
    "Live",
    "Alerts",
    "Notes",
    "Webhooks",
    "Summaries",
    "Categories",
    "Reports",
    "Exports",
    "Audit",
    "Rights",
    "Errors as they look",
    "Operations",
];
/// Areas whose example is still owed; whoever writes it takes the name out of this list.
const OWED: [&str; 0] = [];
/// Parts of the OpenAPI document whose first example is still owed, likewise.
const OWED_TAGS: [&str; 0] = [];

fn examples() -> Vec<Example> {
    steps(PAGE)
        .into_iter()
        .filter_map(|step| match step {
            Step::Example(example) => Some(*example),
            Step::Minutes(_) => None,
        })
        .collect()
}

/// The operation that answers a request: its tag and name.
fn operation(method: &str, path: &str) -> Option<(String, String)> {
    let path = path.split('?').next().unwrap_or_default();
    let document = serde_json::to_value(pipeline::document()).expect("it is JSON");
    let paths = document["paths"].as_object().expect("paths");
    let fits = |template: &str| {
        let (ours, theirs): (Vec<_>, Vec<_>) =
            (template.split('/').collect(), path.split('/').collect());
        ours.len() == theirs.len()
            && ours
                .iter()
                .zip(&theirs)
                .all(|(our, their)| our.starts_with('{') || our == their)
    };
    let mut fitting: Vec<&String> = paths.keys().filter(|template| fits(template)).collect();
    fitting.sort_by_key(|template| template.matches('{').count());
    let operation = &paths[*fitting.first()?][method.to_lowercase()];
    let text = |value: &Value| value.as_str().map(str::to_owned);
    Some((
        text(&operation["tags"][0])?,
        text(&operation["operationId"])?,
    ))
}

#[test]
fn every_area_has_an_example_in_the_order_in_which_one_meets_them() {
    let mut found: Vec<String> = examples().into_iter().map(|one| one.area).collect();
    found.dedup();
    let shown = AREAS.iter().filter(|area| !OWED.contains(area));
    assert_eq!(found, shown.copied().collect::<Vec<_>>());
}

#[test]
fn every_part_of_the_openapi_document_has_an_example() {
    let document = serde_json::to_value(pipeline::document()).expect("it is JSON");
    let items = document["paths"].as_object().expect("paths").values();
    let tags: BTreeSet<String> = items
        .flat_map(|item| item.as_object().expect("operations").values())
        .map(|operation| operation["tags"][0].as_str().expect("a tag").to_owned())
        .collect();
    let shown: BTreeSet<String> = examples()
        .iter()
        .map(|one| {
            let found = operation(&one.method, &one.path);
            found
                .unwrap_or_else(|| panic!("line {}: no such route", one.line))
                .0
        })
        .collect();
    let owed = |tag: &&String| OWED_TAGS.contains(&tag.as_str());
    let missing: Vec<&String> = tags.difference(&shown).filter(|tag| !owed(tag)).collect();
    assert!(
        missing.is_empty(),
        "docs/API.md has no example for {missing:?}"
    );
    let done: Vec<&String> = shown.iter().filter(owed).collect();
    assert!(done.is_empty(), "no longer owed: {done:?}");
}

/// Logs the caller in, unless an example has given the token its name.
async fn token(app: &TestApp, caller: &str, names: &mut Names) -> String {
    if caller.is_empty() {
        return String::new();
    }
    let name = format!("{caller}_token");
    if let Some(token) = names.get(&name) {
        return token.clone();
    }
    let token = app.log_in(&format!("{caller}@acme.test")).await.token;
    names.insert(name, token.clone());
    token
}

async fn minutes_pass(app: &TestApp, minutes: i64) {
    let state = app.state();
    let worker = Worker::new(
        state.store.clone(),
        state.live.clone(),
        state.clock.clone(),
        jobs::all(),
        jobs::Options::default(),
    )
    .await
    .expect("made");
    worker.plan().await.expect("begun");
    app.clock.advance_seconds(minutes * 60);
    worker.turn().await.expect("worked");
}

/// Does an example; what came, as the page would show it.
async fn perform(
    app: &TestApp,
    example: &Example,
    names: &mut Names,
) -> (Result<(), String>, Option<Value>) {
    let token = token(app, &example.caller, names).await;
    let method: Method = example.method.parse().expect("a method");
    let mut request = app.request(method, &fill(&example.path, names));
    if !token.is_empty() {
        request = request.bearer_auth(token);
    }
    if let Some(body) = &example.body {
        request = request.json(&fill_all(body, names));
    }
    let answer = app.send(request).await;
    let differs = |text: String| (Err(text), None);
    if answer.status.as_u16() != example.status {
        return differs(format!("{} came: {}", answer.status, answer.text));
    }
    let kind = answer.headers.get("content-type");
    let kind = kind.map_or("", |kind| kind.to_str().expect("ascii"));
    if let Some(expected) = &example.content_type {
        if kind != expected {
            return differs(format!("{kind} came"));
        }
        return (Ok(()), None);
    }
    if answer.text.is_empty() {
        let outcome = match &example.answer {
            None => Ok(()),
            Some(_) => Err("nothing came".to_owned()),
        };
        return (outcome, None);
    }
    let Ok(actual) = serde_json::from_str::<Value>(&answer.text) else {
        return differs(format!("{kind} came, not JSON"));
    };
    let shown = example.answer.clone().unwrap_or(Value::Null);
    let before = names.clone();
    let outcome = compare(&shown, &actual, names, "$");
    (outcome, Some(show(Some(&shown), &actual, &before)))
}

/// Does all of them; the page with the answers as they came, and what differed.
async fn play(app: &TestApp) -> (String, Vec<String>) {
    let mut names = Names::from([("password".to_owned(), PASSWORD.to_owned())]);
    let mut lines: Vec<String> = PAGE.lines().map(str::to_owned).collect();
    let (mut wrong, mut moved) = (Vec::new(), 0_isize);
    for step in steps(PAGE) {
        let example = match step {
            Step::Minutes(minutes) => {
                minutes_pass(app, minutes).await;
                // Tokens hold a quarter of an hour.
                names.retain(|name, _| !name.ends_with("_token") || name == "desk_token");
                continue;
            }
            Step::Example(example) => example,
        };
        let (outcome, shown) = perform(app, &example, &mut names).await;
        if let Err(error) = outcome {
            wrong.push(format!(
                "docs/API.md, line {}: {} {}: {error}",
                example.line, example.method, example.path
            ));
        }
        if let Some(shown) = shown {
            let (from, to) = example.answer_lines;
            let at = |line: usize| line.checked_add_signed(moved).expect("a line");
            let text: Vec<String> = pretty(&shown, 0).lines().map(str::to_owned).collect();
            let grown = isize::try_from(text.len()).expect("few");
            let old = isize::try_from(to - from).expect("few");
            lines.splice(at(from)..at(to), text);
            moved += grown - old;
        }
    }
    (lines.join("\n") + "\n", wrong)
}

on_both_engines! {
    async fn every_example_of_the_page_is_what_the_server_does(app) {
        let (page, wrong) = play(app).await;
        if std::env::var_os("UPDATE_DOCS").is_some_and(|value| value == "1") && app.database_url().is_none() {
            std::fs::write(FILE, page).expect("written");
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
