//! How the server is reached: the choice, without the passwords that it may hold.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

/// What a value must be.
pub(super) const RULE: &str =
    "\"system\", \"none\", or the address of a proxy such as http://proxy.example.org:3128";

/// How the server is reached.
#[derive(Debug, Clone, Default)]
pub enum Proxy {
    /// As the system says: the environment, and where there are such, the system's settings.
    #[default]
    System,
    /// Directly.
    None,
    /// Through this proxy; its address may hold a name and a password.
    At(SecretString),
}

impl Proxy {
    /// Reads a setting.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim() {
            "system" => Some(Self::System),
            "none" => Some(Self::None),
            other => {
                let url: Url = other.parse().ok()?;
                let known = matches!(url.scheme(), "http" | "https");
                (known && url.host_str().is_some()).then(|| Self::At(other.to_owned().into()))
            }
        }
    }
}

/// For people and logs: without name and password.
impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System => f.write_str("system"),
            Self::None => f.write_str("none"),
            Self::At(address) => match address.expose_secret().parse::<Url>() {
                Ok(mut url) => {
                    // They fail for addresses that cannot hold either.
                    let _ = url.set_username("");
                    let _ = url.set_password(None);
                    write!(f, "{url}")
                }
                Err(_) => f.write_str("a proxy"),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        let proxy = Proxy::parse("http://ada:s3cret@proxy.test:3128").unwrap();
        assert_eq!(proxy.to_string(), "http://proxy.test:3128/");
        assert!(!format!("{proxy:?}").contains("s3cret"));
    }

    #[test]
    fn what_is_no_proxy_is_refused() {
        for bad in [
            "",
            "proxy.test:3128",
            "ftp://proxy.test",
            "socks5://x",
            "off",
        ] {
            assert!(Proxy::parse(bad).is_none(), "{bad}");
        }
    }
}
