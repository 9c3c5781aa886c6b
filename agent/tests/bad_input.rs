//! What people and disks do wrong: a clear message, an exit code of its own, nothing lost.

mod support;

use std::{fs, process::Output};

use support::{Machine, Server, TOKEN, has_entry, until};

#[track_caller]
fn check(output: &Output, code: i32, words: &[&str]) {
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{text}");
    for word in words {
        assert!(text.contains(word), "{word:?} is missing in: {text}");
    }
    assert!(!text.contains("panicked"), "{text}");
}

#[test]
fn an_unknown_key_is_named_wherever_it_stands() {
    let machine = Machine::new(None);
    let file = machine.dir.path().join("agent.toml");
    fs::write(&file, "sample_intervall_seconds = 5\n").unwrap();
    let path = file.to_str().unwrap();
    for command in ["run", "status", "outbox"] {
        check(
            &machine.call(&[command, "--config", path]),
            2,
            &["sample_intervall_seconds", path],
        );
    }
    let mut command = machine.command(&["config", "show"]);
    command.env("WORKPULSE_AGENT_SYNC_INTERVALL", "5");
    check(
        &command.output().unwrap(),
        2,
        &["sync_intervall", "WORKPULSE_AGENT_SYNC_INTERVALL"],
    );
    let output = machine.call(&["run", "--sample-interval-seconds", "31"]);
    check(&output, 2, &["sample_interval_seconds", "31", "1 to 30"]);
}

#[test]
fn config_show_tells_where_each_value_comes_from() {
    let machine = Machine::new(None);
    let output = machine.call(&["config", "show", "--origin", "--output", "json"]);
    let shown: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(shown["credentials"]["value"], "file");
    assert_eq!(
        shown["credentials"]["origin"],
        "environment WORKPULSE_AGENT_CREDENTIALS"
    );
    assert_eq!(shown["sync_interval_seconds"]["origin"], "default");
}

#[test]
fn a_machine_that_is_not_enrolled_says_so() {
    let machine = Machine::new(None);
    check(
        &machine.call(&["run"]),
        3,
        &["not enrolled", "workpulse-agent enrol"],
    );
    check(&machine.call(&["status"]), 3, &["not enrolled"]);
    check(&machine.call(&["start"]), 5, &["no agent is running"]);
    let output = machine.call(&["status", "--output", "json"]);
    let error: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(error["exit_code"], 3);
}

#[test]
fn wrong_servers_and_tokens_are_told_apart() {
    let server = Server::start();
    let machine = Machine::new(None);
    let enrol =
        |url: &str, token: &str| machine.call(&["enrol", "--server", url, "--token", token]);
    check(&enrol("workpulse", TOKEN), 2, &["is not an address"]);
    check(
        &enrol("http://workpulse.example.org", TOKEN),
        2,
        &["https://"],
    );
    check(
        &enrol(&server.url(), "spent"),
        6,
        &["can no longer be used"],
    );
    check(
        &enrol("http://127.0.0.1:1", TOKEN),
        7,
        &["cannot be reached"],
    );
    assert!(!machine.data_dir().join("enrolment.json").exists());
}

#[test]
fn the_token_can_come_from_stdin_and_the_secret_is_shown_nowhere() {
    use std::io::Write as _;
    let server = Server::start();
    let machine = Machine::new(None);
    let mut child = machine
        .command(&[
            "enrol",
            "--server",
            &server.url(),
            "--token",
            "-",
            "--output",
            "json",
        ])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{TOKEN}").unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let said = format!("{output:?}");
    assert!(
        !said.contains(support::SECRET) && !said.contains(TOKEN),
        "{said}"
    );
    let shown: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(shown["user_name"], "Ada Lovelace");
    let enrolment = fs::read_to_string(machine.data_dir().join("enrolment.json")).unwrap();
    assert!(!enrolment.contains(support::SECRET));
}

