//! When scheduled work is due, and what becomes of occurrences that nobody was there for.
//!
//! Pure: an expression, a zone and two instants in, a decision out. An expression is cron in
//! the scope's zone, or `@midnight`: the first instant of each local day, which is not
//! always 00:00. Occurrences are whole seconds and are told apart by their instant, so a
//! time change neither repeats nor swallows one.

use std::str::FromStr;

use croner::Cron;
use jiff::{Zoned, tz::TimeZone};
use shared_types::Timestamp;

use super::day::DayBounds;

/// How late an occurrence may be and still count as on time, in seconds.
pub const ON_TIME_SECONDS: i64 = 60;
/// A schedule that was decided further into the future than this is the work of a clock that
/// was wrong: it begins anew from the present. In seconds.
const BELIEVABLE_SECONDS: i64 = 3_600;
/// Occurrences decided at once; a longer absence is caught up with in several steps.
const AT_ONCE: usize = 200;

/// What becomes of occurrences that were missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CatchUp {
    /// The latest is made up for, late; those before it are passed over.
    Once,
    /// Each is made up for.
    Each,
    /// None is made up for.
    Skip,
}

impl CatchUp {
    /// As the database calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Once => "once",
            Self::Each => "each",
            Self::Skip => "skip",
        }
    }
}

/// When something is due.
#[derive(Debug, Clone)]
pub enum Rhythm {
    /// By the clock on the wall of a zone.
    Cron(Box<Cron>),
    /// At the first instant of each local day.
    Midnight,
}

/// An expression that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither cron nor @midnight")]
pub struct InvalidExpression(pub String);

impl FromStr for Rhythm {
    type Err = InvalidExpression;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "@midnight" {
            return Ok(Self::Midnight);
        }
        Cron::from_str(text)
            .map(|cron| Self::Cron(Box::new(cron)))
            .map_err(|_| InvalidExpression(text.to_owned()))
    }
}

fn whole_second(instant: Timestamp, zone: &TimeZone) -> Zoned {
    let second = instant.as_millis().div_euclid(1_000) * 1_000;
    jiff::Timestamp::from(Timestamp::from_millis(second)).to_zoned(zone.clone())
}

impl Rhythm {
    /// The first occurrence later than `after`; `None` when there is none in this calendar.
    #[must_use]
    pub fn next(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        match self {
            Self::Midnight => {
                let end = DayBounds::of(after, zone).end;
                (end > after && end < Timestamp::MAX).then_some(end)
            }
            Self::Cron(cron) => cron
                .find_next_occurrence(&whole_second(after, zone), false)
                .ok()
                .map(|zoned| zoned.timestamp().into()),
        }
    }

    /// The latest occurrence that is not later than `until`.
    #[must_use]
    pub fn latest(&self, until: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        match self {
            Self::Midnight => Some(DayBounds::of(until, zone).start),
            Self::Cron(cron) => cron
                .find_previous_occurrence(&whole_second(until, zone), true)
                .ok()
                .map(|zoned| zoned.timestamp().into()),
        }
    }
}

/// What is to be done about a schedule now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Occurrences to queue, oldest first.
    pub queue: Vec<Timestamp>,
    /// Every occurrence up to here is decided with this.
    pub until: Timestamp,
    /// Earlier occurrences that still wait are passed over.
    pub supersedes: bool,
}

/// Decides about the occurrences in `(decided_until, now]`; `None` when there is none.
#[must_use]
pub fn decide(
    rhythm: &Rhythm,
    catch_up: CatchUp,
    zone: &TimeZone,
    decided_until: Timestamp,
    now: Timestamp,
) -> Option<Decision> {
    if decided_until > now.plus_seconds(BELIEVABLE_SECONDS) {
        return Some(Decision {
            queue: Vec::new(),
            until: now,
            supersedes: false,
        });
    }
    if catch_up == CatchUp::Each {
        let mut queue = Vec::new();
        let mut at = decided_until;
        while queue.len() < AT_ONCE
            && let Some(next) = rhythm.next(at, zone)
            && next <= now
        {
            queue.push(next);
            at = next;
        }
        return queue.last().copied().map(|until| Decision {
            queue,
            until,
            supersedes: false,
        });
    }
    let latest = rhythm
        .latest(now, zone)
        .filter(|latest| *latest > decided_until)?;
    let on_time = now.millis_since(latest) <= ON_TIME_SECONDS * 1_000;
    let wanted = catch_up == CatchUp::Once || on_time;
    Some(Decision {
        queue: wanted.then_some(latest).into_iter().collect(),
        until: latest,
        supersedes: true,
    })
}

