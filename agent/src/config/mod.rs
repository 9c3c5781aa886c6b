//! What can be set, where it comes from, and what was wrong with it.
//!
//! Managed policy (for IT: `/etc/workpulse/agent.toml`, over it `agent.d/*.toml` in the order of
//! their names, over those the registry's policies or the managed preferences) > flags > environment (`WORKPULSE_AGENT_…`) > file (`agent.toml`) >
//! defaults. Every value remembers its origin. Unknown keys are errors that name the key.
//!
//! [`layers`] reads, [`resolve`] decides what the values mean.

pub mod edit;
mod layers;
#[cfg(any(target_os = "macos", test))]
mod preferences;
pub mod provision;
pub mod proxy;
#[cfg(test)]
mod published;
#[cfg(any(windows, test))]
mod registry;
mod resolve;
#[cfg(test)]
mod tests;
pub mod updates;

use std::{
    collections::BTreeMap,
    fmt, io,
    path::{Path, PathBuf},
};

use self::{layers::read_all, proxy::Proxy, resolve::resolve, updates::Updates};
use crate::{
    capture::{ProbeFactory, system_probe},
    credentials::SecretChoice,
};

/// The keys, in the order in which they are shown.
const KEYS: [&str; 14] = [
    "data_dir",
    "sample_interval_seconds",
    "sync_interval_seconds",
    "session.auto_start",
    "ask_on_return",
    "allow_quit",
    "credentials",
    "email",
    "proxy",
    "ca_file",
    "log_dir",
    "updates.enabled",
    "updates.url",
    "updates.key",
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
    /// How the server is reached.
    pub proxy: Proxy,
    /// Certificates (PEM) that are trusted besides the system's.
    pub ca_file: Option<PathBuf>,
    /// Where logs are kept, a file a day, seven of them; absent: on stderr only.
    pub log_dir: Option<PathBuf>,
    /// Whether newer versions are looked for, and where.
    pub updates: Updates,
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
            .field("proxy", &self.proxy)
            .field("ca_file", &self.ca_file)
            .field("log_dir", &self.log_dir)
            .field("updates", &self.updates.is_on())
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
            proxy: Proxy::System,
            ca_file: None,
            log_dir: None,
            updates: Updates::Off("Nothing says where updates come from."),
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
    /// What was given on the command line in vain, because IT has decided it: sentences.
    pub overruled: Vec<String>,
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
    /// Policies of Windows that cannot be read.
    #[error("the policies in {path} cannot be read: {message}")]
    Registry {
        /// Which key.
        path: PathBuf,
        /// Why.
        message: String,
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

fn load_from(
    flags: &Flags,
    managed: &Path,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<Loaded, ConfigError> {
    let folders = directories::ProjectDirs::from("", "", "workpulse");
    let user_file = folders
        .as_ref()
        .map(|folders| folders.config_dir().join("agent.toml"));
    let (values, overruled) = read_all(flags, user_file.as_deref(), managed, environment)?;
    let default_dir = folders.map(|folders| folders.data_dir().to_owned());
    let (settings, origins) = resolve(&values, default_dir)?;
    Ok(Loaded {
        settings,
        origins,
        overruled,
    })
}
