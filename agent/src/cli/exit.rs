//! Failures, and the exit code of each: scripts of IT branch on these.

use std::process::ExitCode;

use workpulse_agent::{
    CommandError, StartError, config::ConfigError, control::AskError, enrol::EnrolError,
    logging::LogError, outbox::OutboxError, update::UpdateError,
};

use super::output::Output;

/// Why a subcommand failed.
pub(super) struct Failure {
    code: u8,
    message: String,
}

impl Failure {
    pub(super) fn new(code: u8, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    pub(super) fn not_enrolled() -> Self {
        Self::from(CommandError::NotEnrolled)
    }

    pub(super) fn not_running() -> Self {
        Self::new(
            5,
            "no agent is running on this data directory; start one with `workpulse-agent run`",
        )
    }

    /// Says why on stderr, and gives the code.
    pub(super) fn tell(&self, output: &Output) -> ExitCode {
        output.failure(self.code, &self.message);
        ExitCode::from(self.code)
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::new(1, format!("{error:#}"))
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::new(2, error.to_string())
    }
}

impl From<LogError> for Failure {
    fn from(error: LogError) -> Self {
        let code = match error {
            LogError::Level { .. } => 2,
            LogError::Directory { .. } => 8,
        };
        Self::new(code, error.to_string())
    }
}

impl From<CommandError> for Failure {
    fn from(error: CommandError) -> Self {
        let code = match error {
            CommandError::NotEnrolled => 3,
            CommandError::ShuttingDown => 5,
            CommandError::AlreadyRunning
            | CommandError::NoSession
            | CommandError::ClockBehind
            | CommandError::PauseInThePast
            | CommandError::PauseNotAllowed
            | CommandError::PauseTooLong(_)
            | CommandError::OutsideHours
            | CommandError::Pending
            | CommandError::NoticeNotAccepted
            | CommandError::Halted(_) => 6,
        };
        Self::new(code, error.to_string())
    }
}

impl From<AskError> for Failure {
    fn from(error: AskError) -> Self {
        match error {
            AskError::Refused(refused) => refused.into(),
            AskError::Silence => Self::new(5, error.to_string()),
            AskError::File { .. } => Self::new(8, error.to_string()),
        }
    }
}

impl From<OutboxError> for Failure {
    fn from(error: OutboxError) -> Self {
        Self::new(8, error.to_string())
    }
}

impl From<EnrolError> for Failure {
    fn from(error: EnrolError) -> Self {
        let code = match &error {
            EnrolError::Address(_) => 2,
            EnrolError::Running => 4,
            EnrolError::File { .. } | EnrolError::Secret(_) => 8,
            permanent if permanent.is_permanent() => 6,
            _ => 7,
        };
        Self::new(code, error.to_string())
    }
}

impl From<UpdateError> for Failure {
    fn from(error: UpdateError) -> Self {
        let code = match &error {
            UpdateError::Disk { .. } => 8,
            permanent if permanent.is_permanent() => 6,
            _ => 7,
        };
        Self::new(code, error.to_string())
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        match error {
            StartError::AlreadyRunning(_) => Self::new(4, error.to_string()),
            StartError::DataDir { .. } => Self::new(8, error.to_string()),
            StartError::Outbox(error) => error.into(),
            StartError::Enrolment(error) => error.into(),
            StartError::Thread(_) => Self::new(1, error.to_string()),
        }
    }
}
