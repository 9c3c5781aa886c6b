//! How a manager sees it: people's live states, and the events that change them.
//!
//! An event is a hint that carries a sequence number; the database is the truth. A client
//! takes a [`PresenceSnapshot`], connects with its `seq`, and after a drop reconnects with
//! the last `seq` it saw.

use serde::{Deserialize, Serialize};

use crate::{AlertId, ProjectId, SessionId, Timestamp, UserId, activity::UnobservedReason};

/// What a person is doing, as far as anyone can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum PersonStatus {
    /// In a session, with input.
    Active,
    /// In a session, without input.
    Idle,
    /// In a session, but not observed (paused, locked, asleep, no capture).
    Unobserved,
    /// In a session, but the device has been silent for longer than expected.
    Offline,
    /// In no session.
    NotWorking,
}

/// Seconds of a day, by kind. Time on two devices at once counts once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DayTotals {
    /// Seconds with input.
    pub active_seconds: i64,
    /// Seconds without input.
    pub idle_seconds: i64,
    /// Seconds that nobody looked at.
    pub unobserved_seconds: i64,
}

/// A day so far by the hours of the organization's clock, for a small picture of it.
///
/// From the first hour with anything in it to the last: the lists have one entry an hour and are
/// equally long, empty for a day without anything. An hour that the clock goes through twice is
/// one entry of up to 7,200 seconds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DayHours {
    /// The hour of the first entries, 0 to 23.
    pub first_hour: usize,
    /// Seconds with input.
    pub active_seconds: Vec<i64>,
    /// Seconds without input.
    pub idle_seconds: Vec<i64>,
    /// Seconds that nobody looked at.
    pub unobserved_seconds: Vec<i64>,
}

impl DayHours {
    /// From the totals of hours, in any order; those without anything may be left out.
    #[must_use]
    pub fn of(hours: &[(usize, DayTotals)]) -> Self {
        let anything = |totals: &DayTotals| *totals != DayTotals::default();
        let known = || hours.iter().filter(|(_, totals)| anything(totals));
        let Some(first_hour) = known().map(|(hour, _)| *hour).min() else {
            return Self::default();
        };
        let last = known().map(|(hour, _)| *hour).max().unwrap_or(first_hour);
        let empty = vec![0; last - first_hour + 1];
        let mut day = Self {
            first_hour,
            active_seconds: empty.clone(),
            idle_seconds: empty.clone(),
            unobserved_seconds: empty,
        };
        for (hour, totals) in known() {
            let at = hour - first_hour;
            day.active_seconds[at] += totals.active_seconds;
            day.idle_seconds[at] += totals.idle_seconds;
            day.unobserved_seconds[at] += totals.unobserved_seconds;
        }
        day
    }
}

/// The session that a person is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CurrentSession {
    /// The session.
    pub id: SessionId,
    /// When it began.
    pub started_at: Timestamp,
    /// What is worked on.
    pub project_id: Option<ProjectId>,
    /// Its version, for telling older news from newer.
    pub version: i64,
}

/// One person as the live page shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonState {
    /// The person.
    pub user_id: UserId,
    /// Their name.
    pub name: String,
    /// What they are doing.
    pub status: PersonStatus,
    /// Why they are not observed; present exactly when `status` is `unobserved`.
    pub reason: Option<UnobservedReason>,
    /// Whether a device of theirs is in contact.
    pub online: bool,
    /// The application that had the focus last, where policy allows.
    pub application: Option<String>,
    /// Since when they have been in this status with this application.
    pub since: Option<Timestamp>,
    /// The running session.
    pub session: Option<CurrentSession>,
    /// The organization's current day so far.
    pub today: DayTotals,
    /// The same by hours.
    pub hours: DayHours,
    /// When a device of theirs was last heard of.
    pub last_contact_at: Option<Timestamp>,
}

