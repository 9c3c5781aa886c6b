//! Links that carry a secret: the pages behind them read it from the fragment, which browsers
//! send to nobody, so that it stands in no log on the way.

use crate::config::PublicUrl;

/// The page on which an invitation is accepted.
pub const JOIN: &str = "/join";
/// The page on which a new password is set.
pub const RESET: &str = "/reset";

/// The link to a page with a secret. Without a public address it begins with `/`: whoever shows
/// it knows where the server is reached.
#[must_use]
pub fn link(public_url: Option<&PublicUrl>, page: &str, secret: &str) -> String {
    let base = public_url.map_or_else(String::new, ToString::to_string);
    format!("{base}{page}#token={secret}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_stands_in_the_fragment() {
        let public = "https://time.acme.test".parse().expect("valid");
        assert_eq!(
            link(Some(&public), JOIN, "wpi_x"),
            "https://time.acme.test/join#token=wpi_x"
        );
        assert_eq!(link(None, RESET, "wpp_x"), "/reset#token=wpp_x");
    }
}
