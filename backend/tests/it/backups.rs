//! Backups of the embedded database: made while the server writes, verified, put back.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::{
    harness::PASSWORD,
    start_up::{place, run, start, stderr, terminate},
};

async fn set_up(address: &str) {
    let request = json!({
        "organization_name": "Acme", "time_zone": "UTC", "name": "Ada",
        "email": "ada@acme.test", "password": PASSWORD,
    });
    let client = reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client");
    let answer = client
        .post(format!("http://{address}/api/v1/setup"))
        .json(&request)
        .send()
        .await
        .expect("answers");
    assert_eq!(answer.status(), 201);
}

fn people(data: &Path) -> i64 {
    let database = rusqlite::Connection::open(data.join("workpulse.db")).expect("opens");
    database
        .query_row("SELECT count(*) FROM users", [], |row| row.get(0))
        .expect("counted")
}

fn backup(data: &Path, to: &Path) -> Value {
    let made = run(
        data,
        &[
            "backup",
            "--to",
            to.to_str().expect("a text"),
            "--output",
            "json",
        ],
    );
    assert!(made.status.success(), "{}", stderr(&made));
    serde_json::from_slice(&made.stdout).expect("json")
}

fn add(data: &Path, organization: &str, email: &str) {
    let made = run(
        data,
        &[
            "admin",
            "create-user",
            "--organization",
            organization,
            "--name",
            "Bob",
            "--email",
            email,
            "--role",
            "employee",
        ],
    );
    assert!(made.status.success(), "{}", stderr(&made));
}

