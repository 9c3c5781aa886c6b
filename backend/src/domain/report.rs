//! The arithmetic of reports: figures, shares, comparison, order, breaks. Pure.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};
use shared_types::{
    Timestamp,
    report::{Break, Figures, HeatCell, ReportRow, ReportSort},
};

/// Days of the longest range.
pub const LONGEST_RANGE: i64 = 3_660;

/// Seconds by kind that add up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// With input.
    pub active: i64,
    /// Without.
    pub idle: i64,
    /// Not looked at; absent where nobody knows.
    pub unobserved: Option<i64>,
}

impl Sums {
    /// Adds another.
    pub fn add(&mut self, other: Self) {
        self.active += other.active;
        self.idle += other.idle;
        self.unobserved = match (self.unobserved, other.unobserved) {
            (Some(one), Some(two)) => Some(one + two),
            (one, two) => one.or(two),
        };
    }

    /// All of them together.
    #[must_use]
    pub fn of(all: impl IntoIterator<Item = Self>) -> Self {
        let mut total = Self::default();
        for one in all {
            total.add(one);
        }
        total
    }

    /// Whether there is nothing.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.active == 0 && self.idle == 0 && self.unobserved.unwrap_or(0) == 0
    }

    /// As they are shown.
    #[must_use]
    pub fn figures(&self) -> Figures {
        let worked = self.active + self.idle;
        Figures {
            active_seconds: self.active,
            idle_seconds: self.idle,
            unobserved_seconds: self.unobserved,
            worked_seconds: worked,
            score: percent(self.active, worked),
        }
    }
}

/// `part` of `whole` in percent, with one decimal; `None` of nothing.
#[must_use]
pub fn percent(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| tenths(part.saturating_mul(1_000), whole))
}

/// A quotient, rounded, over ten.
fn tenths(dividend: i64, divisor: i64) -> f64 {
    let rounded = dividend.saturating_add(divisor / 2).div_euclid(divisor);
    // A percentage in tenths is small.
    f64::from(i32::try_from(rounded).unwrap_or(i32::MAX)) / 10.0
}

/// What changed from `before` to `now`.
#[must_use]
pub fn difference(now: &Figures, before: &Figures) -> Figures {
    Figures {
        active_seconds: now.active_seconds - before.active_seconds,
        idle_seconds: now.idle_seconds - before.idle_seconds,
        unobserved_seconds: now
            .unobserved_seconds
            .zip(before.unobserved_seconds)
            .map(|(now, before)| now - before),
        worked_seconds: now.worked_seconds - before.worked_seconds,
        score: now
            .score
            .zip(before.score)
            .map(|(now, before)| ((now - before) * 10.0).round() / 10.0),
    }
}

/// The range of the same length that ends on the day before `from`; `None` before the calendar.
#[must_use]
pub fn range_before(from: Date, to: Date) -> Option<(Date, Date)> {
    let days = from.until(to).ok()?.get_days();
    let last = from.yesterday().ok()?;
    let first = last.checked_sub(jiff::Span::new().days(days)).ok()?;
    Some((first, last))
}

/// Days of a range, both ends included; `None` when it ends before it begins or is too long.
#[must_use]
pub fn days_of(from: Date, to: Date, longest: i64) -> Option<i64> {
    let days = i64::from(from.until(to).ok()?.get_days()) + 1;
    (1..=longest).contains(&days).then_some(days)
}

/// Sums by key, as rows without labels: what is nothing now and was nothing before is left out.
/// `total` is what shares are of.
#[must_use]
pub fn rows(
    now: &BTreeMap<String, Sums>,
    before: Option<&BTreeMap<String, Sums>>,
    total: Sums,
) -> Vec<ReportRow> {
    let worked = total.active + total.idle;
    let keys: BTreeSet<&String> = now
        .keys()
        .chain(before.into_iter().flat_map(BTreeMap::keys))
        .collect();
    keys.into_iter()
        .filter_map(|key| {
            let sums = now.get(key).copied().unwrap_or_default();
            let earlier = before.map(|all| all.get(key).copied().unwrap_or_default());
            if sums.is_nothing() && earlier.is_none_or(|earlier| earlier.is_nothing()) {
                return None;
            }
            let figures = sums.figures();
            let earlier = earlier.map(|earlier| earlier.figures());
            Some(ReportRow {
                key: key.clone(),
                label: String::new(),
                kind: None,
                figures,
                share: percent(sums.active + sums.idle, worked),
                before: earlier,
                difference: earlier.map(|earlier| difference(&figures, &earlier)),
            })
        })
        .collect()
}

