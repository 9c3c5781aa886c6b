//! The layers: flags, then the environment, then a file, then defaults.
//!
//! Pure but for reading the files that it is told of; the environment is passed in.

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use secrecy::SecretString;

use super::{
    Config, DatabaseConfig, HttpConfig, JobsConfig, LiveConfig, LogConfig, LogFormat, MailConfig,
    PublicUrl, ReplicaConfig, TlsConfig, WebhookConfig,
    keys::{self, Key},
};
use crate::{domain::webhook_address::Networks, store::DatabaseTarget};

/// The file that is read when it is there and none is named.
const DEFAULT_FILE: &str = "workpulse.toml";
/// The directory that is used when none is named.
const DEFAULT_DATA_DIR: &str = "./workpulse-data";

/// A setting is wrong. The process ends with code 2 and this text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub String);

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Origin {
    Flag,
    Environment,
    File(PathBuf),
}

#[derive(Debug, Clone)]
struct Value {
    key: &'static Key,
    text: String,
    origin: Origin,
}

impl fmt::Display for Value {
    /// Which setting, and where it stands: never its value, which may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.origin {
            Origin::Flag => write!(f, "--{}", self.key.name.replace('_', "-")),
            Origin::Environment => write!(f, "{} (environment)", self.key.variable),
            Origin::File(path) => write!(f, "{} in {}", self.key.name, path.display()),
        }
    }
}

impl Value {
    fn wrong(&self, problem: impl fmt::Display) -> ConfigError {
        ConfigError(format!("{self}: {problem}. Nothing was started."))
    }

    fn parse<T: FromStr>(&self, expected: &str) -> Result<T, ConfigError> {
        self.text
            .parse()
            .map_err(|_| self.wrong(format_args!("expected {expected}, got {:?}", self.text)))
    }
}

/// What was said on the command line: `(key, value)`.
pub type Flags = Vec<(&'static str, String)>;

/// The configuration, and the signing secret where one was given.
#[derive(Debug)]
pub struct Loaded {
    /// Everything but secrets.
    pub config: Config,
    /// What access tokens are signed with; absent: made at the first start.
    pub secret: Option<SecretString>,
}

/// Puts the layers together.
///
/// `file` is the file named by a flag; without one, `WORKPULSE_CONFIG` names it, or
/// `workpulse.toml` is read if it is there.
pub fn load(
    flags: Flags,
    file: Option<PathBuf>,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<Loaded, ConfigError> {
    let environment: BTreeMap<String, String> = environment.collect();
    let file = file.or_else(|| environment.get("WORKPULSE_CONFIG").map(PathBuf::from));
    // Later layers win.
    let mut layers = [
        from_file(file.as_deref())?,
        from_environment(&environment)?,
        from_flags(flags)?,
    ];
    let mut values: BTreeMap<&'static str, Value> = BTreeMap::new();
    for layer in &mut layers {
        resolve_files(layer)?;
        values.append(layer);
    }
    let secret = values
        .remove("secret")
        .map(|value| SecretString::from(value.text));
    Ok(Loaded {
        config: build(&values)?,
        secret,
    })
}

fn known(name: &str) -> Option<&'static Key> {
    keys::ALL.iter().find(|key| key.name == name)
}

fn suggestion(found: Option<&str>) -> String {
    found.map_or_else(String::new, |name| format!(" Did you mean {name}?"))
}

fn from_flags(flags: Flags) -> Result<BTreeMap<&'static str, Value>, ConfigError> {
    flags
        .into_iter()
        .map(|(name, text)| {
            let key = known(name).ok_or_else(|| ConfigError(format!("unknown setting {name}")))?;
            Ok((
                key.name,
                Value {
                    key,
                    text,
                    origin: Origin::Flag,
                },
            ))
        })
        .collect()
}

fn from_environment(
    environment: &BTreeMap<String, String>,
) -> Result<BTreeMap<&'static str, Value>, ConfigError> {
    let mut values = BTreeMap::new();
    for (name, text) in environment {
        if let Some(key) = keys::ALL.iter().find(|key| key.variable == name) {
            let value = Value {
                key,
                text: text.clone(),
                origin: Origin::Environment,
            };
            values.insert(key.name, value);
        } else if name.starts_with("WORKPULSE_")
            && !keys::FOREIGN.iter().any(|prefix| name.starts_with(prefix))
        {
            let near = keys::nearest(name, keys::ALL.iter().map(|key| key.variable));
            return Err(ConfigError(format!(
                "unknown environment variable {name}. Nothing was started.{}",
                suggestion(near)
            )));
        }
    }
    Ok(values)
}

