//! What a person can ask for in the menu, and the ids by which the menu names it.
//!
//! Must not know labels, Tauri, or how the agent carries a command out.

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use shared_types::ProjectId;

use crate::words;

/// What the id of a project's entry begins with.
const PROJECT: &str = "project-";

/// A command of the menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Command {
    /// Open the window.
    Open,
    /// Open the window where a newer version can be fetched.
    Update,
    /// Say what the time away was.
    Was(Answer),
    /// Work on this project from now on.
    Project(ProjectId),
    /// Begin a work session.
    Start,
    /// End the running work session.
    Stop,
    /// Record nothing for a while.
    Pause(PauseFor),
    /// End the pause.
    Resume,
    /// Send what is waiting, without waiting for the next turn.
    SyncNow,
    /// Shut the agent down and leave.
    Quit,
}

/// What the time away was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    /// A break.
    Break,
    /// A meeting.
    Meeting,
    /// It stays as it was recorded.
    Keep,
}

/// How long a pause lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PauseFor {
    /// A quarter of an hour.
    Minutes15,
    /// Half an hour.
    Minutes30,
    /// An hour.
    Minutes60,
    /// Until the next local day begins.
    UntilTomorrow,
}

impl PauseFor {
    /// Every choice, in the order of the menu.
    pub const ALL: [Self; 4] = [
        Self::Minutes15,
        Self::Minutes30,
        Self::Minutes60,
        Self::UntilTomorrow,
    ];

    /// When a pause that begins `now` ends.
    #[must_use]
    pub fn end(self, now: Timestamp, zone: &TimeZone) -> Timestamp {
        let minutes = match self {
            Self::Minutes15 => 15,
            Self::Minutes30 => 30,
            Self::Minutes60 => 60,
            Self::UntilTomorrow => return words::tomorrow(now, zone),
        };
        now.saturating_add(SignedDuration::from_mins(minutes))
            .unwrap_or(Timestamp::MAX)
    }
}

/// What the agent, or the app, is asked to do: a [`Command`] with its time filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// Show the window.
    Open,
    /// Note what the time away was.
    Was(Answer),
    /// Begin a session on this project, behind the end of the running one.
    Project(ProjectId),
    /// Begin a session.
    StartSession,
    /// End the running session.
    StopSession,
    /// Record nothing until then.
    Pause {
        /// The end.
        until: Timestamp,
    },
    /// Record again.
    Resume,
    /// Send what is waiting.
    SyncNow,
    /// End the app.
    Leave,
}

impl Command {
    /// What a command that was chosen `now` asks for.
    #[must_use]
    pub fn call(self, now: Timestamp, zone: &TimeZone) -> Call {
        match self {
            Self::Open | Self::Update => Call::Open,
            Self::Was(answer) => Call::Was(answer),
            Self::Project(id) => Call::Project(id),
            Self::Start => Call::StartSession,
            Self::Stop => Call::StopSession,
            Self::Pause(pause) => Call::Pause {
                until: pause.end(now, zone),
            },
            Self::Resume => Call::Resume,
            Self::SyncNow => Call::SyncNow,
            Self::Quit => Call::Leave,
        }
    }

    /// Every command but those that name a project.
    pub const ALL: [Self; 14] = [
        Self::Open,
        Self::Update,
        Self::Was(Answer::Break),
        Self::Was(Answer::Meeting),
        Self::Was(Answer::Keep),
        Self::Start,
        Self::Stop,
        Self::Pause(PauseFor::Minutes15),
        Self::Pause(PauseFor::Minutes30),
        Self::Pause(PauseFor::Minutes60),
        Self::Pause(PauseFor::UntilTomorrow),
        Self::Resume,
        Self::SyncNow,
        Self::Quit,
    ];

    /// The id of the menu item.
    #[must_use]
    pub fn id(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Project(id) => return Cow::Owned(format!("{PROJECT}{id}")),
            Self::Open => "open",
            Self::Update => "update",
            Self::Was(Answer::Break) => "was-break",
            Self::Was(Answer::Meeting) => "was-meeting",
            Self::Was(Answer::Keep) => "was-kept",
            Self::Start => "start",
            Self::Stop => "stop",
            Self::Pause(PauseFor::Minutes15) => "pause-15",
            Self::Pause(PauseFor::Minutes30) => "pause-30",
            Self::Pause(PauseFor::Minutes60) => "pause-60",
            Self::Pause(PauseFor::UntilTomorrow) => "pause-tomorrow",
            Self::Resume => "resume",
            Self::SyncNow => "sync-now",
            Self::Quit => "quit",
        })
    }

    /// The command of a menu item; `None` for lines that only tell something.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        if let Some(project) = id.strip_prefix(PROJECT) {
            return project.parse().ok().map(Self::Project);
        }
        Self::ALL.into_iter().find(|command| command.id() == id)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_command_comes_back_from_its_own_id() {
        for command in Command::ALL {
            assert_eq!(Command::from_id(&command.id()), Some(command));
        }
        let project = Command::Project(ProjectId(uuid::Uuid::from_u128(7)));
        assert_eq!(Command::from_id(&project.id()), Some(project));
        let ids: HashSet<_> = Command::ALL.map(Command::id).into();
        assert_eq!(ids.len(), Command::ALL.len());
    }

    #[test]
    fn a_line_that_only_tells_something_is_no_command() {
        for id in ["", "status", "pause", "START", "pause-15 ", "project-7"] {
            assert_eq!(Command::from_id(id), None, "{id:?}");
        }
    }

    #[test]
    fn every_command_asks_for_its_own_call() {
        let now = Timestamp::UNIX_EPOCH;
        let plain = [
            (Command::Start, Call::StartSession),
            (Command::Stop, Call::StopSession),
            (Command::Resume, Call::Resume),
            (Command::SyncNow, Call::SyncNow),
            (Command::Quit, Call::Leave),
        ];
        for (command, call) in plain {
            assert_eq!(command.call(now, &TimeZone::UTC), call);
        }
    }

    #[test]
    fn a_pause_ends_after_its_minutes_or_with_the_local_day() {
        let zone = TimeZone::get("Europe/Berlin").expect("the zone database has Berlin");
        let now: Timestamp = "2026-11-22T20:00:00Z".parse().expect("an instant");
        let ends = PauseFor::ALL.map(|pause| match Command::Pause(pause).call(now, &zone) {
            Call::Pause { until } => until.to_string(),
            other => panic!("{pause:?} asks for {other:?}"),
        });
        assert_eq!(
            ends,
            [
                "2026-11-22T20:15:00Z",
                "2026-11-22T20:30:00Z",
                "2026-11-22T21:00:00Z",
                "2026-11-22T23:00:00Z",
            ]
        );
    }
}
