//! When an alert begins and ends: idle and overtime, one per episode.
//!
//! An idle episode is named by the last input that is known: whoever comes back has another
//! one, and a minute that arrives late moves it. An overtime episode is the day.

use jiff::civil::Date;
use shared_types::{
    AlertId, SessionId, Timestamp, UserId,
    alert::{AlertKind, AlertResolution},
};

/// A person in a running session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watched {
    /// The person.
    pub user_id: UserId,
    /// The running session with the latest input.
    pub session_id: SessionId,
    /// The latest input on any device; the start where none is known yet.
    pub last_input: Timestamp,
    /// Whether an agent is in contact; `None` where there is none.
    pub agent_online: Option<bool>,
    /// Whether the session's device is still sending what it kept while it was away.
    pub catching_up: bool,
}

/// An alert whose episode goes on; somebody may have resolved it meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// The alert.
    pub id: AlertId,
    /// Whom it concerns.
    pub user_id: UserId,
    /// What makes it one.
    pub episode: String,
    /// Nobody has been told of it, for it was opened in quiet hours, and nobody has resolved it.
    pub untold: bool,
}

/// An alert to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Whom it concerns.
    pub user_id: UserId,
    /// The session, for idle.
    pub session_id: Option<SessionId>,
    /// What makes it one.
    pub episode: String,
    /// Without input, or worked that day.
    pub seconds: i64,
    /// Whether an agent is in contact, for idle.
    pub agent_online: Option<bool>,
}

/// Why an alert ended by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// There is input again.
    Returned,
    /// The session has ended.
    Stopped,
    /// The day is over.
    DayOver,
}

impl Ending {
    /// As the database calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Returned => "returned",
            Self::Stopped => "stopped",
            Self::DayOver => "day_over",
        }
    }
}

/// What the database calls a resolution by a person.
pub const BY_HAND: &str = "by_hand";

/// The resolution of this name.
#[must_use]
pub fn resolution(name: &str) -> Option<AlertResolution> {
    match name {
        "returned" => Some(AlertResolution::Returned),
        "stopped" => Some(AlertResolution::Stopped),
        "day_over" => Some(AlertResolution::DayOver),
        BY_HAND => Some(AlertResolution::ByHand),
        _ => None,
    }
}

/// An alert in a sentence.
#[must_use]
pub fn message(kind: AlertKind, name: &str, seconds: i64, agent_online: Option<bool>) -> String {
    let time = length(seconds);
    match (kind, agent_online) {
        (AlertKind::Overtime, _) => format!("{name} has worked for {time} today."),
        (AlertKind::Idle, None) => format!("{name} has given no input for {time}."),
        (AlertKind::Idle, Some(true)) => {
            format!("{name} has given no input for {time}. The agent is online.")
        }
        (AlertKind::Idle, Some(false)) => {
            format!("Nothing is known of {name} for {time}. The agent is silent.")
        }
    }
}

/// A length of time, to the minute.
fn length(seconds: i64) -> String {
    match (seconds / 3_600, seconds % 3_600 / 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes:02} min"),
    }
}

/// What is to be changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// To open, unless the episode has had its alert.
    pub open: Vec<Opening>,
    /// To resolve.
    pub resolve: Vec<(Open, Ending)>,
    /// To tell people of at last: opened in quiet hours, and going on now that these are over.
    pub tell: Vec<Open>,
}

impl Changes {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.open.is_empty() && self.resolve.is_empty() && self.tell.is_empty()
    }

    /// These, and telling of what is `open` and untold, unless it is resolved by them, or hours
    /// are still `quiet`.
    #[must_use]
    pub fn and_telling(mut self, open: &[Open], quiet: bool) -> Self {
        if !quiet {
            let resolved = |alert: &Open| self.resolve.iter().any(|(one, _)| one.id == alert.id);
            let tell = open.iter().filter(|alert| alert.untold && !resolved(alert));
            self.tell = tell.cloned().collect();
        }
        self
    }
}

/// A device learns that its person is idle with the next look after `idle_after_seconds`, and
/// looks at least this often.
const LOOK_SECONDS: i64 = 30;

