//! When a day is over, and how long a day that is over has waited to be closed. Pure.

use jiff::{civil::Date, tz::TimeZone};
use shared_types::Timestamp;

use super::day::DayBounds;

/// For so long after its end a day is left to the job of its midnight, in seconds.
pub const LATE_SECONDS: i64 = 600;

/// Days before this one are over at an instant.
#[must_use]
pub fn over_before(at: Timestamp, zone: &TimeZone) -> Date {
    DayBounds::of(at, zone).date
}

/// Days before this one are over, and the job of their midnight has had its time.
#[must_use]
pub fn late_before(now: Timestamp, zone: &TimeZone) -> Date {
    over_before(now.plus_seconds(-LATE_SECONDS), zone)
}

/// Seconds since the end of a day that is not closed; 0 while it runs.
#[must_use]
pub fn lag_seconds(day: Date, zone: &TimeZone, now: Timestamp) -> i64 {
    (now.millis_since(DayBounds::on(day, zone).end) / 1_000).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn a_day_is_over_at_its_midnight_and_late_ten_minutes_after() {
        // Santiago has no midnight on 2026-09-06: the day begins at 01:00, which is 04:00 UTC.
        let zone = TimeZone::get("America/Santiago").expect("a zone");
        for (now, over, late) in [
            ("2026-09-06T03:59:59Z", "2026-09-05", "2026-09-05"),
            ("2026-09-06T04:00:00Z", "2026-09-06", "2026-09-05"),
            ("2026-09-06T04:10:00Z", "2026-09-06", "2026-09-06"),
        ] {
            assert_eq!(over_before(at(now), &zone).to_string(), over, "{now}");
            assert_eq!(late_before(at(now), &zone).to_string(), late, "{now}");
        }
    }

    #[test]
    fn a_running_day_does_not_lag_behind() {
        let zone = TimeZone::get("Europe/Berlin").expect("a zone");
        let day = "2026-11-22".parse().expect("a day");
        assert_eq!(lag_seconds(day, &zone, at("2026-11-22T22:00:00Z")), 0);
        assert_eq!(lag_seconds(day, &zone, at("2026-11-22T23:01:30Z")), 90);
    }
}
