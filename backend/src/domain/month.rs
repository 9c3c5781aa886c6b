//! Months of the calendar, and which of them stand for their days in a range.
//!
//! Must not know where sums are kept.

use std::collections::BTreeSet;

use jiff::civil::Date;

/// A month, by its first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(Date);

impl Month {
    /// The month that a day is in.
    #[must_use]
    pub fn of(day: Date) -> Self {
        Self(day.first_of_month())
    }

    /// Its first day.
    #[must_use]
    pub fn first(self) -> Date {
        self.0
    }

    /// Its last day.
    #[must_use]
    pub fn last(self) -> Date {
        self.0.last_of_month()
    }

    /// The month after; `None` at the end of the calendar.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        self.last().tomorrow().ok().map(Self)
    }
}

/// A part of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    /// These days, both included.
    Days(Date, Date),
    /// These months, both included.
    Months(Month, Month),
}

/// The months that lie in a range with all of their days; `None` when there is none.
#[must_use]
pub fn whole(from: Date, to: Date) -> Option<(Month, Month)> {
    let begun = Month::of(from);
    let first = if begun.first() == from {
        begun
    } else {
        begun.next()?
    };
    let end = Month::of(to);
    let last = if end.last() == to {
        end
    } else {
        Month::of(end.first().yesterday().ok()?)
    };
    (first <= last).then_some((first, last))
}

/// A range in pieces, in their order: whole months that are not `open`, and the days between.
#[must_use]
pub fn pieces(from: Date, to: Date, open: &BTreeSet<Month>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    // The first day that no piece has yet.
    let mut next = Some(from);
    let mut month = whole(from, to);
    while let Some((first, last)) = month {
        if !open.contains(&first) {
            if let Some(Piece::Months(_, end)) = pieces.last_mut()
                && end.next() == Some(first)
            {
                *end = first;
            } else {
                days(&mut pieces, next, first.first().yesterday().ok());
                pieces.push(Piece::Months(first, first));
            }
            next = first.last().tomorrow().ok();
        }
        month = first
            .next()
            .filter(|month| *month <= last)
            .map(|month| (month, last));
    }
    days(&mut pieces, next, Some(to));
    pieces
}

/// Adds days, if there are any.
fn days(pieces: &mut Vec<Piece>, from: Option<Date>, to: Option<Date>) {
    if let Some((from, to)) = from.zip(to)
        && from <= to
    {
        pieces.push(Piece::Days(from, to));
    }
}

#[cfg(test)]
mod tests {
    use jiff::{ToSpan as _, civil::date};
    use proptest::prelude::*;

    use super::*;

    fn open(months: &[Date]) -> BTreeSet<Month> {
        months.iter().copied().map(Month::of).collect()
    }

    #[test]
    fn whole_months_stand_for_their_days_and_the_edges_stay_days() {
        let found = pieces(date(2025, 11, 24), date(2026, 11, 23), &open(&[]));
        assert_eq!(
            found,
            [
                Piece::Days(date(2025, 11, 24), date(2025, 11, 30)),
                Piece::Months(Month(date(2025, 12, 1)), Month(date(2026, 10, 1))),
                Piece::Days(date(2026, 11, 1), date(2026, 11, 23)),
            ]
        );
        let found = pieces(
            date(2026, 1, 1),
            date(2026, 4, 30),
            &open(&[date(2026, 3, 9)]),
        );
        assert_eq!(
            found,
            [
                Piece::Months(Month(date(2026, 1, 1)), Month(date(2026, 2, 1))),
                Piece::Days(date(2026, 3, 1), date(2026, 3, 31)),
                Piece::Months(Month(date(2026, 4, 1)), Month(date(2026, 4, 1))),
            ]
        );
        let found = pieces(date(2026, 2, 2), date(2026, 3, 30), &open(&[]));
        assert_eq!(found, [Piece::Days(date(2026, 2, 2), date(2026, 3, 30))]);
        let found = pieces(Date::MIN, Date::MAX, &open(&[]));
        assert_eq!(found.len(), 1, "{found:?}");
    }

    proptest! {
        #[test]
        fn pieces_cover_each_day_once_and_no_open_month_stands_for_its_days(
            begin in 0_i64..900, length in 0_i64..900, open in prop::collection::btree_set(0_i64..60, 0..6),
        ) {
            let from = date(2024, 1, 1).checked_add(begin.days()).expect("a day");
            let to = from.checked_add(length.days()).expect("a day");
            let open: BTreeSet<Month> = open
                .into_iter()
                .map(|number| Month::of(date(2024, 1, 1).checked_add(number.months()).expect("a day")))
                .collect();
            let mut next = from;
            for piece in pieces(from, to, &open) {
                let (first, last) = match piece {
                    Piece::Days(first, last) => (first, last),
                    Piece::Months(first, last) => {
                        let mut month = Some(first).filter(|month| *month <= last);
                        while let Some(one) = month {
                            prop_assert!(!open.contains(&one));
                            month = one.next().filter(|month| *month <= last);
                        }
                        (first.first(), last.last())
                    }
                };
                prop_assert_eq!(first, next);
                prop_assert!(first <= last && last <= to);
                next = last.tomorrow().expect("a day");
            }
            prop_assert_eq!(next, to.tomorrow().expect("a day"));
        }
    }
}
