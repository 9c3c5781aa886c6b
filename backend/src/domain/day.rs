//! An organization's days, and the time of several devices counted once.
//!
//! A day is `[start_of_day(d), start_of_day(d + 1))` in the organization's zone: it has 23,
//! 24 or 25 hours and does not always begin at 00:00.

use jiff::{civil::Date, tz::TimeZone};
use shared_types::{Timestamp, activity::ActivityType, live::DayTotals};

/// One day of a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayBounds {
    /// The date.
    pub date: Date,
    /// Its first instant.
    pub start: Timestamp,
    /// The first instant of the next day.
    pub end: Timestamp,
}

impl DayBounds {
    /// The day of `zone` that holds `instant`.
    #[must_use]
    pub fn of(instant: Timestamp, zone: &TimeZone) -> Self {
        let civil = jiff::Timestamp::from(instant).to_zoned(zone.clone()).date();
        let day = Self::on(civil, zone);
        // Where clocks go back over midnight, an hour reads as the day before although that
        // day has ended: the interval decides, not the reading.
        if instant >= day.end {
            Self::on(next(civil), zone)
        } else {
            day
        }
    }

    /// The bounds of a date in a zone.
    #[must_use]
    pub fn on(date: Date, zone: &TimeZone) -> Self {
        Self {
            date,
            start: start_of(date, zone),
            end: start_of(next(date), zone),
        }
    }

    /// Whether an instant lies in this day.
    #[must_use]
    pub fn contains(&self, instant: Timestamp) -> bool {
        self.start <= instant && instant < self.end
    }
}

fn next(date: Date) -> Date {
    date.tomorrow().unwrap_or(Date::MAX)
}

fn start_of(date: Date, zone: &TimeZone) -> Timestamp {
    date.to_zoned(zone.clone())
        .and_then(|zoned| zoned.start_of_day())
        .map_or(Timestamp::MAX, |zoned| zoned.timestamp().into())
}

/// A stretch of one kind of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// First instant.
    pub start: Timestamp,
    /// Behind the last instant.
    pub end: Timestamp,
    /// Its kind.
    pub kind: ActivityType,
}

/// Seconds by kind over all devices, where each second counts once: as active if any device
/// saw input, else as idle if any looked, else as unobserved.
///
/// The answer is at most the window that the stretches span (invariant A4).
#[must_use]
pub fn union(stretches: &[Stretch]) -> DayTotals {
    // A sweep over starts and ends: between two neighbouring edges nothing changes.
    let mut edges: Vec<(Timestamp, usize, i32)> = stretches
        .iter()
        .filter(|stretch| stretch.start < stretch.end)
        .flat_map(|stretch| {
            let rank = rank(stretch.kind);
            [(stretch.start, rank, 1), (stretch.end, rank, -1)]
        })
        .collect();
    edges.sort_unstable_by_key(|edge| edge.0);
    let mut open = [0_i32; 3];
    let mut millis = [0_i64; 3];
    let mut previous: Option<Timestamp> = None;
    for (at, rank, change) in edges {
        if let (Some(from), Some(kind)) = (previous, open.iter().position(|count| *count > 0)) {
            millis[kind] += at.millis_since(from);
        }
        open[rank] += change;
        previous = Some(at);
    }
    DayTotals {
        active_seconds: millis[0] / 1_000,
        idle_seconds: millis[1] / 1_000,
        unobserved_seconds: millis[2] / 1_000,
    }
}

const fn rank(kind: ActivityType) -> usize {
    match kind {
        ActivityType::Active => 0,
        ActivityType::Idle => 1,
        ActivityType::Unobserved => 2,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).expect("a zone")
    }

    #[test]
    fn days_of_a_time_change_have_23_and_25_hours() {
        let berlin = zone("Europe/Berlin");
        for (instant, hours) in [("2026-03-29T12:00:00Z", 23), ("2026-10-25T12:00:00Z", 25)] {
            let day = DayBounds::of(at(instant), &berlin);
            assert_eq!(
                day.end.millis_since(day.start),
                hours * 3_600_000,
                "{instant}"
            );
        }
    }

    #[test]
    fn a_day_may_begin_at_one_o_clock() {
        // Midnight does not exist in Santiago on 2026-09-06.
        let day = DayBounds::of(at("2026-09-06T12:00:00Z"), &zone("America/Santiago"));
        assert_eq!(day.start, at("2026-09-06T04:00:00Z"));
        assert_eq!(day.end.millis_since(day.start), 23 * 3_600_000);
    }

    proptest! {
        #[test]
        fn every_instant_lies_in_exactly_its_day_and_days_touch(
            seconds in 631_152_000_i64..2_145_916_800,
            name in prop::sample::select(vec![
                "Europe/Berlin", "America/St_Johns", "America/Santiago", "Asia/Kathmandu",
                "Pacific/Apia", "Africa/Cairo", "Australia/Lord_Howe", "Asia/Beirut", "UTC",
            ]),
        ) {
            let zone = zone(name);
            let instant = Timestamp::from_millis(seconds * 1_000);
            let day = DayBounds::of(instant, &zone);
            prop_assert!(day.contains(instant), "{day:?} {instant}");
            prop_assert_eq!(DayBounds::of(day.end, &zone).start, day.end);
        }

        #[test]
        fn the_union_is_what_counting_each_second_gives(
            stretches in prop::collection::vec((0_i64..200, 1_i64..60, 0_usize..3), 0..20),
        ) {
            let stretches: Vec<Stretch> = stretches.into_iter().map(|(from, length, kind)| Stretch {
                start: Timestamp::from_millis(from * 1_000),
                end: Timestamp::from_millis((from + length) * 1_000),
                kind: ActivityType::ALL[kind],
            }).collect();
            let mut counted = [0_i64; 3];
            for second in 0..300 {
                let instant = Timestamp::from_millis(second * 1_000);
                let best = stretches.iter()
                    .filter(|s| s.start <= instant && instant < s.end)
                    .map(|s| rank(s.kind)).min();
                if let Some(kind) = best { counted[kind] += 1; }
            }
            let totals = union(&stretches);
            prop_assert_eq!(
                [totals.active_seconds, totals.idle_seconds, totals.unobserved_seconds],
                counted
            );
        }
    }
}