/// Everyone whom the caller may see, and the event number to follow on from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PresenceSnapshot {
    /// Connect to the socket with `after` set to this.
    pub seq: i64,
    /// The server's clock.
    pub server_time: Timestamp,
    /// IANA name of the zone that days are cut in.
    pub time_zone: String,
    /// The organization's current day, `YYYY-MM-DD`.
    pub day: String,
    /// Everyone, by name.
    pub people: Vec<PersonState>,
}

/// Something that happened in an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LiveEvent {
    /// Rises by one with each event of the organization. A person who may not see
    /// everyone sees gaps.
    pub seq: i64,
    /// When it was committed.
    pub at: Timestamp,
    /// What happened.
    pub event: EventBody,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data", rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum EventBody {
    /// A device of these people came into contact.
    UserOnline(PeopleChanged),
    /// The last device of these people fell silent.
    UserOffline(PeopleChanged),
    /// Minutes arrived, or a session started or stopped.
    SessionUpdate(PeopleChanged),
    /// No input for longer than the threshold.
    InactiveAlert(AlertEvent),
    /// Worked longer today than the limit.
    OvertimeAlert(AlertEvent),
    /// An alert was resolved, by a person or by itself.
    AlertResolved(AlertEvent),
    /// The capture policy changed: agents fetch it.
    PolicyChanged(PolicyChanged),
}

/// The states of the people concerned, as they are now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PeopleChanged {
    /// Their states; each replaces the one that the client has.
    pub people: Vec<PersonState>,
}

/// An alert and whom it concerns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AlertEvent {
    /// The alert.
    pub alert_id: AlertId,
    /// The person.
    pub user_id: UserId,
}

/// The capture policy changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PolicyChanged {
    /// The version in force.
    pub version: i64,
}

/// What the server sends over `GET /api/v1/ws`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "frame", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ServerFrame {
    /// The first frame: events follow from here on.
    Hello {
        /// The organization's latest event.
        seq: i64,
        /// The server's clock.
        server_time: Timestamp,
    },
    /// An event.
    Event {
        /// The event.
        event: LiveEvent,
    },
    /// The requested `after` is older than the log or newer than it: take a new snapshot.
    Reset {
        /// The organization's latest event.
        seq: i64,
    },
}

/// Events after a sequence number, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EventPage {
    /// At most 200.
    pub items: Vec<LiveEvent>,
    /// The organization's latest event.
    pub latest_seq: i64,
    /// The log no longer reaches back to `after`: take a new snapshot.
    pub reset: bool,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn hours_add_up_to_the_day_and_begin_and_end_with_something(
            hours in proptest::collection::vec((0_usize..24, 0_i64..3, 0_i64..3, 0_i64..3), 0..30)
        ) {
            let hours: Vec<(usize, DayTotals)> = hours
                .into_iter()
                .map(|(hour, active_seconds, idle_seconds, unobserved_seconds)| {
                    (hour, DayTotals { active_seconds, idle_seconds, unobserved_seconds })
                })
                .collect();
            let day = DayHours::of(&hours);
            let at = |hour: usize, list: &[i64]| {
                hour.checked_sub(day.first_hour).and_then(|at| list.get(at)).copied().unwrap_or(0)
            };
            for hour in 0..24 {
                let sum = |pick: fn(&DayTotals) -> i64| -> i64 {
                    hours.iter().filter(|one| one.0 == hour).map(|one| pick(&one.1)).sum()
                };
                prop_assert_eq!(at(hour, &day.active_seconds), sum(|one| one.active_seconds));
                prop_assert_eq!(at(hour, &day.idle_seconds), sum(|one| one.idle_seconds));
                prop_assert_eq!(at(hour, &day.unobserved_seconds), sum(|one| one.unobserved_seconds));
            }
            let lengths = [day.idle_seconds.len(), day.unobserved_seconds.len()];
            prop_assert_eq!(lengths, [day.active_seconds.len(); 2]);
            if let Some(last) = day.active_seconds.len().checked_sub(1) {
                for end in [0, last] {
                    prop_assert!(day.active_seconds[end] + day.idle_seconds[end] + day.unobserved_seconds[end] > 0);
                }
            }
        }
    }
}
