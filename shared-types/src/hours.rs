//! Working hours: when a desktop may be looked at at all, by the local clock of the device.
//!
//! Stretches of weekdays, half-open. A night shift is two stretches: until `24:00`, and from
//! `00:00` of the next day; they are one where they touch.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize, de};

/// Minutes of a day.
const DAY: u32 = 24 * 60;
/// Minutes of a week.
pub const WEEK_MINUTES: u32 = 7 * DAY;

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[expect(missing_docs, reason = "seven names that everybody knows")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    /// Every day, in order.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// The English name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Monday => "Monday",
            Self::Tuesday => "Tuesday",
            Self::Wednesday => "Wednesday",
            Self::Thursday => "Thursday",
            Self::Friday => "Friday",
            Self::Saturday => "Saturday",
            Self::Sunday => "Sunday",
        }
    }

    fn begins(self) -> u32 {
        (0..)
            .zip(Self::ALL)
            .find(|(_, day)| *day == self)
            .map_or(0, |(n, _)| n * DAY)
    }
}

/// A reading of the clock, `HH:MM`, from `00:00` to `24:00`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, pattern = r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$", example = "09:00"))]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// Minutes since midnight, at most 1,440; more is `24:00`.
    #[must_use]
    pub const fn from_minutes(minutes: u16) -> Self {
        if minutes > 1_440 {
            Self(1_440)
        } else {
            Self(minutes)
        }
    }

    /// Minutes since midnight, 0 to 1,440.
    #[must_use]
    pub const fn minutes(self) -> u16 {
        self.0
    }
}

/// Not a reading of the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidTimeOfDay;

impl fmt::Display for InvalidTimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time of day is HH:MM, from 00:00 to 24:00")
    }
}

impl std::error::Error for InvalidTimeOfDay {}

impl FromStr for TimeOfDay {
    type Err = InvalidTimeOfDay;

    fn from_str(text: &str) -> Result<Self, InvalidTimeOfDay> {
        let (hours, minutes) = text.split_once(':').ok_or(InvalidTimeOfDay)?;
        let two = |text: &str| {
            (text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit()))
                .then(|| text.parse::<u16>().ok())
                .flatten()
                .ok_or(InvalidTimeOfDay)
        };
        let (hours, minutes) = (two(hours)?, two(minutes)?);
        if minutes > 59 || hours * 60 + minutes > 1_440 {
            return Err(InvalidTimeOfDay);
        }
        Ok(Self(hours * 60 + minutes))
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl fmt::Debug for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for TimeOfDay {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

/// One stretch of working time, every week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WorkingHours {
    /// On this day.
    pub day: Weekday,
    /// From then on.
    pub from: TimeOfDay,
    /// Until then; after `from`, `24:00` for the end of the day.
    pub to: TimeOfDay,
}

/// Stretches as minutes of the week from Monday 00:00 on: in order, apart from one another.
#[must_use]
pub fn week(hours: &[WorkingHours]) -> Vec<(u32, u32)> {
    let mut stretches: Vec<(u32, u32)> = hours
        .iter()
        .map(|it| {
            let begins = it.day.begins();
            (begins + u32::from(it.from.0), begins + u32::from(it.to.0))
        })
        .filter(|(from, to)| from < to)
        .collect();
    stretches.sort_unstable();
    let mut merged: Vec<(u32, u32)> = Vec::new();
    for (from, to) in stretches {
        match merged.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => merged.push((from, to)),
        }
    }
    merged
}

/// The time that lies in both, day by day.
#[must_use]
pub fn both(one: &[WorkingHours], other: &[WorkingHours]) -> Vec<WorkingHours> {
    let (one, other) = (week(one), week(other));
    let mut common = Vec::new();
    for (from, to) in &one {
        for (begins, ends) in &other {
            let (from, to) = (*from.max(begins), *to.min(ends));
            if from < to {
                common.push((from, to));
            }
        }
    }
    let mut hours = Vec::new();
    for (from, to) in common {
        for day in Weekday::ALL {
            let begins = day.begins();
            let (from, to) = (from.max(begins), to.min(begins + DAY));
            if from < to {
                let time = |minute: u32| {
                    TimeOfDay(u16::try_from(minute - begins).expect("minutes of one day"))
                };
                hours.push(WorkingHours {
                    day,
                    from: time(from),
                    to: time(to),
                });
            }
        }
    }
    hours.sort_unstable();
    hours
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn some_hours() -> impl Strategy<Value = Vec<WorkingHours>> {
        let one =
            (0_usize..7, 0_u16..=1_440, 0_u16..=1_440).prop_map(|(day, from, to)| WorkingHours {
                day: Weekday::ALL[day],
                from: TimeOfDay(from),
                to: TimeOfDay(to),
            });
        proptest::collection::vec(one, 0..8)
    }

    fn within(hours: &[WorkingHours], minute: u32) -> bool {
        hours.iter().any(|it| {
            let minute_of_day = i64::from(minute) - i64::from(it.day.begins());
            (i64::from(it.from.0)..i64::from(it.to.0)).contains(&minute_of_day)
        })
    }

    proptest! {
        #[test]
        fn what_is_in_both_is_in_each_and_the_other_way_round(
            one in some_hours(), other in some_hours(), minutes in proptest::collection::vec(0..WEEK_MINUTES, 50)
        ) {
            let common = both(&one, &other);
            for minute in minutes {
                prop_assert_eq!(within(&common, minute), within(&one, minute) && within(&other, minute));
            }
            prop_assert!(week(&common).windows(2).all(|pair| pair[0].1 < pair[1].0));
            prop_assert_eq!(both(&other, &one), common);
        }

        #[test]
        fn a_time_of_day_is_read_as_it_is_written(minutes in 0_u16..=1_440) {
            let time = TimeOfDay::from_minutes(minutes);
            prop_assert_eq!(time.to_string().parse(), Ok(time));
        }
    }

    #[test]
    fn what_is_no_time_of_day_is_refused() {
        for bad in [
            "",
            "9:00",
            "09:60",
            "24:01",
            "25:00",
            "09:00:00",
            "+9:00",
            "０９:00",
            "99:99",
        ] {
            assert_eq!(bad.parse::<TimeOfDay>(), Err(InvalidTimeOfDay), "{bad}");
        }
    }

    #[test]
    fn a_night_shift_is_one_stretch() {
        let at = |day, from: &str, to: &str| WorkingHours {
            day,
            from: from.parse().unwrap(),
            to: to.parse().unwrap(),
        };
        let night = [
            at(Weekday::Tuesday, "00:00", "06:00"),
            at(Weekday::Monday, "22:00", "24:00"),
        ];
        assert_eq!(week(&night), [(22 * 60, 30 * 60)]);
    }
}
