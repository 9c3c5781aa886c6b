//! Slows guessing down: per address (an office behind one address still gets in) and per
//! account (without locking its owner out for long).
//!
//! Counts in memory, per instance: a guess costs an Argon2 hash anyway, and a restart that
//! forgets the counts gains a guesser nothing worth a table.

use std::{net::IpAddr, num::NonZeroU32};

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
};

use super::opaque::{SecretHash, sha256};

/// Attempts that one address may make in a burst, and per minute afterwards.
const PER_ADDRESS: NonZeroU32 = NonZeroU32::new(60).expect("not zero");
/// Renewals that one address may ask for in a burst, and per minute afterwards.
const RENEWALS: NonZeroU32 = NonZeroU32::new(600).expect("not zero");
/// Attempts on one account in a burst, and per minute afterwards.
const PER_ACCOUNT: NonZeroU32 = NonZeroU32::new(10).expect("not zero");
/// Mails that are asked for to one address in a burst, and per hour afterwards.
const MAILS: NonZeroU32 = NonZeroU32::new(5).expect("not zero");
/// Keys above which those that are full again are forgotten.
const TIDY_ABOVE: usize = 10_000;

/// Limits on attempts to log in, refresh, enrol or set up.
#[derive(Debug)]
pub struct LoginLimits {
    clock: DefaultClock,
    addresses: DefaultKeyedRateLimiter<IpAddr>,
    renewals: DefaultKeyedRateLimiter<IpAddr>,
    accounts: DefaultKeyedRateLimiter<SecretHash>,
    mails: DefaultKeyedRateLimiter<SecretHash>,
}

impl Default for LoginLimits {
    fn default() -> Self {
        Self {
            clock: DefaultClock::default(),
            addresses: RateLimiter::keyed(Quota::per_minute(PER_ADDRESS)),
            renewals: RateLimiter::keyed(Quota::per_minute(RENEWALS)),
            accounts: RateLimiter::keyed(Quota::per_minute(PER_ACCOUNT)),
            mails: RateLimiter::keyed(Quota::per_hour(MAILS)),
        }
    }
}

impl LoginLimits {
    /// Counts an attempt from an address; the seconds to wait when there were too many.
    pub fn address(&self, address: IpAddr) -> Result<(), u32> {
        self.count(&self.addresses, address)
    }

    /// Counts a renewal from an address; the seconds to wait when there were too many.
    pub fn refresh(&self, address: IpAddr) -> Result<(), u32> {
        self.count(&self.renewals, address)
    }

    fn count(&self, limiter: &DefaultKeyedRateLimiter<IpAddr>, address: IpAddr) -> Result<(), u32> {
        if limiter.len() > TIDY_ABOVE {
            limiter.retain_recent();
        }
        limiter
            .check_key(&network(address))
            .map_err(|wait| seconds(wait.wait_time_from(self.clock.now())))
    }

    /// Counts an attempt on an account, by its address in lower case.
    pub fn account(&self, email: &str) -> Result<(), u32> {
        self.count_text(&self.accounts, email)
    }

    /// Counts a mail that somebody asks for, by its address in lower case: whether it is known or
    /// not, so that a refusal tells nothing.
    pub fn mail(&self, email: &str) -> Result<(), u32> {
        self.count_text(&self.mails, email)
    }

    fn count_text(
        &self,
        limiter: &DefaultKeyedRateLimiter<SecretHash>,
        text: &str,
    ) -> Result<(), u32> {
        if limiter.len() > TIDY_ABOVE {
            limiter.retain_recent();
        }
        limiter
            .check_key(&sha256(text))
            .map_err(|wait| seconds(wait.wait_time_from(self.clock.now())))
    }
}

/// A customer gets a /64 of IPv6 at least: counting single addresses would count nothing.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or_else(
            || IpAddr::from((u128::from(v6) & !u128::from(u64::MAX)).to_be_bytes()),
            IpAddr::V4,
        ),
    }
}

fn seconds(wait: std::time::Duration) -> u32 {
    u32::try_from(wait.as_secs())
        .unwrap_or(u32::MAX)
        .saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_account_is_slowed_down_and_others_are_not() {
        let limits = LoginLimits::default();
        for _ in 0..PER_ACCOUNT.get() {
            assert_eq!(limits.account("ada@example.org"), Ok(()));
        }
        let wait = limits.account("ada@example.org").expect_err("too many");
        assert!((1..=60).contains(&wait));
        assert_eq!(limits.account("grace@example.org"), Ok(()));
    }

    #[test]
    fn addresses_of_one_v6_network_count_together() {
        let limits = LoginLimits::default();
        let address = |n: u32| format!("2001:db8::{n:x}").parse::<IpAddr>().expect("valid");
        for n in 0..PER_ADDRESS.get() {
            assert_eq!(limits.address(address(n)), Ok(()));
        }
        assert!(limits.address(address(999)).is_err());
        assert_eq!(
            limits.address("2001:db8:1::1".parse().expect("valid")),
            Ok(())
        );
        assert_eq!(
            network("::ffff:192.0.2.1".parse().expect("valid")).to_string(),
            "192.0.2.1"
        );
    }
}
