//! Changing one setting in the person's own file: the rest of the file, comments included,
//! stays as it is, and what could not be read back is never written.

use std::{io, path::PathBuf};

use super::{ConfigError, Flags, load};
use crate::files;

/// The person's configuration file, whether or not it exists yet.
pub fn path(flags: &Flags) -> Result<PathBuf, ConfigError> {
    flags
        .config
        .clone()
        .or_else(|| std::env::var_os("WORKPULSE_AGENT_CONFIG").map(PathBuf::from))
        .or_else(|| {
            directories::ProjectDirs::from("", "", "workpulse")
                .map(|folders| folders.config_dir().join("agent.toml"))
        })
        .ok_or(ConfigError::NoHome)
}

/// Sets a key, such as `session.auto_start`. A value that does not fit, or that IT's file
/// covers, leaves the file as it was; the first is an error.
pub fn set(flags: &Flags, key: &str, value: toml::Value) -> Result<(), ConfigError> {
    let path = path(flags)?;
    let failed = |source| ConfigError::File {
        path: path.clone(),
        source,
    };
    let content = files::read(&path).map_err(failed)?.unwrap_or_default();
    let content = String::from_utf8(content)
        .map_err(|error| failed(io::Error::new(io::ErrorKind::InvalidData, error)))?;
    let mut document: toml_edit::DocumentMut =
        content
            .parse()
            .map_err(|error: toml_edit::TomlError| ConfigError::Syntax {
                path: path.clone(),
                message: error.to_string(),
            })?;
    let item = toml_edit::value(match value {
        toml::Value::Boolean(on) => toml_edit::Value::from(on),
        toml::Value::Integer(number) => number.into(),
        toml::Value::String(text) => text.into(),
        other => other.to_string().into(),
    });
    match key.split_once('.') {
        None => document[key] = item,
        Some((table, name)) => {
            document
                .entry(table)
                .or_insert_with(|| toml_edit::Item::Table(toml_edit::Table::new()))[name] = item;
        }
    }
    if let Some(dir) = path.parent() {
        files::private_dir(dir).map_err(failed)?;
    }
    // Read back first, under another name: a file that stops WorkPulse from starting is worse
    // than a setting that was not changed.
    let candidate = path.with_extension("toml.new");
    files::replace(&candidate, document.to_string().as_bytes(), true).map_err(failed)?;
    let tried = load(&Flags {
        config: Some(candidate.clone()),
        values: flags.values.clone(),
    });
    if let Err(error) = tried {
        files::remove(&candidate).map_err(failed)?;
        return Err(error);
    }
    std::fs::rename(&candidate, &path).map_err(failed)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn flags(dir: &std::path::Path) -> Flags {
        Flags {
            config: Some(dir.join("agent.toml")),
            ..Flags::default()
        }
    }

    #[test]
    fn one_setting_changes_and_everything_else_stays() {
        let dir = tempfile::tempdir().unwrap();
        let flags = flags(dir.path());
        let before =
            "# mine\nsync_interval_seconds = 60 # a minute\n\n[session]\nauto_start = true\n";
        fs::write(dir.path().join("agent.toml"), before).unwrap();
        set(&flags, "session.auto_start", false.into()).unwrap();
        set(&flags, "sample_interval_seconds", 7.into()).unwrap();
        let after = fs::read_to_string(dir.path().join("agent.toml")).unwrap();
        assert!(
            after.contains("# mine") && after.contains("# a minute"),
            "{after}"
        );
        let settings = load(&flags).unwrap().settings;
        assert!(!settings.auto_start);
        assert_eq!(settings.sample_interval_seconds, 7);
    }

    #[test]
    fn a_file_that_is_not_there_yet_is_made() {
        let dir = tempfile::tempdir().unwrap();
        let flags = flags(dir.path());
        set(&flags, "session.auto_start", false.into()).unwrap();
        assert!(!load(&flags).unwrap().settings.auto_start);
    }

    #[test]
    fn what_could_not_be_read_back_is_not_written() {
        let dir = tempfile::tempdir().unwrap();
        let flags = flags(dir.path());
        set(&flags, "sample_interval_seconds", 7.into()).unwrap();
        assert!(set(&flags, "sample_interval_seconds", 99.into()).is_err());
        assert!(set(&flags, "no_such_key", true.into()).is_err());
        assert_eq!(load(&flags).unwrap().settings.sample_interval_seconds, 7);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