/// The id of the only one there is.
fn the_organization(data: &Path) -> String {
    let listed = run(data, &["admin", "list-organizations", "--output", "json"]);
    let listed: Value = serde_json::from_slice(&listed.stdout).expect("json");
    listed[0]["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn a_backup_is_made_beside_a_server_that_writes_and_put_back_when_it_has_stopped() {
    let (parent, data) = place();
    let mut server = start(&data).await;
    set_up(&server.address).await;
    let organization = the_organization(&data);

    // Others write all the time.
    let writing = std::thread::spawn({
        let (data, organization) = (data.clone(), organization.clone());
        move || {
            for n in 0..6 {
                add(&data, &organization, &format!("early{n}@acme.test"));
            }
        }
    });
    let file: PathBuf = parent.path().join("copy.db");
    let made = backup(&data, &file);
    assert!(
        made["rows"]
            .as_str()
            .expect("a text")
            .parse::<i64>()
            .expect("a number")
            > 5
    );
    writing.join().expect("written");
    std::fs::remove_file(&file).expect("removed");
    std::fs::remove_file(parent.path().join("copy.db.json")).expect("removed");
    backup(&data, &file);
    let again = run(&data, &["backup", "--to", file.to_str().expect("a text")]);
    assert!(
        !again.status.success(),
        "an existing file is not written over"
    );
    add(&data, &organization, "late@acme.test");
    assert_eq!(people(&data), 8);

    let name = file.to_str().expect("a text");
    let running = run(&data, &["restore", name, "--yes"]);
    assert_eq!(running.status.code(), Some(1));
    assert!(
        stderr(&running).contains("stop it first"),
        "{}",
        stderr(&running)
    );
    terminate(&server);
    assert!(server.child.wait().expect("it ends").success());
    let unasked = run(&data, &["restore", name]);
    assert!(stderr(&unasked).contains("--yes"), "{}", stderr(&unasked));
    assert_eq!(people(&data), 8);

    let restored = run(&data, &["restore", name, "--yes"]);
    assert!(restored.status.success(), "{}", stderr(&restored));
    assert_eq!(people(&data), 7);
    // What was there before is kept, whole.
    let kept: Vec<PathBuf> = std::fs::read_dir(&data)
        .expect("read")
        .map(|entry| entry.expect("read").path())
        .filter(|path| path.to_string_lossy().contains("workpulse.db.before-"))
        .collect();
    assert_eq!(kept.len(), 1, "{kept:?}");
    let before = rusqlite::Connection::open(&kept[0]).expect("opens");
    let people_before: i64 = before
        .query_row("SELECT count(*) FROM users", [], |row| row.get(0))
        .expect("counted");
    assert_eq!(people_before, 8);
    let doctor = run(&data, &["doctor"]);
    assert!(
        doctor.status.success(),
        "{}",
        String::from_utf8_lossy(&doctor.stdout)
    );
    // And it serves.
    let server = start(&data).await;
    terminate(&server);
}

#[tokio::test]
async fn a_backup_that_is_damaged_or_not_what_its_list_says_changes_nothing() {
    let (parent, data) = place();
    let mut server = start(&data).await;
    set_up(&server.address).await;
    let file = parent.path().join("copy.db");
    backup(&data, &file);
    terminate(&server);
    assert!(server.child.wait().expect("it ends").success());
    let name = file.to_str().expect("a text");

    let whole = std::fs::read(&file).expect("read");
    let mut torn = whole.clone();
    torn.truncate(whole.len() / 2);
    let mut scribbled = whole.clone();
    let middle = whole.len() / 2;
    scribbled[middle..middle + 4_096].fill(0xa5);
    for damaged in [torn, scribbled, b"no database at all".to_vec()] {
        std::fs::write(&file, damaged).expect("written");
        let refused = run(&data, &["restore", name, "--yes"]);
        assert_eq!(refused.status.code(), Some(1));
        assert!(
            stderr(&refused).contains("nothing was restored"),
            "{}",
            stderr(&refused)
        );
        assert_eq!(people(&data), 1);
    }
    std::fs::write(&file, whole).expect("written");
    let other = rusqlite::Connection::open(&file).expect("opens");
    other
        .execute("DELETE FROM refresh_tokens", [])
        .expect("deleted");
    other
        .execute("DELETE FROM schedule_scopes", [])
        .expect("deleted");
    drop(other);
    let refused = run(&data, &["restore", name, "--yes"]);
    assert!(
        stderr(&refused).contains("does not hold the rows"),
        "{}",
        stderr(&refused)
    );
    assert!(!data.join("workpulse.db.restoring").exists());
}

#[test]
fn where_postgresql_keeps_the_data_its_own_tools_are_named() {
    let (_parent, data) = place();
    let url = "postgres://nobody@127.0.0.1:1/none";
    for (arguments, tool) in [
        (vec!["backup", "--database-url", url], "pg_dump"),
        (vec!["restore", "file", "--database-url", url], "pg_restore"),
    ] {
        let refused = run(&data, &arguments);
        assert_eq!(refused.status.code(), Some(1));
        assert!(stderr(&refused).contains(tool), "{}", stderr(&refused));
    }
}

/// Makes the database anew as the version before this one's last migration left it, with all
/// that it held; returns that version.
async fn one_migration_back(data: &Path) -> i64 {
    let migrations = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations/sqlite");
    let mut files: Vec<PathBuf> = std::fs::read_dir(migrations)
        .expect("read")
        .map(|entry| entry.expect("read").path())
        .collect();
    files.sort();
    let last = files.pop().expect("there is one");
    let known = tempfile::tempdir().expect("a directory");
    for file in &files {
        std::fs::copy(file, known.path().join(file.file_name().expect("a name"))).expect("copied");
    }
    let older = data.join("older.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(&older)
        .create_if_missing(true);
    let pool = sqlx::SqlitePool::connect_with(options)
        .await
        .expect("opens");
    sqlx::migrate::Migrator::new(known.path().to_owned())
        .await
        .expect("found")
        .run(&pool)
        .await
        .expect("migrated");
    pool.close().await;

    let now = data.join("workpulse.db");
    let database = rusqlite::Connection::open(&older).expect("opens");
    database
        .execute_batch("PRAGMA foreign_keys = OFF")
        .expect("set");
    database
        .execute("ATTACH ?1 AS now", [now.to_str().expect("a text")])
        .expect("attached");
    let names = |query: &str| -> Vec<String> {
        let mut found = database.prepare(query).expect("prepared");
        let rows = found.query_map([], |row| row.get(0)).expect("asked");
        rows.collect::<Result<_, _>>().expect("names")
    };
    for table in names(
        "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> '_sqlx_migrations'",
    ) {
        let columns = names(&format!(
            "SELECT name FROM pragma_table_info('{table}', 'main') INTERSECT SELECT name FROM pragma_table_info('{table}', 'now')"
        ))
        .join(", ");
        if columns.is_empty() {
            continue;
        }
        database
            .execute_batch(&format!(
                "DELETE FROM main.{table}; INSERT INTO main.{table} ({columns}) SELECT {columns} FROM now.{table}"
            ))
            .unwrap_or_else(|error| panic!("{table}: {error}"));
    }
    drop(database);
    for file in ["workpulse.db", "workpulse.db-wal", "workpulse.db-shm"] {
        let _ = std::fs::remove_file(data.join(file));
    }
    std::fs::rename(&older, &now).expect("renamed");
    let name = last.file_name().expect("a name").to_str().expect("a text");
    let number: i64 = name[..4].parse().expect("a number");
    let before = files
        .last()
        .expect("one before")
        .file_name()
        .expect("a name");
    let before: i64 = before.to_str().expect("a text")[..4]
        .parse()
        .expect("a number");
    assert!(before < number);
    before
}

#[tokio::test]
async fn a_database_of_the_version_before_is_copied_as_it_is_and_then_migrated_with_all_its_data() {
    let (parent, data) = place();
    let mut server = start(&data).await;
    set_up(&server.address).await;
    let organization = the_organization(&data);
    add(&data, &organization, "bob@acme.test");
    terminate(&server);
    assert!(server.child.wait().expect("it ends").success());
    let before = one_migration_back(&data).await;

    // What `installers/server/upgrade` does.
    let file = parent.path().join("before-upgrade.db");
    let made = run(
        &data,
        &[
            "backup",
            "--if-embedded",
            "--to",
            file.to_str().expect("a text"),
            "--output",
            "json",
        ],
    );
    assert!(made.status.success(), "{}", stderr(&made));
    let made: Value = serde_json::from_slice(&made.stdout).expect("json");
    assert_eq!(made["schema_version"], before.to_string());
    let migrated = run(&data, &["migrate"]);
    assert!(migrated.status.success(), "{}", stderr(&migrated));
    let said = String::from_utf8_lossy(&migrated.stdout).into_owned();
    assert!(said.contains("(1 steps applied)"), "{said}");

    assert_eq!(people(&data), 2);
    let doctor = run(&data, &["doctor"]);
    assert!(
        doctor.status.success(),
        "{}",
        String::from_utf8_lossy(&doctor.stdout)
    );
    let server = start(&data).await;
    let client = reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client");
    let answer = client
        .post(format!("http://{}/api/v1/auth/login", server.address))
        .json(&json!({ "email": "ada@acme.test", "password": PASSWORD }))
        .send()
        .await
        .expect("answers");
    assert_eq!(answer.status(), 200);
    terminate(&server);

    // The copy is what there was: it can be put back for the version before.
    let copied = rusqlite::Connection::open(&file).expect("opens");
    let version: i64 = copied
        .query_row("SELECT max(version) FROM _sqlx_migrations", [], |row| {
            row.get(0)
        })
        .expect("read");
    assert_eq!(version, before);
}

#[test]
fn a_copy_only_if_the_data_is_embedded_is_none_where_postgresql_keeps_it_whatever_file_is_left() {
    let (parent, data) = place();
    std::fs::create_dir_all(&data).expect("made");
    std::fs::write(data.join("workpulse.db"), "left over").expect("written");
    let file = parent.path().join("copy.db");
    let to = file.to_str().expect("a text");
    let url = "postgres://nobody@127.0.0.1:1/none";
    let made = run(
        &data,
        &["backup", "--if-embedded", "--to", to, "--database-url", url],
    );
    assert!(made.status.success(), "{}", stderr(&made));
    assert!(!file.exists());
    // The embedded one is copied or refused, never passed over.
    let made = run(&data, &["backup", "--if-embedded", "--to", to]);
    assert_eq!(made.status.code(), Some(1));
    std::fs::remove_file(data.join("workpulse.db")).expect("removed");
    let nothing = run(&data, &["backup", "--if-embedded", "--to", to]);
    assert!(nothing.status.success(), "{}", stderr(&nothing));
    assert!(!file.exists());
}
