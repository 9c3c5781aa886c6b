//! What Windows and macOS say of the person's session, as events of ours.
//!
//! There is one source, where Linux has two: the system itself.

use std::sync::Arc;

use workpulse_system_events::{self as system, Told};

use super::{Event, Presence, Source};

/// Hears from now on, for as long as the process lives. Where the system refuses, nothing counts
/// as away, as on a Linux without a bus.
#[must_use]
pub fn hear() -> Presence {
    let presence = Presence::unknown();
    let told = presence.clone();
    match system::listen(Arc::new(move |it| told.tell(event(it)))) {
        Ok(()) => presence.tell(Event::Settled(Source::System)),
        Err(error) => {
            tracing::warn!(%error, "a locked screen, sleep and the end of the session are not announced");
            presence.tell(Event::Lost(Source::System));
        }
    }
    presence.tell(Event::Settled(Source::Desktop));
    presence
}

/// Asks for what the system does not announce.
pub fn ask(presence: &Presence) {
    for told in system::ask() {
        presence.tell(event(told));
    }
}

const fn event(told: Told) -> Event {
    match told {
        Told::Locked(locked) => Event::Session {
            active: None,
            locked: Some(locked),
        },
        Told::Shown(active) => Event::Session {
            active: Some(active),
            locked: None,
        },
        Told::Sleep(sleeping) => Event::Sleep(sleeping),
        Told::Ending(ends) => Event::Shutdown(ends),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::presence::Away;

    fn after(all: &[Told]) -> Option<Away> {
        let presence = Presence::unknown();
        for told in all {
            presence.tell(event(*told));
        }
        presence.now().away
    }

    #[test]
    fn what_the_system_says_is_why_nobody_is_there() {
        for (told, away) in [
            (Told::Locked(true), Away::Locked),
            (Told::Shown(false), Away::Locked),
            (Told::Sleep(true), Away::Asleep),
            (Told::Ending(true), Away::ShuttingDown),
        ] {
            assert_eq!(after(&[told]), Some(away), "{told:?}");
        }
        assert_eq!(after(&[Told::Locked(true), Told::Locked(false)]), None);
        assert_eq!(after(&[Told::Sleep(true), Told::Sleep(false)]), None);
        assert_eq!(after(&[Told::Ending(true), Told::Ending(false)]), None);
        // Unlocked behind another person's session is still not in front of the screen.
        assert_eq!(
            after(&[Told::Shown(false), Told::Locked(false)]),
            Some(Away::Locked)
        );
    }

    #[test]
    fn a_system_that_announces_nothing_lets_the_first_look_pass_at_once() {
        let presence = hear();
        ask(&presence);
        assert_eq!(presence.now().away, None);
        // Would wait for an answer that never comes.
        presence.settle(std::time::Duration::MAX);
    }
}
