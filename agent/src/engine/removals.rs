//! Which rule of the policy took something from what was seen, and when: so that a person who
//! reads their rows can be told why a field is empty.
//!
//! Stays on this machine. Holds no name, title or address: kinds of rules and stretches of
//! time, nothing that a rule removed. It is bounded, and rows that wait for the server are not:
//! so it says itself from when on it is complete, and knows what the policy of that time left
//! out, not only the one of today.

use serde::{Deserialize, Serialize};
use shared_types::{Timestamp, policy::CapturePolicy, privacy::Removal};

/// More stretches than this are not kept; the oldest go first.
const MOST: usize = 200;
/// More changes of what is collected than this are not kept.
const MOST_POLICIES: usize = 20;
/// Acknowledged rows stay a day.
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

/// What a policy collects of every window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collected {
    /// Names of applications.
    pub applications: bool,
    /// Titles of windows.
    pub titles: bool,
    /// Addresses of pages.
    pub urls: bool,
}

impl Collected {
    /// What this policy collects.
    #[must_use]
    pub fn by(policy: &CapturePolicy) -> Self {
        let policy = policy.clone().as_understood();
        Self {
            applications: policy.applications,
            titles: policy.titles,
            urls: policy.urls,
        }
    }

    const fn and(self, other: Self) -> Self {
        Self {
            applications: self.applications && other.applications,
            titles: self.titles && other.titles,
            urls: self.urls && other.urls,
        }
    }
}

/// From when on something was collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Since {
    from: Timestamp,
    #[serde(flatten)]
    collected: Collected,
}

/// See the module.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored")]
pub struct Removals {
    /// Oldest first.
    stretches: Vec<Removed>,
    /// From here on the stretches are complete; absent: nothing is known.
    known_from: Option<Timestamp>,
    /// Oldest first, each until the next.
    policies: Vec<Since>,
}

/// As it may be found on the disk.
#[derive(Deserialize)]
#[serde(untagged)]
enum Stored {
    /// By versions up to 0.1: the stretches alone.
    Stretches(Vec<Removed>),
    All {
        stretches: Vec<Removed>,
        known_from: Option<Timestamp>,
        policies: Vec<Since>,
    },
}

impl From<Stored> for Removals {
    fn from(stored: Stored) -> Self {
        match stored {
            Stored::Stretches(stretches) => Self {
                known_from: stretches.first().map(|it| it.from),
                stretches,
                policies: Vec::new(),
            },
            Stored::All {
                stretches,
                known_from,
                policies,
            } => Self {
                stretches,
                known_from,
                policies,
            },
        }
    }
}

impl Removals {
    /// What one look lost. Looks no further apart than `near_millis` make one stretch.
    pub(super) fn note(&mut self, at: Timestamp, rule: Option<Removal>, near_millis: i64) {
        self.known_from.get_or_insert(at);
        let Some(rule) = rule else {
            return;
        };
        match self.stretches.last_mut() {
            Some(last)
                if last.rule == rule && (0..=near_millis).contains(&at.millis_since(last.to)) =>
            {
                last.to = at;
            }
            _ => self.push(Removed {
                from: at,
                to: at,
                rule,
            }),
        }
        let old = self
            .stretches
            .iter()
            .take_while(|it| at.millis_since(it.to) > KEEP_MILLIS)
            .count();
        self.forget(old);
    }

    /// What a new policy took from time that was seen before it.
    pub(super) fn note_again(&mut self, from: Timestamp, to: Timestamp, rule: Removal) {
        self.push(Removed { from, to, rule });
    }

    /// What is collected of every window from `now` on. What was seen since `open` is in no row
    /// yet: only what both policies collect is left of it.
    pub(super) fn follow(&mut self, open: Timestamp, now: Timestamp, collected: Collected) {
        if let Some(last) = self.policies.last().copied() {
            if last.collected == collected {
                return;
            }
            self.policies.push(Since {
                // In order, whatever the clock does.
                from: open.max(last.from),
                collected: last.collected.and(collected),
            });
        }
        let begun = self.policies.last().map_or(now, |last| last.from.max(now));
        self.policies.push(Since {
            from: begun,
            collected,
        });
        let excess = self.policies.len().saturating_sub(MOST_POLICIES);
        self.policies.drain(..excess);
    }

    fn push(&mut self, removed: Removed) {
        self.stretches.push(removed);
        self.forget(self.stretches.len().saturating_sub(MOST));
    }

