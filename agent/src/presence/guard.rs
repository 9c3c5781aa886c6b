//! A probe that does not look while nobody can be there.
//!
//! X11 goes on naming the window behind a lock, so the lock is asked for before and after each
//! look, and what was seen around a change is dropped.

use std::time::Duration;

use shared_types::device::Capabilities;

use super::{Away, Presence};
use crate::capture::{Look, Probe};

/// How long the first look waits for the first answers; well within the watchdog's patience.
const FIRST_ANSWERS: Duration = Duration::from_millis(700);

/// A probe behind a [`Presence`].
pub struct Guarded {
    probe: Box<dyn Probe>,
    presence: Presence,
    /// Asks for what nobody announces; before and after each look.
    ask: fn(&Presence),
    settled: bool,
}

impl Guarded {
    /// Looks through `probe` while `presence` lets it.
    #[must_use]
    pub fn new(probe: Box<dyn Probe>, presence: Presence) -> Self {
        Self {
            probe,
            presence,
            ask: |_| {},
            settled: false,
        }
    }

    /// The same, where not everything is announced.
    #[must_use]
    pub fn asking(probe: Box<dyn Probe>, presence: Presence, ask: fn(&Presence)) -> Self {
        Self {
            ask,
            ..Self::new(probe, presence)
        }
    }
}

impl Probe for Guarded {
    fn name(&self) -> &'static str {
        self.probe.name()
    }

    fn capabilities(&self) -> Capabilities {
        self.probe.capabilities()
    }

    fn look(&mut self) -> Look {
        if !self.settled {
            self.presence.settle(FIRST_ANSWERS);
            self.settled = true;
        }
        (self.ask)(&self.presence);
        let before = self.presence.now();
        if let Some(away) = before.away {
            return Look::away(away);
        }
        let look = self.probe.look();
        (self.ask)(&self.presence);
        let after = self.presence.now();
        match after.away {
            Some(away) => Look::away(away),
            // Away and back within one look: what was seen may be from behind the lock.
            None if after.changes != before.changes => Look::away(Away::Locked),
            None => look,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use super::*;
    use crate::{
        capture::{Focus, NoIdle},
        presence::{Event, Source},
    };

    fn lock(locked: bool) -> Event {
        Event::Session {
            active: Some(true),
            locked: Some(locked),
        }
    }

    /// Sees a secret, counts its looks, and lets something happen meanwhile.
    struct Curious {
        looks: Arc<AtomicUsize>,
        meanwhile: Box<dyn FnMut() + Send>,
    }

    impl Probe for Curious {
        fn name(&self) -> &'static str {
            "curious"
        }
        fn capabilities(&self) -> Capabilities {
            Capabilities::default()
        }
        fn look(&mut self) -> Look {
            self.looks.fetch_add(1, Ordering::SeqCst);
            (self.meanwhile)();
            secret()
        }
    }

    fn secret() -> Look {
        Look {
            focus: Ok(Focus {
                application: Some("Mail".into()),
                title: Some("a secret".into()),
                url: None,
                category_id: None,
            }),
            idle_millis: Ok(0),
        }
    }

    fn guarded(
        presence: &Presence,
        meanwhile: impl FnMut() + Send + 'static,
    ) -> (Guarded, Arc<AtomicUsize>) {
        presence.tell(Event::Settled(Source::System));
        presence.tell(Event::Settled(Source::Desktop));
        let looks = Arc::new(AtomicUsize::new(0));
        let probe = Curious {
            looks: Arc::clone(&looks),
            meanwhile: Box::new(meanwhile),
        };
        (Guarded::new(Box::new(probe), presence.clone()), looks)
    }

    #[test]
    fn behind_a_lock_nothing_is_looked_at() {
        let presence = Presence::unknown();
        let (mut probe, looks) = guarded(&presence, || {});
        assert_eq!(probe.look(), secret());
        presence.tell(lock(true));
        assert_eq!(probe.look(), Look::away(Away::Locked));
        assert_eq!(probe.look().idle_millis, Err(NoIdle::Away(Away::Locked)));
        assert_eq!(looks.load(Ordering::SeqCst), 1);
        presence.tell(lock(false));
        assert_eq!(probe.look(), secret());
    }

    #[test]
    fn a_lock_that_nobody_announces_is_asked_for_before_and_after_a_look() {
        let presence = Presence::unknown();
        let (probe, looks) = guarded(&presence, || {});
        // Locked at the first and at the fifth time of asking.
        let mut probe = Guarded::asking(Box::new(probe), presence, |presence| {
            static ASKED: AtomicUsize = AtomicUsize::new(0);
            let times = ASKED.fetch_add(1, Ordering::SeqCst);
            presence.tell(lock(matches!(times, 0 | 4)));
        });
        assert_eq!(probe.look(), Look::away(Away::Locked));
        assert_eq!(looks.load(Ordering::SeqCst), 0, "locked before the look");
        assert_eq!(probe.look(), secret(), "open before and after it");
        assert_eq!(probe.look(), Look::away(Away::Locked), "locked meanwhile");
        assert_eq!(looks.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn what_was_seen_while_the_lock_came_is_dropped() {
        let presence = Presence::unknown();
        let other = presence.clone();
        let (mut probe, _) = guarded(&presence, move || other.tell(lock(true)));
        assert_eq!(probe.look(), Look::away(Away::Locked));
    }

    #[test]
    fn what_was_seen_while_a_lock_came_and_went_is_dropped() {
        let presence = Presence::unknown();
        let other = presence.clone();
        let (mut probe, _) = guarded(&presence, move || {
            other.tell(lock(true));
            other.tell(lock(false));
        });
        assert_eq!(probe.look(), Look::away(Away::Locked));
    }
}
