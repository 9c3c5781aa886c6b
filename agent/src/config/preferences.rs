//! Managed preferences of macOS: what a configuration profile lays down for this computer.
//!
//! The keys are those of the file, with their dots: `session.auto_start`. Reading a property list
//! is the same on every system, so it is tested on all of them; that macOS writes the file where
//! [`PATH`] says was not tried on a Mac.

use std::{io, path::Path};

use super::{
    ConfigError, Origin,
    layers::{Layer, of_table},
};

/// Where macOS keeps what profiles say for our domain.
pub(super) const PATH: &str = "/Library/Managed Preferences/io.workpulse.agent.plist";

/// Reads them; none where no profile is installed.
pub(super) fn read(path: &Path) -> Result<Layer, ConfigError> {
    let wrong = |message: String| ConfigError::Syntax {
        path: path.to_owned(),
        message,
    };
    let value = match plist::Value::from_file(path) {
        Ok(value) => value,
        Err(error)
            if error
                .as_io()
                .is_some_and(|it| it.kind() == io::ErrorKind::NotFound) =>
        {
            return Ok(Layer::new());
        }
        Err(error) => return Err(wrong(error.to_string())),
    };
    let Some(entries) = value.into_dictionary() else {
        return Err(wrong("it is no dictionary".to_owned()));
    };
    let mut table = toml::Table::new();
    for (key, value) in entries {
        let value = match value {
            plist::Value::Boolean(on) => toml::Value::from(on),
            plist::Value::String(text) => toml::Value::from(text),
            plist::Value::Integer(number) => match number.as_signed() {
                Some(number) => toml::Value::from(number),
                None => return Err(wrong(format!("{key} is too large"))),
            },
            _ => return Err(wrong(format!("{key} is no text, number or boolean"))),
        };
        table.insert(key, value);
    }
    of_table(table, &Origin::Managed(path.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(content: &str) -> Result<Layer, ConfigError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("io.workpulse.agent.plist");
        let text = format!(
            r#"<?xml version="1.0" encoding="UTF-8"?><plist version="1.0"><dict>{content}</dict></plist>"#
        );
        std::fs::write(&path, text).unwrap();
        read(&path)
    }

    #[test]
    fn a_profile_sets_what_a_file_could() {
        let layer = of(
            "<key>session.auto_start</key><false/><key>sync_interval_seconds</key><integer>30</integer><key>proxy</key><string>none</string>",
        )
        .unwrap();
        assert_eq!(layer["session.auto_start"].0, toml::Value::from(false));
        assert_eq!(layer["sync_interval_seconds"].0, toml::Value::from(30));
        assert_eq!(layer["proxy"].0, toml::Value::from("none"));
        assert!(matches!(layer["proxy"].1, Origin::Managed(_)));
    }

    #[test]
    fn what_no_file_could_say_is_an_error_and_no_profile_is_none() {
        assert!(matches!(
            of("<key>proxi</key><string>none</string>"),
            Err(ConfigError::UnknownKey { .. })
        ));
        assert!(matches!(
            of("<key>proxy</key><array/>"),
            Err(ConfigError::Syntax { .. })
        ));
        assert!(read(Path::new("/nonexistent/x.plist")).unwrap().is_empty());
    }
}
