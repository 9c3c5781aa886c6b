//! What can be set, where it comes from, and what was wrong with it.
//!
//! Managed policy (`/etc/workpulse/agent.toml`, for IT) > flags > environment
//! (`WORKPULSE_AGENT_…`) > file (`agent.toml`) > defaults. Every value remembers its origin.
//! Unknown keys are errors that name the key.

pub mod edit;
pub mod provision;
#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    fmt, io,
    path::{Path, PathBuf},
};

use crate::{
    capture::{ProbeFactory, system_probe},
    credentials::SecretChoice,
};

const ENVIRONMENT: &str = "WORKPULSE_AGENT_";
/// Variables that other parts of the program read.
const OTHER_VARIABLES: [&str; 2] = ["WORKPULSE_AGENT_CONFIG", "WORKPULSE_AGENT_LOG"];

/// The keys, in the order in which they are shown.
const KEYS: [&str; 8] = [
    "data_dir",
    "sample_interval_seconds",
    "sync_interval_seconds",
    "session.auto_start",
    "ask_on_return",
    "allow_quit",
    "credentials",
    "email",
];

/// Everything that can be set.
#[derive(Clone)]
pub struct Settings {
    /// Where outbox, enrolment and lock live.
    pub data_dir: PathBuf,
    /// Seconds between two looks at the desktop, 1 to 30.
    pub sample_interval_seconds: u32,
    /// Seconds between two contacts with the server, 1 to 3,600.
    pub sync_interval_seconds: u32,
    /// Whether sessions may begin by themselves; the organization's policy must allow it too.
    pub auto_start: bool,
    /// Whether the person is asked what the time was when they come back from idle, lock or
    /// sleep.
    pub ask_on_return: bool,
    /// Whether the person may end the tray app from its menu.
    pub allow_quit: bool,
    /// Where the device's secret may be kept.
    pub credentials: SecretChoice,
    /// The person's address, for enrolling with a token that is not one person's.
    pub email: Option<String>,
    /// How the desktop is looked at; not from a file.
    pub probe: ProbeFactory,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("data_dir", &self.data_dir)
            .field("sample_interval_seconds", &self.sample_interval_seconds)
            .field("sync_interval_seconds", &self.sync_interval_seconds)
            .field("auto_start", &self.auto_start)
            .field("ask_on_return", &self.ask_on_return)
            .field("allow_quit", &self.allow_quit)
            .field("credentials", &self.credentials)
            // Not the address: settings may be logged.
            .finish_non_exhaustive()
    }
}

impl Settings {
    /// The defaults, in this data directory.
    #[must_use]
    pub fn for_data_dir(data_dir: &Path) -> Self {
        Self {
            data_dir: data_dir.to_owned(),
            sample_interval_seconds: 5,
            sync_interval_seconds: 60,
            auto_start: true,
            ask_on_return: true,
            allow_quit: true,
            credentials: SecretChoice::Auto,
            email: None,
            probe: system_probe(),
        }
    }
}

/// What was given on the command line.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// `--config`
    pub config: Option<PathBuf>,
    /// Keys and values, in the file's names.
    pub values: BTreeMap<&'static str, toml::Value>,
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Built in.
    Default,
    /// The configuration file.
    File(PathBuf),
    /// An environment variable.
    Environment(String),
    /// The command line.
    Flag,
    /// IT's file, which wins over everything.
    Managed(PathBuf),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "file {}", path.display()),
            Self::Environment(name) => write!(f, "environment {name}"),
            Self::Flag => f.write_str("flag"),
            Self::Managed(path) => write!(f, "managed {}", path.display()),
        }
    }
}

/// Settings, and where each came from.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The settings.
    pub settings: Settings,
    /// Key, value and origin, in the order in which they are shown.
    pub origins: Vec<(&'static str, String, Origin)>,
}

/// What is wrong with the configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A key that does not exist.
    #[error("unknown key {key:?} from {origin}; known keys are: {}", KEYS.join(", "))]
    UnknownKey {
        /// The key.
        key: String,
        /// Where it stands.
        origin: Origin,
    },
    /// A value that does not fit its key.
    #[error("{key} from {origin} is {value}, but it must be {rule}")]
    BadValue {
        /// The key.
        key: &'static str,
        /// The value.
        value: String,
        /// What it must be.
        rule: &'static str,
        /// Where it stands.
        origin: Origin,
    },
    /// A file that cannot be read.
    #[error("the configuration file {path} cannot be read: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file that is not TOML.
    #[error("the configuration file {path} is not valid TOML: {message}")]
    Syntax {
        /// Which.
        path: PathBuf,
        /// Where and why.
        message: String,
    },
    /// No home directory.
    #[error("there is no home directory to keep data in; give one with --data-dir")]
    NoHome,
}

