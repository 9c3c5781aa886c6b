//! `workpulse-agent start | stop | pause | resume | sync`: commands to a running agent.

use std::process::ExitCode;

use clap::Args;
use shared_types::{ProjectId, Timestamp};
use workpulse_agent::{Clock as _, Command, SystemClock, config::Loaded, control, lock};

use super::{Failure, Output, block_on, status};

#[derive(Args)]
pub(super) struct Start {
    /// What is worked on
    #[arg(long, value_name = "ID")]
    project: Option<ProjectId>,
}

impl From<Start> for Command {
    fn from(args: Start) -> Self {
        Self::Start {
            project_id: args.project,
        }
    }
}

#[derive(Args)]
pub(super) struct Pause {
    /// For how long, such as 30m or 2h; without it: until `resume`
    #[arg(long = "for", value_name = "TIME", conflicts_with = "until")]
    span: Option<String>,
    /// Until when, such as 2026-11-22T17:00:00Z
    #[arg(long, value_name = "INSTANT")]
    until: Option<Timestamp>,
}

impl Pause {
    pub(super) fn into_command(self) -> Result<Command, Failure> {
        let until = match self.span {
            None => self.until,
            Some(text) => {
                let span: jiff::SignedDuration = text.parse().map_err(|error| {
                    Failure::new(
                        2,
                        format!("--for {text} is no time such as 30m or 2h: {error}"),
                    )
                })?;
                let millis = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
                Some(SystemClock.wall().plus_millis(millis))
            }
        };
        Ok(Command::Pause { until })
    }
}

/// Asks the running agent, and shows its status afterwards.
pub(super) fn send(
    loaded: &Loaded,
    command: &Command,
    output: &Output,
) -> Result<ExitCode, Failure> {
    let settings = &loaded.settings;
    if !lock::is_running(&settings.data_dir) {
        return Err(Failure::not_running());
    }
    let report = block_on(control::ask(&settings.data_dir, &SystemClock, command))??;
    status::tell_running(report, output);
    Ok(ExitCode::SUCCESS)
}
