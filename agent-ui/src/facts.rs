//! What the tray needs to know about the agent, and nothing more.
//!
//! The agent's own report says much that an icon cannot show. This is the narrow waist
//! between them: the model below it is a function of these values alone.

use jiff::Timestamp;
use shared_types::{ProjectId, policy::PauseRule};
use workpulse_agent::{State, StatusReport};

/// One look at the agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// What the agent is doing.
    pub work: Work,
    /// Whether the server is reached.
    pub connection: Connection,
    /// The local day so far.
    pub today: Today,
    /// Records that are on this computer only.
    pub pending: u64,
    /// What needs the person, in the agent's own words: what happened, what was kept and
    /// what to do.
    pub trouble: Option<String>,
    /// What is good to know, in the agent's own words.
    pub note: Option<String>,
    /// What the menu may offer beyond the plain commands.
    pub offers: Offers,
}

/// What the menu may offer beyond the plain commands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offers {
    /// The person came back and may be asked what the time was.
    pub away: Option<Away>,
    /// The projects on which a session may be booked, by name.
    pub projects: Vec<(ProjectId, String)>,
    /// What is worked on now.
    pub project: Option<ProjectId>,
    /// Whether the person may end the app.
    pub may_quit: bool,
    /// The person has to read and accept the notice first.
    pub notice_due: bool,
    /// Whether the organization lets people pause, and for how long at a time.
    pub pause: PauseRule,
    /// A newer version that was found, in words.
    pub update: Option<String>,
}

impl Default for Offers {
    fn default() -> Self {
        Self {
            away: None,
            projects: Vec::new(),
            project: None,
            may_quit: true,
            notice_due: false,
            pause: PauseRule::default(),
            update: None,
        }
    }
}

/// A stretch in which the person was away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Away {
    /// The last input before.
    pub from: Timestamp,
    /// The first input behind.
    pub to: Timestamp,
}

/// What the agent is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// It could not be started; nothing is recorded.
    NotRunning,
    /// This computer belongs to no organization yet; nothing is recorded.
    NotEnrolled,
    /// No session runs.
    NotWorking,
    /// Paused by the person; nothing is looked at.
    Paused {
        /// When the pause ends; `None` until the person ends it.
        until: Option<Timestamp>,
        /// Whether a session goes on meanwhile, its time unobserved.
        in_session: bool,
    },
    /// A session runs.
    Working {
        /// When it began.
        since: Timestamp,
        /// What was last seen.
        doing: Doing,
    },
}

/// What was last seen in a running session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doing {
    /// Keyboard or mouse were used.
    Active {
        /// The application with the focus, where policy lets it be known.
        application: Option<String>,
    },
    /// No input.
    Idle,
    /// The agent's one word tells something more urgent.
    NotTold,
}

/// Whether the server is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connection {
    /// Not heard of yet, or it failed just now and is tried again.
    Connecting,
    /// The last exchange worked.
    Online {
        /// When it was.
        last_sync: Timestamp,
    },
    /// It has not been reached for a while.
    Offline {
        /// When the last exchange that worked was, in this run.
        last_sync: Option<Timestamp>,
    },
    /// It refuses, or cannot be used; waiting does not help.
    Refused {
        /// When the last exchange that worked was, in this run.
        last_sync: Option<Timestamp>,
    },
}

/// The local day so far, in seconds; all three together are the time in sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Today {
    /// With input.
    pub active_seconds: u64,
    /// Without input.
    pub idle_seconds: u64,
    /// Not observed.
    pub unobserved_seconds: u64,
}

