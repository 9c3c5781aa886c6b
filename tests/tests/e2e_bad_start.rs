//! A server that cannot start says why, touches nothing, and says what to do.

use std::{net::TcpListener, os::unix::fs::PermissionsExt as _, path::Path};

use anyhow::Result;
use workpulse_tests::{
    database::sqlite_file,
    server::{ServerPlan, program, run_to_end},
};

fn plan(data_dir: &Path) -> Result<ServerPlan> {
    ServerPlan::new(program("workpulse-server")?, data_dir.to_owned(), None)
}

#[test]
fn an_unknown_setting_is_named_wherever_it_stands() {
    let dir = tempfile::tempdir().unwrap();
    let plan = plan(&dir.path().join("data")).unwrap();
    // In the environment.
    let mut command = plan.command(&["serve"]);
    command.env("WORKPULSE_LISTNE", "127.0.0.1:1");
    let output = run_to_end(&command).unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("WORKPULSE_LISTNE"), "{said}");
    // In the file.
    let file = dir.path().join("workpulse.toml");
    std::fs::write(&file, "listne = \"127.0.0.1:1\"\n").unwrap();
    let path = file.to_str().unwrap();
    let output = run_to_end(&plan.command(&["serve", "--config", path])).unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("listne"), "{said}");
    // On the command line.
    let output = run_to_end(&plan.command(&["serve", "--listne", "127.0.0.1:1"])).unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("--listne"), "{said}");
}

#[test]
fn a_data_directory_that_cannot_be_made_is_named_with_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    // A file where the directory should be: nobody, not even root, can make it.
    let file = dir.path().join("a-file");
    std::fs::write(&file, "mine").unwrap();
    let plan = plan(&file).unwrap();
    for data_dir in [file.clone(), file.join("below")] {
        let said = plan.fails(&["serve"], &data_dir).unwrap();
        assert!(said.contains("a-file"), "{said}");
        assert!(
            said.contains("data-dir") || said.contains("WORKPULSE_DATA_DIR"),
            "{said}"
        );
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
    // Read-only, where that means anything: root writes all the same.
    if !nix::unistd::Uid::effective().is_root() {
        let closed = dir.path().join("closed");
        std::fs::create_dir(&closed).unwrap();
        std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o500)).unwrap();
        let said = plan.fails(&["serve"], &closed).unwrap();
        assert!(said.contains("closed"), "{said}");
    }
}

#[test]
fn a_port_in_use_is_named_and_the_data_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let plan = plan(&dir.path().join("data")).unwrap();
    let _taken = TcpListener::bind(("127.0.0.1", plan.port)).unwrap();
    let said = plan.fails(&["serve"], &plan.data_dir).unwrap();
    assert!(said.contains(&plan.port.to_string()), "{said}");
    assert!(said.contains("--listen"), "{said}");
    assert!(!sqlite_file(&plan.data_dir).exists());
}

#[test]
fn a_database_that_is_not_there_is_named_with_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let mut plan = plan(&dir.path().join("data")).unwrap();
    plan.database_url = Some("postgres://nobody:hunter2@127.0.0.1:1/none".to_owned());
    let said = plan.fails(&["serve"], &plan.data_dir).unwrap();
    assert!(
        !said.contains("hunter2"),
        "a password in the message: {said}"
    );
    assert!(said.to_lowercase().contains("database"), "{said}");
}