/// After how many seconds without input a manager is told: as the organization wants it, but
/// never before the person is told on their own screen, which is when the capture policy calls
/// them idle. Teams' policies only call it sooner.
#[must_use]
pub fn idle_threshold(wanted: i64, idle_after_seconds: u32) -> i64 {
    wanted.max(i64::from(idle_after_seconds) + LOOK_SECONDS)
}

/// Idle: no input for more than `threshold` seconds in a running session. Nothing is opened
/// while a device is catching up: the input, or the session's end, may be among what is to come.
#[must_use]
pub fn idle(people: &[Watched], open: &[Open], threshold: i64, now: Timestamp) -> Changes {
    let mut changes = Changes::default();
    for alert in open {
        match people.iter().find(|one| one.user_id == alert.user_id) {
            None => changes.resolve.push((alert.clone(), Ending::Stopped)),
            Some(person) if person.last_input.to_string() != alert.episode => {
                changes.resolve.push((alert.clone(), Ending::Returned));
            }
            Some(_) => {}
        }
    }
    for person in people {
        let millis = now.millis_since(person.last_input);
        let episode = person.last_input.to_string();
        let known = open
            .iter()
            .any(|alert| alert.user_id == person.user_id && alert.episode == episode);
        if millis > threshold * 1_000 && !known && !person.catching_up {
            changes.open.push(Opening {
                user_id: person.user_id,
                session_id: Some(person.session_id),
                episode,
                seconds: millis / 1_000,
                agent_online: person.agent_online,
            });
        }
    }
    changes
}

