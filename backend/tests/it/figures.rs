//! The figures that an operator looks at, and the dashboard that shows them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    harness::PASSWORD,
    start_up::{place, run, start, stderr, terminate, until},
};

const DASHBOARD: &str = include_str!("../../../installers/server/grafana/workpulse.json");

/// Every name of ours in the dashboard's questions.
fn asked_for() -> BTreeSet<String> {
    let dashboard: Value = serde_json::from_str(DASHBOARD).expect("json");
    let mut names = BTreeSet::new();
    for panel in dashboard["panels"].as_array().expect("a list") {
        for target in panel["targets"].as_array().expect("a list") {
            let question = target["expr"].as_str().expect("a text");
            let words = question.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
            names.extend(
                words
                    .filter(|word| word.starts_with("workpulse_"))
                    .map(str::to_owned),
            );
        }
    }
    names
}

/// A panel that asks for what nobody counts is empty for ever, and looks like calm.
#[tokio::test]
async fn a_running_server_exports_every_figure_that_the_dashboard_asks_for() {
    let (_parent, data) = place();
    let server = start(&data).await;
    let client = reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client");
    let post = async |path: &str, token: &str, body: Value| {
        let url = format!("http://{}/api/v1{path}", server.address);
        let answer = client.post(url).bearer_auth(token).json(&body).send().await;
        let answer = answer.expect("answers");
        assert!(answer.status().is_success(), "{path} {}", answer.status());
        answer.json::<Value>().await.expect("json")
    };
    let set_up = json!({
        "organization_name": "Acme", "time_zone": "UTC", "name": "Ada",
        "email": "ada@acme.test", "password": PASSWORD,
    });
    post("/setup", "", set_up).await;
    let log_in = json!({ "email": "ada@acme.test", "password": PASSWORD });
    let logged_in = post("/auth/login", "", log_in).await;
    let token = logged_in["tokens"]["access_token"]
        .as_str()
        .expect("a text");
    let session = json!({ "session_id": "0192f0c1-2345-7000-8000-00000000000a" });
    post("/sessions/start", token, session).await;
    let ran = run(&data, &["jobs", "run", "jobs_history", "--wait"]);
    assert!(ran.status.success(), "{}", stderr(&ran));

    let names = asked_for();
    assert!(names.len() > 12, "{names:?}");
    let missing = async || {
        let url = format!("http://{}/metrics", server.metrics);
        let text = client
            .get(url)
            .send()
            .await
            .expect("answers")
            .text()
            .await
            .expect("a body");
        let exported: BTreeSet<String> = text
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split(['{', ' ']).next())
            .map(str::to_owned)
            .collect();
        names.difference(&exported).cloned().collect::<Vec<_>>()
    };
    until(async || {
        let missing = missing().await;
        if !missing.is_empty() {
            eprintln!("not exported yet: {missing:?}");
        }
        missing.is_empty()
    })
    .await;
    terminate(&server);
}
