//! What a person is doing, from what their devices last said.

use shared_types::{
    Timestamp,
    activity::{ActivityType, UnobservedReason},
    live::PersonStatus,
};

use super::session::Session;

/// A device that has not been heard of for this long counts as silent: two missed
/// heartbeats (one a minute) and half a minute of grace.
pub const SILENT_AFTER_SECONDS: i64 = 150;

/// Whether a device heard of at `last_contact` counts as in contact.
#[must_use]
pub fn is_online(last_contact: Option<Timestamp>, now: Timestamp) -> bool {
    last_contact.is_some_and(|at| now.millis_since(at) < SILENT_AFTER_SECONDS * 1_000)
}

/// A device that is in contact, and whose session is known only until this long before that
/// contact, is sending what it kept while it was away. An agent sends a span for each minute,
/// so that it is never this far behind otherwise; and what it has kept for less time than
/// this comes in one batch.
const CATCHING_UP_SECONDS: i64 = 600;

/// Whether more is to come of a running session that is known until `known_until`, on a device
/// that was last heard of at `contact`: until it has come nothing may be concluded from what
/// is missing.
#[must_use]
pub fn is_catching_up(known_until: Timestamp, contact: Option<Timestamp>, now: Timestamp) -> bool {
    is_online(contact, now)
        && contact.is_some_and(|at| at.millis_since(known_until) > CATCHING_UP_SECONDS * 1_000)
}

/// A person's status, and why they are not observed.
///
/// A session that has no span yet counts as active: it was started by an input.
#[must_use]
pub fn status(running: Option<&Session>, online: bool) -> (PersonStatus, Option<UnobservedReason>) {
    let Some(session) = running else {
        return (PersonStatus::NotWorking, None);
    };
    if !online {
        return (PersonStatus::Offline, None);
    }
    match session
        .latest
        .as_ref()
        .map(|latest| (latest.activity_type, latest.reason))
    {
        None | Some((ActivityType::Active, _)) => (PersonStatus::Active, None),
        Some((ActivityType::Idle, _)) => (PersonStatus::Idle, None),
        Some((ActivityType::Unobserved, reason)) => (
            PersonStatus::Unobserved,
            Some(reason.unwrap_or(UnobservedReason::NoCapture)),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_silent_from_the_hundred_and_fiftieth_second() {
        let then = Timestamp::from_millis(1_790_000_000_000);
        assert!(is_online(Some(then), then.plus_millis(149_999)));
        assert!(!is_online(Some(then), then.plus_millis(150_000)));
        assert!(!is_online(None, then));
    }

    #[test]
    fn who_is_in_contact_and_far_behind_has_more_to_say() {
        let then = Timestamp::from_millis(1_790_000_000_000);
        let contact = Some(then.plus_millis(600_001));
        assert!(is_catching_up(then, contact, then.plus_millis(700_000)));
        let minute = Some(then.plus_millis(600_000));
        assert!(
            !is_catching_up(then, minute, then.plus_millis(700_000)),
            "ten minutes come in one batch"
        );
        assert!(
            !is_catching_up(then, contact, then.plus_millis(900_000)),
            "who is silent sends nothing"
        );
        assert!(!is_catching_up(then, None, then.plus_millis(700_000)));
    }

    #[test]
    fn without_a_session_nobody_is_called_idle_or_offline() {
        assert_eq!(status(None, false), (PersonStatus::NotWorking, None));
        assert_eq!(status(None, true), (PersonStatus::NotWorking, None));
    }
}
