//! Opaque secrets: 256 random bits, shown once, kept as SHA-256.
//!
//! They are random, not chosen by people, so a fast hash is enough: there is nothing to guess.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// SHA-256 of a secret's text.
pub type SecretHash = [u8; 32];

/// What a kind of secret begins with, so that a leaked one is recognised by people and scanners.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretKind {
    /// A device's credential.
    Device,
    /// Renews an access token.
    Refresh,
    /// Enrols devices.
    Enrolment,
    /// Lets a person join an organization.
    Invitation,
    /// Lets a person set a new password.
    Reset,
}

impl SecretKind {
    /// The first characters of such a secret.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Device => "wpd_",
            Self::Refresh => "wpr_",
            Self::Enrolment => "wpe_",
            Self::Invitation => "wpi_",
            Self::Reset => "wpp_",
        }
    }

    /// A new secret of this kind: its prefix and 43 characters of base64url.
    #[must_use]
    pub fn generate(self) -> String {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).expect("the operating system has random numbers");
        format!("{}{}", self.prefix(), URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The hash of a secret of this kind; `None` when the text cannot be one, which saves
    /// asking the database.
    #[must_use]
    pub fn hash(self, secret: &str) -> Option<SecretHash> {
        let random = secret.strip_prefix(self.prefix())?;
        let alphabet = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        (random.len() == 43 && random.bytes().all(alphabet)).then(|| sha256(secret))
    }
}

/// SHA-256 of a text.
#[must_use]
pub fn sha256(text: &str) -> SecretHash {
    Sha256::digest(text.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_has_a_hash_only_under_its_own_kind() {
        let secret = SecretKind::Device.generate();
        assert_eq!(SecretKind::Device.hash(&secret), Some(sha256(&secret)));
        assert_eq!(SecretKind::Refresh.hash(&secret), None);
        assert_eq!(SecretKind::Device.hash(&format!("{secret}A")), None);
        assert_eq!(SecretKind::Device.hash(&secret.replacen('_', " ", 1)), None);
    }

    #[test]
    fn two_secrets_differ() {
        assert_ne!(
            SecretKind::Refresh.generate(),
            SecretKind::Refresh.generate()
        );
    }
}