/// Where a row stands in an order: enough to read on behind it when rows have changed meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    value: i64,
    label: String,
    key: String,
}

impl Place {
    /// A row's place.
    #[must_use]
    pub fn of(row: &ReportRow, sort: ReportSort) -> Self {
        let figures = &row.figures;
        let value = match sort {
            ReportSort::Label => 0,
            ReportSort::Active => figures.active_seconds,
            ReportSort::Idle => figures.idle_seconds,
            ReportSort::Unobserved => figures.unobserved_seconds.unwrap_or(-1),
            ReportSort::Worked => figures.worked_seconds,
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a percentage in tenths is small"
            )]
            ReportSort::Score => figures
                .score
                .map_or(-1, |score| (score * 10.0).round() as i64),
            ReportSort::Change => change(row),
        };
        Self {
            value,
            label: row.label.clone(),
            key: row.key.clone(),
        }
    }

    /// The order of two places. Equal values stand by label and key, upwards in any case.
    #[must_use]
    pub fn cmp(&self, other: &Self, sort: ReportSort, descending: bool) -> Ordering {
        let direct = |order: Ordering| if descending { order.reverse() } else { order };
        let names = (&self.label, &self.key).cmp(&(&other.label, &other.key));
        if sort == ReportSort::Label {
            return direct(names);
        }
        direct(self.value.cmp(&other.value)).then(names)
    }
}

/// Worked time in thousandths of what was worked before.
fn change(row: &ReportRow) -> i64 {
    let before = row.before.map_or(0, |before| before.worked_seconds);
    row.figures
        .worked_seconds
        .saturating_mul(1_000)
        .checked_div(before)
        .unwrap_or(-1)
}

/// Puts rows in order.
pub fn order(rows: &mut [ReportRow], sort: ReportSort, descending: bool) {
    rows.sort_by(|one, two| Place::of(one, sort).cmp(&Place::of(two, sort), sort, descending));
}

/// The week's hours from sums by day and hour: 168 cells, Monday 0 o'clock first.
#[must_use]
pub fn heatmap(sums: impl IntoIterator<Item = (Weekday, i64, Sums)>) -> Vec<HeatCell> {
    let mut week = vec![
        Sums {
            unobserved: Some(0),
            ..Sums::default()
        };
        168
    ];
    for (weekday, hour, sum) in sums {
        let weekday = i64::from(weekday.to_monday_zero_offset());
        if let Some(cell) = usize::try_from(weekday * 24 + hour)
            .ok()
            .and_then(|at| week.get_mut(at))
        {
            cell.add(sum);
        }
    }
    (0..)
        .zip(&week)
        .map(|(at, sums)| HeatCell {
            weekday: at / 24 + 1,
            hour: at % 24,
            figures: sums.figures(),
        })
        .collect()
}

/// Pauses of at least `least` seconds between stretches of input, which come in the order of
/// their begin and may overlap.
#[must_use]
pub fn breaks(input: &[(Timestamp, Timestamp)], least: i64) -> Vec<Break> {
    let mut found = Vec::new();
    let mut reached: Option<Timestamp> = None;
    for (from, to) in input {
        if let Some(end) = reached
            && from.millis_since(end) >= least * 1_000
        {
            found.push(Break {
                from: end,
                to: *from,
            });
        }
        reached = reached.max(Some(*to));
    }
    found
}

