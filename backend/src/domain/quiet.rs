//! Quiet hours: when alerts are written down and nobody is told.
//!
//! Hours are readings of the organization's clock, and become instants `[begin, end)` before
//! anything is compared. Where the clock skips a reading, it stands for the moment of the skip;
//! where a reading comes twice, hours begin at the first and end at the second.

use jiff::{
    Timestamp as Instant, ToSpan as _,
    civil::{Date, DateTime},
    tz::{AmbiguousOffset, TimeZone},
};
use shared_types::{
    Timestamp,
    alert::QuietHours,
    hours::{TimeOfDay, Weekday},
};

/// Whether `now` lies in any of these hours.
#[must_use]
pub fn is_quiet(hours: &[QuietHours], zone: &TimeZone, now: Timestamp) -> bool {
    let today = Instant::from(now).to_zoned(zone.clone()).date();
    // Hours that began yesterday may go on today. Where the clock goes back over midnight, what
    // begins tomorrow may have begun.
    let days = [today.yesterday().ok(), Some(today), today.tomorrow().ok()];
    days.into_iter().flatten().any(|day| {
        hours
            .iter()
            .filter(|one| one.weekdays.contains(&weekday(day)))
            .filter_map(|one| stretch(one, day, zone))
            .any(|(begin, end)| begin <= now && now < end)
    })
}

/// The instants of hours that begin on a day; `None` at the end of time.
fn stretch(hours: &QuietHours, day: Date, zone: &TimeZone) -> Option<(Timestamp, Timestamp)> {
    let last = if hours.to <= hours.from {
        day.tomorrow().ok()?
    } else {
        day
    };
    let (begin, _) = instants(reading(day, hours.from)?, zone)?;
    let (_, end) = instants(reading(last, hours.to)?, zone)?;
    Some((begin, end))
}

fn reading(day: Date, time: TimeOfDay) -> Option<DateTime> {
    let midnight = day.to_datetime(jiff::civil::Time::midnight());
    midnight
        .checked_add(i64::from(time.minutes()).minutes())
        .ok()
}

/// The first and the last instant at which clocks show a reading.
pub(super) fn instants(reading: DateTime, zone: &TimeZone) -> Option<(Timestamp, Timestamp)> {
    let ambiguous = zone.to_ambiguous_timestamp(reading);
    let (first, last) = match ambiguous.offset() {
        AmbiguousOffset::Unambiguous { offset } => {
            let only = offset.to_timestamp(reading).ok()?;
            (only, only)
        }
        AmbiguousOffset::Fold { before, after } => (
            before.to_timestamp(reading).ok()?,
            after.to_timestamp(reading).ok()?,
        ),
        AmbiguousOffset::Gap { before, .. } => {
            // By the clock as it was before, this is at the skip or behind it.
            let behind = before.to_timestamp(reading).ok()?;
            let skip = zone
                .preceding(behind.checked_add(1.nanosecond()).ok()?)
                .next()?
                .timestamp();
            (skip, skip)
        }
    };
    Some((first.into(), last.into()))
}

