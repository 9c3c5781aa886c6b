//! Whether the person has just come back: from idle, from a locked screen, from sleep.
//!
//! Pure: looks in, at most one question out. The time itself is accounted for elsewhere and
//! does not change by any of this; the answer becomes a note beside it.

use serde::{Deserialize, Serialize};
use shared_types::{Timestamp, activity::UnobservedReason, note};

use crate::sampler::{Observation, Sight};

/// Clocks that part by more than this between two looks: the machine slept.
const SLEPT_MILLIS: i64 = 15_000;
/// Nobody is asked about longer absences: that is not a break but the end of a day.
const LONGEST_MILLIS: i64 = 12 * 3_600_000;
/// Nor about shorter ones, however early idle begins: no note is about less, so that every answer
/// but "leave it" would be refused.
const SHORTEST_MILLIS: i64 = note::SHORTEST_SECONDS * 1_000;

/// How the person was away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AwayReason {
    /// Without input.
    Idle,
    /// Behind a locked screen, or in another person's session.
    Locked,
    /// The machine slept.
    Asleep,
}

/// A stretch in which the person was away, and that has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// The last input before.
    pub from: Timestamp,
    /// The first sign of life behind.
    pub to: Timestamp,
    /// How.
    pub reason: AwayReason,
}

/// Follows the looks.
#[derive(Debug, Default)]
pub(super) struct Away {
    /// Since when, and how, as of the last look.
    gone: Option<(Timestamp, AwayReason)>,
    /// The last input that was seen, in a session.
    last_input: Option<Timestamp>,
    /// Boot-time and monotonic clock at the last look, in milliseconds.
    clocks: Option<(i64, i64)>,
    /// What was not answered yet.
    returned: Option<Returned>,
}

impl Away {
    /// Takes a look into account. `in_session`: the time is part of a work session.
    pub(super) fn observe(&mut self, look: &Observation, idle_after_millis: i64, in_session: bool) {
        let slept = self.clocks.is_some_and(|(boot, mono)| {
            (look.boot_millis - boot) - (look.mono_millis - mono) > SLEPT_MILLIS
        });
        self.clocks = Some((look.boot_millis, look.mono_millis));
        if slept {
            self.leave(AwayReason::Asleep);
        }
        match &look.sight {
            Sight::Seen { idle_millis, .. } => {
                let input = look.wall.plus_millis(-idle_millis);
                if *idle_millis >= idle_after_millis {
                    self.last_input = in_session.then_some(input);
                    self.leave(AwayReason::Idle);
                } else {
                    self.come_back(input, idle_after_millis);
                    self.last_input = in_session.then_some(input);
                }
            }
            Sight::Blind(UnobservedReason::Locked) => self.leave(AwayReason::Locked),
            Sight::Blind(UnobservedReason::Asleep) => self.leave(AwayReason::Asleep),
            // Paused, or nothing can be seen: nobody knows whether the person was away.
            Sight::Blind(_) => {
                self.gone = None;
                self.last_input = None;
            }
        }
    }

    fn leave(&mut self, reason: AwayReason) {
        self.gone = match (self.gone, self.last_input) {
            (Some((since, _)), _) => Some((since, reason)),
            (None, Some(input)) => Some((input, reason)),
            (None, None) => None,
        };
    }

    fn come_back(&mut self, input: Timestamp, idle_after_millis: i64) {
        let Some((from, reason)) = self.gone.take() else {
            return;
        };
        let length = input.millis_since(from);
        let shortest = idle_after_millis.max(SHORTEST_MILLIS);
        if (shortest..=LONGEST_MILLIS).contains(&length) {
            // Asked once: a newer absence takes the place of one that nobody answered.
            self.returned = Some(Returned {
                from,
                to: input,
                reason,
            });
        }
    }

    /// What the person may be asked.
    pub(super) const fn returned(&self) -> Option<Returned> {
        self.returned
    }

