//! What the person asked for, and what follows from it for sessions.
//!
//! Pure. A pause survives restarts: someone who wanted not to be looked at must not be looked
//! at because the machine was rebooted. A stop by hand holds until the next start by hand, or
//! the next day.

use serde::{Deserialize, Serialize};
use shared_types::{ProjectId, Timestamp, policy::PauseRule};

/// What the person asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    /// Start a session now.
    Start {
        /// What is worked on.
        #[serde(default)]
        project_id: Option<ProjectId>,
    },
    /// Stop the running session.
    Stop,
    /// Do not look at the desktop.
    Pause {
        /// Until then; absent: until it is resumed.
        #[serde(default)]
        until: Option<Timestamp>,
    },
    /// Look again.
    Resume,
    /// The person has read what is collected, and why, and accepts it.
    AcceptNotice,
    /// The question about the stretch away that began then is answered, or waved off.
    AnswerReturn {
        /// Its begin.
        from: Timestamp,
    },
    /// Send what is pending now.
    SyncNow,
    /// Only tell the status.
    Status,
}

/// Why a command was not carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "error", content = "detail", rename_all = "snake_case")]
pub enum CommandError {
    /// This machine has not been enrolled.
    #[error("this machine is not enrolled yet; run `workpulse-agent enrol` first")]
    NotEnrolled,
    /// A session is running.
    #[error("a session is running already")]
    AlreadyRunning,
    /// No session is running.
    #[error("no session is running")]
    NoSession,
    /// The clock shows recorded time.
    #[error("the clock shows a time that is already recorded; check this machine's date and time")]
    ClockBehind,
    /// The time given for the end of a pause has passed.
    #[error("the pause would end in the past")]
    PauseInThePast,
    /// The organization's policy does not let people pause.
    #[error("your organization's policy does not allow pausing")]
    PauseNotAllowed,
    /// The organization's policy lets people pause for so many seconds at a time.
    #[error("your organization's policy allows a pause of at most {} minutes at a time", .0 / 60)]
    PauseTooLong(u32),
    /// The policy's working hours do not hold now.
    #[error("it is outside the working hours of your organization's policy; nothing is recorded")]
    OutsideHours,
    /// The policy wants this device to be approved first.
    #[error("this device waits for an administrator's approval; nothing is recorded until then")]
    Pending,
    /// Nobody has accepted the notice of what is collected.
    #[error(
        "nobody has accepted the notice of what is collected yet; open WorkPulse, or run `workpulse-agent notice`, to read it. Nothing is recorded until then"
    )]
    NoticeNotAccepted,
    /// The server cut this device off.
    #[error("{0}")]
    Halted(String),
    /// The agent is shutting down.
    #[error("the agent is shutting down")]
    ShuttingDown,
}

/// What the person asked for earlier, kept on the disk.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wishes {
    /// Not to be looked at.
    #[serde(default)]
    pub pause: Option<Pause>,
    /// The local day on which they stopped by hand.
    #[serde(default)]
    pub stopped_on: Option<String>,
}

/// Not to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Until then; absent: until it is resumed.
    pub until: Option<Timestamp>,
    /// Since when. Absent in what an agent of before has written.
    #[serde(default)]
    pub since: Option<Timestamp>,
}

impl Wishes {
    /// Pauses, as far as the policy allows. Someone who is paused already gets no longer pause
    /// by asking again.
    pub fn pause(
        &mut self,
        until: Option<Timestamp>,
        rule: PauseRule,
        now: Timestamp,
    ) -> Result<(), CommandError> {
        if !rule.allowed {
            return Err(CommandError::PauseNotAllowed);
        }
        if until.is_some_and(|until| until <= now) {
            return Err(CommandError::PauseInThePast);
        }
        let since = if self.is_paused(now) {
            self.pause.and_then(|pause| pause.since)
        } else {
            None
        };
        let since = since.unwrap_or(now);
        let until = match rule.longest_seconds {
            None => until,
            Some(seconds) => {
                let longest = since.plus_seconds(i64::from(seconds));
                if until.is_some_and(|until| until > longest) {
                    return Err(CommandError::PauseTooLong(seconds));
                }
                until.or(Some(longest))
            }
        };
        self.pause = Some(Pause {
            until,
            since: Some(since),
        });
        Ok(())
    }

