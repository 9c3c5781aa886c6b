//! The minutes that a day's score is made of.
//!
//! Each moment counts once, as at the server: as active if any device saw input, else as idle if
//! any looked, else as not observed. So the minutes add up to the day's totals, also for a person
//! who works on two devices at once.

use std::collections::BTreeMap;

use serde::Serialize;
use shared_types::activity::ActivityType;

use super::{Span, Totals};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// One hour of the day, counted from its begin.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hour {
    /// First instant.
    pub from: i64,
    /// Seconds by kind.
    pub totals: Totals,
    /// 100 × active / (active + idle); absent when there is neither.
    pub score: Option<f64>,
    /// Its minutes of which something is known.
    pub minutes: Vec<Minute>,
}

/// One minute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Minute {
    /// First instant.
    pub from: i64,
    /// Seconds by kind.
    pub totals: Totals,
    /// What had the focus for most of it, where that is known.
    pub application: Option<String>,
}

/// Part of a span that lies in one minute.
struct Piece<'a> {
    from: i64,
    to: i64,
    kind: ActivityType,
    application: Option<&'a str>,
}

/// The hours of a day that begins at `from` and ends at `to`; hours of which nothing is known
/// are left out.
#[must_use]
pub fn hours(spans: &[Span], from: i64, to: i64) -> Vec<Hour> {
    let mut pieces: BTreeMap<i64, Vec<Piece<'_>>> = BTreeMap::new();
    for span in spans {
        let (mut at, end) = (span.from.max(from), span.to.min(to));
        while at < end {
            let minute = at.div_euclid(MINUTE) * MINUTE;
            let behind = end.min(minute + MINUTE);
            pieces.entry(minute).or_default().push(Piece {
                from: at,
                to: behind,
                kind: span.kind,
                application: span.application.as_deref(),
            });
            at = behind;
        }
    }
    // In milliseconds until the hour is whole: parts of seconds add up.
    let mut hours: BTreeMap<i64, ([i64; 3], Vec<Minute>)> = BTreeMap::new();
    for (minute, pieces) in &pieces {
        let millis = once(pieces);
        let hour = from + (minute.max(&from) - from).div_euclid(HOUR) * HOUR;
        let (sums, minutes) = hours.entry(hour).or_default();
        for (sum, part) in sums.iter_mut().zip(millis) {
            *sum += part;
        }
        minutes.push(Minute {
            from: *minute,
            totals: totals(millis),
            application: longest(pieces),
        });
    }
    hours
        .into_iter()
        .map(|(from, (millis, minutes))| Hour {
            from,
            totals: totals(millis),
            score: super::days::score(totals(millis)),
            minutes,
        })
        .collect()
}

