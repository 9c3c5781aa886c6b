//! `jobs`: what is scheduled, how it went, and one of them now.

use std::{collections::HashMap, time::Duration};

use clap::{Args, Subcommand};
use jiff::tz::TimeZone;
use serde::Serialize;
use shared_types::Timestamp;

use super::{
    output::{self, Output},
    settings::DataFlags,
};
use crate::{
    clock::{Clock as _, SystemClock},
    domain::{presence::SILENT_AFTER_SECONDS, schedule::Rhythm},
    jobs::{self, Per},
    live::SWEEP,
    store::{
        Store,
        job_list::{self as table, JobRow},
        jobs as claims, organizations, presence,
        scope::SystemSnapshot,
    },
};

/// How often `run --wait` looks.
const LOOK: Duration = Duration::from_millis(250);

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum JobsCommand {
    /// Schedules: when each is due, how its last run went.
    List(List),
    /// Queue a job now, beside its schedule, for whichever worker is there.
    Run(RunNow),
    /// Past and present jobs, the latest first.
    History(History),
    /// Turn a schedule on; what was missed meanwhile follows its catch-up rule.
    Enable(Name),
    /// Turn a schedule off, until it is turned on again.
    Disable(Name),
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// How the list looks
    #[arg(long, value_enum, default_value_t)]
    output: Output,
}

#[derive(Debug, Args)]
pub(super) struct RunNow {
    /// The schedule's name
    name: String,
    /// Wait until it has ended, at most this many seconds; code 1 when it failed or has not ended
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, default_missing_value = "60")]
    wait: Option<u64>,
    /// How the result looks
    #[arg(long, value_enum, default_value_t)]
    output: Output,
}

#[derive(Debug, Args)]
pub(super) struct History {
    /// Of this schedule only
    name: Option<String>,
    /// Only what was given up
    #[arg(long)]
    failed: bool,
    /// How many, 1 to 1,000
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=1000))]
    limit: i64,
    /// How the list looks
    #[arg(long, value_enum, default_value_t)]
    output: Output,
}

#[derive(Debug, Args)]
pub(super) struct Name {
    /// The schedule's name
    name: String,
}

/// False when what was asked for has failed.
pub(super) async fn run(data: &DataFlags, command: JobsCommand) -> anyhow::Result<bool> {
    let store = data.open_current().await?;
    jobs::declare(&store, &jobs::all()).await?;
    let outcome = match command {
        JobsCommand::List(flags) => list(&store, &flags).await.map(|()| true),
        JobsCommand::Run(flags) => run_now(&store, &flags).await,
        JobsCommand::History(flags) => history(&store, &flags).await.map(|()| true),
        JobsCommand::Enable(flags) => enable(&store, &flags.name, true).await.map(|()| true),
        JobsCommand::Disable(flags) => enable(&store, &flags.name, false).await.map(|()| true),
    };
    store.close().await;
    outcome
}

#[derive(Debug, Serialize)]
struct Line {
    #[serde(flatten)]
    schedule: table::ScheduleRow,
    next_due_at: Option<Timestamp>,
    last_run: Option<JobRow>,
    last_run_seconds: Option<f64>,
    /// Only of what every server does by itself, beside all schedules.
    #[serde(skip_serializing_if = "Option::is_none")]
    upkeep: Option<Upkeep>,
}

/// Work without occurrences: no row tells how a look went, but what came of it does.
#[derive(Debug, Serialize)]
struct Upkeep {
    every_seconds: u64,
    /// When somebody was last said to be out of contact.
    last_effect_at: Option<Timestamp>,
}

/// Marking people as offline whose agents fell silent: see `live::sweep`. What is open are devices
/// that are overdue; with a server that works there are none for longer than a look takes.
async fn offline_marking(view: &mut SystemSnapshot, now: Timestamp) -> anyhow::Result<Line> {
    let before = now.plus_seconds(-SILENT_AFTER_SECONDS);
    Ok(Line {
        schedule: table::ScheduleRow {
            name: "offline_marking".to_owned(),
            expression: format!("every {} s, each server", SWEEP.as_secs()),
            catch_up: "once".to_owned(),
            enabled: true,
            open: presence::overdue(view.db(), before).await?,
            failed: 0,
        },
        next_due_at: None,
        last_run: None,
        last_run_seconds: None,
        upkeep: Some(Upkeep {
            every_seconds: SWEEP.as_secs(),
            last_effect_at: presence::last_marked(view.db()).await?,
        }),
    })
}

