//! The settings as a person sees them: what each is for, where it comes from, and whether they
//! may change it. What a policy fixes is shown as fixed, with its source.

use serde::Serialize;
use serde_json::{Value, json};
use shared_types::policy::CapturePolicy;
use workpulse_agent::{
    StatusReport,
    config::{Loaded, Origin},
};

/// How a setting is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Any text.
    Text,
    /// A whole number.
    Number,
    /// On or off.
    Switch,
    /// One of several.
    Choice,
}

/// One setting.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Setting {
    /// Its key in the configuration file.
    pub key: String,
    /// Its name.
    pub label: String,
    /// Its value.
    pub value: Value,
    /// How it is changed.
    pub kind: Kind,
    /// What it may be, for a choice.
    pub choices: Option<Vec<String>>,
    /// Where the value comes from, in words.
    pub origin: String,
    /// Nobody can change it here.
    pub fixed: bool,
    /// What it is for.
    pub help: String,
}

/// What is known of a key: kind, name, purpose. Keys that are not here are shown as text.
const KNOWN: &[(&str, Kind, &str, &str)] = &[
    (
        "session.auto_start",
        Kind::Switch,
        "Sessions begin by themselves",
        "With the first input of the day, where your organization allows it.",
    ),
    (
        "ask_on_return",
        Kind::Switch,
        "Ask when you come back",
        "After idle time, a locked screen or sleep: was it a break, a meeting, or work?",
    ),
    (
        "sample_interval_seconds",
        Kind::Number,
        "Seconds between two looks",
        "1 to 30. How exactly the begin of a change is known.",
    ),
    (
        "sync_interval_seconds",
        Kind::Number,
        "Seconds between two contacts with the server",
        "1 to 3,600.",
    ),
    (
        "credentials",
        Kind::Choice,
        "Where the device's secret is kept",
        "In the system's keychain where there is one, or in a file that only you can read.",
    ),
    (
        "data_dir",
        Kind::Text,
        "Where your records are kept",
        "Set when WorkPulse starts.",
    ),
    (
        "proxy",
        Kind::Text,
        "How the server is reached",
        "system, none, or the address of a proxy.",
    ),
    (
        "ca_file",
        Kind::Text,
        "Certificates that are trusted besides the system's",
        "A file in PEM form.",
    ),
    (
        "log_dir",
        Kind::Text,
        "Where logs are kept",
        "A file a day, seven of them; without it nothing is kept.",
    ),
    (
        "allow_quit",
        Kind::Switch,
        "WorkPulse can be ended from the menu",
        "",
    ),
    (
        "email",
        Kind::Text,
        "Your address",
        "For enrolling with a token that is not one person's.",
    ),
    (
        "updates.enabled",
        Kind::Switch,
        "Newer versions are looked for",
        "Found, fetched and verified; an administrator installs them.",
    ),
    (
        "updates.url",
        Kind::Text,
        "Where newer versions come from",
        "",
    ),
    (
        "updates.key",
        Kind::Text,
        "Whose signature newer versions carry",
        "Comes with WorkPulse, or from your IT department.",
    ),
];

/// Keys that the window cannot change: one takes effect before it, one is nobody's to choose.
const NOT_HERE: [&str; 2] = ["data_dir", "updates.key"];

/// The settings of this machine, then what the organization's policy decides.
#[must_use]
pub fn settings(loaded: &Loaded, report: &StatusReport) -> Vec<Setting> {
    let mut list: Vec<Setting> = loaded
        .origins
        .iter()
        .map(|(key, value, origin)| own(key, value, origin))
        .collect();
    list.extend(policy(report));
    list
}

fn own(key: &str, value: &str, origin: &Origin) -> Setting {
    let known = KNOWN.iter().find(|(name, ..)| *name == key);
    let kind = known.map_or(Kind::Text, |it| it.1);
    Setting {
        key: key.to_owned(),
        label: known.map_or_else(|| key.to_owned(), |it| it.2.to_owned()),
        value: typed(kind, value),
        kind,
        choices: (key == "credentials").then(|| vec!["auto".to_owned(), "file".to_owned()]),
        origin: words(origin),
        fixed: NOT_HERE.contains(&key)
            || matches!(
                origin,
                Origin::Managed(_) | Origin::Flag | Origin::Environment(_)
            ),
        help: known.map_or_else(String::new, |it| it.3.to_owned()),
    }
}

fn typed(kind: Kind, value: &str) -> Value {
    match kind {
        Kind::Switch => json!(value == "true"),
        Kind::Number => value
            .parse::<i64>()
            .map_or_else(|_| json!(value), |it| json!(it)),
        Kind::Text | Kind::Choice => json!(value),
    }
}

