//! Which days of a person are made again from their spans, and why. Pure.

use std::collections::BTreeSet;

use jiff::{ToSpan as _, civil::Date, tz::TimeZone};
use shared_types::Timestamp;
pub use shared_types::summary::RemakeReason as Reason;

use super::day::DayBounds;

/// For so long after a change of zone a person's days are looked at again, in seconds: what was
/// under way when it changed may have gone by the old zone.
pub const SETTLES_SECONDS: i64 = 60;

/// How many days the same instant may be apart in two zones. Local times are up to 25 hours
/// apart (UTC+14 in Kiritimati, UTC-11 in Niue), so half past midnight in the one is half past
/// eleven in the evening of the day before yesterday in the other.
pub const REACH_DAYS: i64 = 2;

/// The first day whose hours may belong to a day in another zone.
#[must_use]
pub fn first_in_reach(day: Date) -> Date {
    day.checked_sub(REACH_DAYS.days()).unwrap_or(Date::MIN)
}

/// The days to make from `from` on, in order: each that is kept, with those in reach of it, for
/// in another zone its hours may belong to them.
///
/// `kept` are the days from the first in reach of `from` on. Where there are more of them than
/// were read, the last of these is left for the next time: a day may be gone once it has been
/// made, and then nothing would lead to its neighbours.
#[must_use]
pub fn days(kept: &[Date], from: Date, more: bool) -> Vec<Date> {
    let behind = kept.last().copied().filter(|_| more);
    let days: BTreeSet<Date> = kept
        .iter()
        .flat_map(|day| (-REACH_DAYS..=REACH_DAYS).filter_map(|by| day.checked_add(by.days()).ok()))
        .filter(|day| *day >= from && behind.is_none_or(|last| *day < last))
        .collect();
    days.into_iter().collect()
}

/// Whether all spans of a day are still there. A day whose spans were removed for their age is
/// left as it is: nothing is left to make it from.
#[must_use]
pub fn is_whole(day: &DayBounds, removed_before: Option<Timestamp>) -> bool {
    removed_before.is_none_or(|before| before <= day.start)
}

/// The first day of a zone all of whose spans are still there.
#[must_use]
pub fn first_whole(removed_before: Timestamp, zone: &TimeZone) -> DayBounds {
    let day = DayBounds::of(removed_before, zone);
    if day.start == removed_before {
        day
    } else {
        DayBounds::of(day.end, zone)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn date(text: &str) -> Date {
        text.parse().expect("a day")
    }

    #[test]
    fn a_day_is_made_with_its_neighbours_and_none_twice() {
        let kept = [date("2026-11-20"), date("2026-11-21"), date("2026-11-27")];
        let made: Vec<String> = days(&kept, date("2026-11-20"), false)
            .iter()
            .map(Date::to_string)
            .collect();
        assert_eq!(
            made,
            [
                "2026-11-20",
                "2026-11-21",
                "2026-11-22",
                "2026-11-23",
                "2026-11-25",
                "2026-11-26",
                "2026-11-27",
                "2026-11-28",
                "2026-11-29"
            ]
        );
    }

    /// Half past midnight of the 27th in Kiritimati is half past eleven of the 25th in Niue.
    #[test]
    fn the_zones_that_are_farthest_apart_are_two_days_apart() {
        let zone = |name| TimeZone::get(name).expect("a zone");
        let instant = Timestamp::from_millis(1_795_689_000_000);
        let kept = DayBounds::of(instant, &zone("Pacific/Kiritimati")).date;
        let wanted = DayBounds::of(instant, &zone("Pacific/Niue")).date;
        assert_eq!((kept, wanted), (date("2026-11-27"), date("2026-11-25")));
        assert!(days(&[kept], Date::MIN, false).contains(&wanted));
        assert!(days(&[wanted], Date::MIN, false).contains(&kept));
    }

    proptest! {
        #[test]
        fn in_any_other_zone_every_instant_of_a_kept_day_lies_in_a_day_that_is_made(
            hours in 262_968_i64..596_088,
            minutes in 0_i64..60,
            old in prop::sample::select(vec!["Europe/Berlin", "Pacific/Kiritimati", "Pacific/Niue", "America/Adak", "UTC"]),
            new in prop::sample::select(vec!["Pacific/Kiritimati", "Pacific/Niue", "Asia/Kathmandu", "America/Havana"]),
        ) {
            let zone = |name| TimeZone::get(name).expect("a zone");
            let instant = Timestamp::from_millis((hours * 60 + minutes) * 60_000);
            let kept = DayBounds::of(instant, &zone(old)).date;
            let wanted = DayBounds::of(instant, &zone(new)).date;
            prop_assert!(days(&[kept], Date::MIN, false).contains(&wanted), "{kept} {wanted}");
        }

        #[test]
        fn step_by_step_no_day_is_left_out_although_days_go_when_they_are_empty(
            moved in prop::collection::btree_map(0_i64..40, -REACH_DAYS..=REACH_DAYS, 1..30),
            most in 4_usize..9,
        ) {
            let day = |n: i64| date("2026-01-01").checked_add(n.days()).expect("a day");
            let wanted: BTreeSet<Date> = moved.iter().map(|(n, by)| day(n + by)).collect();
            let mut rows: BTreeSet<Date> = moved.keys().map(|n| day(*n)).collect();
            let (mut from, mut made) = (Date::ZERO, BTreeSet::new());
            loop {
                let kept: Vec<Date> = rows.range(first_in_reach(from)..).copied().take(most).collect();
                let now = days(&kept, from, kept.len() == most);
                let Some(last) = now.last() else { break };
                from = last.tomorrow().expect("a day");
                for one in now {
                    prop_assert!(made.insert(one), "{one} is made once");
                    if wanted.contains(&one) {
                        rows.insert(one);
                    } else {
                        rows.remove(&one);
                    }
                }
            }
            prop_assert_eq!(rows, wanted);
        }

        #[test]
        fn the_first_whole_day_is_whole_and_the_one_before_it_is_not(
            seconds in 946_684_800_i64..2_145_916_800,
            name in prop::sample::select(vec!["Europe/Berlin", "America/Santiago", "UTC"]),
        ) {
            let zone = TimeZone::get(name).expect("a zone");
            let before = Timestamp::from_millis(seconds * 1_000);
            let first = first_whole(before, &zone);
            prop_assert!(is_whole(&first, Some(before)));
            let day_before = DayBounds::on(first.date.yesterday().expect("a day"), &zone);
            prop_assert!(!is_whole(&day_before, Some(before)));
        }
    }
}
