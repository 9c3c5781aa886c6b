//! Passwords: Argon2id, and only a few at a time.
//!
//! A hash takes about 20 ms and 19 MiB. At most two run at once, on threads of their own and on
//! no more than half of the cores, so that a thousand log-ins at nine in the morning neither
//! starve ingest nor eat the memory. Those that wait are counted, too: beyond [`QUEUE`] the
//! answer is "busy", at once.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::sync::Semaphore;

use super::old_hashes;

/// Most hashes that run at once.
const AT_ONCE: usize = 2;
/// Hashes that may wait for their turn; more are refused.
pub const QUEUE: usize = 256;
/// Fewest characters.
pub const SHORTEST: usize = 12;
/// Most characters; more would only cost time.
pub const LONGEST: usize = 128;
/// Memory (KiB), passes and lanes of our own hashes.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);
/// The same of hashes made elsewhere, at most: each log-in pays for them.
const MOST_COST: (u32, u32, u32) = (64 * 1024, 10, 4);

/// Hashes and checks passwords, a few at a time. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Passwords {
    /// Running and waiting together.
    places: Arc<Semaphore>,
    running: Arc<Semaphore>,
    begun: Arc<AtomicU64>,
    /// What the password of somebody who does not exist is compared with.
    dummy: Arc<str>,
}

impl Default for Passwords {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let at_once = (cores / 2).clamp(1, AT_ONCE);
        Self {
            places: Arc::new(Semaphore::new(at_once + QUEUE)),
            running: Arc::new(Semaphore::new(at_once)),
            begun: Arc::new(AtomicU64::new(0)),
            // Same parameters as real hashes, of a password that nobody knows.
            dummy: Arc::from(
                "$argon2id$v=19$m=19456,t=2,p=1$3F0Mma7nDGvDzqCsAm5EDQ$DRB5Hgo3hUo7oC3z0rZ6b1pY5wbzyGOPrN8sNn6GzBA",
            ),
        }
    }
}

fn hasher() -> Argon2<'static> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None).expect("constant parameters in range");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// A password was not hashed or checked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HashingError {
    /// Too many wait for their turn.
    #[error("too many passwords are being checked at this moment. Try again in a few seconds.")]
    Busy,
    /// It did not finish.
    #[error("hashing a password failed: {0}")]
    Failed(String),
}

/// How a password compares with a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It does not fit, or there is no hash.
    Wrong,
    /// It fits.
    Fits,
    /// It fits, and the hash is to be replaced by one of ours: it is of an earlier kind.
    FitsOldHash,
}

impl Passwords {
    /// The PHC string of a password.
    pub async fn hash(&self, password: String) -> Result<String, HashingError> {
        self.run(move || {
            hasher()
                .hash_password(password.as_bytes())
                .map(|hash| hash.to_string())
                .map_err(|error| HashingError::Failed(error.to_string()))
        })
        .await?
    }

    /// Whether the password fits. Without a hash (nobody there, or no password set) it takes
    /// as long, and does not fit.
    pub async fn verify(
        &self,
        password: String,
        hash: Option<String>,
    ) -> Result<Verdict, HashingError> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.dummy.to_string());
        self.run(move || {
            let verdict = compare(&password, &hash);
            if known { verdict } else { Verdict::Wrong }
        })
        .await
    }

    /// Hashes that have begun since the start, whatever came of them.
    #[must_use]
    pub fn begun(&self) -> u64 {
        self.begun.load(Ordering::SeqCst)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, HashingError> {
        let failed = |error: &dyn std::fmt::Display| HashingError::Failed(error.to_string());
        let place = Arc::clone(&self.places)
            .try_acquire_owned()
            .map_err(|_| HashingError::Busy)?;
        let turn = Arc::clone(&self.running)
            .acquire_owned()
            .await
            .map_err(|error| failed(&error))?;
        let begun = Arc::clone(&self.begun);
        tokio::task::spawn_blocking(move || {
            begun.fetch_add(1, Ordering::SeqCst);
            metrics::counter!("workpulse_password_hashes_total").increment(1);
            let result = work();
            drop((turn, place));
            result
        })
        .await
        .map_err(|error| failed(&error))
    }
}

fn compare(password: &str, hash: &str) -> Verdict {
    if old_hashes::is_readable(hash) {
        return if old_hashes::fits(password, hash) {
            Verdict::FitsOldHash
        } else {
            Verdict::Wrong
        };
    }
    let Ok(parsed) = PasswordHash::new(hash) else {
        return Verdict::Wrong;
    };
    match hasher().verify_password(password.as_bytes(), &parsed) {
        Ok(()) if cost(&parsed) == Some(COST) => Verdict::Fits,
        Ok(()) => Verdict::FitsOldHash,
        Err(_) => Verdict::Wrong,
    }
}

fn cost(hash: &PasswordHash) -> Option<(u32, u32, u32)> {
    let params = Params::try_from(hash).ok()?;
    (hash.algorithm.as_str() == "argon2id")
        .then(|| (params.m_cost(), params.t_cost(), params.p_cost()))
}