impl Facts {
    /// What the agent's report means for the tray, and why its last choice was refused, if
    /// it was.
    #[must_use]
    pub fn of(report: &StatusReport, refusal: Option<&str>) -> Self {
        let urgent = report.enrolled && report.state == State::NeedsAttention;
        let message = report.message.clone();
        // When offline the connection's own line says what the message says.
        let note = message
            .clone()
            .filter(|_| !urgent && report.enrolled && report.state != State::Offline);
        Self {
            work: work(report),
            connection: connection(report),
            today: Today {
                active_seconds: seconds(report.today.active_seconds),
                idle_seconds: seconds(report.today.idle_seconds),
                unobserved_seconds: seconds(report.today.unobserved_seconds),
            },
            pending: seconds(report.pending),
            trouble: message.filter(|_| urgent),
            note: refusal.map(str::to_owned).or(note),
            offers: Offers {
                away: report.returned.map(|it| Away {
                    from: it.from.into(),
                    to: it.to.into(),
                }),
                project: report.session.and_then(|it| it.project_id),
                notice_due: report.enrolled && report.notice_accepted_at.is_none(),
                pause: report
                    .policy
                    .as_ref()
                    .map_or_else(PauseRule::default, |it| it.pause),
                ..Offers::default()
            },
        }
    }

    /// An agent that does not run, and why.
    #[must_use]
    pub fn of_failure(why: String) -> Self {
        Self {
            work: Work::NotRunning,
            connection: Connection::Connecting,
            today: Today {
                active_seconds: 0,
                idle_seconds: 0,
                unobserved_seconds: 0,
            },
            pending: 0,
            trouble: Some(why),
            note: None,
            offers: Offers::default(),
        }
    }
}

fn work(report: &StatusReport) -> Work {
    if !report.enrolled {
        return Work::NotEnrolled;
    }
    if report.paused {
        return Work::Paused {
            until: report.paused_until.map(Into::into),
            in_session: report.session.is_some(),
        };
    }
    report
        .session
        .map_or(Work::NotWorking, |session| Work::Working {
            since: session.started_at.into(),
            doing: match report.state {
                // The report does not name the application.
                State::Working => Doing::Active { application: None },
                State::Idle => Doing::Idle,
                State::Offline | State::NeedsAttention | State::Paused | State::NotWorking => {
                    Doing::NotTold
                }
            },
        })
}

fn connection(report: &StatusReport) -> Connection {
    let last_sync = report.last_sync_at.map(Into::into);
    match (report.state, &report.last_error, last_sync) {
        (State::NeedsAttention, Some(_), _) => Connection::Refused { last_sync },
        // The agent calls a session offline after a while without an answer; outside of
        // one it has another word to say, and the error alone tells.
        (State::Offline, ..) | (State::Paused | State::NotWorking, Some(_), _) => {
            Connection::Offline { last_sync }
        }
        (State::Working | State::Idle, Some(_), _) | (_, None, None) => Connection::Connecting,
        (_, None, Some(last_sync)) => Connection::Online { last_sync },
    }
}