/// How long to wait before another attempt, in seconds: doubled with each, 10 s to 10 min.
#[must_use]
pub const fn back_off_seconds(attempts: i64) -> i64 {
    let exponent = if attempts < 1 {
        0
    } else if attempts > 7 {
        6
    } else {
        attempts - 1
    };
    let seconds = 10_i64 << exponent;
    if seconds > 600 { 600 } else { seconds }
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).expect("a zone")
    }

    fn between(rhythm: &str, zone: &TimeZone, from: Timestamp, to: Timestamp) -> Vec<Timestamp> {
        let rhythm: Rhythm = rhythm.parse().expect("an expression");
        std::iter::successors(rhythm.next(from, zone), |last| rhythm.next(*last, zone))
            .take_while(|next| *next <= to)
            .collect()
    }

    #[test]
    fn a_time_that_does_not_exist_or_exists_twice_is_due_once_that_day() {
        let berlin = zone("Europe/Berlin");
        for date in ["2026-03-29", "2026-10-25", "2026-11-22"] {
            let day = DayBounds::on(date.parse::<Date>().expect("a date"), &berlin);
            let due = between("30 2 * * *", &berlin, day.start.plus_millis(-1), day.end);
            assert_eq!(due.len(), 1, "{date}: {due:?}");
            assert!(day.contains(due[0]), "{date}: {due:?}");
        }
    }

    #[test]
    fn a_midnight_that_does_not_exist_is_the_day_s_first_instant() {
        // Clocks in Santiago go from 23:59 to 01:00 on 2026-09-06.
        let due = between(
            "@midnight",
            &zone("America/Santiago"),
            at("2026-09-05T12:00:00Z"),
            at("2026-09-07T12:00:00Z"),
        );
        assert_eq!(
            due,
            [at("2026-09-06T04:00:00Z"), at("2026-09-07T03:00:00Z")]
        );
    }

    #[test]
    fn a_day_that_a_country_left_out_is_not_due() {
        // Samoa went from 2011-12-29 straight to 2011-12-31.
        let due = between(
            "@midnight",
            &zone("Pacific/Apia"),
            at("2011-12-28T12:00:00Z"),
            at("2012-01-01T12:00:00Z"),
        );
        assert_eq!(
            due,
            [
                at("2011-12-29T10:00:00Z"),
                at("2011-12-30T10:00:00Z"),
                at("2011-12-31T10:00:00Z"),
                at("2012-01-01T10:00:00Z"),
            ]
        );
    }

    #[test]
    fn in_every_zone_each_day_around_a_change_from_1990_to_2037_begins_once() {
        let (from, to) = (at("1990-01-01T00:00:00Z"), at("2037-12-31T00:00:00Z"));
        let (mut zones, mut changes) = (0, 0);
        for name in jiff::tz::db().available() {
            let Ok(zone) = TimeZone::get(name.as_str()) else {
                continue;
            };
            zones += 1;
            for change in zone.following(from.into()) {
                let change = Timestamp::from(change.timestamp());
                if change > to {
                    break;
                }
                changes += 1;
                let (start, end) = (
                    change.plus_seconds(-3 * 86_400),
                    change.plus_seconds(3 * 86_400),
                );
                let due = between("@midnight", &zone, start, end);
                // Each is the first instant of its own day, and no day comes twice.
                let days: Vec<DayBounds> = due.iter().map(|at| DayBounds::of(*at, &zone)).collect();
                assert!(days.iter().zip(&due).all(|(day, at)| day.start == *at));
                assert!(
                    days.windows(2)
                        .all(|pair| pair[0].end == pair[1].start && pair[0].date < pair[1].date),
                    "{name:?} {change}: {due:?}"
                );
            }
        }
        assert!(zones > 400 && changes > 10_000, "{zones} {changes}");
    }

    #[test]
    fn pauses_double_from_ten_seconds_to_ten_minutes() {
        let pauses: Vec<i64> = (0..9).map(back_off_seconds).collect();
        assert_eq!(pauses, [10, 10, 20, 40, 80, 160, 320, 600, 600]);
    }

    fn catch_up() -> impl Strategy<Value = CatchUp> {
        prop::sample::select(vec![CatchUp::Once, CatchUp::Each, CatchUp::Skip])
    }

    proptest! {
        #[test]
        fn the_latest_occurrence_is_the_one_that_walking_forward_finds(
            seconds in 631_152_000_i64..2_145_916_800, span in 1_i64..200_000,
            expression in prop::sample::select(vec!["*/5 * * * *", "0 * * * *", "30 2 * * *", "15 9 * * 1-5", "@midnight"]),
            name in prop::sample::select(vec!["Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "UTC"]),
        ) {
            let zone = zone(name);
            let rhythm: Rhythm = expression.parse().expect("an expression");
            let from = Timestamp::from_millis(seconds * 1_000 + 123);
            let to = from.plus_seconds(span);
            let walked = between(expression, &zone, from, to).last().copied();
            prop_assert_eq!(rhythm.latest(to, &zone).filter(|at| *at > from), walked);
        }

        #[test]
        fn whatever_the_clock_does_each_occurrence_is_decided_once(
            catch_up in catch_up(),
            steps in prop::collection::vec(-3_000_i64..20_000, 1..60),
            name in prop::sample::select(vec!["Europe/Berlin", "America/Santiago", "UTC"]),
            start in prop::sample::select(vec!["2026-03-28T20:00:00Z", "2026-10-24T20:00:00Z", "2026-09-05T20:00:00Z"]),
            expression in prop::sample::select(vec!["*/10 * * * *", "30 2 * * *", "@midnight"]),
        ) {
            let (zone, start) = (zone(name), at(start));
            let rhythm: Rhythm = expression.parse().expect("an expression");
            let (mut now, mut decided, mut latest) = (start, start, start);
            let mut queued: Vec<Timestamp> = Vec::new();
            for step in steps {
                now = now.plus_seconds(step);
                latest = latest.max(now);
                // A clock that was hours ahead is another case: the unique key holds there.
                prop_assume!(decided <= now.plus_seconds(BELIEVABLE_SECONDS));
                while let Some(decision) = decide(&rhythm, catch_up, &zone, decided, now) {
                    prop_assert!(decision.until > decided);
                    prop_assert!(catch_up == CatchUp::Each || decision.queue.len() <= 1);
                    decided = decision.until;
                    queued.extend(decision.queue);
                }
            }
            prop_assert!(queued.windows(2).all(|pair| pair[0] < pair[1]), "{queued:?}");
            let all = between(expression, &zone, start, latest);
            if catch_up == CatchUp::Each {
                prop_assert_eq!(queued, all);
            } else {
                prop_assert!(queued.iter().all(|at| all.contains(at)));
                if catch_up == CatchUp::Once {
                    prop_assert_eq!(queued.last(), all.last());
                }
            }
        }
    }
}