/// IT's file.
#[must_use]
pub fn managed_path() -> PathBuf {
    if cfg!(windows) {
        PathBuf::from(r"C:\ProgramData\WorkPulse\agent.toml")
    } else if cfg!(target_os = "macos") {
        PathBuf::from("/Library/Application Support/WorkPulse/agent.toml")
    } else {
        PathBuf::from("/etc/workpulse/agent.toml")
    }
}

/// Reads all layers of this machine.
pub fn load(flags: &Flags) -> Result<Loaded, ConfigError> {
    load_from(flags, &managed_path(), std::env::vars())
}

type Layer = BTreeMap<&'static str, (toml::Value, Origin)>;

fn load_from(
    flags: &Flags,
    managed: &Path,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<Loaded, ConfigError> {
    let folders = directories::ProjectDirs::from("", "", "workpulse");
    let environment: BTreeMap<String, String> = environment
        .filter(|(name, _)| name.starts_with(ENVIRONMENT))
        .collect();
    let named = flags
        .config
        .clone()
        .or_else(|| environment.get("WORKPULSE_AGENT_CONFIG").map(PathBuf::from));
    let mut values = Layer::new();

    // Lowest first; each layer covers the ones before.
    if let Some(path) = &named {
        values.extend(read_file(path, true, Origin::File)?);
    } else if let Some(folders) = &folders {
        values.extend(read_file(
            &folders.config_dir().join("agent.toml"),
            false,
            Origin::File,
        )?);
    }
    for (name, text) in environment {
        if OTHER_VARIABLES.contains(&name.as_str()) {
            continue;
        }
        let origin = Origin::Environment(name.clone());
        let bare = name[ENVIRONMENT.len()..].to_lowercase();
        let key = known(&bare, &origin)?;
        // Numbers and booleans read as such, everything else as text.
        let value = text
            .parse::<i64>()
            .map(toml::Value::from)
            .or_else(|_| text.parse::<bool>().map(toml::Value::from))
            .unwrap_or_else(|_| toml::Value::from(text.clone()));
        values.insert(key, (value, origin));
    }
    values.extend(
        flags
            .values
            .iter()
            .map(|(key, value)| (*key, (value.clone(), Origin::Flag))),
    );
    values.extend(read_file(managed, false, Origin::Managed)?);

    let default_dir = folders.map(|folders| folders.data_dir().to_owned());
    resolve(&values, default_dir)
}

fn resolve(values: &Layer, default_dir: Option<PathBuf>) -> Result<Loaded, ConfigError> {
    let base = Settings::for_data_dir(Path::new(""));
    let mut origins = Vec::new();
    let mut note = |key, value: String| {
        let origin = values
            .get(key)
            .map_or(Origin::Default, |(_, origin)| origin.clone());
        origins.push((key, value, origin));
    };
    let data_dir = match text(values, "data_dir", "the path of a directory")? {
        Some(path) => PathBuf::from(path),
        None => default_dir.ok_or(ConfigError::NoHome)?,
    };
    note("data_dir", data_dir.display().to_string());
    let sample_interval_seconds = seconds(values, "sample_interval_seconds", 30, "1 to 30")?
        .unwrap_or(base.sample_interval_seconds);
    note(
        "sample_interval_seconds",
        sample_interval_seconds.to_string(),
    );
    let sync_interval_seconds = seconds(values, "sync_interval_seconds", 3_600, "1 to 3600")?
        .unwrap_or(base.sync_interval_seconds);
    note("sync_interval_seconds", sync_interval_seconds.to_string());
    let auto_start = switch(values, "session.auto_start")?.unwrap_or(base.auto_start);
    note("session.auto_start", auto_start.to_string());
    let ask_on_return = switch(values, "ask_on_return")?.unwrap_or(base.ask_on_return);
    note("ask_on_return", ask_on_return.to_string());
    let allow_quit = switch(values, "allow_quit")?.unwrap_or(base.allow_quit);
    note("allow_quit", allow_quit.to_string());
    let rule = "\"auto\" or \"file\"";
    let credentials = match text(values, "credentials", rule)?.as_deref() {
        None | Some("auto") => SecretChoice::Auto,
        Some("file") => SecretChoice::File,
        Some(_) => return Err(bad("credentials", &values["credentials"], rule)),
    };
    note(
        "credentials",
        if credentials == SecretChoice::Auto {
            "auto"
        } else {
            "file"
        }
        .to_owned(),
    );
    let rule = "an address such as ada@example.org";
    let email = text(values, "email", rule)?;
    if let Some(found) = values.get("email")
        && !email.as_deref().is_some_and(is_address)
    {
        return Err(bad("email", found, rule));
    }
    note("email", email.clone().unwrap_or_default());
    let settings = Settings {
        data_dir,
        sample_interval_seconds,
        sync_interval_seconds,
        auto_start,
        ask_on_return,
        allow_quit,
        credentials,
        email,
        probe: base.probe,
    };
    Ok(Loaded { settings, origins })
}

/// Whether this can be an address; whose it is, the server knows.
fn is_address(text: &str) -> bool {
    text.chars().count() <= 254
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
        && text
            .split_once('@')
            .is_some_and(|(name, domain)| !name.is_empty() && !domain.is_empty())
}

fn text(
    values: &Layer,
    key: &'static str,
    rule: &'static str,
) -> Result<Option<String>, ConfigError> {
    match values.get(key) {
        None => Ok(None),
        Some((toml::Value::String(text), _)) if !text.is_empty() => Ok(Some(text.clone())),
        Some(found) => Err(bad(key, found, rule)),
    }
}

fn switch(values: &Layer, key: &'static str) -> Result<Option<bool>, ConfigError> {
    match values.get(key) {
        None => Ok(None),
        Some((toml::Value::Boolean(on), _)) => Ok(Some(*on)),
        Some(found) => Err(bad(key, found, "true or false")),
    }
}

fn seconds(
    values: &Layer,
    key: &'static str,
    most: u32,
    rule: &'static str,
) -> Result<Option<u32>, ConfigError> {
    match values.get(key) {
        None => Ok(None),
        Some(found @ (toml::Value::Integer(number), _)) => u32::try_from(*number)
            .ok()
            .filter(|number| (1..=most).contains(number))
            .map(Some)
            .ok_or_else(|| bad(key, found, rule)),
        Some(found) => Err(bad(key, found, rule)),
    }
}

fn bad(
    key: &'static str,
    (value, origin): &(toml::Value, Origin),
    rule: &'static str,
) -> ConfigError {
    ConfigError::BadValue {
        key,
        value: value.to_string(),
        rule,
        origin: origin.clone(),
    }
}

/// The key with this name. Environment variables have `_` where the file has a table.
fn known(name: &str, origin: &Origin) -> Result<&'static str, ConfigError> {
    let flat = matches!(origin, Origin::Environment(_));
    KEYS.into_iter()
        .find(|key| {
            if flat {
                key.replace('.', "_") == name
            } else {
                *key == name
            }
        })
        .ok_or_else(|| ConfigError::UnknownKey {
            key: name.to_owned(),
            origin: origin.clone(),
        })
}

fn read_file(
    path: &Path,
    must_exist: bool,
    origin: impl Fn(PathBuf) -> Origin,
) -> Result<Layer, ConfigError> {
    let content = match std::fs::read_to_string(path) {
        Ok(content) => content,
        Err(error) if error.kind() == io::ErrorKind::NotFound && !must_exist => {
            return Ok(Layer::new());
        }
        Err(source) => {
            return Err(ConfigError::File {
                path: path.to_owned(),
                source,
            });
        }
    };
    let table: toml::Table =
        content
            .parse()
            .map_err(|error: toml::de::Error| ConfigError::Syntax {
                path: path.to_owned(),
                message: error.to_string(),
            })?;
    let origin = origin(path.to_owned());
    let mut layer = Layer::new();
    for (key, value) in table {
        if let toml::Value::Table(inner) = value {
            for (name, value) in inner {
                layer.insert(
                    known(&format!("{key}.{name}"), &origin)?,
                    (value, origin.clone()),
                );
            }
        } else {
            layer.insert(known(&key, &origin)?, (value, origin.clone()));
        }
    }
    Ok(layer)
}
