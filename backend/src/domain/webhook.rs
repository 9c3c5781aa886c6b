//! Webhooks: when a message is tried again, and when a webhook is turned off.

use shared_types::{Timestamp, webhook::WebhookOff};

/// Webhooks that an organization may have.
pub const MOST: i64 = 50;
/// How long the secret before the present one signs as well, in seconds: a day.
pub const PREVIOUS_SECRET_SECONDS: i64 = 86_400;
/// A webhook that nothing has reached for this long is turned off, in seconds: five days.
pub const FAILING_SECONDS: i64 = 5 * 86_400;

/// Seconds between attempts. Those who are away over a weekend still get the message.
const PAUSES: [i64; 9] = [
    5,
    5 * 60,
    30 * 60,
    2 * 3_600,
    5 * 3_600,
    10 * 3_600,
    14 * 3_600,
    20 * 3_600,
    24 * 3_600,
];

/// Seconds until the next attempt after `attempts` of them, at least 1; `None`: it is given up.
/// Up to a tenth more or less by `random`, so that what failed together is not tried together.
#[must_use]
pub fn pause(attempts: i64, random: u64) -> Option<i64> {
    let done = usize::try_from(attempts).ok()?.checked_sub(1)?;
    let pause = *PAUSES.get(done)?;
    let millis = pause * 1_000;
    let spread = millis / 5;
    let share = i64::try_from(random % 1_024).unwrap_or(0);
    Some(((millis - spread / 2 + spread * share / 1_023) / 1_000).max(1))
}

/// What was answered to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// A 2xx status: it arrived.
    Taken,
    /// 410: nothing more is wanted.
    Gone,
    /// Anything else, or nothing.
    Not,
}

impl Answered {
    /// What a status says.
    #[must_use]
    pub const fn with(status: u16) -> Self {
        match status {
            200..=299 => Self::Taken,
            410 => Self::Gone,
            _ => Self::Not,
        }
    }
}

/// Whether a webhook is turned off after a failed attempt, and why.
#[must_use]
pub fn turned_off(
    answered: Answered,
    failing_since: Option<Timestamp>,
    now: Timestamp,
) -> Option<WebhookOff> {
    match answered {
        Answered::Taken => None,
        Answered::Gone => Some(WebhookOff::Gone),
        Answered::Not => failing_since
            .is_some_and(|since| now.millis_since(since) >= FAILING_SECONDS * 1_000)
            .then_some(WebhookOff::Failing),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_message_is_tried_ten_times_over_about_three_days() {
        let total: i64 = (1..=10).filter_map(|attempt| pause(attempt, 512)).sum();
        assert!((3 * 86_400..4 * 86_400).contains(&total), "{total} s");
        assert_eq!(pause(10, 512), None);
        assert_eq!(pause(0, 512), None);
    }

    proptest! {
        #[test]
        fn a_pause_is_within_a_tenth_of_its_place_in_the_list(attempt in 1_i64..=9, random: u64) {
            let planned = PAUSES[usize::try_from(attempt).expect("small") - 1];
            let pause = pause(attempt, random).expect("not given up");
            prop_assert!(pause >= 1);
            prop_assert!((pause - planned).abs() <= planned / 10 + 1, "{pause} for {planned}");
        }
    }

    #[test]
    fn a_webhook_is_turned_off_when_it_says_so_or_after_five_days_of_failures() {
        let since = Timestamp::from_millis(0);
        let at = |seconds| since.plus_seconds(seconds);
        let off = |status, now| turned_off(Answered::with(status), Some(since), now);
        assert_eq!(off(204, at(FAILING_SECONDS)), None);
        assert_eq!(off(410, at(1)), Some(WebhookOff::Gone));
        assert_eq!(off(500, at(FAILING_SECONDS - 1)), None);
        assert_eq!(off(301, at(FAILING_SECONDS)), Some(WebhookOff::Failing));
        assert_eq!(turned_off(Answered::Not, None, at(FAILING_SECONDS)), None);
    }
}
