//! Passwords: Argon2id, and only a few at a time.
//!
//! A hash takes about 20 ms and 19 MiB. At most two run at once, on threads of their own, so
//! that a thousand log-ins at nine in the morning neither starve ingest nor eat the memory.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::sync::Semaphore;

/// Hashes that run at once.
const AT_ONCE: usize = 2;
/// Fewest characters.
pub const SHORTEST: usize = 12;
/// Most characters; more would only cost time.
pub const LONGEST: usize = 128;

/// Hashes and checks passwords, a few at a time. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Passwords {
    permits: Arc<Semaphore>,
    /// What the password of somebody who does not exist is compared with.
    dummy: Arc<str>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self {
            permits: Arc::new(Semaphore::new(AT_ONCE)),
            // Same parameters as real hashes, of a password that nobody knows.
            dummy: Arc::from(
                "$argon2id$v=19$m=19456,t=2,p=1$3F0Mma7nDGvDzqCsAm5EDQ$DRB5Hgo3hUo7oC3z0rZ6b1pY5wbzyGOPrN8sNn6GzBA",
            ),
        }
    }
}

fn hasher() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).expect("constant parameters in range");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hashing did not finish.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("hashing a password failed: {0}")]
pub struct HashingFailed(String);

impl Passwords {
    /// The PHC string of a password.
    pub async fn hash(&self, password: String) -> Result<String, HashingFailed> {
        self.run(move || {
            hasher()
                .hash_password(password.as_bytes())
                .map(|hash| hash.to_string())
                .map_err(|error| HashingFailed(error.to_string()))
        })
        .await?
    }

    /// Whether the password fits. Without a hash (nobody there, or no password set) it takes
    /// as long, and does not fit.
    pub async fn verify(
        &self,
        password: String,
        hash: Option<String>,
    ) -> Result<bool, HashingFailed> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.dummy.to_string());
        self.run(move || {
            let fits = PasswordHash::new(&hash).is_ok_and(|parsed| {
                hasher()
                    .verify_password(password.as_bytes(), &parsed)
                    .is_ok()
            });
            fits && known
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, HashingFailed> {
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(|error| HashingFailed(error.to_string()))?;
        tokio::task::spawn_blocking(move || {
            let result = work();
            drop(permit);
            result
        })
        .await
        .map_err(|error| HashingFailed(error.to_string()))
    }
}

/// Why a password is not accepted, in words; `None` when it is.
///
/// `about` are words that a guesser tries first: the person's name and address, the organization.
#[must_use]
pub fn weakness(password: &str, about: &[&str]) -> Option<String> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Some(format!("must have at least {SHORTEST} characters"));
    }
    if length > LONGEST {
        return Some(format!("must have at most {LONGEST} characters"));
    }
    let verdict = zxcvbn::zxcvbn(password, about);
    if verdict.score() >= zxcvbn::Score::Three {
        return None;
    }
    let hint = verdict
        .feedback()
        .and_then(zxcvbn::feedback::Feedback::warning)
        .map_or_else(String::new, |warning| format!(" {warning}"));
    Some(format!(
        "is too easy to guess: use several unrelated words.{hint}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let passwords = Passwords::default();
        let hash = passwords
            .hash("correct horse battery".to_owned())
            .await
            .expect("hashes");
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        let fits = |text: &str| passwords.verify(text.to_owned(), Some(hash.clone()));
        assert!(fits("correct horse battery").await.expect("checks"));
        assert!(!fits("correct horse batterz").await.expect("checks"));
    }

    #[tokio::test]
    async fn nobody_has_no_password_but_is_checked_like_everybody() {
        let passwords = Passwords::default();
        assert!(
            !passwords
                .verify("anything at all".to_owned(), None)
                .await
                .expect("checks")
        );
        let parsed = PasswordHash::new(&passwords.dummy).expect("the dummy is a real hash");
        let params = Params::try_from(&parsed).expect("with parameters");
        assert_eq!(
            (params.m_cost(), params.t_cost(), params.p_cost()),
            (19_456, 2, 1)
        );
    }

    #[test]
    fn weak_passwords_are_named_and_good_ones_pass() {
        assert!(weakness("short", &[]).is_some());
        assert!(weakness(&"x".repeat(129), &[]).is_some());
        assert!(weakness("password1234", &[]).is_some());
        assert!(weakness("ada.lovelace1", &["ada.lovelace", "Ada Lovelace"]).is_some());
        assert_eq!(weakness("violet tractor ninety clouds", &[]), None);
    }
}
