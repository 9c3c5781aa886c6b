//! Every setting once: its name, and how the environment calls it.

/// A setting's key, as in the file and (with dashes) as a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    /// In `workpulse.toml`.
    pub(super) name: &'static str,
    /// In the environment.
    pub(super) variable: &'static str,
    /// Another key that holds the path of a file with this one's value: for secrets.
    pub(super) file_of: Option<&'static str>,
}

const fn key(name: &'static str, variable: &'static str) -> Key {
    Key {
        name,
        variable,
        file_of: None,
    }
}

const fn file(name: &'static str, variable: &'static str, of: &'static str) -> Key {
    Key {
        name,
        variable,
        file_of: Some(of),
    }
}

pub(super) const ALL: [Key; 25] = [
    key("data_dir", "WORKPULSE_DATA_DIR"),
    key("database_url", "DATABASE_URL"),
    file("database_url_file", "DATABASE_URL_FILE", "database_url"),
    key("db_connections", "WORKPULSE_DB_CONNECTIONS"),
    key("replica_url", "WORKPULSE_REPLICA_URL"),
    file(
        "replica_url_file",
        "WORKPULSE_REPLICA_URL_FILE",
        "replica_url",
    ),
    key(
        "replica_max_lag_seconds",
        "WORKPULSE_REPLICA_MAX_LAG_SECONDS",
    ),
    key("live_look_seconds", "WORKPULSE_LIVE_LOOK_SECONDS"),
    key("committers", "WORKPULSE_COMMITTERS"),
    key("listen", "WORKPULSE_LISTEN"),
    key("metrics_listen", "WORKPULSE_METRICS_LISTEN"),
    key("public_url", "WORKPULSE_PUBLIC_URL"),
    key("tls_cert", "WORKPULSE_TLS_CERT"),
    key("tls_key", "WORKPULSE_TLS_KEY"),
    key("drain_seconds", "WORKPULSE_DRAIN_SECONDS"),
    key("trusted_proxies", "WORKPULSE_TRUSTED_PROXIES"),
    key("job_lease_seconds", "WORKPULSE_JOB_LEASE_SECONDS"),
    key("webhook_networks", "WORKPULSE_WEBHOOK_NETWORKS"),
    key("smtp_url", "WORKPULSE_SMTP_URL"),
    file("smtp_url_file", "WORKPULSE_SMTP_URL_FILE", "smtp_url"),
    key("mail_from", "WORKPULSE_MAIL_FROM"),
    key("log", "WORKPULSE_LOG"),
    key("log_format", "WORKPULSE_LOG_FORMAT"),
    key("secret", "WORKPULSE_SECRET"),
    file("secret_file", "WORKPULSE_SECRET_FILE", "secret"),
];

/// Names in the environment that begin like ours and belong to others: the agent, builds, tests.
pub(super) const FOREIGN: [&str; 7] = [
    "WORKPULSE_AGENT_",
    "WORKPULSE_ALLOW_NO_DASHBOARD",
    "WORKPULSE_BIN_DIR",
    "WORKPULSE_CONFIG",
    "WORKPULSE_FAILPOINT",
    "WORKPULSE_ONLY_SQLITE",
    "WORKPULSE_TEST_",
];

/// The known name that is most like a wrong one, if any is.
pub(super) fn nearest<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|name| (strsim::normalized_damerau_levenshtein(wrong, name), name))
        .filter(|(likeness, _)| *likeness > 0.6)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}