fn from_file(named: Option<&Path>) -> Result<BTreeMap<&'static str, Value>, ConfigError> {
    let path = named.unwrap_or(Path::new(DEFAULT_FILE));
    let shown = path.display();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(BTreeMap::new());
        }
        Err(error) => {
            return Err(ConfigError(format!(
                "{shown}: {error}. Nothing was started."
            )));
        }
    };
    let table: toml::Table = text
        .parse()
        .map_err(|error| ConfigError(format!("{shown}: {error}Nothing was started.")))?;
    let mut values = BTreeMap::new();
    for (name, value) in table {
        let Some(key) = known(&name) else {
            let near = keys::nearest(&name, keys::ALL.iter().map(|key| key.name));
            return Err(ConfigError(format!(
                "unknown key {name} in {shown}. Nothing was started.{}",
                suggestion(near)
            )));
        };
        let text = plain(&value).ok_or_else(|| {
            ConfigError(format!(
                "{name} in {shown}: expected a text, a number or a list of texts. Nothing was started."
            ))
        })?;
        let origin = Origin::File(path.to_owned());
        values.insert(key.name, Value { key, text, origin });
    }
    Ok(values)
}

fn plain(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Array(items) => {
            let items: Option<Vec<&str>> = items.iter().map(toml::Value::as_str).collect();
            Some(items?.join(","))
        }
        _ => None,
    }
}

/// Replaces `…_file` by the content of the file that it names.
fn resolve_files(layer: &mut BTreeMap<&'static str, Value>) -> Result<(), ConfigError> {
    for key in &keys::ALL {
        let Some(target) = key.file_of.and_then(known) else {
            continue;
        };
        let Some(path) = layer.remove(key.name) else {
            continue;
        };
        if let Some(direct) = layer.get(target.name) {
            return Err(path.wrong(format_args!("{direct} is set as well; set one of them")));
        }
        let content = std::fs::read_to_string(&path.text)
            .map_err(|error| path.wrong(format_args!("{}: {error}", path.text)))?;
        let value = Value {
            key: target,
            text: content.trim().to_owned(),
            origin: path.origin,
        };
        layer.insert(target.name, value);
    }
    Ok(())
}

fn build(values: &BTreeMap<&'static str, Value>) -> Result<Config, ConfigError> {
    let text = |name: &str| values.get(name);
    let data_dir = text("data_dir").map_or(DEFAULT_DATA_DIR, |value| &value.text);
    let defaults = Config::defaults(PathBuf::from(data_dir));
    Ok(Config {
        database: database(values, defaults.database)?,
        webhooks: webhooks(values)?,
        mail: mail(values)?,
        http: http(values, defaults.http)?,
        live: live(values, defaults.live)?,
        jobs: jobs(values, defaults.jobs)?,
        log: log(values, defaults.log)?,
        data_dir: defaults.data_dir,
    })
}

fn number(
    values: &BTreeMap<&'static str, Value>,
    name: &str,
    range: std::ops::RangeInclusive<u32>,
    default: u32,
) -> Result<u32, ConfigError> {
    let Some(value) = values.get(name) else {
        return Ok(default);
    };
    let expected = format!("a number from {} to {}", range.start(), range.end());
    let number: u32 = value.parse(&expected)?;
    if range.contains(&number) {
        return Ok(number);
    }
    Err(value.wrong(format_args!("expected {expected}")))
}

fn database(
    values: &BTreeMap<&'static str, Value>,
    mut database: DatabaseConfig,
) -> Result<DatabaseConfig, ConfigError> {
    if let Some(value) = values.get("database_url") {
        let url = value.text.trim();
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(value.wrong(
                "expected postgres://user:password@host/database; leave it out for the embedded SQLite",
            ));
        }
        database.target = DatabaseTarget::Url(url.to_owned());
    }
    database.connections = number(values, "db_connections", 2..=200, database.connections)?;
    database.committers = number(values, "committers", 1..=16, database.committers)?;
    database.replica = replica(values, &database.target)?;
    Ok(database)
}

fn replica(
    values: &BTreeMap<&'static str, Value>,
    target: &DatabaseTarget,
) -> Result<Option<ReplicaConfig>, ConfigError> {
    /// A report that is half a minute old is still a report.
    const MOST_LAG_SECONDS: u32 = 30;
    let most_lag = number(
        values,
        "replica_max_lag_seconds",
        1..=3_600,
        MOST_LAG_SECONDS,
    )?;
    let Some(value) = values.get("replica_url") else {
        return Ok(None);
    };
    if matches!(target, DatabaseTarget::File(_)) {
        return Err(
            value.wrong("database_url is needed as well: the embedded SQLite has no replicas")
        );
    }
    let url = value.text.trim();
    if url.parse::<sqlx::postgres::PgConnectOptions>().is_err()
        || !(url.starts_with("postgres://") || url.starts_with("postgresql://"))
    {
        return Err(value.wrong("expected postgres://user:password@host/database"));
    }
    Ok(Some(ReplicaConfig {
        url: SecretString::from(url.to_owned()),
        most_lag: Duration::from_secs(most_lag.into()),
    }))
}

