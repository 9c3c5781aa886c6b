//! How the tray writes durations, times of day and foreign text.
//!
//! Pure: the zone and the present come in as values.

use jiff::{Timestamp, Zoned, tz::TimeZone};

/// Longest application name that a menu line shows; panels cut longer lines at the wrong end.
const NAME_MAX_CHARS: usize = 40;

/// Whole minutes as people read them: "0 min", "under 1 min", "34 min", "5 h", "7 h 05 min".
///
/// Cut, never rounded up: the tray must not claim a minute that is not recorded.
#[must_use]
pub fn duration(seconds: u64) -> String {
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    match (hours, minutes) {
        (0, 0) if seconds > 0 => "under 1 min".to_owned(),
        (0, _) => format!("{minutes} min"),
        (_, 0) => format!("{hours} h"),
        _ => format!("{hours} h {minutes:02} min"),
    }
}

/// A moment seen from `now`: "09:12" today, "tomorrow 00:00", "yesterday 22:40", and with
/// its date otherwise. 24 hours, in the zone of this computer.
#[must_use]
pub fn moment(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let (at, now) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    let time = format!("{:02}:{:02}", at.hour(), at.minute());
    let is_day = |day: Result<Zoned, jiff::Error>| day.is_ok_and(|day| day.date() == at.date());
    if at.date() == now.date() {
        time
    } else if is_day(now.tomorrow()) {
        format!("tomorrow {time}")
    } else if is_day(now.yesterday()) {
        format!("yesterday {time}")
    } else {
        format!("{} {time}", at.date())
    }
}

/// The beginning of the day after `now` in `zone`, which is not always 24 hours away and
/// not always at 00:00.
#[must_use]
pub fn tomorrow(now: Timestamp, zone: &TimeZone) -> Timestamp {
    now.to_zoned(zone.clone())
        .tomorrow()
        .and_then(|day| day.start_of_day())
        // Only at the calendar's last day is there no tomorrow.
        .map_or(Timestamp::MAX, |day| day.timestamp())
}

/// "1 record", "42 records".
#[must_use]
pub fn count(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// A name from outside, safe as part of one menu line: no control characters, no reversing
/// marks, at most 40 characters; `None` when nothing visible is left.
#[must_use]
pub fn foreign_name(name: &str) -> Option<String> {
    let clean = shared_types::activity::clean_text(name, NAME_MAX_CHARS + 1);
    let clean = clean.trim();
    if clean.is_empty() {
        None
    } else if clean.chars().count() > NAME_MAX_CHARS {
        let cut: String = clean.chars().take(NAME_MAX_CHARS - 1).collect();
        Some(format!("{}…", cut.trim_end()))
    } else {
        Some(clean.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").expect("the zone database has Berlin")
    }

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn durations_read_as_people_say_them() {
        let cases = [
            (0, "0 min"),
            (1, "under 1 min"),
            (59, "under 1 min"),
            (60, "1 min"),
            (34 * 60 + 59, "34 min"),
            (3_599, "59 min"),
            (3_600, "1 h"),
            (3_659, "1 h"),
            (5 * 3_600, "5 h"),
            (7 * 3_600 + 42 * 60 + 1, "7 h 42 min"),
            (100 * 3_600 + 60, "100 h 01 min"),
        ];
        for (seconds, words) in cases {
            assert_eq!(duration(seconds), words, "{seconds} s");
        }
    }

    #[test]
    fn times_carry_their_day_when_it_is_not_today() {
        let now = at("2026-11-22T20:00:00Z"); // 21:00 in Berlin
        let cases = [
            ("2026-11-22T08:12:59Z", "09:12"),
            ("2026-11-21T23:00:00Z", "00:00"),
            ("2026-11-21T22:59:59Z", "yesterday 23:59"),
            ("2026-11-22T23:00:00Z", "tomorrow 00:00"),
            ("2026-11-20T10:00:00Z", "2026-11-20 11:00"),
            ("2026-11-24T10:00:00Z", "2026-11-24 11:00"),
        ];
        for (instant, words) in cases {
            assert_eq!(moment(at(instant), now, &berlin()), words, "{instant}");
        }
    }

    #[test]
    fn tomorrow_begins_where_the_local_day_begins() {
        // The night in which Berlin's clocks go back: this day has 25 hours.
        assert_eq!(
            tomorrow(at("2026-10-24T22:00:00Z"), &berlin()),
            at("2026-10-25T23:00:00Z")
        );
        // Beirut's day of 2026-03-29 begins at 01:00: midnight does not exist.
        let beirut = TimeZone::get("Asia/Beirut").expect("the zone database has Beirut");
        let start = tomorrow(at("2026-03-28T12:00:00Z"), &beirut);
        assert_eq!(start, at("2026-03-28T22:00:00Z"));
        assert_eq!(
            moment(start, at("2026-03-28T12:00:00Z"), &beirut),
            "tomorrow 01:00"
        );
        assert_eq!(tomorrow(Timestamp::MAX, &TimeZone::UTC), Timestamp::MAX);
    }

    #[test]
    fn hostile_names_become_one_short_line() {
        assert_eq!(
            foreign_name("Fire\nfox\u{202e}").as_deref(),
            Some("Firefox")
        );
        assert_eq!(foreign_name(" \t\u{1b}"), None);
        let long = foreign_name(&"x".repeat(5_000)).expect("something is left");
        assert_eq!(long.chars().count(), NAME_MAX_CHARS);
        assert!(long.ends_with('…'));
    }

    proptest! {
        #[test]
        fn a_longer_time_never_reads_shorter(a in 0_u64..1_000_000, more in 0_u64..1_000_000) {
            let minutes = |words: &str| -> u64 {
                let mut sum = 0;
                let mut parts = words.split(' ').peekable();
                while let Some(part) = parts.next() {
                    if let Ok(number) = part.parse::<u64>() {
                        sum += number * if parts.peek() == Some(&"h") { 60 } else { 1 };
                    }
                }
                if words.starts_with("under") { 0 } else { sum }
            };
            prop_assert_eq!(minutes(&duration(a)), a / 60);
            prop_assert!(minutes(&duration(a)) <= minutes(&duration(a + more)));
        }

        #[test]
        fn no_name_and_no_instant_makes_the_words_panic(
            name in any::<String>(),
            a in any::<i64>(),
            b in any::<i64>(),
        ) {
            let _ = foreign_name(&name);
            let instant = |millis| Timestamp::from(shared_types::Timestamp::from_millis(millis));
            let _ = moment(instant(a), instant(b), &berlin());
            let _ = tomorrow(instant(a), &berlin());
        }
    }
}