#[test]
fn beside_an_outbox_of_a_newer_agent_recording_goes_on_and_is_joined_later() {
    let server = Server::start();
    let machine = Machine::enrolled(&server, None);
    let path = machine.data_dir().join("outbox.db");
    let first = machine.run(&[]);
    until("a session runs", || {
        machine.command(&["start"]).output().ok()?;
        machine.status()["session"].as_object().map(drop)
    });
    // Its session is still running in the file.
    first.kill();
    let version = |version: i64| {
        let connection = rusqlite::Connection::open(&path).unwrap();
        let before: i64 = connection
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .unwrap();
        connection
            .pragma_update(None, "user_version", version)
            .unwrap();
        before
    };
    let known = version(99);
    let before = fs::read(&path).unwrap();

    let older = machine.run(&[]);
    let status = until("it says so and records", || {
        let status = machine.status();
        machine.command(&["start"]).output().ok()?;
        status["session"].as_object()?;
        Some(status)
    });
    let message = status["message"].as_str().unwrap();
    assert!(
        message.contains("version 99") && message.contains("newer agent"),
        "{message}"
    );
    assert_eq!(status["state"], "needs_attention");
    until("it sends", || {
        (machine.status()["counters"]["stored"].as_i64()? >= 1).then_some(())
    });
    machine.call(&["stop"]);
    assert!(older.end().success());
    assert_eq!(fs::read(&path).unwrap(), before, "not a byte was written");
    assert!(has_entry(&machine.data_dir(), "outbox.aside.db"));

    version(known);
    let newer = machine.run(&[]);
    until("all has arrived", || {
        let status = machine.status();
        let all = status["running"] == true && status["pending"] == 0;
        (all && status["counters"]["stored"].as_i64()? >= 4).then_some(())
    });
    assert!(!has_entry(&machine.data_dir(), "outbox.aside.db"));
    assert!(newer.end().success());
    server.check_accounts();
    let unfinished = server
        .sessions()
        .values()
        .filter(|(_, stopped)| stopped.is_none())
        .count();
    assert_eq!(unfinished, 0, "every session came to its end");
}

#[test]
fn a_damaged_outbox_is_put_aside_and_the_agent_runs() {
    let server = Server::start();
    let machine = Machine::enrolled(&server, None);
    fs::write(
        machine.data_dir().join("outbox.db"),
        b"this is no database".repeat(300),
    )
    .unwrap();
    let agent = machine.run(&[]);
    let status = until("it answers", || {
        let status = machine.status();
        (status["running"] == true).then_some(status)
    });
    assert_eq!(status["pending"], 0, "{status:#}");
    assert!(has_entry(&machine.data_dir(), "outbox.db.damaged-"));
    assert!(agent.end().success());
}

#[test]
fn a_data_directory_that_cannot_be_written_is_named() {
    let server = Server::start();
    let machine = Machine::enrolled(&server, None);
    // A file where a directory should be stops root as well.
    let blocked = machine.dir.path().join("blocked");
    fs::write(&blocked, "").unwrap();
    let inside = blocked.join("data");
    let dir = inside.to_str().unwrap();
    let output = machine.call(&[
        "enrol",
        "--server",
        &server.url(),
        "--token",
        TOKEN,
        "--data-dir",
        dir,
    ]);
    check(&output, 8, &[dir]);
    let control = machine.data_dir().join("control");
    fs::write(&control, "").unwrap();
    check(
        &machine.call(&["run"]),
        8,
        &["data directory", "cannot be used", "--data-dir"],
    );
}

#[test]
fn a_disk_that_stops_taking_rows_is_shown_and_recovers() {
    let server = Server::start();
    let machine = Machine::enrolled(&server, None);
    let agent = machine.run(&[]);
    until("it answers", || {
        (machine.status()["running"] == true).then_some(())
    });
    // Somebody else holds the database: every write fails until it is let go.
    let thief = rusqlite::Connection::open(machine.data_dir().join("outbox.db")).unwrap();
    thief.execute_batch("BEGIN IMMEDIATE").unwrap();
    machine.command(&["start"]).spawn().unwrap().wait().unwrap();
    until("it is shown", || {
        let status = machine.status();
        (status["waiting_in_memory"].as_i64()? >= 1 && status["state"] == "needs_attention")
            .then_some(())
    });
    thief.execute_batch("ROLLBACK").unwrap();
    drop(thief);
    until("it recovers", || {
        let status = machine.status();
        (status["waiting_in_memory"] == 0 && status["counters"]["stored"].as_i64()? >= 1)
            .then_some(())
    });
    assert!(agent.end().success());
    server.check_accounts();
}

#[test]
fn completions_and_help_are_there() {
    let machine = Machine::new(None);
    let script = machine.call(&["completions", "bash"]);
    assert!(String::from_utf8_lossy(&script.stdout).contains("workpulse-agent"));
    let help = machine.call(&["--help"]);
    assert!(String::from_utf8_lossy(&help.stdout).contains("Exit codes:"));
}
