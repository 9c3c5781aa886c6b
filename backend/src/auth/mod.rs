//! Who may: passwords, tokens, and what is known about callers right now.
//!
//! Must not know HTTP. Secrets are kept as hashes only; a caller's authority is read from
//! the database once and then remembered until it changes, on whatever instance.

pub mod accounts;
pub mod authority;
pub mod devices;
pub mod enrolment;
pub mod enrolment_tokens;
pub mod joining;
pub mod last_seen;
pub mod limits;
pub mod links;
pub mod logins;
pub mod old_hashes;
pub mod opaque;
pub mod passwords;
pub mod resets;
pub mod settings;
pub mod standing;
pub mod tokens;

use authority::Authority;
use last_seen::LastSeen;
use limits::LoginLimits;
use passwords::Passwords;
use tokens::{SecretProblem, TokenKeys};

use crate::{clock::SharedClock, store::Store};

/// Everything that answers "who is this, and may they?".
#[derive(Debug)]
pub struct Auth {
    /// Signs and checks access tokens.
    pub tokens: TokenKeys,
    /// What is known about callers right now.
    pub authority: Authority,
    /// Hashes passwords, a few at a time.
    pub passwords: Passwords,
    /// Slows guessing down.
    pub limits: LoginLimits,
    /// When people were last heard of.
    pub last_seen: LastSeen,
    /// Asked for at set-up when the server listens beyond this machine.
    pub setup_code: Option<String>,
}

impl Auth {
    /// Everything that answers "who is this?", from the signing secret.
    ///
    /// # Errors
    /// When the secret is too short to sign with.
    pub fn new(
        store: Store,
        clock: SharedClock,
        secret: &str,
        setup_code: Option<String>,
    ) -> Result<Self, SecretProblem> {
        Ok(Self {
            tokens: TokenKeys::new(secret)?,
            authority: Authority::new(store, clock),
            passwords: Passwords::default(),
            limits: LoginLimits::default(),
            last_seen: LastSeen::default(),
            setup_code,
        })
    }
}