fn words(origin: &Origin) -> String {
    match origin {
        Origin::Default => "Built in".to_owned(),
        Origin::File(path) => format!("Your settings ({})", path.display()),
        Origin::Environment(name) => format!("Environment variable {name}"),
        Origin::Flag => "Given when WorkPulse was started".to_owned(),
        Origin::Managed(path) => format!("Your IT department (managed {})", path.display()),
    }
}

/// What the organization decides: shown, never changed here.
fn policy(report: &StatusReport) -> Vec<Setting> {
    let Some(policy) = report.policy.clone().map(CapturePolicy::as_understood) else {
        return Vec::new();
    };
    let source = format!(
        "Policy of {}, version {}",
        report
            .organization_name
            .as_deref()
            .unwrap_or("your organization"),
        policy.version
    );
    let fixed = |key: &str, label: &str, kind: Kind, value: Value, help: &str| Setting {
        key: format!("policy.{key}"),
        label: label.to_owned(),
        value,
        kind,
        choices: None,
        origin: source.clone(),
        fixed: true,
        help: help.to_owned(),
    };
    vec![
        fixed(
            "applications",
            "Application names are collected",
            Kind::Switch,
            json!(policy.applications),
            "",
        ),
        fixed(
            "titles",
            "Window titles are collected",
            Kind::Switch,
            json!(policy.titles),
            "",
        ),
        fixed(
            "urls",
            "Page addresses are collected",
            Kind::Switch,
            json!(policy.urls),
            "",
        ),
        fixed(
            "idle_after_seconds",
            "Idle after, in seconds",
            Kind::Number,
            json!(policy.idle_after_seconds),
            "Counted from the last input.",
        ),
        fixed(
            "pause",
            "You may pause",
            Kind::Switch,
            json!(policy.pause.allowed),
            "",
        ),
        fixed(
            "working_hours",
            "Recorded within working hours only",
            Kind::Switch,
            json!(policy.working_hours.is_some()),
            "",
        ),
    ]
}

/// The value that is written for a key: what the page sent, in the setting's own kind.
///
/// # Errors
/// In a sentence, when the key cannot be changed here or the value has another kind.
pub fn to_write(list: &[Setting], key: &str, value: &Value) -> Result<toml::Value, String> {
    let setting = list
        .iter()
        .find(|it| it.key == key)
        .ok_or_else(|| format!("There is no setting {key}. Nothing was changed."))?;
    if setting.fixed {
        return Err(format!(
            "{} is fixed: {}. Nothing was changed.",
            setting.label, setting.origin
        ));
    }
    let wrong = || format!("{} cannot be {value}. Nothing was changed.", setting.label);
    Ok(match setting.kind {
        Kind::Switch => toml::Value::Boolean(value.as_bool().ok_or_else(wrong)?),
        Kind::Number => toml::Value::Integer(value.as_i64().ok_or_else(wrong)?),
        Kind::Text | Kind::Choice => {
            toml::Value::String(value.as_str().ok_or_else(wrong)?.to_owned())
        }
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use workpulse_agent::Settings;

    use super::*;

    fn list() -> Vec<Setting> {
        let loaded = Loaded {
            settings: Settings::for_data_dir(Path::new("/nowhere")),
            origins: vec![
                ("session.auto_start", "true".to_owned(), Origin::Default),
                (
                    "sync_interval_seconds",
                    "60".to_owned(),
                    Origin::Managed("/etc/workpulse/agent.toml".into()),
                ),
            ],
            overruled: Vec::new(),
        };
        settings(&loaded, &StatusReport::default())
    }

    #[test]
    fn what_it_has_fixed_is_shown_as_fixed_with_its_source() {
        let list = list();
        assert!(!list[0].fixed && list[1].fixed);
        assert_eq!(list[1].value, json!(60));
        assert!(list[1].origin.contains("/etc/workpulse/agent.toml"));
        let refused = to_write(&list, "sync_interval_seconds", &json!(1)).unwrap_err();
        assert!(refused.contains("is fixed"), "{refused}");
    }

    #[test]
    fn a_value_of_another_kind_changes_nothing() {
        let list = list();
        assert_eq!(
            to_write(&list, "session.auto_start", &json!(false)),
            Ok(toml::Value::Boolean(false))
        );
        assert!(to_write(&list, "session.auto_start", &json!("no")).is_err());
        assert!(to_write(&list, "data", &json!(1)).is_err());
    }
}
