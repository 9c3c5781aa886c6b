//! Policies of Windows: what Group Policy (`installers/windows/policies`) or an MDM writes into
//! the registry for this computer.
//!
//! The values' names are the keys of the file, with their dots: `session.auto_start`. What values
//! mean is the same on every system, so it is tested on all of them; reading them is for Windows
//! alone, and was not tried on one.

use std::path::PathBuf;

use super::{
    ConfigError, Origin,
    layers::{Layer, of_table},
};

/// Where they stand. Only administrators may write below `Policies`.
pub(super) const KEY: &str = r"Software\Policies\WorkPulse\Agent";
/// Keys that are on or off: the registry has numbers for that.
pub(super) const SWITCHES: [&str; 4] = [
    "session.auto_start",
    "ask_on_return",
    "allow_quit",
    "updates.enabled",
];

/// A value of the registry, as far as one can be a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Entry {
    /// `REG_SZ`
    Text(String),
    /// `REG_DWORD`, `REG_QWORD`
    Number(u64),
    /// Any other type.
    Other,
}

/// What these values set. The registry knows no case: `Proxy` is `proxy`.
pub(super) fn layer(
    entries: impl IntoIterator<Item = (String, Entry)>,
) -> Result<Layer, ConfigError> {
    let place = PathBuf::from(format!(r"HKLM\{KEY}"));
    let mut table = toml::Table::new();
    for (name, entry) in entries {
        let name = name.to_lowercase();
        let value = match entry {
            Entry::Text(text) => toml::Value::from(text),
            Entry::Number(number @ 0..=1) if SWITCHES.contains(&name.as_str()) => {
                toml::Value::from(number == 1)
            }
            Entry::Number(number) if i64::try_from(number).is_ok() => {
                toml::Value::from(number.cast_signed())
            }
            Entry::Number(_) | Entry::Other => {
                return Err(ConfigError::Registry {
                    path: place,
                    message: format!("{name} is no text (REG_SZ) and no number (REG_DWORD)"),
                });
            }
        };
        table.insert(name, value);
    }
    of_table(table, &Origin::Managed(place))
}

/// Reads them; none where no policy is set.
#[cfg(windows)]
pub(super) fn read() -> Result<Layer, ConfigError> {
    use std::io;

    use winreg::{
        HKLM,
        enums::{REG_DWORD, REG_QWORD, REG_SZ},
        types::FromRegValue as _,
    };

    let failed = |error: io::Error| ConfigError::Registry {
        path: PathBuf::from(format!(r"HKLM\{KEY}")),
        message: error.to_string(),
    };
    let key = match HKLM.open_subkey(KEY) {
        Ok(key) => key,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Layer::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut entries = Vec::new();
    for found in key.enum_values() {
        let (name, value) = found.map_err(failed)?;
        let entry = match value.vtype {
            REG_SZ => Entry::Text(String::from_reg_value(&value).map_err(failed)?),
            REG_DWORD => Entry::Number(u32::from_reg_value(&value).map_err(failed)?.into()),
            REG_QWORD => Entry::Number(u64::from_reg_value(&value).map_err(failed)?),
            _ => Entry::Other,
        };
        entries.push((name, entry));
    }
    layer(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of<const N: usize>(entries: [(&str, Entry); N]) -> Result<Layer, ConfigError> {
        layer(entries.map(|(name, entry)| (name.to_owned(), entry)))
    }

    #[test]
    fn a_policy_sets_what_a_file_could() {
        let layer = of([
            ("session.auto_start", Entry::Number(0)),
            ("Allow_Quit", Entry::Number(1)),
            ("sync_interval_seconds", Entry::Number(30)),
            ("sample_interval_seconds", Entry::Number(1)),
            ("proxy", Entry::Text("none".to_owned())),
        ])
        .unwrap();
        assert_eq!(layer["session.auto_start"].0, toml::Value::from(false));
        assert_eq!(layer["allow_quit"].0, toml::Value::from(true));
        assert_eq!(layer["sync_interval_seconds"].0, toml::Value::from(30));
        assert_eq!(layer["sample_interval_seconds"].0, toml::Value::from(1));
        assert_eq!(layer["proxy"].0, toml::Value::from("none"));
        assert_eq!(
            layer["proxy"].1.to_string(),
            r"managed HKLM\Software\Policies\WorkPulse\Agent"
        );
    }

    #[test]
    fn what_no_file_could_say_is_an_error_that_names_the_value_and_no_policy_is_none() {
        let unknown = of([("proxi", Entry::Text("none".to_owned()))]).unwrap_err();
        assert!(
            matches!(&unknown, ConfigError::UnknownKey { key, .. } if key == "proxi"),
            "{unknown}"
        );
        for entry in [Entry::Other, Entry::Number(u64::MAX)] {
            let error = of([("proxy", entry)]).unwrap_err().to_string();
            assert!(error.contains("proxy") && error.contains("HKLM"), "{error}");
        }
        assert!(of([]).unwrap().is_empty());
    }

    #[test]
    fn a_switch_is_on_or_off_and_nothing_else() {
        let layer = of([("ask_on_return", Entry::Number(2))]).unwrap();
        // Left a number, which the setting then refuses with its rule.
        assert_eq!(layer["ask_on_return"].0, toml::Value::from(2));
    }
}
