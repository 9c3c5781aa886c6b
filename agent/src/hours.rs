//! The policy's working hours on this machine's clock.
//!
//! Pure: an instant and a zone in. It must not know what happens outside them.

use jiff::{
    civil,
    tz::{AmbiguousOffset, TimeZone},
};
use shared_types::{
    Timestamp,
    hours::{WEEK_MINUTES, WorkingHours, week},
};

/// When the desktop may be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hours {
    /// Minutes of the week, as [`week`] gives them; absent: always.
    stretches: Option<Vec<(u32, u32)>>,
}

/// Where an instant lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// In working time, until then; absent: for ever.
    Inside(Option<Timestamp>),
    Outside,
}

impl Hours {
    pub(crate) fn new(hours: Option<&[WorkingHours]>) -> Self {
        let stretches = hours.map(week);
        let always = stretches
            .as_ref()
            .is_some_and(|it| it.as_slice() == [(0, WEEK_MINUTES)]);
        Self {
            stretches: stretches.filter(|_| !always),
        }
    }

    /// Where this instant lies in this zone.
    pub(crate) fn place(&self, at: Timestamp, zone: &TimeZone) -> Place {
        let Some(stretches) = &self.stretches else {
            return Place::Inside(None);
        };
        let local = jiff::Timestamp::from(at).to_zoned(zone.clone());
        let day = u32::try_from(local.weekday().to_monday_zero_offset()).unwrap_or(0);
        let reading = local.datetime();
        let minutes = |n: i8| u32::try_from(n).unwrap_or(0);
        let minute = day * 1_440 + minutes(reading.hour()) * 60 + minutes(reading.minute());
        let Some((_, end)) = stretches
            .iter()
            .find(|(from, to)| (*from..*to).contains(&minute))
        else {
            return Place::Outside;
        };
        // Sunday's end and Monday's beginning touch.
        let end = match stretches.first() {
            Some((0, further)) if *end == WEEK_MINUTES => end + further,
            _ => *end,
        };
        Place::Inside(ends(at, zone, reading, end - minute))
    }
}

