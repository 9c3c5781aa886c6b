//! `workpulse-agent status`

use std::process::ExitCode;

use serde::Serialize;
use workpulse_agent::{
    Command, SystemClock, config::Loaded, control, lock, status::StatusReport, stopped,
};

use super::{Failure, Output, block_on, policy};

/// What is written: the report, and whether an agent runs.
#[derive(Serialize)]
struct Told {
    running: bool,
    #[serde(flatten)]
    report: StatusReport,
}

pub(super) fn status(loaded: &Loaded, output: &Output) -> Result<ExitCode, Failure> {
    let settings = &loaded.settings;
    if lock::is_running(&settings.data_dir) {
        let asked = control::ask(&settings.data_dir, &SystemClock, &Command::Status);
        let report = block_on(asked)??;
        tell(
            &Told {
                running: true,
                report,
            },
            output,
        );
        return Ok(ExitCode::SUCCESS);
    }
    let report = stopped::report(&settings.data_dir)?.ok_or_else(Failure::not_enrolled)?;
    tell(
        &Told {
            running: false,
            report,
        },
        output,
    );
    Ok(ExitCode::from(5))
}

/// Writes a report of a running agent.
pub(super) fn tell_running(report: StatusReport, output: &Output) {
    tell(
        &Told {
            running: true,
            report,
        },
        output,
    );
}

fn tell(told: &Told, output: &Output) {
    output.answer(told, || text(told));
}

fn text(told: &Told) -> String {
    let report = &told.report;
    let mut lines = vec![format!(
        "{}{}",
        if told.running {
            report.state.label()
        } else {
            "Not running"
        },
        report
            .message
            .as_ref()
            .map(|message| format!(": {message}"))
            .unwrap_or_default(),
    )];
    let mut line = |name: &str, value: String| lines.push(format!("{name:<14}{value}"));
    if let (Some(user), Some(organization)) = (&report.user_name, &report.organization_name) {
        line("Person", format!("{user}, {organization}"));
    }
    if let Some(server) = &report.server {
        line("Server", server.clone());
    }
    match &report.session {
        Some(session) => line("Session", format!("since {}", session.started_at)),
        None => line("Session", "none".to_owned()),
    }
    if report.paused {
        let until = report
            .paused_until
            .map_or("it is resumed".to_owned(), |at| at.to_string());
        line("Paused", format!("until {until}"));
    }
    if told.running {
        line(
            "Today",
            format!(
                "{} active, {} idle, {} unobserved",
                hours(report.today.active_seconds),
                hours(report.today.idle_seconds),
                hours(report.today.unobserved_seconds),
            ),
        );
        let last = report
            .last_sync_at
            .map_or("never".to_owned(), |at| at.to_string());
        line("Last contact", last);
    }
    if let Some(probe) = &report.probe {
        let can = report.capabilities;
        let seen: Vec<&str> = [
            ("applications", can.application),
            ("titles", can.title),
            ("idle time", can.idle),
        ]
        .into_iter()
        .filter_map(|(what, can)| can.then_some(what))
        .collect();
        let seen = if seen.is_empty() {
            "nothing".to_owned()
        } else {
            seen.join(", ")
        };
        line("Desktop", format!("sees {seen} (by {probe})"));
    }
    if let Some(error) = &report.last_error {
        line("Last error", error.clone());
    }
    let dropped: i64 = report.counters.dropped.values().sum();
    line(
        "Items",
        format!(
            "{} made = {} stored + {} pending + {dropped} dropped",
            report.counters.produced, report.counters.stored, report.counters.pending,
        ),
    );
    for (reason, items) in &report.counters.dropped {
        line("", format!("{items} dropped: {reason}"));
    }
    if let Some(backlog) = report.backlog {
        line(
            "Backlog",
            format!(
                "{} of {} sent, today's rows first",
                backlog.sent, backlog.of
            ),
        );
    }
    line("Policy", format!("version {}", report.policy_version));
    for (name, value) in report.policy.iter().flat_map(policy::lines) {
        line(name, value);
    }
    if report.device_pending {
        line(
            "Approval",
            "an administrator has not approved this device yet".to_owned(),
        );
    }
    lines.join("\n")
}

fn hours(seconds: i64) -> String {
    format!(
        "{}:{:02}:{:02}",
        seconds / 3_600,
        seconds / 60 % 60,
        seconds % 60
    )
}