/// Milliseconds by kind, each moment once.
fn once(pieces: &[Piece<'_>]) -> [i64; 3] {
    let mut edges: Vec<(i64, usize, i32)> = pieces
        .iter()
        .flat_map(|piece| {
            let rank = match piece.kind {
                ActivityType::Active => 0,
                ActivityType::Idle => 1,
                ActivityType::Unobserved => 2,
            };
            [(piece.from, rank, 1), (piece.to, rank, -1)]
        })
        .collect();
    edges.sort_unstable_by_key(|edge| edge.0);
    let (mut open, mut millis) = ([0_i32; 3], [0_i64; 3]);
    let mut previous = None;
    for (at, rank, change) in edges {
        if let (Some(from), Some(kind)) = (previous, open.iter().position(|count| *count > 0)) {
            millis[kind] += at - from;
        }
        open[rank] += change;
        previous = Some(at);
    }
    millis
}

const fn totals(millis: [i64; 3]) -> Totals {
    Totals {
        active_seconds: (millis[0] + 500) / 1_000,
        idle_seconds: (millis[1] + 500) / 1_000,
        unobserved_seconds: (millis[2] + 500) / 1_000,
    }
}

fn longest(pieces: &[Piece<'_>]) -> Option<String> {
    let mut by_name: BTreeMap<&str, i64> = BTreeMap::new();
    for piece in pieces {
        if let Some(name) = piece.application {
            *by_name.entry(name).or_default() += piece.to - piece.from;
        }
    }
    by_name
        .into_iter()
        .max_by_key(|(_, millis)| *millis)
        .map(|(name, _)| name.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn span(from: i64, to: i64, kind: ActivityType, application: Option<&str>) -> Span {
        Span {
            from,
            to,
            kind,
            reason: None,
            application: application.map(str::to_owned),
            title: None,
            category: None,
        }
    }

    #[test]
    fn an_hour_is_the_sum_of_its_minutes_and_each_has_its_application() {
        let day = [
            span(0, 80_000, ActivityType::Active, Some("Writer")),
            span(80_000, 130_000, ActivityType::Active, Some("Mail")),
            span(130_000, 180_000, ActivityType::Idle, None),
            span(HOUR, HOUR + 6_000, ActivityType::Unobserved, None),
        ];
        let hours = hours(&day, 0, 24 * HOUR);
        assert_eq!(hours.len(), 2);
        let named: Vec<_> = hours[0]
            .minutes
            .iter()
            .map(|it| (it.from, it.totals.active_seconds, it.application.as_deref()))
            .collect();
        assert_eq!(
            named,
            [
                (0, 60, Some("Writer")),
                (MINUTE, 60, Some("Mail")),
                (2 * MINUTE, 10, Some("Mail"))
            ]
        );
        assert_eq!(hours[0].totals.active_seconds, 130);
        assert_eq!(hours[0].totals.idle_seconds, 50);
        assert_eq!(hours[0].score, Some(72.2));
        assert_eq!(hours[1].score, None);
    }

    #[test]
    fn two_devices_at_once_count_once_and_input_wins() {
        let day = [
            span(0, 60_000, ActivityType::Idle, None),
            span(30_000, 90_000, ActivityType::Active, Some("Terminal")),
        ];
        let hours = hours(&day, 0, 24 * HOUR);
        let Totals {
            active_seconds,
            idle_seconds,
            ..
        } = hours[0].totals;
        assert_eq!((active_seconds, idle_seconds), (60, 30));
    }

    #[test]
    fn a_day_begins_at_its_own_hour_also_where_zones_are_half_an_hour_off() {
        let from = 18 * HOUR + HOUR / 2;
        let day = [span(
            from - MINUTE,
            from + MINUTE,
            ActivityType::Active,
            None,
        )];
        let hours = hours(&day, from, from + 24 * HOUR);
        assert_eq!(hours[0].from, from);
        assert_eq!(
            hours[0].totals.active_seconds, 60,
            "what is before it is another day's"
        );
    }

    proptest! {
        #[test]
        fn minutes_and_hours_add_up_to_the_day(
            spans in prop::collection::vec((0_i64..80_000, 1_i64..4_000, 0_u8..3), 0..40)
        ) {
            let day: Vec<Span> = spans
                .iter()
                .map(|(from, seconds, kind)| {
                    let kind = [ActivityType::Active, ActivityType::Idle, ActivityType::Unobserved]
                        [usize::from(*kind)];
                    span(from * 1_000, (from + seconds) * 1_000, kind, None)
                })
                .collect();
            // Second by second, the slow way.
            let mut seconds = vec![3_usize; 86_400];
            for (from, length, kind) in spans {
                for at in from..(from + length).min(86_400) {
                    let at = usize::try_from(at).unwrap_or(0);
                    seconds[at] = seconds[at].min(usize::from(kind));
                }
            }
            let expected = [0, 1, 2].map(|kind| seconds.iter().filter(|it| **it == kind).count());
            let hours = hours(&day, 0, 24 * HOUR);
            let sum = |all: &mut dyn Iterator<Item = Totals>| {
                all.fold([0, 0, 0], |sum, it| [
                    sum[0] + it.active_seconds,
                    sum[1] + it.idle_seconds,
                    sum[2] + it.unobserved_seconds,
                ])
            };
            let by_hour = sum(&mut hours.iter().map(|it| it.totals));
            let by_minute = sum(&mut hours.iter().flat_map(|it| &it.minutes).map(|it| it.totals));
            prop_assert_eq!(by_hour, by_minute);
            prop_assert_eq!(by_hour.map(|it| usize::try_from(it).unwrap_or(0)), expected);
        }
    }
}