async fn list(store: &Store, flags: &List) -> anyhow::Result<()> {
    let now = SystemClock.now();
    let mut view = store.system().snapshot().await?;
    let schedules = table::schedules(view.db()).await?;
    let zones: Vec<(String, TimeZone)> = organizations::list(view.db())
        .await?
        .into_iter()
        .filter_map(|one| Some((one.id.to_string(), TimeZone::get(&one.time_zone).ok()?)))
        .collect();
    let decided: HashMap<(String, String), Timestamp> = claims::decided(view.db())
        .await?
        .into_iter()
        .map(|(schedule, scope, until)| ((schedule, scope), until))
        .collect();
    let definitions = jobs::all();
    let mut lines = Vec::new();
    for schedule in schedules {
        let per = definitions
            .iter()
            .find(|known| known.name == schedule.name)
            .map_or(Per::Server, |known| known.per);
        let server = [(String::new(), TimeZone::UTC)];
        let scopes = match per {
            Per::Server => &server[..],
            Per::Organization => &zones,
        };
        let rhythm: Option<Rhythm> = schedule.expression.parse().ok();
        let next_due_at = rhythm.filter(|_| schedule.enabled).and_then(|rhythm| {
            scopes
                .iter()
                .filter_map(|(scope, zone)| {
                    let from = decided.get(&(schedule.name.clone(), scope.clone()));
                    rhythm.next(from.copied().unwrap_or(now), zone)
                })
                .min()
        });
        let last_run = table::last_run(view.db(), &schedule.name).await?;
        lines.push(Line {
            next_due_at,
            last_run_seconds: last_run.as_ref().and_then(seconds),
            last_run,
            schedule,
            upkeep: None,
        });
    }
    lines.push(offline_marking(&mut view, now).await?);
    lines.sort_by(|a, b| a.schedule.name.cmp(&b.schedule.name));
    let head = [
        "schedule", "due", "missed", "next due", "last run", "took", "result", "open", "failed",
    ];
    flags.output.list(&lines, &head, |line| {
        let text = |at: Option<Timestamp>| at.map_or_else(|| "-".to_owned(), |at| at.to_string());
        let last = line.last_run.as_ref();
        let upkeep = line.upkeep.as_ref();
        vec![
            line.schedule.name.clone(),
            if line.schedule.enabled {
                line.schedule.expression.clone()
            } else {
                "off".to_owned()
            },
            line.schedule.catch_up.clone(),
            text(line.next_due_at),
            text(
                last.and_then(|job| job.finished_at)
                    .or_else(|| upkeep?.last_effect_at),
            ),
            line.last_run_seconds
                .map_or_else(|| "-".to_owned(), |seconds| format!("{seconds:.1} s")),
            match (last, upkeep.and_then(|upkeep| upkeep.last_effect_at)) {
                (Some(last), _) => result(last),
                (None, Some(_)) => "somebody marked".to_owned(),
                (None, None) => "-".to_owned(),
            },
            line.schedule.open.to_string(),
            line.schedule.failed.to_string(),
        ]
    })
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a duration needs no more than 52 bits"
)]
fn seconds(job: &JobRow) -> Option<f64> {
    let (from, to) = (job.started_at?, job.finished_at?);
    Some(to.millis_since(from) as f64 / 1_000.0)
}

fn result(job: &JobRow) -> String {
    let text = job.last_error.as_ref().or(job.outcome.as_ref());
    format!("{} {}", job.state, text.map_or("", String::as_str))
        .trim_end()
        .to_owned()
}

async fn run_now(store: &Store, flags: &RunNow) -> anyhow::Result<bool> {
    let Some(asked) = jobs::ask_for(store, &SystemClock, &flags.name).await? else {
        let known: Vec<&str> = jobs::all().iter().map(|job| job.name).collect();
        anyhow::bail!(
            "there is no job {:?}. Nothing was queued. There are: {}",
            flags.name,
            known.join(", ")
        );
    };
    let waited = async {
        loop {
            let mut found = Vec::new();
            for id in &asked {
                let mut reader = store.system().read().await?;
                found.extend(table::find(reader.db(), *id).await?);
            }
            let open = found
                .iter()
                .any(|job| matches!(job.state.as_str(), "queued" | "running"));
            if !open || flags.wait.is_none() {
                return anyhow::Ok(found);
            }
            tokio::time::sleep(LOOK).await;
        }
    };
    let limit = Duration::from_secs(flags.wait.unwrap_or(u64::from(u32::MAX)));
    let Ok(found) = tokio::time::timeout(limit, waited).await else {
        anyhow::bail!(
            "it has not ended within {} s. It stays queued; is a server or a worker running? `workpulse-server jobs history {}` shows it.",
            limit.as_secs(),
            flags.name
        );
    };
    let found = found?;
    show(flags.output, &found)?;
    Ok(found.iter().all(|job| job.state != "failed"))
}

async fn history(store: &Store, flags: &History) -> anyhow::Result<()> {
    let mut reader = store.system().read().await?;
    let found = table::history(
        reader.db(),
        flags.name.as_deref(),
        flags.failed,
        flags.limit,
    )
    .await?;
    show(flags.output, &found)
}

fn show(output: Output, found: &[JobRow]) -> anyhow::Result<()> {
    let head = [
        "schedule", "scope", "due", "state", "attempts", "took", "result",
    ];
    output.list(found, &head, |job| {
        vec![
            job.schedule.clone(),
            job.scope.clone(),
            job.due_at.to_string(),
            job.state.clone(),
            job.attempts.to_string(),
            seconds(job).map_or_else(|| "-".to_owned(), |seconds| format!("{seconds:.1} s")),
            job.last_error
                .as_ref()
                .or(job.outcome.as_ref())
                .cloned()
                .unwrap_or_default(),
        ]
    })
}

async fn enable(store: &Store, name: &str, enabled: bool) -> anyhow::Result<()> {
    let mut tx = store.system().begin().await?;
    if !claims::enable(&mut tx, name, enabled).await? {
        anyhow::bail!("there is no schedule {name:?}. Nothing was changed.");
    }
    tx.commit().await?;
    output::line(&format!(
        "{name} is {}.",
        if enabled { "on" } else { "off" }
    ))
}
