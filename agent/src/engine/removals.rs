//! Which rule of the policy took something from what was seen, and when: so that a person who
//! reads their rows can be told why a field is empty.
//!
//! Stays on this machine. Holds no name, title or address: a kind of rule and a stretch of
//! time, nothing that the rule removed.

use serde::{Deserialize, Serialize};
use shared_types::{Timestamp, privacy::Removal};

/// More stretches than this are not kept; the oldest go first.
const MOST: usize = 200;
/// Acknowledged rows stay a day; nobody asks about earlier ones.
const KEEP_MILLIS: i64 = 26 * 3_600_000;

/// A stretch in which one rule held something back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Removed {
    /// The first look.
    pub from: Timestamp,
    /// The last look.
    pub to: Timestamp,
    /// The rule.
    pub rule: Removal,
}

/// The stretches, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Removals(Vec<Removed>);

impl Removals {
    /// What one look lost. Looks no further apart than `near_millis` make one stretch.
    pub(super) fn note(&mut self, at: Timestamp, rule: Option<Removal>, near_millis: i64) {
        let Some(rule) = rule else {
            return;
        };
        match self.0.last_mut() {
            Some(last)
                if last.rule == rule && (0..=near_millis).contains(&at.millis_since(last.to)) =>
            {
                last.to = at;
            }
            _ => self.0.push(Removed {
                from: at,
                to: at,
                rule,
            }),
        }
        self.0.retain(|it| at.millis_since(it.to) <= KEEP_MILLIS);
        let excess = self.0.len().saturating_sub(MOST);
        self.0.drain(..excess);
    }

    /// The rule that held something back between two instants, if one did.
    #[must_use]
    pub fn between(&self, from: Timestamp, to: Timestamp) -> Option<Removal> {
        self.0
            .iter()
            .find(|it| it.from < to && it.to >= from)
            .map(|it| it.rule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_millis(second * 1_000)
    }

    #[test]
    fn looks_that_lost_something_to_one_rule_are_one_stretch() {
        let mut removals = Removals::default();
        for second in [0, 60, 120] {
            removals.note(at(second), Some(Removal::ExcludedPattern), 90_000);
        }
        removals.note(at(180), None, 90_000);
        removals.note(at(900), Some(Removal::ExcludedPattern), 90_000);
        assert_eq!(removals.0.len(), 2);
        assert_eq!(
            removals.between(at(100), at(160)),
            Some(Removal::ExcludedPattern)
        );
        assert_eq!(removals.between(at(130), at(899)), None);
    }

    #[test]
    fn what_is_older_than_the_rows_is_forgotten_and_the_list_stays_short() {
        let mut removals = Removals::default();
        removals.note(at(0), Some(Removal::TitleHidden), 1);
        removals.note(at(100_000), Some(Removal::TitleHidden), 1);
        assert_eq!(removals.0.len(), 1);
        for second in 0..1_000 {
            removals.note(at(100_000 + second * 2), Some(Removal::TitleHidden), 1);
        }
        assert_eq!(removals.0.len(), MOST);
    }
}