    /// Cuts a running pause to what a changed policy allows. Returns whether that ended it.
    pub fn limit_pause(&mut self, rule: PauseRule, now: Timestamp) -> bool {
        let Some(pause) = self.pause.as_mut() else {
            return false;
        };
        let longest = if rule.allowed {
            rule.longest_seconds
                .map(|seconds| pause.since.unwrap_or(now).plus_seconds(i64::from(seconds)))
        } else {
            Some(now)
        };
        if let Some(longest) = longest {
            pause.since = pause.since.or(Some(now));
            pause.until = Some(pause.until.map_or(longest, |until| until.min(longest)));
        }
        !self.is_paused(now)
    }

    /// Whether the person is paused; a pause that is over is forgotten.
    pub fn is_paused(&mut self, now: Timestamp) -> bool {
        if self
            .pause
            .is_some_and(|pause| pause.until.is_some_and(|until| until <= now))
        {
            self.pause = None;
        }
        self.pause.is_some()
    }

    /// Whether input may start a session on this local day.
    #[must_use]
    pub fn may_start_by_itself(&self, today: &str) -> bool {
        self.pause.is_none() && self.stopped_on.as_deref() != Some(today)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_ends_by_itself_and_one_without_end_does_not() {
        let at = Timestamp::from_millis;
        let mut wishes = Wishes {
            pause: Some(Pause {
                until: Some(at(10)),
                since: None,
            }),
            ..Wishes::default()
        };
        assert!(wishes.is_paused(at(9)));
        assert!(!wishes.is_paused(at(10)));
        assert!(!wishes.is_paused(at(9)), "it is over for good");
        wishes.pause = Some(Pause {
            until: None,
            since: None,
        });
        assert!(wishes.is_paused(at(1_000_000)));
    }

    const FREE: PauseRule = PauseRule {
        allowed: true,
        longest_seconds: None,
    };

    fn at_most(seconds: u32) -> PauseRule {
        PauseRule {
            allowed: true,
            longest_seconds: Some(seconds),
        }
    }

    const NEVER: PauseRule = PauseRule {
        allowed: false,
        longest_seconds: None,
    };

    #[test]
    fn a_pause_is_as_long_as_the_policy_allows_and_asking_again_makes_it_no_longer() {
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1_000);
        let mut wishes = Wishes::default();
        assert_eq!(
            wishes.pause(None, NEVER, at(0)),
            Err(CommandError::PauseNotAllowed)
        );
        assert_eq!(
            wishes.pause(Some(at(601)), at_most(600), at(0)),
            Err(CommandError::PauseTooLong(600))
        );
        assert!(!wishes.is_paused(at(0)), "what is refused changes nothing");
        wishes.pause(None, at_most(600), at(0)).unwrap();
        assert_eq!(wishes.pause.unwrap().until, Some(at(600)));
        wishes.pause(None, at_most(600), at(500)).unwrap();
        assert_eq!(wishes.pause.unwrap().until, Some(at(600)));
        assert_eq!(
            wishes.pause(Some(at(700)), at_most(600), at(500)),
            Err(CommandError::PauseTooLong(600))
        );
        wishes.pause(None, at_most(600), at(600)).unwrap();
        assert_eq!(
            wishes.pause.unwrap().until,
            Some(at(1_200)),
            "another pause"
        );
    }

    #[test]
    fn a_stricter_policy_cuts_a_running_pause() {
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1_000);
        let paused = || {
            let mut wishes = Wishes::default();
            wishes.pause(None, FREE, at(0)).unwrap();
            wishes
        };
        let mut wishes = paused();
        assert!(!wishes.limit_pause(FREE, at(50)));
        assert_eq!(wishes.pause.unwrap().until, None);
        assert!(!wishes.limit_pause(at_most(600), at(50)));
        assert_eq!(wishes.pause.unwrap().until, Some(at(600)));
        assert!(
            !wishes.limit_pause(at_most(900), at(60)),
            "looser changes nothing"
        );
        assert_eq!(wishes.pause.unwrap().until, Some(at(600)));
        assert!(wishes.limit_pause(NEVER, at(70)));
        assert!(!wishes.is_paused(at(70)));
        assert!(
            paused().limit_pause(at_most(60), at(61)),
            "it has been long enough"
        );
    }

    #[test]
    fn a_pause_that_an_agent_of_before_has_written_is_read() {
        let wishes: Wishes = serde_json::from_str(r#"{"pause":{"until":null}}"#).unwrap();
        assert_eq!(wishes.pause.unwrap().since, None);
    }

    #[test]
    fn a_stop_by_hand_holds_for_the_day() {
        let wishes = Wishes {
            stopped_on: Some("2026-11-22".into()),
            ..Wishes::default()
        };
        assert!(!wishes.may_start_by_itself("2026-11-22"));
        assert!(wishes.may_start_by_itself("2026-11-23"));
    }
}
