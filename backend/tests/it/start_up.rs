//! The binary itself: starting, refusing to start, stopping.

use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

use serde_json::Value;
use tempfile::TempDir;

use crate::company::admin;

pub(crate) fn command(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_workpulse-server"));
    command
        .args(arguments)
        .env_clear()
        .env("WORKPULSE_DATA_DIR", data)
        .env("WORKPULSE_LISTEN", "127.0.0.1:0")
        .env("WORKPULSE_METRICS_LISTEN", "127.0.0.1:0")
        .current_dir(
            data.ancestors()
                .skip(1)
                .find(|place| place.is_dir())
                .expect("a test's directory has a parent"),
        )
        .stdin(Stdio::null());
    command
}

pub(crate) fn run(data: &Path, arguments: &[&str]) -> Output {
    command(data, arguments).output().expect("the binary runs")
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A server process, killed when the test is over whatever happens.
pub(crate) struct Server {
    pub(crate) child: Child,
    pub(crate) address: String,
    pub(crate) metrics: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) async fn start(data: &Path) -> Server {
    start_with(data, &["serve"]).await
}

pub(crate) async fn start_with(data: &Path, arguments: &[&str]) -> Server {
    let mut child = command(data, arguments)
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary runs");
    let file = data.join("server.json");
    loop {
        if let Ok(text) = std::fs::read_to_string(&file) {
            let announced: Value = serde_json::from_str(&text).expect("whole");
            assert_eq!(announced["pid"], child.id());
            let text = |name: &str| announced[name].as_str().expect("a text").to_owned();
            return Server {
                address: text("address"),
                metrics: text("metrics_address"),
                child,
            };
        }
        assert!(
            child.try_wait().expect("it is ours").is_none(),
            "the server ended"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Waits for a condition; a test that waits for half a minute has failed.
pub(crate) async fn until(holds: impl AsyncFn() -> bool) {
    let waiting = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waiting)
        .await
        .expect("it happens within half a minute");
}

pub(crate) async fn get(url: String) -> reqwest::Response {
    reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client")
        .get(url)
        .send()
        .await
        .expect("answers")
}

pub(crate) fn terminate(server: &Server) {
    let pid = server.child.id().to_string();
    let status = Command::new("kill")
        .args(["-TERM", &pid])
        .status()
        .expect("kill runs");
    assert!(status.success());
}

pub(crate) fn place() -> (TempDir, std::path::PathBuf) {
    let parent = tempfile::tempdir().expect("a directory");
    let data = parent.path().join("data");
    (parent, data)
}

#[tokio::test]
async fn it_starts_from_nothing_says_where_it_is_and_ends_on_sigterm() {
    let (_parent, data) = place();
    let mut server = start(&data).await;
    let ready = get(format!("http://{}/health/ready", server.address)).await;
    assert_eq!(ready.status(), 200);
    let figures = get(format!("http://{}/metrics", server.metrics))
        .await
        .text()
        .await
        .expect("a body");
    assert!(
        figures.contains("workpulse_http_request_duration_seconds_bucket"),
        "{figures}"
    );
    terminate(&server);
    assert!(server.child.wait().expect("it ends").success());
    assert!(
        !data.join("server.json").exists(),
        "the announcement is taken back"
    );
}

#[tokio::test]
async fn a_port_in_use_is_named_and_nothing_is_touched() {
    let (_parent, data) = place();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let output = run(&data, &["serve", "--listen", &address]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains(&address) && stderr(&output).contains("--listen"),
        "{}",
        stderr(&output)
    );
    assert!(!data.join("workpulse.db").exists());
}

#[test]
fn unknown_keys_are_refused_by_name() {
    let (parent, data) = place();
    let output = command(&data, &["migrate"])
        .env("WORKPULSE_LISEN", "x")
        .output()
        .expect("runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("WORKPULSE_LISEN")
            && stderr(&output).contains("WORKPULSE_LISTEN?"),
        "{}",
        stderr(&output)
    );
    std::fs::write(parent.path().join("workpulse.toml"), "conections = 3").expect("written");
    let output = run(&data, &["migrate"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("conections") && stderr(&output).contains("workpulse.toml"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn a_data_directory_that_cannot_be_written_is_named_with_what_to_do() {
    let (parent, _) = place();
    let blocked = parent.path().join("file");
    std::fs::write(&blocked, "").expect("written");
    let output = run(&blocked.join("data"), &["serve"]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(
        stderr(&output).contains("file/data") && stderr(&output).contains("WORKPULSE_DATA_DIR"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn a_short_secret_is_refused_without_being_shown() {
    let (_parent, data) = place();
    let output = command(&data, &["serve"])
        .env("WORKPULSE_SECRET", "hunter2")
        .output()
        .expect("runs");
    assert!(!output.status.success());
    assert!(
        stderr(&output).contains("too short") && !stderr(&output).contains("hunter2"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn a_newer_database_is_refused_and_left_alone() {
    let (_parent, data) = place();
    assert!(run(&data, &["migrate"]).status.success());
    let file = data.join("workpulse.db");
    let database = rusqlite::Connection::open(&file).expect("opens");
    database
        .execute(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'from the future', 1, x'00', 0)",
            [],
        )
        .expect("written");
    drop(database);
    for arguments in [
        &["serve"][..],
        &["migrate"],
        &["admin", "list-organizations"],
    ] {
        let output = run(&data, arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(
            stderr(&output).contains("newer than this program"),
            "{}",
            stderr(&output)
        );
    }
}

#[test]
fn without_migrations_it_starts_only_when_allowed_to_apply_them() {
    let (_parent, data) = place();
    let output = run(&data, &["serve", "--no-migrate"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("workpulse-server migrate"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn the_document_and_completions_are_printed() {
    let (_parent, data) = place();
    let output = run(&data, &["openapi"]);
    let document: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(document["info"]["title"], "WorkPulse");
    let output = run(&data, &["completions", "bash"]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("workpulse-server"));
}

#[test]
fn the_command_line_says_what_is_missing() {
    let (_parent, data) = place();
    let output = run(&data, &["admin", "list-users"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("there is no database"),
        "{}",
        stderr(&output)
    );
    assert!(!data.exists(), "nothing was made");
    assert!(run(&data, &["migrate"]).status.success());
    let output = run(&data, &["admin", "list-users"]);
    assert!(
        stderr(&output).contains("create-organization"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn the_doctor_finds_a_healthy_deployment_healthy_and_a_broken_one_broken() {
    let (_parent, data) = place();
    let output = run(&data, &["doctor"]);
    assert_eq!(output.status.code(), Some(1), "there is nothing yet");
    assert!(run(&data, &["migrate"]).status.success());
    admin(&data, &["create-organization", "--name", "Acme"], "");
    let output = run(&data, &["doctor", "--output", "json"]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    let findings: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let findings = findings.as_array().expect("a list");
    assert!(
        findings
            .iter()
            .any(|finding| finding["check"] == "session totals")
    );
    assert!(
        findings
            .iter()
            .all(|finding| finding["verdict"] != "failed")
    );

    let database = rusqlite::Connection::open(data.join("workpulse.db")).expect("opens");
    database
        .execute_batch("DROP TRIGGER audit_rows_do_not_change; UPDATE audit SET action = 'x'")
        .expect("changed");
    drop(database);
    let output = run(&data, &["doctor"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("FAILED"));
}
