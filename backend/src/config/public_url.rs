//! The address by which browsers reach the server.

use std::{fmt, str::FromStr};

/// A scheme, a host and perhaps a port; no path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    https: bool,
    authority: String,
}

impl PublicUrl {
    /// Whether browsers reach the server through TLS.
    #[must_use]
    pub const fn is_https(&self) -> bool {
        self.https
    }

    /// Whether an `Origin` header's value is this address.
    #[must_use]
    pub fn is_origin(&self, origin: &str) -> bool {
        origin.eq_ignore_ascii_case(&self.to_string())
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.https { "https" } else { "http" };
        write!(f, "{scheme}://{}", self.authority)
    }
}

impl FromStr for PublicUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "expected an address without a path, such as https://time.example.org";
        let uri: http::Uri = text.trim_end_matches('/').parse().map_err(|_| WRONG)?;
        let https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(WRONG),
        };
        let authority = uri.authority().ok_or(WRONG)?;
        if authority.as_str().contains('@')
            || !matches!(uri.path(), "" | "/")
            || uri.query().is_some()
        {
            return Err(WRONG);
        }
        let default_port = if https { 443 } else { 80 };
        let authority = match authority.port_u16() {
            // A browser's Origin leaves the default port out.
            Some(port) if port != default_port => format!("{}:{port}", authority.host()),
            _ => authority.host().to_owned(),
        };
        Ok(Self {
            https,
            authority: authority.to_lowercase(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Result<PublicUrl, &'static str> {
        text.parse()
    }

    #[test]
    fn an_origin_must_be_exactly_the_public_address() {
        let public = url("https://Time.example.org:443/").expect("valid");
        assert!(public.is_https());
        assert!(public.is_origin("https://time.example.org"));
        assert!(!public.is_origin("http://time.example.org"));
        assert!(!public.is_origin("https://time.example.org.evil.test"));
        assert!(!public.is_origin("https://time.example.org:8443"));
        assert!(!public.is_origin("null"));
    }

    #[test]
    fn what_is_no_bare_address_is_refused() {
        for text in [
            "time.example.org",
            "ftp://x",
            "https://x/path",
            "https://a@b",
            "https://x?y",
            "",
        ] {
            assert!(url(text).is_err(), "{text}");
        }
    }
}