    /// Forgets the oldest stretches, and that it knew of their time.
    fn forget(&mut self, count: usize) {
        for gone in self.stretches.drain(..count) {
            let end = gone.to.plus_millis(1);
            self.known_from = Some(self.known_from.map_or(end, |from| from.max(end)));
        }
    }

    /// The rule that held something back between two instants, if one is known that did.
    #[must_use]
    pub fn between(&self, from: Timestamp, to: Timestamp) -> Option<Removal> {
        self.stretches
            .iter()
            .find(|it| it.from < to && it.to >= from)
            .map(|it| it.rule)
    }

    /// Whether every rule that held something back from this instant on is known.
    #[must_use]
    pub fn is_complete_from(&self, from: Timestamp) -> bool {
        self.known_from.is_some_and(|known| known <= from)
    }

    /// What was collected of every window all the time between two instants; `None` where that
    /// is not known any more.
    #[must_use]
    pub fn collected(&self, from: Timestamp, to: Timestamp) -> Option<Collected> {
        let at_first = self.policies.iter().rposition(|it| it.from <= from)?;
        self.policies[at_first..]
            .iter()
            .take_while(|it| it.from < to)
            .map(|it| it.collected)
            .reduce(Collected::and)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Collected = Collected {
        applications: true,
        titles: true,
        urls: true,
    };

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
        assert_eq!(removals.stretches.len(), 2);
        assert_eq!(
            removals.between(at(100), at(160)),
            Some(Removal::ExcludedPattern)
        );
        assert_eq!(removals.between(at(130), at(899)), None);
    }

    #[test]
    fn the_list_stays_short_and_says_from_when_on_it_is_complete() {
        let mut removals = Removals::default();
        assert!(!removals.is_complete_from(at(0)), "nothing was looked at");
        removals.note(at(0), None, 1);
        removals.note(at(10), Some(Removal::TitleHidden), 1);
        assert!(removals.is_complete_from(at(0)));
        removals.note(at(100_000), Some(Removal::TitleHidden), 1);
        assert_eq!(removals.stretches.len(), 1, "a day has passed");
        assert!(!removals.is_complete_from(at(10)));
        assert!(removals.is_complete_from(at(11)));
        for second in 0..1_000 {
            removals.note(at(100_000 + second * 2), Some(Removal::TitleHidden), 1);
        }
        assert_eq!(removals.stretches.len(), MOST);
        assert!(!removals.is_complete_from(at(100_000)));
        assert!(removals.is_complete_from(removals.stretches[0].from));
    }

    #[test]
    fn what_is_collected_is_what_the_policies_of_that_time_agree_on() {
        let none = Collected {
            titles: false,
            ..ALL
        };
        let mut removals = Removals::default();
        removals.follow(at(90), at(100), none);
        removals.follow(at(150), at(150), none);
        removals.follow(at(180), at(200), ALL);
        removals.follow(at(280), at(300), none);
        removals.follow(at(280), at(310), ALL);
        for (from, to, wanted) in [
            (99, 100, None),
            (100, 160, Some(none)),
            (180, 240, Some(none)),
            (200, 260, Some(ALL)),
            (280, 340, Some(none)),
            (310, 370, Some(ALL)),
        ] {
            assert_eq!(removals.collected(at(from), at(to)), wanted, "{from} {to}");
        }
        for n in 0..100 {
            let when = at(400 + n);
            removals.follow(when, when, if n % 2 == 0 { none } else { ALL });
        }
        assert_eq!(removals.policies.len(), MOST_POLICIES);
        assert_eq!(removals.collected(at(200), at(260)), None);
    }

    #[test]
    fn it_survives_the_disk_and_what_earlier_versions_left_there() {
        let mut removals = Removals::default();
        removals.note(at(5), Some(Removal::SiteDropped), 1);
        removals.follow(at(5), at(5), ALL);
        let text = serde_json::to_string(&removals).unwrap();
        assert_eq!(serde_json::from_str::<Removals>(&text).unwrap(), removals);
        let old = r#"[{"from":"1970-01-01T00:01:05.000Z","to":"1970-01-01T00:01:50.000Z","rule":"title_hidden"}]"#;
        let old: Removals = serde_json::from_str(old).unwrap();
        assert!(old.is_complete_from(at(65)) && !old.is_complete_from(at(64)));
        assert_eq!(old.collected(at(65), at(66)), None);
    }
}
