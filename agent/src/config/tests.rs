//! Layers, origins, and what is refused.

use super::*;

fn with(
    file: &str,
    environment: &[(&str, &str)],
    flags: &[(&'static str, toml::Value)],
    managed: &str,
) -> Result<Loaded, ConfigError> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("agent.toml");
    std::fs::write(&path, file).unwrap();
    let policy = dir.path().join("managed.toml");
    std::fs::write(&policy, managed).unwrap();
    let flags = Flags {
        config: Some(path),
        values: flags.iter().cloned().collect(),
    };
    let environment = environment
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    load_from(&flags, &policy, environment)
}

#[test]
fn each_layer_covers_the_ones_below_and_says_so() {
    let loaded = with(
        "sample_interval_seconds = 1\nsync_interval_seconds = 2\ncredentials = 'file'\n[session]\nauto_start = false",
        &[("WORKPULSE_AGENT_SAMPLE_INTERVAL_SECONDS", "3"), ("WORKPULSE_AGENT_SYNC_INTERVAL_SECONDS", "4")],
        &[("sync_interval_seconds", toml::Value::from(5)), ("data_dir", toml::Value::from("/x"))],
        "data_dir = '/managed'",
    )
    .unwrap();
    let settings = &loaded.settings;
    assert_eq!(settings.data_dir, Path::new("/managed"));
    assert_eq!(
        (
            settings.sample_interval_seconds,
            settings.sync_interval_seconds
        ),
        (3, 5)
    );
    assert_eq!(settings.credentials, SecretChoice::File);
    assert!(!settings.auto_start);
    let kinds: Vec<String> = loaded
        .origins
        .iter()
        .map(|(_, _, origin)| origin.to_string().split(' ').next().unwrap().to_owned())
        .take(8)
        .collect();
    assert_eq!(
        kinds,
        [
            "managed",
            "environment",
            "flag",
            "file",
            "default",
            "default",
            "file",
            "default"
        ]
    );
}

#[test]
fn an_unknown_key_is_an_error_that_names_it() {
    for (file, environment, name) in [
        ("sample_interval = 5", None, "sample_interval"),
        ("[session]\nautostart = true", None, "session.autostart"),
        (
            "",
            Some(("WORKPULSE_AGENT_SAMPLEINTERVAL", "5")),
            "sampleinterval",
        ),
    ] {
        let environment: Vec<_> = environment.into_iter().collect();
        let error = with(file, &environment, &[], "").unwrap_err();
        assert!(
            matches!(&error, ConfigError::UnknownKey { key, .. } if key == name),
            "{error}"
        );
        assert!(error.to_string().contains(name));
    }
}

#[test]
fn a_value_that_does_not_fit_is_an_error_with_its_rule() {
    for file in [
        "sample_interval_seconds = 0",
        "sample_interval_seconds = 31",
        "sync_interval_seconds = 'often'",
        "credentials = 'paper'",
        "data_dir = ''",
        "[session]\nauto_start = 1",
    ] {
        assert!(
            matches!(with(file, &[], &[], ""), Err(ConfigError::BadValue { .. })),
            "{file}"
        );
    }
    assert!(matches!(
        with("a b", &[], &[], ""),
        Err(ConfigError::Syntax { .. })
    ));
}

#[test]
fn a_named_file_must_exist() {
    let flags = Flags {
        config: Some("/nowhere/agent.toml".into()),
        ..Flags::default()
    };
    let error = load_from(&flags, Path::new("/nowhere"), std::iter::empty()).unwrap_err();
    assert!(matches!(error, ConfigError::File { .. }));
}

#[test]
fn an_address_that_it_gives_wins_and_one_that_is_none_is_refused() {
    let flag = [("email", toml::Value::from("me@example.org"))];
    let loaded = with("", &[], &flag, "email = 'ada@example.org'").unwrap();
    assert_eq!(loaded.settings.email.as_deref(), Some("ada@example.org"));
    assert!(
        !format!("{:?}", loaded.settings).contains("ada@"),
        "settings may be logged"
    );
    for bad in ["'ada'", "'@example.org'", "'a da@example.org'", "''", "5"] {
        let refused = with("", &[], &[], &format!("email = {bad}"));
        assert!(
            matches!(refused, Err(ConfigError::BadValue { key: "email", .. })),
            "{bad}: {refused:?}"
        );
    }
}

#[test]
fn the_files_of_agent_d_come_over_the_managed_file_in_the_order_of_their_names() {
    let dir = tempfile::tempdir().unwrap();
    let managed = dir.path().join("agent.toml");
    let parts = dir.path().join("agent.d");
    std::fs::create_dir(&parts).unwrap();
    std::fs::write(&managed, "sync_interval_seconds = 1\nallow_quit = false").unwrap();
    std::fs::write(parts.join("20-late.toml"), "sync_interval_seconds = 3").unwrap();
    std::fs::write(parts.join("10-early.toml"), "sync_interval_seconds = 2").unwrap();
    std::fs::write(parts.join("30-not-read.toml.bak"), "nonsense").unwrap();
    let flags = Flags {
        values: [("allow_quit", toml::Value::from(true))].into(),
        ..Flags::default()
    };
    let loaded = load_from(&flags, &managed, std::iter::empty()).unwrap();
    assert_eq!(loaded.settings.sync_interval_seconds, 3);
    assert!(!loaded.settings.allow_quit);
    let origin = |key| {
        let found = loaded.origins.iter().find(|(name, ..)| *name == key);
        found.unwrap().2.to_string()
    };
    assert!(origin("sync_interval_seconds").ends_with("20-late.toml"));
    assert_eq!(loaded.overruled.len(), 1, "{:?}", loaded.overruled);
    assert!(loaded.overruled[0].starts_with("allow_quit from the command line has no effect"));
    std::fs::write(parts.join("20-late.toml"), "sink = 3").unwrap();
    let error = load_from(&flags, &managed, std::iter::empty()).unwrap_err();
    assert!(error.to_string().contains("20-late.toml"), "{error}");
}

#[test]
fn a_proxys_password_is_in_no_error_and_in_no_list() {
    let loaded = with("proxy = 'http://ada:s3cret@proxy.test:3128'", &[], &[], "").unwrap();
    assert!(!format!("{loaded:?}").contains("s3cret"));
    for bad in [
        "proxy = 'ada:s3cret@proxy.test'",
        "proxy = 'http://ada:s3cret@proxy.test' x",
    ] {
        let error = with(bad, &[], &[], "").unwrap_err();
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
}