/// Overtime: more than `limit` seconds worked on `today`, all devices together.
#[must_use]
pub fn overtime(worked: &[(UserId, i64)], open: &[Open], limit: i64, today: Date) -> Changes {
    let episode = today.to_string();
    Changes {
        resolve: open
            .iter()
            .filter(|alert| alert.episode != episode)
            .map(|alert| (alert.clone(), Ending::DayOver))
            .collect(),
        open: worked
            .iter()
            .filter(|(user, seconds)| {
                *seconds > limit
                    && !open
                        .iter()
                        .any(|alert| alert.user_id == *user && alert.episode == episode)
            })
            .map(|(user, seconds)| Opening {
                user_id: *user,
                session_id: None,
                episode: episode.clone(),
                seconds: *seconds,
                agent_online: None,
            })
            .collect(),
        tell: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn person(last_input: i64) -> Watched {
        Watched {
            user_id: UserId(Uuid::from_u128(1)),
            session_id: SessionId(Uuid::from_u128(2)),
            last_input: Timestamp::from_millis(last_input * 1_000),
            agent_online: Some(true),
            catching_up: false,
        }
    }

    fn second(at: i64) -> Timestamp {
        Timestamp::from_millis(at * 1_000)
    }

    #[test]
    fn nobody_is_told_of_an_absence_before_the_person_is() {
        for wanted in [60, 120, 150, 151, 300, 86_400] {
            for idle_after in [10_u32, 120, 3_600] {
                let threshold = idle_threshold(wanted, idle_after);
                assert!(threshold >= wanted && threshold > i64::from(idle_after));
                assert!(threshold == wanted || threshold == i64::from(idle_after) + 30);
            }
        }
        assert_eq!(idle_threshold(300, 120), 300, "as it is unless told");
    }

    #[test]
    fn the_message_says_how_long_and_whether_the_agent_is_there() {
        let say = |kind, seconds, online| message(kind, "Eve", seconds, online);
        assert_eq!(
            say(AlertKind::Idle, 301, Some(true)),
            "Eve has given no input for 5 min. The agent is online."
        );
        assert_eq!(
            say(AlertKind::Idle, 3_660, Some(false)),
            "Nothing is known of Eve for 1 h 01 min. The agent is silent."
        );
        assert_eq!(
            say(AlertKind::Overtime, 32_460, None),
            "Eve has worked for 9 h 01 min today."
        );
    }

    #[test]
    fn five_minutes_are_not_more_than_five_minutes() {
        assert!(idle(&[person(0)], &[], 300, second(300)).is_empty());
        let changes = idle(&[person(0)], &[], 300, second(301));
        assert_eq!(changes.open[0].seconds, 301);
    }

    #[test]
    fn of_who_is_catching_up_nothing_is_said_and_what_was_said_stays_until_it_is_known_better() {
        let behind = |last_input| Watched {
            catching_up: true,
            ..person(last_input)
        };
        assert!(idle(&[behind(0)], &[], 300, second(90_000)).is_empty());
        let open = [Open {
            id: AlertId(Uuid::nil()),
            user_id: person(0).user_id,
            episode: person(0).last_input.to_string(),
            untold: false,
        }];
        assert!(idle(&[behind(0)], &open, 300, second(90_000)).is_empty());
        let moved = idle(&[behind(60_000)], &open, 300, second(90_000));
        assert_eq!(moved.resolve[0].1, Ending::Returned);
        assert!(moved.open.is_empty());
    }

    #[test]
    fn nine_hours_are_not_more_than_nine_hours_and_a_day_that_is_over_resolves() {
        let user = UserId(Uuid::from_u128(1));
        let today: Date = "2026-11-22".parse().expect("a date");
        assert!(overtime(&[(user, 32_400)], &[], 32_400, today).is_empty());
        let changes = overtime(&[(user, 32_401)], &[], 32_400, today);
        assert_eq!(changes.open[0].episode, "2026-11-22");
        let open = Open {
            id: AlertId(Uuid::nil()),
            user_id: user,
            episode: "2026-11-22".to_owned(),
            untold: false,
        };
        let open = [open];
        assert!(overtime(&[(user, 40_000)], &open, 32_400, today).is_empty());
        let tomorrow = today.tomorrow().expect("a date");
        let changes = overtime(&[], &open, 32_400, tomorrow);
        assert_eq!(changes.resolve[0].1, Ending::DayOver);
    }

    #[test]
    fn what_outlasts_quiet_hours_is_told_then_unless_it_ends_or_was_told() {
        let open = |n: u128, untold: bool| Open {
            id: AlertId(Uuid::from_u128(n)),
            user_id: UserId(Uuid::from_u128(n)),
            episode: n.to_string(),
            untold,
        };
        let all = [open(1, true), open(2, false), open(3, true)];
        let changes = Changes {
            resolve: vec![(open(3, true), Ending::Returned)],
            ..Changes::default()
        };
        assert_eq!(
            changes.clone().and_telling(&all, false).tell,
            [open(1, true)]
        );
        assert_eq!(changes.and_telling(&all, true).tell, []);
        assert!(!Changes::default().and_telling(&all, false).is_empty());
    }

    proptest! {
        /// However often it is looked: one alert an episode, none open while there is input.
        #[test]
        fn looking_each_minute_opens_one_alert_for_each_absence(
            absences in prop::collection::vec((1_i64..20, 1_i64..40), 1..8),
        ) {
            let (mut open, mut opened): (Vec<Open>, Vec<String>) = (Vec::new(), Vec::new());
            let (mut minute, mut expected) = (0, 0);
            for (there, away) in absences {
                let last_input = (minute + there) * 60;
                expected += usize::from(away > 5);
                for at in minute..minute + there + away {
                    let now = second((at + 1) * 60);
                    let seen = person(((at + 1) * 60).min(last_input));
                    let changes = idle(&[seen], &open, 300, now);
                    for (alert, why) in &changes.resolve {
                        prop_assert_eq!(*why, Ending::Returned);
                        open.retain(|other| other.id != alert.id);
                    }
                    for opening in changes.open {
                        prop_assert!(!opened.contains(&opening.episode));
                        opened.push(opening.episode.clone());
                        open.push(Open {
                            id: AlertId(Uuid::from_u128(opened.len() as u128)),
                            user_id: opening.user_id,
                            episode: opening.episode,
                            untold: false,
                        });
                    }
                    prop_assert_eq!(open.len(), usize::from(now.millis_since(seen.last_input) > 300_000));
                }
                minute += there + away;
            }
            prop_assert_eq!(opened.len(), expected);
            prop_assert!(idle(&[], &open, 300, second(0)).resolve.iter().all(|(_, why)| *why == Ending::Stopped));
        }
    }
}
