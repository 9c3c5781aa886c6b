//! What is due to be removed for its age: pure.
//!
//! Whole days go, in the organization's zone. A day of which half were gone could not be made
//! again from its spans when a late one arrives; and what ingest still accepts (an item that is
//! at most `retention_days` old) always lies in a day that is still whole.

use jiff::tz::TimeZone;
use shared_types::Timestamp;

use super::day::DayBounds;

/// What an organization's settings and the present say.
#[derive(Debug, Clone)]
pub struct Terms {
    /// The zone that its days are cut in.
    pub zone: TimeZone,
    /// For how many days activity is kept.
    pub retention_days: i64,
    /// Up to where it has been removed before; absent: never yet.
    pub removed_before: Option<Timestamp>,
}

/// The first day that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// Whatever began before this is to go.
    pub before: DayBounds,
    /// Whether that is further than ever before, so that it is to be noted first.
    pub further: bool,
}

/// What is due now. Raising `retention_days` brings nothing back: the border never moves to
/// where spans have been removed already.
#[must_use]
pub fn due(now: Timestamp, terms: &Terms) -> Due {
    let oldest = now.plus_seconds(-terms.retention_days.saturating_mul(86_400));
    let day = DayBounds::of(oldest, &terms.zone);
    Due {
        before: day,
        further: terms.removed_before.is_none_or(|before| before < day.start),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::span::Window;

    fn terms(zone: &str, retention_days: i64) -> Terms {
        Terms {
            zone: TimeZone::get(zone).expect("a zone"),
            retention_days,
            removed_before: None,
        }
    }

    #[test]
    fn whole_days_go_and_the_border_never_moves_back() {
        let now: Timestamp = "2026-11-22T09:00:00Z".parse().expect("an instant");
        let mut terms = terms("Europe/Berlin", 30);
        let first = due(now, &terms);
        assert_eq!(first.before.start.to_string(), "2026-10-22T22:00:00.000Z");
        assert!(first.further);
        terms.removed_before = Some(first.before.start);
        assert!(!due(now, &terms).further, "the same border again");
        assert!(due(now.plus_seconds(86_400), &terms).further);
        terms.retention_days = 60;
        assert!(!due(now, &terms).further, "what is gone is gone");
    }

    proptest! {
        #[test]
        fn nothing_that_ingest_accepts_lies_in_a_day_that_is_removed(
            seconds in 1_600_000_000_i64..2_000_000_000,
            days in 1_i64..=3_650,
            zone in prop::sample::select(vec![
                "Europe/Berlin", "America/Santiago", "Asia/Kathmandu", "Pacific/Apia", "UTC",
            ]),
        ) {
            let now = Timestamp::from_millis(seconds * 1_000);
            let due = due(now, &terms(zone, days));
            let oldest = Window::at(now, days).oldest;
            prop_assert!(due.before.start <= oldest);
            // And what is too old for ingest stays for one more day at most.
            prop_assert!(oldest.millis_since(due.before.start) < 25 * 3_600_000);
        }
    }
}
