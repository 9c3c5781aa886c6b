//! What the sources said, and what follows from it. Pure.

use super::Away;

/// Who says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The system's bus, with logind on it.
    System,
    /// The person's bus, with the desktop's screen locker on it.
    Desktop,
}

/// Something that a source said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// logind about this session; `None` leaves what was known.
    Session {
        /// It is the one that its seat shows.
        active: Option<bool>,
        /// It says of itself that it is locked.
        locked: Option<bool>,
    },
    /// logind, before (true) and after (false) a suspend.
    Sleep(bool),
    /// logind, before a shutdown or restart (true), and when it is called off (false).
    Shutdown(bool),
    /// The screen locker of this number shows itself, or not.
    Locker {
        /// Which of the desktop's lockers.
        number: u8,
        /// Whether it covers the screen.
        shown: bool,
    },
    /// The first questions to this source are answered.
    Settled(Source),
    /// The source is gone, or was never there: what it said no longer holds.
    Lost(Source),
}

/// All that is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Facts {
    active: Option<bool>,
    locked: Option<bool>,
    sleeping: bool,
    shutting_down: bool,
    lockers: u64,
    settled: [bool; 2],
}

impl Facts {
    /// Takes in what was said.
    pub fn apply(&mut self, event: Event) {
        match event {
            Event::Session { active, locked } => {
                self.active = active.or(self.active);
                self.locked = locked.or(self.locked);
            }
            Event::Sleep(sleeping) => self.sleeping = sleeping,
            Event::Shutdown(begins) => self.shutting_down = begins,
            Event::Locker { number, shown } => {
                let bit = 1_u64.checked_shl(number.into()).unwrap_or(0);
                self.lockers = if shown {
                    self.lockers | bit
                } else {
                    self.lockers & !bit
                };
            }
            Event::Settled(source) => self.settled[source as usize] = true,
            Event::Lost(source) => {
                match source {
                    Source::System => {
                        self.active = None;
                        self.locked = None;
                        self.sleeping = false;
                        self.shutting_down = false;
                    }
                    Source::Desktop => self.lockers = 0,
                }
                self.settled[source as usize] = true;
            }
        }
    }

    /// Why nobody is there. Any source that says "locked" is believed: to miss a minute of work
    /// is repairable, to record what lies behind a lock is not.
    #[must_use]
    pub fn away(&self) -> Option<Away> {
        if self.shutting_down {
            Some(Away::ShuttingDown)
        } else if self.locked == Some(true) || self.active == Some(false) || self.lockers != 0 {
            Some(Away::Locked)
        } else if self.sleeping {
            Some(Away::Asleep)
        } else {
            None
        }
    }

    /// Every source has answered or given up once.
    #[must_use]
    pub fn settled(&self) -> bool {
        self.settled == [true, true]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn after(events: &[Event]) -> Facts {
        let mut facts = Facts::default();
        for event in events {
            facts.apply(*event);
        }
        facts
    }

    fn session(active: bool, locked: bool) -> Event {
        Event::Session {
            active: Some(active),
            locked: Some(locked),
        }
    }

    fn locker(number: u8, shown: bool) -> Event {
        Event::Locker { number, shown }
    }

    #[test]
    fn nobody_is_away_while_nothing_is_known() {
        assert_eq!(Facts::default().away(), None);
        assert!(!Facts::default().settled());
    }

    #[test]
    fn a_lock_and_a_switch_to_another_person_both_count_as_locked() {
        assert_eq!(after(&[session(true, false)]).away(), None);
        assert_eq!(after(&[session(true, true)]).away(), Some(Away::Locked));
        assert_eq!(after(&[session(false, false)]).away(), Some(Away::Locked));
    }

    #[test]
    fn a_change_of_one_property_leaves_the_other() {
        let half = Event::Session {
            active: Some(true),
            locked: None,
        };
        assert_eq!(
            after(&[session(true, true), half]).away(),
            Some(Away::Locked)
        );
    }

    #[test]
    fn a_locked_machine_that_sleeps_is_locked_until_it_is_unlocked() {
        let slept = [session(true, true), Event::Sleep(true), Event::Sleep(false)];
        assert_eq!(after(&slept[..2]).away(), Some(Away::Locked));
        assert_eq!(after(&slept).away(), Some(Away::Locked));
        assert_eq!(after(&[Event::Sleep(true)]).away(), Some(Away::Asleep));
        assert_eq!(
            after(&[Event::Sleep(true), Event::Sleep(false)]).away(),
            None
        );
    }

    #[test]
    fn a_shutdown_goes_before_a_lock_and_can_be_called_off() {
        let mut facts = after(&[session(true, true), Event::Shutdown(true)]);
        assert_eq!(facts.away(), Some(Away::ShuttingDown));
        facts.apply(Event::Shutdown(false));
        assert_eq!(facts.away(), Some(Away::Locked));
    }

    #[test]
    fn one_locker_that_goes_does_not_open_another() {
        let both = [locker(0, true), locker(3, true), locker(0, false)];
        assert_eq!(after(&both).away(), Some(Away::Locked));
        let gone = [locker(0, true), locker(0, false)];
        assert_eq!(after(&gone).away(), None);
    }

    #[test]
    fn a_source_that_is_lost_takes_back_what_it_said_and_nothing_else() {
        let said = [session(true, true), Event::Sleep(true), locker(1, true)];
        let mut facts = after(&said);
        facts.apply(Event::Lost(Source::System));
        assert_eq!(facts.away(), Some(Away::Locked), "the locker still says so");
        facts.apply(Event::Lost(Source::Desktop));
        assert_eq!(facts.away(), None);
        assert!(facts.settled(), "nothing is waited for");
    }

    fn any_event() -> impl Strategy<Value = Event> {
        prop_oneof![
            any::<(Option<bool>, Option<bool>)>()
                .prop_map(|(active, locked)| Event::Session { active, locked }),
            any::<bool>().prop_map(Event::Sleep),
            any::<bool>().prop_map(Event::Shutdown),
            any::<(u8, bool)>().prop_map(|(number, shown)| Event::Locker { number, shown }),
            Just(Event::Settled(Source::System)),
            Just(Event::Lost(Source::Desktop)),
            Just(Event::Lost(Source::System)),
        ]
    }

    proptest! {
        #[test]
        fn whatever_is_said_the_last_word_on_the_lock_holds(
            events in prop::collection::vec(any_event(), 0..40),
        ) {
            let mut facts = after(&events);
            facts.apply(Event::Shutdown(false));
            facts.apply(session(true, true));
            prop_assert_eq!(facts.away(), Some(Away::Locked));
            facts.apply(Event::Lost(Source::System));
            facts.apply(Event::Lost(Source::Desktop));
            prop_assert_eq!(facts.away(), None);
        }
    }
}