/// A count or a duration that cannot be below zero, as its type says.
fn seconds(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

impl Today {
    /// Which part of the time is accounted for, in whole percent, cut: 100 only when all
    /// of it is. `None` when there was no time at all.
    #[must_use]
    pub const fn accounted_percent(self) -> Option<u64> {
        let observed = self.active_seconds.saturating_add(self.idle_seconds);
        let all = observed.saturating_add(self.unobserved_seconds);
        observed.saturating_mul(100).checked_div(all)
    }
}

#[cfg(test)]
mod tests {
    use shared_types::{SessionId, Timestamp as Wire, live::DayTotals, policy::CapturePolicy};
    use workpulse_agent::SessionInfo;

    use super::*;

    const START: Wire = Wire::from_millis(1_000);
    const SYNC: Wire = Wire::from_millis(5_000);

    fn report(state: State) -> StatusReport {
        StatusReport {
            enrolled: true,
            state,
            session: Some(SessionInfo {
                id: SessionId("0193c0de-0000-7000-8000-000000000001".parse().unwrap()),
                project_id: None,
                started_at: START,
            }),
            last_sync_at: Some(SYNC),
            ..StatusReport::default()
        }
    }

    #[test]
    fn a_machine_that_is_not_enrolled_needs_no_second_word_for_it() {
        let facts = Facts::of(
            &StatusReport {
                state: State::NeedsAttention,
                message: Some("This machine is not enrolled yet.".into()),
                ..StatusReport::default()
            },
            None,
        );
        assert_eq!(facts.work, Work::NotEnrolled);
        assert_eq!((facts.trouble, facts.note), (None, None));
    }

    #[test]
    fn each_state_of_a_session_is_told_apart() {
        let doing = |state| match Facts::of(&report(state), None).work {
            Work::Working { since, doing } => {
                assert_eq!(since, START.into());
                doing
            }
            other => panic!("{state:?} became {other:?}"),
        };
        assert_eq!(doing(State::Working), Doing::Active { application: None });
        assert_eq!(doing(State::Idle), Doing::Idle);
        assert_eq!(doing(State::Offline), Doing::NotTold);
    }

    #[test]
    fn a_pause_is_a_pause_whatever_else_is_wrong() {
        let facts = Facts::of(
            &StatusReport {
                paused: true,
                paused_until: Some(SYNC),
                message: Some("The disk is full.".into()),
                ..report(State::NeedsAttention)
            },
            None,
        );
        let until = Some(SYNC.into());
        assert_eq!(
            facts.work,
            Work::Paused {
                until,
                in_session: true
            }
        );
        assert_eq!(facts.trouble.as_deref(), Some("The disk is full."));
    }

    #[test]
    fn one_failed_exchange_is_not_yet_offline_and_a_refusal_is_not_offline_at_all() {
        let failed = |state| {
            let report = StatusReport {
                last_error: Some("no answer".into()),
                ..report(state)
            };
            Facts::of(&report, None).connection
        };
        let last_sync = Some(SYNC.into());
        assert_eq!(failed(State::Working), Connection::Connecting);
        assert_eq!(failed(State::Idle), Connection::Connecting);
        assert_eq!(failed(State::Offline), Connection::Offline { last_sync });
        assert_eq!(failed(State::Paused), Connection::Offline { last_sync });
        assert_eq!(failed(State::NotWorking), Connection::Offline { last_sync });
        assert_eq!(
            failed(State::NeedsAttention),
            Connection::Refused { last_sync }
        );
        assert_eq!(
            Facts::of(&report(State::Working), None).connection,
            Connection::Online {
                last_sync: SYNC.into()
            }
        );
        let never = StatusReport {
            last_sync_at: None,
            ..report(State::Working)
        };
        assert_eq!(Facts::of(&never, None).connection, Connection::Connecting);
    }

    #[test]
    fn a_refused_choice_is_told_before_other_notes() {
        let noted = StatusReport {
            message: Some("The outbox was damaged.".into()),
            ..report(State::Working)
        };
        assert_eq!(
            Facts::of(&noted, None).note.as_deref(),
            Some("The outbox was damaged.")
        );
        assert_eq!(
            Facts::of(&noted, Some("no session is running"))
                .note
                .as_deref(),
            Some("no session is running")
        );
    }

    #[test]
    fn what_the_policy_says_of_pauses_reaches_the_menu() {
        let mut policy = CapturePolicy::careful(1);
        policy.pause.longest_seconds = Some(1_800);
        let limited = StatusReport {
            policy: Some(policy.clone()),
            ..report(State::Working)
        };
        assert_eq!(Facts::of(&limited, None).offers.pause, policy.pause);
    }

    #[test]
    fn totals_pass_through_and_nonsense_becomes_zero() {
        let facts = Facts::of(
            &StatusReport {
                today: DayTotals {
                    active_seconds: 7,
                    idle_seconds: 8,
                    unobserved_seconds: -1,
                },
                pending: 9,
                ..report(State::Working)
            },
            None,
        );
        assert_eq!(
            facts.today,
            Today {
                active_seconds: 7,
                idle_seconds: 8,
                unobserved_seconds: 0
            }
        );
        assert_eq!(facts.pending, 9);
    }
}