fn live(
    values: &BTreeMap<&'static str, Value>,
    live: LiveConfig,
) -> Result<LiveConfig, ConfigError> {
    let default = u32::try_from(live.look.as_secs()).unwrap_or(3);
    let look = number(values, "live_look_seconds", 1..=3_600, default)?;
    Ok(LiveConfig {
        look: Duration::from_secs(look.into()),
    })
}

fn http(
    values: &BTreeMap<&'static str, Value>,
    mut http: HttpConfig,
) -> Result<HttpConfig, ConfigError> {
    const ADDRESS: &str = "an address and a port such as 127.0.0.1:3000";
    if let Some(value) = values.get("listen") {
        http.listen = value.parse(ADDRESS)?;
    }
    if let Some(value) = values.get("metrics_listen") {
        http.metrics_listen = match value.text.as_str() {
            "off" => None,
            _ => Some(value.parse("an address and a port such as 127.0.0.1:3001, or off")?),
        };
    }
    if let Some(value) = values.get("public_url") {
        let url: PublicUrl = value.text.parse().map_err(|problem| value.wrong(problem))?;
        http.public_url = Some(url);
    }
    http.tls = tls(values)?;
    http.drain = Duration::from_secs(number(values, "drain_seconds", 0..=300, 0)?.into());
    if let Some(value) = values.get("trusted_proxies") {
        http.trusted_proxies = networks(value)?;
    }
    Ok(http)
}

fn networks(value: &Value) -> Result<Vec<ipnet::IpNet>, ConfigError> {
    value
        .text
        .split(',')
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .map(|text| {
            text.parse()
                .or_else(|_| text.parse::<std::net::IpAddr>().map(Into::into))
                .map_err(|_| {
                    value.wrong(format_args!(
                        "{text:?} is no address or network such as 10.0.0.0/8"
                    ))
                })
        })
        .collect()
}

fn webhooks(values: &BTreeMap<&'static str, Value>) -> Result<WebhookConfig, ConfigError> {
    let listed = values.get("webhook_networks").map(networks).transpose()?;
    Ok(WebhookConfig {
        networks: Networks(listed.unwrap_or_default()),
    })
}

fn tls(values: &BTreeMap<&'static str, Value>) -> Result<Option<TlsConfig>, ConfigError> {
    match (values.get("tls_cert"), values.get("tls_key")) {
        (None, None) => Ok(None),
        (Some(certificate), Some(key)) => Ok(Some(TlsConfig {
            certificate: PathBuf::from(&certificate.text),
            key: PathBuf::from(&key.text),
        })),
        (Some(alone), None) => {
            Err(alone.wrong("tls_key is missing, the file with its private key"))
        }
        (None, Some(alone)) => {
            Err(alone.wrong("tls_cert is missing, the file with its certificate"))
        }
    }
}

fn jobs(
    values: &BTreeMap<&'static str, Value>,
    jobs: JobsConfig,
) -> Result<JobsConfig, ConfigError> {
    let default = u32::try_from(jobs.lease.as_secs()).unwrap_or(30);
    let lease = number(values, "job_lease_seconds", 3..=45, default)?;
    Ok(JobsConfig {
        lease: Duration::from_secs(lease.into()),
    })
}

fn mail(values: &BTreeMap<&'static str, Value>) -> Result<Option<MailConfig>, ConfigError> {
    let Some(url) = values.get("smtp_url") else {
        return match values.get("mail_from") {
            Some(from) => Err(from.wrong("smtp_url is needed as well: without it nothing is sent")),
            None => Ok(None),
        };
    };
    if let Some(problem) = crate::mail::address_problem(&url.text) {
        return Err(url.wrong(problem));
    }
    let Some(from) = values.get("mail_from") else {
        return Err(
            url.wrong("mail_from is needed as well, such as WorkPulse <workpulse@example.org>")
        );
    };
    if from.text.parse::<lettre::message::Mailbox>().is_err() {
        return Err(from.wrong("expected a sender such as WorkPulse <workpulse@example.org>"));
    }
    if !values.contains_key("public_url") {
        return Err(url.wrong(
            "public_url is needed as well: links in mails lead there, such as https://time.example.org",
        ));
    }
    Ok(Some(MailConfig {
        smtp_url: SecretString::from(url.text.clone()),
        from: from.text.clone(),
    }))
}

fn log(
    values: &BTreeMap<&'static str, Value>,
    mut log: LogConfig,
) -> Result<LogConfig, ConfigError> {
    if let Some(value) = values.get("log") {
        tracing_subscriber::EnvFilter::try_new(&value.text).map_err(|error| value.wrong(error))?;
        log.filter.clone_from(&value.text);
    }
    if let Some(value) = values.get("log_format") {
        log.format = match value.text.as_str() {
            "text" => LogFormat::Text,
            "json" => LogFormat::Json,
            other => return Err(value.wrong(format_args!("expected text or json, got {other:?}"))),
        };
    }
    Ok(log)
}