/// The day of the week, as it is on the wire.
pub(super) fn weekday(day: Date) -> Weekday {
    match day.weekday() {
        jiff::civil::Weekday::Monday => Weekday::Monday,
        jiff::civil::Weekday::Tuesday => Weekday::Tuesday,
        jiff::civil::Weekday::Wednesday => Weekday::Wednesday,
        jiff::civil::Weekday::Thursday => Weekday::Thursday,
        jiff::civil::Weekday::Friday => Weekday::Friday,
        jiff::civil::Weekday::Saturday => Weekday::Saturday,
        jiff::civil::Weekday::Sunday => Weekday::Sunday,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).expect("a zone")
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    fn every_day(from: &str, to: &str) -> Vec<QuietHours> {
        vec![QuietHours {
            weekdays: Weekday::ALL.to_vec(),
            from: from.parse().expect("a time"),
            to: to.parse().expect("a time"),
        }]
    }

    #[test]
    fn a_night_is_quiet_from_its_first_instant_until_its_last() {
        let (hours, berlin) = (every_day("20:00", "07:00"), zone("Europe/Berlin"));
        for (instant, quiet) in [
            ("2026-11-22T18:59:59.999Z", false),
            ("2026-11-22T19:00:00.000Z", true),
            ("2026-11-23T05:59:59.999Z", true),
            ("2026-11-23T06:00:00.000Z", false),
        ] {
            assert_eq!(is_quiet(&hours, &berlin, at(instant)), quiet, "{instant}");
        }
        assert!(!is_quiet(&[], &berlin, at("2026-11-22T23:00:00.000Z")));
    }

    #[test]
    fn hours_belong_to_the_day_on_which_they_begin() {
        // Sunday is the 22nd; the night of it ends on Monday.
        let mut hours = every_day("22:00", "06:00");
        hours[0].weekdays = vec![Weekday::Sunday];
        let utc = zone("UTC");
        for (instant, quiet) in [
            ("2026-11-22T03:00:00.000Z", false),
            ("2026-11-22T23:00:00.000Z", true),
            ("2026-11-23T03:00:00.000Z", true),
            ("2026-11-23T23:00:00.000Z", false),
        ] {
            assert_eq!(is_quiet(&hours, &utc, at(instant)), quiet, "{instant}");
        }
        hours[0].from = "00:00".parse().expect("a time");
        hours[0].to = "24:00".parse().expect("a time");
        assert!(is_quiet(&hours, &utc, at("2026-11-22T00:00:00.000Z")));
        assert!(is_quiet(&hours, &utc, at("2026-11-22T23:59:59.999Z")));
        assert!(!is_quiet(&hours, &utc, at("2026-11-23T00:00:00.000Z")));
    }

    #[test]
    fn a_reading_that_the_clock_skips_is_the_moment_of_the_skip() {
        // In Berlin 02:00 to 03:00 is skipped at 01:00 UTC.
        let berlin = zone("Europe/Berlin");
        for from in ["02:00", "02:30", "02:59"] {
            let hours = every_day(from, "04:00");
            assert!(
                !is_quiet(&hours, &berlin, at("2026-03-29T00:59:59.999Z")),
                "{from}"
            );
            assert!(
                is_quiet(&hours, &berlin, at("2026-03-29T01:00:00.000Z")),
                "{from}"
            );
        }
        let hours = every_day("01:00", "02:30");
        assert!(is_quiet(&hours, &berlin, at("2026-03-29T00:59:59.999Z")));
        assert!(!is_quiet(&hours, &berlin, at("2026-03-29T01:00:00.000Z")));
        // A day that begins at 01:00: in Beirut midnight itself is skipped.
        let hours = every_day("00:00", "08:00");
        let beirut = zone("Asia/Beirut");
        assert!(!is_quiet(&hours, &beirut, at("2026-03-28T21:59:59.999Z")));
        assert!(is_quiet(&hours, &beirut, at("2026-03-28T22:00:00.000Z")));
    }

    #[test]
    fn a_reading_that_comes_twice_is_quiet_both_times() {
        // In Berlin 02:00 to 03:00 comes twice, from 00:00 UTC on.
        let berlin = zone("Europe/Berlin");
        let hours = every_day("02:30", "02:45");
        for (instant, quiet) in [
            ("2026-10-25T00:29:59.999Z", false),
            ("2026-10-25T00:30:00.000Z", true),
            ("2026-10-25T01:30:00.000Z", true),
            ("2026-10-25T01:44:59.999Z", true),
            ("2026-10-25T01:45:00.000Z", false),
        ] {
            assert_eq!(is_quiet(&hours, &berlin, at(instant)), quiet, "{instant}");
        }
    }

    proptest! {
        /// Whatever the zone does: quiet is what a clock on the wall says, apart from hours in
        /// which it is put forward or back.
        #[test]
        fn it_is_quiet_when_the_clock_on_the_wall_says_so(
            minute in 0_i64..60 * 24 * 400, days in prop::collection::btree_set(0_usize..7, 1..7),
            from in 0_u16..1_440, to in 1_u16..=1_440,
            name in prop::sample::select(vec!["UTC", "Europe/Berlin", "America/New_York", "Asia/Beirut", "Asia/Kathmandu", "Australia/Lord_Howe"]),
        ) {
            prop_assume!(from != to);
            let zone = zone(name);
            let now = at("2026-01-01T00:00:00.000Z").plus_seconds(minute * 60);
            let instant = Instant::from(now);
            let near = zone.following(instant.checked_sub(30.hours()).expect("in time")).next();
            if let Some(change) = near {
                prop_assume!(change.timestamp() > instant.checked_add(30.hours()).expect("in time"));
            }
            let weekdays: Vec<Weekday> = days.iter().map(|n| Weekday::ALL[*n]).collect();
            let hours = QuietHours {
                weekdays: weekdays.clone(),
                from: TimeOfDay::from_minutes(from),
                to: TimeOfDay::from_minutes(to),
            };
            let wall = instant.to_zoned(zone.clone());
            let shown = u16::try_from(i32::from(wall.hour()) * 60 + i32::from(wall.minute())).expect("a minute of a day");
            let named = |date: Date| weekdays.contains(&weekday(date));
            let expected = if from < to {
                named(wall.date()) && (from..to).contains(&shown)
            } else {
                (named(wall.date()) && shown >= from)
                    || (named(wall.date().yesterday().expect("a day")) && shown < to)
            };
            prop_assert_eq!(is_quiet(&[hours], &zone, now), expected, "{} in {}", now, name);
        }
    }
}
