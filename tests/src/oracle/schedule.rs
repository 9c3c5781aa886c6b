//! What was done on the desktop, and when.

use std::collections::BTreeMap;

use shared_types::Timestamp;

/// A record of what was done, made while it was done.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// From when on which application had the focus.
    pub focus: Vec<(Timestamp, String)>,
    /// When a key was pressed.
    pub keys: Vec<Timestamp>,
    /// The policy: no input for this long is idle, from the last input on.
    pub idle_after_seconds: i64,
    /// The agent's sampling interval.
    pub sample_seconds: i64,
    /// How often the agent was killed.
    pub kills: i64,
    /// The longest that the agent was away at a kill, in whole seconds, rounded up.
    pub away_seconds: i64,
}

/// Seconds that must have been counted.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// Active, by application.
    pub active: BTreeMap<String, i64>,
    /// Idle.
    pub idle: i64,
}

impl Schedule {
    /// What one sum may be off by: at each change of focus, and at both ends of an idle
    /// stretch and of the session, a look comes up to one interval late and seconds are
    /// whole; at each kill nobody looked until the agent was back.
    #[must_use]
    pub fn tolerance_seconds(&self) -> i64 {
        let changes = i64::try_from(self.focus.len()).unwrap_or(i64::MAX);
        (changes + 2) * self.sample_seconds + 2 + self.kills * self.away_seconds
    }

    /// The seconds between two instants by application and kind.
    #[must_use]
    pub fn expected(&self, from: Timestamp, until: Timestamp) -> Expected {
        let mut active: BTreeMap<&str, i64> = BTreeMap::new();
        let mut idle = 0;
        for (input, next) in self.stretches(until) {
            let length = next.millis_since(input);
            if length >= self.idle_after_seconds * 1_000 {
                idle += overlap(input, next, from, until);
                continue;
            }
            for (number, (begin, application)) in self.focus.iter().enumerate() {
                let end = self.focus.get(number + 1).map_or(until, |(end, _)| *end);
                let (start, stop) = (input.max(*begin).max(from), next.min(end).min(until));
                *active.entry(application).or_default() += stop.millis_since(start).max(0);
            }
        }
        let seconds = |millis: i64| (millis + 500).div_euclid(1_000);
        Expected {
            active: active
                .into_iter()
                .map(|(name, millis)| (name.to_owned(), seconds(millis)))
                .collect(),
            idle: seconds(idle),
        }
    }

    /// From each input to the next one, the last to `until`.
    fn stretches(&self, until: Timestamp) -> impl Iterator<Item = (Timestamp, Timestamp)> {
        let ends = self.keys.iter().skip(1).copied().chain([until]);
        self.keys.iter().copied().zip(ends)
    }
}

fn overlap(a: Timestamp, b: Timestamp, from: Timestamp, until: Timestamp) -> i64 {
    b.min(until).millis_since(a.max(from)).max(0)
}
