//! `workpulse-agent notice`: what is collected and why, and accepting it.

use std::{
    io::{self, BufRead as _, IsTerminal as _, Write as _},
    process::ExitCode,
};

use clap::{Args, Subcommand};
use serde_json::json;
use workpulse_agent::{
    Clock as _, Command, SystemClock,
    config::Loaded,
    control,
    enrol::{self, Enrolment},
    lock,
    notice::{self, Collected},
};

use super::{Failure, Output, block_on};

#[derive(Args)]
pub(super) struct NoticeArgs {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Subcommand)]
enum Action {
    /// Show what is collected, what is not, and why (as without a subcommand)
    Show,
    /// Accept it: nothing is recorded before
    Accept,
}

pub(super) fn notice(
    loaded: &Loaded,
    args: &NoticeArgs,
    output: &Output,
) -> Result<ExitCode, Failure> {
    let dir = &loaded.settings.data_dir;
    let enrolment = enrol::load(dir)?.ok_or_else(Failure::not_enrolled)?;
    let accepted_at = if matches!(args.action, Some(Action::Accept)) {
        accept(loaded)?;
        Some(SystemClock.wall()).filter(|_| enrolment.notice_accepted_at.is_none())
    } else {
        None
    }
    .or(enrolment.notice_accepted_at);
    let answer = json!({
        "organization_name": enrolment.organization_name,
        "user_name": enrolment.user_name,
        "lines": notice::lines(&enrolment.policy),
        "accepted_at": accepted_at,
    });
    output.answer(&answer, || {
        let last = accepted_at.map_or_else(
            || {
                "You have not accepted this yet: nothing is recorded. `workpulse-agent notice accept` accepts it.".to_owned()
            },
            |at| format!("You accepted this at {at}."),
        );
        format!("{}\n{last}", text(&enrolment))
    });
    Ok(ExitCode::SUCCESS)
}

/// Remembers that the person accepts, through a running agent where there is one.
pub(super) fn accept(loaded: &Loaded) -> Result<(), Failure> {
    let dir = &loaded.settings.data_dir;
    if lock::is_running(dir) {
        block_on(control::ask(dir, &SystemClock, &Command::AcceptNotice))??;
    } else {
        enrol::accept_notice(dir, SystemClock.wall())?;
    }
    Ok(())
}

/// Shows the notice to a person at a terminal and asks. Without one, nothing is asked and
/// nothing is accepted.
pub(super) fn ask(enrolment: &Enrolment) -> bool {
    let (stdin, mut stdout) = (io::stdin(), io::stdout());
    if !stdin.is_terminal() || !stdout.is_terminal() {
        return false;
    }
    let mut typed = String::new();
    let asked = writeln!(stdout, "{}", text(enrolment))
        .and_then(|()| write!(stdout, "Accept, and begin to record? [y/N] "))
        .and_then(|()| stdout.flush())
        .and_then(|()| stdin.lock().read_line(&mut typed));
    asked.is_ok() && matches!(typed.trim().to_lowercase().as_str(), "y" | "yes")
}

fn text(enrolment: &Enrolment) -> String {
    let lines: Vec<String> = notice::lines(&enrolment.policy)
        .into_iter()
        .map(|line| {
            let mark = match line.collected {
                Collected::Yes => "collected    ",
                Collected::Limited => "limited      ",
                Collected::No => "not collected",
            };
            format!("  {mark}  {}\n                 {}", line.what, line.why)
        })
        .collect();
    format!(
        "What WorkPulse records of {} for {}:\n{}\nYou and the people who manage you see it; you see who looked.",
        enrolment.user_name,
        enrolment.organization_name,
        lines.join("\n")
    )
}