/// Milliseconds of `[from, to)` that lie in `[first, last)`.
#[must_use]
pub fn overlap_millis(from: Timestamp, to: Timestamp, first: Timestamp, last: Timestamp) -> i64 {
    to.min(last).millis_since(from.max(first)).max(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sums() -> impl Strategy<Value = Sums> {
        (0_i64..90_000, 0_i64..90_000, 0_i64..90_000).prop_map(|(active, idle, unobserved)| Sums {
            active,
            idle,
            unobserved: Some(unobserved),
        })
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    #[test]
    fn nothing_worked_has_no_score_and_no_share() {
        let sums = Sums {
            active: 0,
            idle: 0,
            unobserved: Some(60),
        };
        assert_eq!(sums.figures().score, None);
        assert_eq!(percent(0, 0), None);
        assert_eq!(percent(1, 3), Some(33.3));
        assert_eq!(percent(2, 3), Some(66.7));
    }

    #[test]
    fn the_range_before_has_the_same_length_and_ends_on_the_day_before() {
        let day = |text: &str| text.parse::<Date>().expect("a day");
        assert_eq!(
            range_before(day("2026-03-01"), day("2026-03-31")),
            Some((day("2026-01-29"), day("2026-02-28")))
        );
        assert_eq!(days_of(day("2026-03-01"), day("2026-03-31"), 31), Some(31));
        assert_eq!(days_of(day("2026-03-01"), day("2026-03-31"), 30), None);
        assert_eq!(days_of(day("2026-03-02"), day("2026-03-01"), 30), None);
    }

    #[test]
    fn a_pause_counts_only_where_no_device_had_input() {
        let input = [
            (at(0), at(60)),
            (at(30), at(600)),
            (at(60), at(120)),
            (at(1_500), at(1_560)),
        ];
        assert_eq!(
            breaks(&input, 900),
            [Break {
                from: at(600),
                to: at(1_500)
            }]
        );
        assert_eq!(breaks(&input, 901), []);
        assert_eq!(breaks(&[], 1), []);
    }

    #[test]
    fn by_change_most_was_added_first_and_what_is_new_comes_last() {
        let row = |key: &str, worked: i64, before: Option<i64>| ReportRow {
            key: key.to_owned(),
            label: key.to_owned(),
            kind: None,
            figures: Sums {
                active: worked,
                ..Sums::default()
            }
            .figures(),
            share: None,
            before: before.map(|active| {
                Sums {
                    active,
                    ..Sums::default()
                }
                .figures()
            }),
            difference: None,
        };
        let mut rows = vec![
            row("new", 9_000, None),
            row("half", 3_600, Some(7_200)),
            row("gone", 0, Some(60)),
            row("twice", 120, Some(60)),
            row("none before", 10, Some(0)),
        ];
        order(&mut rows, ReportSort::Change, true);
        let keys: Vec<_> = rows.iter().map(|row| row.key.as_str()).collect();
        assert_eq!(keys, ["twice", "half", "gone", "new", "none before"]);
    }

    proptest! {
        #[test]
        fn rows_add_up_to_what_went_in(all in prop::collection::btree_map("[a-d]", sums(), 0..5)) {
            let total = Sums::of(all.values().copied());
            let rows = rows(&all, None, total);
            let worked: i64 = rows.iter().map(|row| row.figures.worked_seconds).sum();
            prop_assert_eq!(worked, total.active + total.idle);
            let shares: f64 = rows.iter().filter_map(|row| row.share).sum();
            prop_assert!(worked == 0 || (shares - 100.0).abs() < 0.5, "{}", shares);
        }

        #[test]
        fn now_is_before_and_the_difference(one in sums(), two in sums()) {
            let (now, before) = (one.figures(), two.figures());
            let change = difference(&now, &before);
            prop_assert_eq!(before.worked_seconds + change.worked_seconds, now.worked_seconds);
            prop_assert_eq!(before.active_seconds + change.active_seconds, now.active_seconds);
        }

        #[test]
        fn reading_on_behind_any_row_meets_each_row_once(
            values in prop::collection::vec((0_i64..3, "[ab]{0,1}", 0_i64..3), 0..20), descending: bool,
        ) {
            let mut all: Vec<ReportRow> = values.iter().enumerate().map(|(at, (active, label, before))| ReportRow {
                key: at.to_string(), label: label.clone(), kind: None,
                figures: Sums { active: *active, ..Sums::default() }.figures(),
                share: None, difference: None,
                before: Some(Sums { active: *before, ..Sums::default() }.figures()),
            }).collect();
            for sort in [ReportSort::Label, ReportSort::Active, ReportSort::Score, ReportSort::Change] {
                order(&mut all, sort, descending);
                for (at, row) in all.iter().enumerate() {
                    let place = Place::of(row, sort);
                    let behind = all.iter().filter(|other| {
                        Place::of(other, sort).cmp(&place, sort, descending) == Ordering::Greater
                    }).count();
                    prop_assert_eq!(behind, all.len() - at - 1);
                }
            }
        }

        #[test]
        fn a_week_holds_every_second(days in prop::collection::vec((0_i32..800, 0_i64..24, sums()), 0..40)) {
            let first = jiff::civil::date(2026, 1, 1);
            let all: Vec<_> = days.iter().map(|(day, hour, sums)| {
                ((first + jiff::Span::new().days(*day)).weekday(), *hour, *sums)
            }).collect();
            let cells = heatmap(all.iter().copied());
            prop_assert_eq!(cells.len(), 168);
            let active: i64 = cells.iter().map(|cell| cell.figures.active_seconds).sum();
            prop_assert_eq!(active, days.iter().map(|day| day.2.active).sum::<i64>());
        }
    }
}
