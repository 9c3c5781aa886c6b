//! Where newer versions come from, and whether they are looked for at all.
//!
//! Off unless this build was made with an address and a key, or IT gave both. On a machine that
//! IT manages, off unless IT says otherwise: whoever sets up a machine also updates it. The key
//! comes from the build or from IT and from nobody else: a person who is told that a file is
//! verified, and installs it as an administrator, relies on it.

use url::Url;

use super::{ConfigError, Origin, layers::Layer, resolve::bad};
use crate::{enrol::parse_server, update::signature::public_key};

/// What the build was made with.
const BUILT_IN_URL: Option<&str> = option_env!("WORKPULSE_UPDATES_URL");
const BUILT_IN_KEY: Option<&str> = option_env!("WORKPULSE_UPDATES_KEY");

const URL_RULE: &str = "an https address without credentials";
const KEY_RULE: &str = "a minisign public key, and set by your IT department";

/// Whether newer versions are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Updates {
    /// They are not, and why: a sentence.
    Off(&'static str),
    /// They are.
    From(Source),
}

/// Where they come from, and whose signature is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The directory with `updates.json`; ends with a slash.
    pub url: Url,
    /// The public key.
    pub key: String,
}

impl Updates {
    /// How it reads in a status.
    #[must_use]
    pub const fn is_on(&self) -> bool {
        matches!(self, Self::From(_))
    }
}

/// What the values mean, and the texts of `updates.enabled`, `updates.url` and `updates.key`.
pub(super) fn resolve(values: &Layer) -> Result<(Updates, [String; 3]), ConfigError> {
    resolve_with(values, BUILT_IN_URL, BUILT_IN_KEY)
}

fn resolve_with(
    values: &Layer,
    built_in_url: Option<&str>,
    built_in_key: Option<&str>,
) -> Result<(Updates, [String; 3]), ConfigError> {
    let enabled = super::resolve::switch(values, "updates.enabled")?;
    let url = match super::resolve::text(values, "updates.url", URL_RULE)? {
        Some(text) => Some(
            parse_server(&text)
                .map_err(|_| bad("updates.url", &values["updates.url"], URL_RULE))?,
        ),
        None => built_in_url.and_then(|text| parse_server(text).ok()),
    };
    let key = match values.get("updates.key") {
        None => built_in_key.map(str::to_owned),
        Some((toml::Value::String(text), Origin::Managed(_))) if public_key(text).is_some() => {
            Some(text.clone())
        }
        Some(found) => return Err(bad("updates.key", found, KEY_RULE)),
    };
    let managed = values
        .values()
        .any(|(_, origin)| matches!(origin, Origin::Managed(_)));
    let shown = [
        String::new(),
        url.as_ref().map(Url::to_string).unwrap_or_default(),
        key.clone().unwrap_or_default(),
    ];
    let updates = match (enabled, url, key) {
        (Some(false), ..) => Updates::Off("Updates are turned off in the settings."),
        (None, ..) if managed => {
            Updates::Off("Your IT department manages this computer and updates it.")
        }
        (_, None, _) => Updates::Off("This build has no address for updates."),
        (_, _, None) => Updates::Off("This build has no key that updates could be verified with."),
        (_, Some(url), Some(key)) => Updates::From(Source { url, key }),
    };
    let [_, url, key] = shown;
    let on = updates.is_on().to_string();
    Ok((updates, [on, url, key]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";
    const URL: &str = "https://packages.example.org/workpulse";

    fn of(values: &[(&'static str, toml::Value, Origin)]) -> Result<Updates, ConfigError> {
        let layer = values
            .iter()
            .map(|(key, value, origin)| (*key, (value.clone(), origin.clone())))
            .collect();
        resolve_with(&layer, Some(URL), Some(KEY)).map(|(updates, _)| updates)
    }

    fn file() -> Origin {
        Origin::File("agent.toml".into())
    }

    fn managed() -> Origin {
        Origin::Managed("/etc/workpulse/agent.toml".into())
    }

    #[test]
    fn a_build_with_address_and_key_looks_for_updates_and_one_without_does_not() {
        let Updates::From(source) = of(&[]).unwrap() else {
            panic!("they are on");
        };
        assert_eq!(
            source.url.as_str(),
            "https://packages.example.org/workpulse/"
        );
        for (url, key) in [(None, Some(KEY)), (Some(URL), None), (None, None)] {
            let (updates, _) = resolve_with(&Layer::new(), url, key).unwrap();
            assert!(!updates.is_on(), "{url:?} {key:?}");
        }
    }

    #[test]
    fn on_a_machine_that_it_manages_they_are_off_unless_it_says_otherwise() {
        let any = ("allow_quit", false.into(), managed());
        assert!(!of(std::slice::from_ref(&any)).unwrap().is_on());
        let on = ("updates.enabled", true.into(), managed());
        assert!(of(&[any, on]).unwrap().is_on());
    }

    #[test]
    fn a_person_can_turn_them_off_and_choose_no_key() {
        assert!(
            !of(&[("updates.enabled", false.into(), file())])
                .unwrap()
                .is_on()
        );
        let error = of(&[("updates.key", KEY.into(), file())]).unwrap_err();
        assert!(error.to_string().contains("IT department"), "{error}");
        assert!(of(&[("updates.key", "no key".into(), managed())]).is_err());
        for bad in [
            "http://packages.example.org",
            "https://a:b@example.org",
            "ftp://x",
        ] {
            assert!(of(&[("updates.url", bad.into(), file())]).is_err(), "{bad}");
        }
    }
}
