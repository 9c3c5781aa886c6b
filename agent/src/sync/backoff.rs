//! How long to wait after a failure: capped, with full jitter, pure.

use std::time::Duration;

/// Never sooner than this, so that a jitter of zero is no busy loop.
const LEAST: Duration = Duration::from_millis(500);
/// Never later than this.
pub(super) const CAP: Duration = Duration::from_mins(5);

/// The wait before try number `failures + 1`: uniformly between nothing and twice as much as
/// before, starting at two seconds. `random` is uniform over all of `u64`.
pub(super) fn wait(failures: u32, random: u64) -> Duration {
    let ceiling = Duration::from_secs(1)
        .saturating_mul(1_u32.checked_shl(failures.min(31)).unwrap_or(u32::MAX))
        .min(CAP);
    let millis = u64::try_from(ceiling.as_millis()).unwrap_or(u64::MAX);
    // Multiply-shift maps the random bits evenly onto 0..=millis.
    let part = (u128::from(random) * u128::from(millis + 1)) >> 64;
    Duration::from_millis(u64::try_from(part).unwrap_or(millis)).max(LEAST)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_wait_is_never_nothing_and_never_longer_than_the_cap(failures: u32, random: u64) {
            let wait = wait(failures, random);
            prop_assert!((LEAST..=CAP).contains(&wait));
        }
    }

    #[test]
    fn the_ceiling_doubles_and_the_jitter_is_full() {
        assert_eq!(wait(1, u64::MAX), Duration::from_secs(2));
        assert_eq!(wait(2, u64::MAX), Duration::from_secs(4));
        assert_eq!(wait(2, u64::MAX / 2), Duration::from_secs(2));
        assert_eq!(wait(20, u64::MAX), CAP);
        assert_eq!(wait(20, 0), LEAST);
    }
}
