//! What each layer says, and what is refused.

use secrecy::ExposeSecret as _;

use super::{
    LogFormat,
    sources::{ConfigError, Loaded, load},
};
use crate::store::DatabaseTarget;

fn environment(pairs: &[(&str, &str)]) -> impl Iterator<Item = (String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect::<Vec<_>>()
        .into_iter()
}

fn file(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), text).expect("written");
    file
}

fn with(
    text: &str,
    pairs: &[(&str, &str)],
    flags: &[(&'static str, &str)],
) -> Result<Loaded, ConfigError> {
    let file = file(text);
    let flags = flags
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect();
    load(flags, Some(file.path().to_owned()), environment(pairs))
}

#[test]
fn flags_win_over_the_environment_and_that_over_the_file() {
    let text = "listen = '127.0.0.1:1'\nlog_format = 'json'\ndb_connections = 7\ntrusted_proxies = ['10.0.0.0/8', '::1']";
    let loaded = with(
        text,
        &[
            ("WORKPULSE_LISTEN", "127.0.0.1:2"),
            ("WORKPULSE_LOG", "debug"),
        ],
        &[("listen", "127.0.0.1:3")],
    )
    .expect("valid");
    assert_eq!(loaded.config.http.listen.port(), 3);
    assert_eq!(loaded.config.log.filter, "debug");
    assert_eq!(loaded.config.log.format, LogFormat::Json);
    assert_eq!(loaded.config.database.connections, 7);
    assert!(
        loaded
            .config
            .http
            .is_proxy("10.9.8.7".parse().expect("valid"))
    );
    let loaded = with(text, &[("WORKPULSE_LISTEN", "127.0.0.1:2")], &[]).expect("valid");
    assert_eq!(loaded.config.http.listen.port(), 2);
}

#[test]
fn without_anything_it_serves_here_on_port_3000_from_a_file() {
    let loaded = with("", &[], &[]).expect("valid");
    assert_eq!(loaded.config.http.listen.to_string(), "127.0.0.1:3000");
    assert!(
        matches!(loaded.config.database.target, DatabaseTarget::File(path) if path.ends_with("workpulse-data/workpulse.db"))
    );
    assert!(loaded.secret.is_none());
}

#[test]
fn an_unknown_key_is_named_and_the_nearest_one_suggested() {
    let error = with("lisen = '127.0.0.1:1'", &[], &[])
        .expect_err("unknown")
        .to_string();
    assert!(
        error.contains("lisen") && error.contains("Did you mean listen?"),
        "{error}"
    );
    let error = with("", &[("WORKPULSE_METRIC_LISTEN", "off")], &[])
        .expect_err("unknown")
        .to_string();
    assert!(
        error.contains("WORKPULSE_METRIC_LISTEN")
            && error.contains("Did you mean WORKPULSE_METRICS_LISTEN?"),
        "{error}"
    );
    assert!(
        with(
            "",
            &[("WORKPULSE_AGENT_LOG", "debug"), ("PATH", "/bin")],
            &[]
        )
        .is_ok()
    );
}

#[test]
fn a_wrong_value_is_told_with_its_place() {
    for (pairs, expected) in [
        (
            &[("WORKPULSE_LISTEN", "3000")],
            "WORKPULSE_LISTEN (environment)",
        ),
        (
            &[("WORKPULSE_COMMITTERS", "0")],
            "WORKPULSE_COMMITTERS (environment)",
        ),
        (
            &[("WORKPULSE_PUBLIC_URL", "example.org")],
            "WORKPULSE_PUBLIC_URL (environment)",
        ),
        (&[("WORKPULSE_TRUSTED_PROXIES", "10.0.0.0/8,x")], "\"x\""),
        (&[("WORKPULSE_LOG_FORMAT", "xml")], "text or json"),
        (&[("DATABASE_URL", "mysql://x")], "DATABASE_URL"),
    ] {
        let error = with("", pairs, &[]).expect_err("wrong").to_string();
        assert!(error.contains(expected), "{error}");
    }
    let error = with("db_connections = 1", &[], &[])
        .expect_err("wrong")
        .to_string();
    assert!(error.contains("db_connections in /"), "{error}");
    let error = with("db_connections = true", &[], &[])
        .expect_err("wrong")
        .to_string();
    assert!(error.contains("db_connections"), "{error}");
}

#[test]
fn a_secret_may_stand_in_a_file_but_not_in_two_places() {
    let secret = file("from-a-file-with-32-characters-or-more\n");
    let path = secret.path().to_str().expect("utf-8");
    let loaded = with("", &[("WORKPULSE_SECRET_FILE", path)], &[]).expect("valid");
    let found = loaded.secret.expect("given");
    assert_eq!(
        found.expose_secret(),
        "from-a-file-with-32-characters-or-more"
    );
    let both = [
        ("WORKPULSE_SECRET_FILE", path),
        ("WORKPULSE_SECRET", "direct"),
    ];
    let error = with("", &both, &[]).expect_err("twice").to_string();
    assert!(
        error.contains("set one of them") && !error.contains("direct"),
        "{error}"
    );
    let error = with("", &[("DATABASE_URL_FILE", "/nowhere/at/all")], &[]).expect_err("missing");
    assert!(error.to_string().contains("/nowhere/at/all"));
}

#[test]
fn a_wrong_database_address_is_not_repeated_since_it_holds_a_password() {
    let error = with("", &[("DATABASE_URL", "mysql://me:hunter2@db")], &[]).expect_err("wrong");
    assert!(!error.to_string().contains("hunter2"));
}

#[test]
fn a_named_file_must_be_there() {
    let error = load(
        Vec::new(),
        Some("/nowhere/workpulse.toml".into()),
        environment(&[]),
    )
    .expect_err("missing");
    assert!(error.to_string().contains("/nowhere/workpulse.toml"));
}

#[test]
fn mail_needs_a_server_a_sender_and_an_address_for_its_links() {
    let url = ("WORKPULSE_SMTP_URL", "smtps://me:hunter2@mail.acme.test");
    let from = ("WORKPULSE_MAIL_FROM", "WorkPulse <time@acme.test>");
    let public = ("WORKPULSE_PUBLIC_URL", "https://time.acme.test");
    let loaded = with("", &[url, from, public], &[]).expect("valid");
    let mail = loaded.config.mail.expect("configured");
    assert!(!format!("{mail:?}").contains("hunter2"));
    let clear = ("WORKPULSE_SMTP_URL", "smtp://me:hunter2@mail.acme.test");
    let nobody = ("WORKPULSE_MAIL_FROM", "nobody");
    for (pairs, expected) in [
        (&[url, from][..], "public_url"),
        (&[url, public], "mail_from"),
        (&[from, public], "smtp_url"),
        (&[clear, from, public], "in the clear"),
        (&[url, nobody, public], "expected a sender"),
    ] {
        let error = with("", pairs, &[]).expect_err("wrong").to_string();
        assert!(error.contains(expected), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
}

#[test]
fn a_replica_needs_a_database_that_it_can_follow() {
    let primary = ("DATABASE_URL", "postgres://u@h/d");
    let replica = ("WORKPULSE_REPLICA_URL", "postgres://u:hidden@r/d");
    let loaded = with("replica_max_lag_seconds = 5", &[primary, replica], &[]).expect("valid");
    let read = loaded.config.database.replica.expect("it is configured");
    assert_eq!(read.url.expose_secret(), "postgres://u:hidden@r/d");
    assert_eq!(read.most_lag.as_secs(), 5);
    let refused = [
        with("", &[replica], &[]),
        with(
            "",
            &[primary, ("WORKPULSE_REPLICA_URL", "http://hidden")],
            &[],
        ),
    ];
    for refused in refused {
        let error = refused.expect_err("it cannot work").to_string();
        assert!(
            error.contains("WORKPULSE_REPLICA_URL") && !error.contains("hidden"),
            "{error}"
        );
    }
}