/// Why a hash that was made elsewhere cannot be taken over; `None` when it can.
#[must_use]
pub fn foreign_hash_problem(hash: &str) -> Option<&'static str> {
    if old_hashes::is_readable(hash) {
        return None;
    }
    let affordable = PasswordHash::new(hash)
        .ok()
        .filter(|parsed| parsed.hash.is_some() && parsed.salt.is_some())
        .and_then(|parsed| cost(&parsed))
        .is_some_and(|(memory, passes, lanes)| {
            memory <= MOST_COST.0 && passes <= MOST_COST.1 && lanes <= MOST_COST.2
        });
    (!affordable).then_some(
        "must be a bcrypt hash ($2a$, $2b$ or $2y$, cost 10 to 14) or an Argon2id PHC string (at most 64 MiB, 10 passes, 4 lanes)",
    )
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
        let check = |text: &str| passwords.verify(text.to_owned(), Some(hash.clone()));
        assert_eq!(check("correct horse battery").await, Ok(Verdict::Fits));
        assert_eq!(check("correct horse batterz").await, Ok(Verdict::Wrong));
        assert_eq!(foreign_hash_problem(&hash), None);
    }

    #[tokio::test]
    async fn nobody_has_no_password_but_is_checked_like_everybody() {
        let passwords = Passwords::default();
        let nobody = passwords.verify("anything at all".to_owned(), None);
        assert_eq!(nobody.await, Ok(Verdict::Wrong));
        assert_eq!(passwords.begun(), 1);
        let parsed = PasswordHash::new(&passwords.dummy).expect("the dummy is a real hash");
        let params = Params::try_from(&parsed).expect("with parameters");
        assert_eq!(
            (params.m_cost(), params.t_cost(), params.p_cost()),
            (19_456, 2, 1)
        );
    }

    #[tokio::test]
    async fn what_fits_an_old_hash_is_said_to_be_old() {
        let passwords = Passwords::default();
        let bcrypt = bcrypt::hash("correct horse battery", 10).expect("hashes");
        let params = Params::new(16 * 1024, 3, 1, None).expect("in range");
        let other = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password(b"correct horse battery")
            .expect("hashes")
            .to_string();
        for hash in [bcrypt, other] {
            assert_eq!(foreign_hash_problem(&hash), None);
            let check = |text: &str| passwords.verify(text.to_owned(), Some(hash.clone()));
            assert_eq!(
                check("correct horse battery").await,
                Ok(Verdict::FitsOldHash)
            );
            assert_eq!(check("correct horse batterz").await, Ok(Verdict::Wrong));
        }
    }

    #[test]
    fn a_hash_that_cannot_be_checked_in_good_time_is_not_taken_over() {
        for text in [
            "",
            "secret",
            "5f4dcc3b5aa765d61d8327deb882cf99",
            "$argon2i$v=19$m=19456,t=2,p=1$3F0Mma7nDGvDzqCsAm5EDQ$DRB5Hgo3hUo7oC3z0rZ6b1pY5wbzyGOPrN8sNn6GzBA",
            "$argon2id$v=19$m=4194304,t=2,p=1$3F0Mma7nDGvDzqCsAm5EDQ$DRB5Hgo3hUo7oC3z0rZ6b1pY5wbzyGOPrN8sNn6GzBA",
            "$argon2id$v=19$m=19456,t=2000,p=1$3F0Mma7nDGvDzqCsAm5EDQ$DRB5Hgo3hUo7oC3z0rZ6b1pY5wbzyGOPrN8sNn6GzBA",
            "$argon2id$v=19$m=19456,t=2,p=1$3F0Mma7nDGvDzqCsAm5EDQ",
        ] {
            assert!(foreign_hash_problem(text).is_some(), "{text}");
        }
    }

    #[tokio::test]
    async fn who_finds_the_queue_full_is_refused_at_once_and_those_before_get_their_turn() {
        let passwords = Passwords::default();
        let places = passwords.places.available_permits();
        let (open, gate) = std::sync::mpsc::channel::<()>();
        let gate = Arc::new(parking_lot::Mutex::new(gate));
        // Each waits for the gate, as a slow hash would, and is polled once to take its place.
        let mut waiting: Vec<_> = (0..places)
            .map(|_| {
                let (passwords, gate) = (passwords.clone(), Arc::clone(&gate));
                tokio::spawn(async move { passwords.run(move || gate.lock().recv().is_ok()).await })
            })
            .collect();
        while passwords.places.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(passwords.run(|| ()).await, Err(HashingError::Busy));
        // Somebody gives up waiting: their place is free again.
        let gone = waiting.pop().expect("there are many");
        gone.abort();
        assert!(gone.await.expect_err("given up").is_cancelled());
        assert_eq!(passwords.places.available_permits(), 1);
        for _ in &waiting {
            open.send(()).expect("they wait");
        }
        for turn in waiting {
            assert_eq!(turn.await.expect("runs"), Ok(true));
        }
        assert_eq!(passwords.places.available_permits(), places);
        assert!(passwords.begun() >= u64::try_from(places - 1).expect("small"));
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
