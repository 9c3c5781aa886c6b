//! The layers of settings as they stand on this machine: files, environment, flags.
//!
//! Owns where values come from and which wins. It must not know what a value means.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use super::{ConfigError, Flags, KEYS, Origin};

const ENVIRONMENT: &str = "WORKPULSE_AGENT_";
/// Variables that other parts of the program read.
const OTHER_VARIABLES: [&str; 2] = ["WORKPULSE_AGENT_CONFIG", "WORKPULSE_AGENT_LOG"];

/// Values by key, each with its origin.
pub(super) type Layer = BTreeMap<&'static str, (toml::Value, Origin)>;

/// Reads every layer, lowest first: each covers the ones before. Also tells what flags asked for
/// in vain.
pub(super) fn read_all(
    flags: &Flags,
    user_file: Option<&Path>,
    managed: &Path,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<(Layer, Vec<String>), ConfigError> {
    let environment: BTreeMap<String, String> = environment
        .filter(|(name, _)| name.starts_with(ENVIRONMENT))
        .collect();
    let named = flags
        .config
        .clone()
        .or_else(|| environment.get("WORKPULSE_AGENT_CONFIG").map(PathBuf::from));
    let mut values = match (&named, user_file) {
        (Some(path), _) => read_file(path, true, Origin::File)?,
        (None, Some(path)) => read_file(path, false, Origin::File)?,
        (None, None) => Layer::new(),
    };
    values.extend(of_environment(environment)?);
    values.extend(
        flags
            .values
            .iter()
            .map(|(key, value)| (*key, (value.clone(), Origin::Flag))),
    );
    let managed = read_managed(managed)?;
    let overruled = managed
        .iter()
        .filter(|(key, _)| matches!(values.get(*key), Some((_, Origin::Flag))))
        .map(|(key, (_, origin))| {
            format!("{key} from the command line has no effect: your IT department has set it ({origin})")
        })
        .collect();
    values.extend(managed);
    Ok((values, overruled))
}

/// IT's file, over it the files of `agent.d` beside it in the order of their names, and over those
/// the policies of Windows or the managed preferences of macOS.
fn read_managed(path: &Path) -> Result<Layer, ConfigError> {
    let mut layer = read_file(path, false, Origin::Managed)?;
    for part in parts(&path.with_file_name("agent.d"))? {
        layer.extend(read_file(&part, false, Origin::Managed)?);
    }
    #[cfg(windows)]
    layer.extend(super::registry::read()?);
    #[cfg(target_os = "macos")]
    layer.extend(super::preferences::read(Path::new(
        super::preferences::PATH,
    ))?);
    Ok(layer)
}

/// The `.toml` files of a directory, by name; none where there is no directory.
fn parts(dir: &Path) -> Result<Vec<PathBuf>, ConfigError> {
    let failed = |source| ConfigError::File {
        path: dir.to_owned(),
        source,
    };
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(failed(source)),
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|kind| kind == "toml") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn of_environment(environment: BTreeMap<String, String>) -> Result<Layer, ConfigError> {
    let mut layer = Layer::new();
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
        layer.insert(key, (value, origin));
    }
    Ok(layer)
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
    let content = match fs::read_to_string(path) {
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
                // Its whole text quotes the line, which may hold a proxy's password.
                message: match error.span() {
                    Some(at) => {
                        format!("line {}: {}", line_of(&content, at.start), error.message())
                    }
                    None => error.message().to_owned(),
                },
            })?;
    of_table(table, &origin(path.to_owned()))
}

/// The values of a table, whose own tables are parts of keys.
pub(super) fn of_table(table: toml::Table, origin: &Origin) -> Result<Layer, ConfigError> {
    let mut layer = Layer::new();
    for (key, value) in table {
        if let toml::Value::Table(inner) = value {
            for (name, value) in inner {
                layer.insert(
                    known(&format!("{key}.{name}"), origin)?,
                    (value, origin.clone()),
                );
            }
        } else {
            layer.insert(known(&key, origin)?, (value, origin.clone()));
        }
    }
    Ok(layer)
}

fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}
