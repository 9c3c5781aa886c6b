//! What `installers/` tells IT about settings is what there is to set: examples, policies of
//! Windows, managed preferences of macOS.

use std::{collections::BTreeSet, fs, path::PathBuf};

use super::{KEYS, layers::of_table, preferences, resolve::resolve, *};

fn read(file: &str) -> String {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../installers")).join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn keys() -> BTreeSet<String> {
    KEYS.iter().map(|key| (*key).to_owned()).collect()
}

/// What stands between these two, each time.
fn between<'a>(text: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    text.split(start)
        .skip(1)
        .filter_map(|rest| rest.split_once(end))
        .map(|(found, _)| found)
        .collect()
}

/// An example with every setting taken off its comment: `#key = value`, `#[table]`.
fn uncommented(text: &str) -> toml::Table {
    let lines: Vec<&str> = text
        .lines()
        .map(|line| line.strip_prefix('#').unwrap_or(line))
        .filter(|line| !line.starts_with(' '))
        .collect();
    lines.join("\n").parse().unwrap()
}

#[test]
fn the_example_of_settings_names_every_key_with_a_value_that_fits() {
    let table = uncommented(&read("linux/agent/agent.toml"));
    let layer = of_table(table, &Origin::Managed(PathBuf::from("agent.toml"))).unwrap();
    let named: BTreeSet<String> = layer.keys().map(|key| (*key).to_owned()).collect();
    assert_eq!(named, keys());
    resolve(&layer, None).unwrap();
}

#[test]
fn the_example_of_an_enrolment_can_be_read_and_names_every_key() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("enrolment.toml");
    let all = uncommented(&read("linux/agent/enrolment.toml"));
    fs::write(&path, toml::to_string(&all).unwrap()).unwrap();
    let found = provision::provision(&path).unwrap().unwrap();
    assert!(found.single_use, "the example shows how to turn it on");
    assert_eq!(all.len(), 3);
}

#[test]
fn there_is_a_policy_of_windows_for_every_key() {
    let admx = read("windows/policies/workpulse.admx");
    let values: BTreeSet<String> = between(&admx, "valueName=\"", "\"")
        .into_iter()
        .map(str::to_owned)
        .collect();
    assert_eq!(values, keys());
    let names: BTreeSet<String> = between(&admx, "<policy name=\"", "\"")
        .into_iter()
        .map(str::to_owned)
        .collect();
    let expected: BTreeSet<String> = KEYS.iter().map(|key| key.replace('.', "_")).collect();
    assert_eq!(names, expected);
    for place in between(&admx, " key=\"", "\"") {
        assert_eq!(place, registry::KEY, "where the agent looks");
    }
}

#[test]
fn a_policy_of_windows_that_is_on_or_off_is_a_switch_of_the_agent() {
    let admx = read("windows/policies/workpulse.admx");
    let switches: BTreeSet<&str> = between(&admx, "<policy ", "</policy>")
        .into_iter()
        .filter(|policy| policy.contains("<enabledValue>"))
        .flat_map(|policy| between(policy, "valueName=\"", "\""))
        .collect();
    assert_eq!(switches, registry::SWITCHES.into_iter().collect());
}

#[test]
fn the_schema_of_managed_preferences_has_every_key() {
    let schema: serde_json::Value =
        serde_json::from_str(&read("macos/preferences.schema.json")).unwrap();
    let named: BTreeSet<String> = schema["properties"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    assert_eq!(named, keys());
}

#[test]
fn the_example_of_a_profile_sets_what_the_agent_understands() {
    let profile = plist::Value::from_reader_xml(read("macos/preferences.mobileconfig").as_bytes());
    let payloads = profile.unwrap().into_dictionary().unwrap()["PayloadContent"]
        .as_array()
        .unwrap()
        .clone();
    let mut settings = payloads[0].as_dictionary().unwrap().clone();
    assert_eq!(
        settings["PayloadType"].as_string().unwrap(),
        PathBuf::from(preferences::PATH)
            .file_stem()
            .unwrap()
            .to_str()
            .unwrap(),
        "the domain that the agent reads"
    );
    settings.retain(|key, _| !key.starts_with("Payload"));
    assert!(!settings.is_empty());
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("io.workpulse.agent.plist");
    plist::Value::Dictionary(settings)
        .to_file_xml(&path)
        .unwrap();
    let layer = preferences::read(&path).unwrap();
    resolve(&layer, Some(PathBuf::from("/x"))).unwrap();
}