/// The instant at which the clock shows so many minutes after the minute that it shows now.
fn ends(
    at: Timestamp,
    zone: &TimeZone,
    reading: civil::DateTime,
    minutes: u32,
) -> Option<Timestamp> {
    let beginning = civil::DateTime::from_parts(
        reading.date(),
        civil::time(reading.hour(), reading.minute(), 0, 0),
    );
    // Beyond the calendar nothing ends.
    let end = beginning
        .checked_add(jiff::SignedDuration::from_mins(i64::from(minutes)))
        .ok()?;
    let end = zone.to_ambiguous_zoned(end);
    if matches!(end.offset(), AmbiguousOffset::Gap { .. }) {
        // The clock jumps over this reading: the stretch ends with the jump.
        return zone
            .following(at.into())
            .next()
            .map(|jump| jump.timestamp().into());
    }
    let first: Timestamp = end.clone().compatible().ok()?.timestamp().into();
    if first > at {
        return Some(first);
    }
    // The clock goes back and shows this reading once more.
    let second: Timestamp = end.later().ok()?.timestamp().into();
    Some(second.max(at.plus_millis(1)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use shared_types::hours::Weekday;

    use super::*;

    fn hours(list: &[(Weekday, &str, &str)]) -> Hours {
        let list: Vec<_> = list
            .iter()
            .map(|(day, from, to)| WorkingHours {
                day: *day,
                from: from.parse().unwrap(),
                to: to.parse().unwrap(),
            })
            .collect();
        Hours::new(Some(&list))
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").unwrap()
    }

    #[test]
    fn without_hours_it_is_always_inside() {
        let always = Place::Inside(None);
        let now = at("2026-11-22T03:00:00Z");
        assert_eq!(Hours::new(None).place(now, &berlin()), always);
        let week: Vec<_> = Weekday::ALL
            .iter()
            .map(|day| (*day, "00:00", "24:00"))
            .collect();
        assert_eq!(hours(&week).place(now, &berlin()), always);
        assert_eq!(hours(&[]).place(now, &berlin()), Place::Outside);
    }

    #[test]
    fn hours_are_read_from_the_local_clock_and_half_open() {
        // 2026-11-23 is a Monday; Berlin is one hour ahead.
        let nine_to_five = hours(&[(Weekday::Monday, "09:00", "17:00")]);
        let inside = Place::Inside(Some(at("2026-11-23T16:00:00Z")));
        for (instant, place) in [
            ("2026-11-23T07:59:59.999Z", Place::Outside),
            ("2026-11-23T08:00:00Z", inside),
            ("2026-11-23T15:59:59.999Z", inside),
            ("2026-11-23T16:00:00Z", Place::Outside),
            ("2026-11-24T12:00:00Z", Place::Outside),
        ] {
            assert_eq!(
                nine_to_five.place(at(instant), &berlin()),
                place,
                "{instant}"
            );
        }
    }

    #[test]
    fn a_night_shift_ends_in_the_morning_even_over_the_end_of_the_week() {
        let night = hours(&[
            (Weekday::Sunday, "22:00", "24:00"),
            (Weekday::Monday, "00:00", "06:00"),
        ]);
        let morning = Place::Inside(Some(at("2026-11-23T05:00:00Z")));
        assert_eq!(night.place(at("2026-11-22T22:00:00Z"), &berlin()), morning);
        assert_eq!(night.place(at("2026-11-23T01:00:00Z"), &berlin()), morning);
    }

    #[test]
    fn where_the_clock_goes_back_a_stretch_ends_twice() {
        // On 2026-10-25 Berlin's clock shows 02:00 to 03:00 twice, first at 00:00Z.
        let early = hours(&[(Weekday::Sunday, "00:00", "02:30")]);
        let place = |text| early.place(at(text), &berlin());
        assert_eq!(
            place("2026-10-25T00:10:00Z"),
            Place::Inside(Some(at("2026-10-25T00:30:00Z")))
        );
        assert_eq!(place("2026-10-25T00:40:00Z"), Place::Outside);
        assert_eq!(
            place("2026-10-25T01:10:00Z"),
            Place::Inside(Some(at("2026-10-25T01:30:00Z")))
        );
        assert_eq!(place("2026-10-25T01:30:00Z"), Place::Outside);
    }

    #[test]
    fn a_stretch_whose_end_the_clock_jumps_over_ends_with_the_jump() {
        // On 2026-03-29 Berlin's clock jumps from 02:00 to 03:00 at 01:00Z.
        let early = hours(&[(Weekday::Sunday, "00:00", "02:30")]);
        let place = early.place(at("2026-03-29T00:10:00Z"), &berlin());
        assert_eq!(place, Place::Inside(Some(at("2026-03-29T01:00:00Z"))));
    }

    proptest! {
        #[test]
        fn a_stretch_lasts_until_its_end(
            millis in 1_700_000_000_000_i64..1_900_000_000_000,
            list in proptest::collection::vec((0_usize..7, 0_u16..1_440, 1_u16..1_440), 0..6)
        ) {
            let list: Vec<_> = list.into_iter().map(|(day, from, length)| WorkingHours {
                day: Weekday::ALL[day],
                from: shared_types::hours::TimeOfDay::from_minutes(from),
                to: shared_types::hours::TimeOfDay::from_minutes(from + length),
            }).collect();
            let (hours, zone) = (Hours::new(Some(&list)), berlin());
            let now = Timestamp::from_millis(millis);
            if let Place::Inside(Some(end)) = hours.place(now, &zone) {
                prop_assert!(end > now);
                prop_assert!(matches!(hours.place(end.plus_millis(-1), &zone), Place::Inside(_)));
            }
        }
    }
}
