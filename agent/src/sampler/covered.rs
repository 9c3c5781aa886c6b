//! Which seconds already have spans.
//!
//! A wall clock that was wrong and is set right shows the same seconds twice; spans of one
//! device must not overlap even then, also across restarts. A handful of ranges is enough:
//! without clock trouble there is one per session, and neighbours merge.

use serde::{Deserialize, Serialize};

/// Most ranges that are remembered. Beyond it the two oldest become one, which claims the
/// hole between them: more careful than needed, never less.
const MOST_RANGES: usize = 64;

/// A set of half-open ranges of seconds since 1970, in order, apart from one another.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Covered(Vec<(i64, i64)>);

impl Covered {
    /// Whether this second has a span.
    #[must_use]
    pub fn contains(&self, second: i64) -> bool {
        self.0
            .iter()
            .any(|(from, to)| (*from..*to).contains(&second))
    }

    /// Adds `[from, to)`.
    pub fn insert(&mut self, from: i64, to: i64) {
        if from >= to {
            return;
        }
        let (mut from, mut to) = (from, to);
        self.0.retain(|(start, end)| {
            let touches = *start <= to && *end >= from;
            if touches {
                from = from.min(*start);
                to = to.max(*end);
            }
            !touches
        });
        let place = self.0.partition_point(|(start, _)| *start < from);
        self.0.insert(place, (from, to));
        while self.0.len() > MOST_RANGES {
            let (_, end) = self.0.remove(1);
            self.0[0].1 = end;
        }
    }

    /// Adds all that another one holds.
    pub fn extend(&mut self, other: &Self) {
        for (from, to) in &other.0 {
            self.insert(*from, *to);
        }
    }

    /// The first second from this one on that has a span; `None`: all are free.
    #[must_use]
    pub fn free_until(&self, second: i64) -> Option<i64> {
        self.0
            .iter()
            .find(|(_, end)| *end > second)
            .map(|(start, _)| second.max(*start))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_holds_what_was_put_in_and_nothing_else(
            ranges in proptest::collection::vec((0_i64..300, 0_i64..9), 0..40)
        ) {
            let (mut covered, mut model) = (Covered::default(), BTreeSet::new());
            for (from, length) in ranges {
                covered.insert(from, from + length);
                model.extend(from..from + length);
            }
            for second in 0..320 {
                prop_assert_eq!(covered.contains(second), model.contains(&second));
                prop_assert_eq!(covered.free_until(second), model.range(second..).next().copied());
            }
            prop_assert!(covered.0.windows(2).all(|pair| pair[0].1 < pair[1].0));
        }
    }

    #[test]
    fn it_stays_small_and_errs_on_the_careful_side() {
        let mut covered = Covered::default();
        for n in 0..1_000 {
            covered.insert(n * 10, n * 10 + 1);
        }
        assert_eq!(covered.0.len(), MOST_RANGES);
        assert!((0..1_000).all(|n| covered.contains(n * 10)));
    }
}
