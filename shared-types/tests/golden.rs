//! The wire format, held still: one JSON file for each message.
//!
//! An agent in the field is older or newer than its server, so a renamed field is an
//! outage. Each value here must be written exactly as its file says, and its file must be
//! read back as the value. After a change that is meant: `UPDATE_GOLDEN=1 cargo test -p
//! shared-types --test golden`, and look at the difference.

#[path = "golden_values/mod.rs"]
mod values;

use std::{
    collections::BTreeSet,
    fmt::Debug,
    fs,
    path::{Path, PathBuf},
};

use serde::{Serialize, de::DeserializeOwned};

/// Where the files are.
fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// Compares values with their files, and remembers which files have a value.
struct Golden {
    update: bool,
    seen: BTreeSet<String>,
    wrong: Vec<String>,
}

impl Golden {
    /// One message: written as the file says, and read back as the same value.
    fn check<T: Serialize + DeserializeOwned + Debug>(&mut self, name: &str, value: &T) {
        let path = folder().join(format!("{name}.json"));
        let written = serde_json::to_string_pretty(value).expect("a message is JSON") + "\n";
        assert!(
            self.seen.insert(format!("{name}.json")),
            "{name} is there twice"
        );
        if self.update {
            fs::write(&path, &written).expect("the folder can be written");
        }
        let golden = fs::read_to_string(&path).unwrap_or_default();
        if written != golden {
            self.wrong.push(format!(
                "{name}: written as\n{written}but {} says\n{golden}",
                path.display()
            ));
            return;
        }
        // Not every message is `PartialEq` (those with secrets are not); all of them are `Debug`.
        match serde_json::from_str::<T>(&golden) {
            Ok(read) if format!("{read:?}") == format!("{value:?}") => {}
            Ok(read) => self
                .wrong
                .push(format!("{name}: read back as {read:?}, not {value:?}")),
            Err(error) => self.wrong.push(format!("{name}: not read back: {error}")),
        }
    }
}

#[test]
fn every_message_is_written_and_read_as_its_golden_file_says() {
    let mut golden = Golden {
        update: std::env::var_os("UPDATE_GOLDEN").is_some(),
        seen: BTreeSet::new(),
        wrong: Vec::new(),
    };
    values::check_all(&mut golden);
    assert!(golden.wrong.is_empty(), "{}", golden.wrong.join("\n"));

    let files: BTreeSet<String> = fs::read_dir(folder())
        .expect("the folder is there")
        .map(|entry| {
            entry
                .expect("readable")
                .file_name()
                .into_string()
                .expect("UTF-8")
        })
        .collect();
    assert_eq!(
        files, golden.seen,
        "files without a value, or values without a file"
    );
}

/// The texts of all files in a folder and below it.
fn texts_below(folder: &Path) -> Vec<String> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder).expect("the sources are there") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            texts.extend(texts_below(&path));
        } else {
            texts.push(fs::read_to_string(path).expect("UTF-8"));
        }
    }
    texts
}

#[test]
fn every_payload_type_stands_in_a_golden_file() {
    let source = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src");
    let values = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden_values");
    let values: String = fs::read_dir(values)
        .expect("the values are there")
        .map(|entry| fs::read_to_string(entry.expect("readable").path()).expect("UTF-8"))
        .collect();
    let mut missing = Vec::new();
    for text in texts_below(&source) {
        let mut is_payload = false;
        for line in text.lines() {
            if line.starts_with("#[derive(") {
                is_payload = line.contains("Serialize");
            }
            let declared = line
                .strip_prefix("pub struct ")
                .or(line.strip_prefix("pub enum "));
            if let Some(declared) = declared {
                let name: String = declared
                    .chars()
                    .take_while(char::is_ascii_alphanumeric)
                    .collect();
                if is_payload && !values.contains(&name) {
                    missing.push(name);
                }
                is_payload = false;
            }
        }
    }
    assert!(
        missing.is_empty(),
        "no golden file holds {missing:?}: add them to tests/golden_values"
    );
}

#[test]
fn a_batch_of_an_older_agent_without_optional_fields_is_read() {
    let batch: shared_types::sync::SyncRequest = serde_json::from_str(
        r#"{"device_id":"01980000-0000-7000-8000-000000000003",
            "epoch":"01980000-0000-7000-8000-000000000004",
            "clock":"2026-11-22T10:30:00+01:00",
            "items":[{"seq":1,"item":{"activity":{
                "session_id":"01980000-0000-7000-8000-000000000006","activity_type":"idle",
                "started_at":"2026-11-22T09:29:00Z","duration_seconds":60}}}]}"#,
    )
    .expect("optional fields are optional");
    assert_eq!(batch.clock.to_string(), "2026-11-22T09:30:00.000Z");
}

#[test]
fn a_field_that_nobody_knows_is_refused_in_an_activity() {
    let read = serde_json::from_str::<shared_types::activity::Activity>(
        r#"{"session_id":"01980000-0000-7000-8000-000000000006","activity_type":"idle",
            "started_at":"2026-11-22T09:29:00Z","duration_seconds":60,"titel":"x"}"#,
    );
    assert!(
        read.expect_err("a typing error must not lose a title")
            .to_string()
            .contains("titel")
    );
}

#[test]
fn a_session_leaves_its_project_only_when_that_is_said() {
    use shared_types::session::SetSessionProject;
    let read = |text| serde_json::from_str::<SetSessionProject>(text);
    assert_eq!(
        read(r#"{"project_id":null}"#).expect("said").project_id,
        None
    );
    assert!(read("{}").is_err(), "an empty body changes nothing");
}