    /// The question about the stretch that began then is answered, or waved off.
    pub(super) fn answered(&mut self, from: Timestamp) {
        if self.returned.is_some_and(|it| it.from == from) {
            self.returned = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::Focus;

    const IDLE_AFTER: i64 = 300_000;

    struct Looks {
        idle_after: i64,
        away: Away,
        boot: i64,
        mono: i64,
    }

    impl Looks {
        fn new() -> Self {
            Self {
                idle_after: IDLE_AFTER,
                away: Away::default(),
                boot: 0,
                mono: 0,
            }
        }

        fn pass(&mut self, seconds: i64) -> &mut Self {
            self.boot += seconds * 1_000;
            self.mono += seconds * 1_000;
            self
        }

        fn sleep(&mut self, seconds: i64) -> &mut Self {
            self.boot += seconds * 1_000;
            self
        }

        fn look(&mut self, sight: Sight) -> &mut Self {
            let look = Observation {
                boot_millis: self.boot,
                mono_millis: self.mono,
                wall: Timestamp::from_millis(self.boot),
                sight,
                may_start: None,
            };
            self.away.observe(&look, self.idle_after, true);
            self
        }

        fn seen(&mut self, idle_seconds: i64) -> &mut Self {
            self.look(Sight::Seen {
                focus: Focus::default(),
                idle_millis: idle_seconds * 1_000,
            })
        }

        fn blind(&mut self, reason: UnobservedReason) -> &mut Self {
            self.look(Sight::Blind(reason))
        }

        fn asked(&self) -> Option<(i64, i64, AwayReason)> {
            let it = self.away.returned()?;
            Some((
                it.from.as_millis() / 1_000,
                it.to.as_millis() / 1_000,
                it.reason,
            ))
        }
    }

    #[test]
    fn who_comes_back_from_idle_is_asked_about_the_time_since_the_last_input() {
        let mut looks = Looks::new();
        looks.seen(0).pass(60).seen(60).pass(300).seen(360);
        assert_eq!(looks.asked(), None, "not while nobody is there to answer");
        looks.pass(60).seen(2);
        assert_eq!(looks.asked(), Some((0, 418, AwayReason::Idle)));
        looks.away.answered(Timestamp::from_millis(5));
        assert!(looks.asked().is_some(), "that was another question");
        looks.away.answered(Timestamp::from_millis(0));
        assert_eq!(looks.asked(), None);
    }

    #[test]
    fn a_short_look_away_is_no_absence() {
        let mut looks = Looks::new();
        looks.seen(0).blind(UnobservedReason::Locked);
        looks.pass(120).seen(0);
        assert_eq!(looks.asked(), None);
    }

    #[test]
    fn nobody_is_asked_about_less_than_a_note_can_be_about() {
        let mut looks = Looks::new();
        looks.idle_after = 10_000;
        looks.seen(0).pass(59).seen(59).pass(1).seen(1);
        assert_eq!(looks.asked(), None, "no answer would be taken");
        looks.pass(62).seen(63).pass(1).seen(0);
        assert_eq!(looks.asked(), Some((59, 123, AwayReason::Idle)));
    }

    #[test]
    fn a_locked_screen_and_sleep_are_asked_about_by_their_names() {
        let mut looks = Looks::new();
        looks.seen(0).pass(60).blind(UnobservedReason::Locked);
        looks.pass(600).seen(0);
        assert_eq!(looks.asked(), Some((0, 660, AwayReason::Locked)));
        let mut looks = Looks::new();
        looks.seen(0).sleep(3_600).pass(5).seen(0);
        assert_eq!(looks.asked(), Some((0, 3_605, AwayReason::Asleep)));
    }

    #[test]
    fn a_night_and_a_pause_are_not_asked_about() {
        let mut looks = Looks::new();
        looks.seen(0).sleep(14 * 3_600).pass(5).seen(0);
        assert_eq!(looks.asked(), None);
        let mut looks = Looks::new();
        looks.seen(0).pass(400).blind(UnobservedReason::Paused);
        looks.pass(400).seen(0);
        assert_eq!(looks.asked(), None);
    }

    #[test]
    fn time_outside_a_session_is_nobodys_business() {
        let mut away = Away::default();
        for (at, idle) in [(0, 0), (400_000, 400_000), (401_000, 0)] {
            let look = Observation {
                boot_millis: at,
                mono_millis: at,
                wall: Timestamp::from_millis(at),
                sight: Sight::Seen {
                    focus: Focus::default(),
                    idle_millis: idle,
                },
                may_start: None,
            };
            away.observe(&look, IDLE_AFTER, false);
        }
        assert_eq!(away.returned(), None);
    }
}
