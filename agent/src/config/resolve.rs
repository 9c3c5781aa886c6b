//! What the values of all layers mean: pure, from values and their origins to [`Settings`].

use std::path::{Path, PathBuf};

use super::{
    ConfigError, Origin, Settings,
    layers::Layer,
    proxy::{self, Proxy},
    updates,
};
use crate::credentials::SecretChoice;

/// Settings, and key, value and origin of each in the order in which they are shown.
pub(super) type Resolved = (Settings, Vec<(&'static str, String, Origin)>);

/// The settings that the values make, and key, value and origin of each.
pub(super) fn resolve(
    values: &Layer,
    default_dir: Option<PathBuf>,
) -> Result<Resolved, ConfigError> {
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
    let proxy = match text(values, "proxy", proxy::RULE)? {
        None => base.proxy,
        Some(text) => {
            Proxy::parse(&text).ok_or_else(|| bad("proxy", &values["proxy"], proxy::RULE))?
        }
    };
    note("proxy", proxy.to_string());
    let ca_file = text(values, "ca_file", "the path of a PEM file")?.map(PathBuf::from);
    note("ca_file", shown(ca_file.as_deref()));
    let log_dir = text(values, "log_dir", "the path of a directory")?.map(PathBuf::from);
    note("log_dir", shown(log_dir.as_deref()));
    let (updates, [on, url, key]) = updates::resolve(values)?;
    note("updates.enabled", on);
    note("updates.url", url);
    note("updates.key", key);
    let settings = Settings {
        data_dir,
        sample_interval_seconds,
        sync_interval_seconds,
        auto_start,
        ask_on_return,
        allow_quit,
        credentials,
        email,
        proxy,
        ca_file,
        log_dir,
        updates,
        probe: base.probe,
    };
    Ok((settings, origins))
}

fn shown(path: Option<&Path>) -> String {
    path.map(|path| path.display().to_string())
        .unwrap_or_default()
}

/// Whether this can be an address; whose it is, the server knows.
fn is_address(text: &str) -> bool {
    text.chars().count() <= 254
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
        && text
            .split_once('@')
            .is_some_and(|(name, domain)| !name.is_empty() && !domain.is_empty())
}

pub(super) fn text(
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

pub(super) fn switch(values: &Layer, key: &'static str) -> Result<Option<bool>, ConfigError> {
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

pub(super) fn bad(
    key: &'static str,
    (value, origin): &(toml::Value, Origin),
    rule: &'static str,
) -> ConfigError {
    ConfigError::BadValue {
        key,
        // A proxy's address may hold a password.
        value: if key == "proxy" {
            "another text".to_owned()
        } else {
            value.to_string()
        },
        rule,
        origin: origin.clone(),
    }
}
