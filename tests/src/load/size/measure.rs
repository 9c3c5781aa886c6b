//! What a server does on a filled database, beside what it does on an empty one.

use std::{fmt::Write as _, path::PathBuf, time::Duration};

use anyhow::{Context, Result, ensure};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::Instant;
use uuid::Uuid;

use super::{
    day::Spread,
    fill::{Filled, fill},
    sink::Sink,
};
use crate::{
    api::{Api, PASSWORD},
    database::{Engine, Storage, sqlite_file},
    load::{
        drive::Pace,
        report::Latency,
        run::{Options, measure},
    },
    server::ServerPlan,
};

/// The admin; the fleet of [`measure`] finds them by this address.
const ADMIN: &str = "admin0@load.example";
/// How often each question is asked.
const QUESTIONS: usize = 200;
/// How often a report is asked for.
const REPORTS: usize = 20;

/// What is filled, where, and what is asked.
#[derive(Debug, Clone)]
pub struct Size {
    /// The server's program.
    pub server: PathBuf,
    /// This program.
    pub own_program: PathBuf,
    /// The database.
    pub engine: Engine,
    /// A PostgreSQL cluster in which databases may be made.
    pub cluster: Option<String>,
    /// Where data directories go.
    pub scratch: PathBuf,
    /// How many activities, of how many people.
    pub spread: Spread,
    /// Whether the server's own checks go over all of it.
    pub check: bool,
    /// Whether anything is measured.
    pub measure: bool,
    /// Seconds of each ingest run.
    pub seconds: u64,
    /// Left where it is afterwards.
    pub keep: bool,
}

/// Fills and measures; what to tell people.
///
/// # Errors
/// When anything cannot be started, filled or asked, or the server's checks find something.
pub async fn run(size: &Size, say: &dyn Fn(&str)) -> Result<String> {
    let dir = tempfile::Builder::new()
        .prefix("workpulse-size-")
        .tempdir_in(&size.scratch)?;
    let storage = Storage::create(size.engine, size.cluster.as_deref(), "size").await?;
    let plan = ServerPlan::new(
        size.server.clone(),
        dir.path().join("server"),
        storage.url(),
    )?;
    let outcome = at_size(size, &plan, &storage, say).await;
    if size.keep && outcome.is_ok() {
        let kept = dir.keep();
        say(&format!(
            "kept: {} {}",
            kept.display(),
            storage.url().unwrap_or_default()
        ));
    } else {
        storage.remove().await?;
    }
    outcome
}

async fn at_size(
    size: &Size,
    plan: &ServerPlan,
    storage: &Storage,
    say: &dyn Fn(&str),
) -> Result<String> {
    let mut text = String::new();
    let empty = if size.measure {
        say("ingest into an empty database");
        let fresh = Storage::create(size.engine, size.cluster.as_deref(), "empty").await?;
        let dir = plan.data_dir.with_file_name("empty");
        let plan = ServerPlan::new(size.server.clone(), dir, fresh.url())?;
        let rate = ingest(size, &plan, &fresh, say).await;
        fresh.remove().await?;
        Some(rate?)
    } else {
        None
    };
    let server = plan.start().await?;
    let organization = set_up(&server.api()).await?;
    server.stop().await?;
    let sink = match storage.url() {
        None => Sink::sqlite(&sqlite_file(&plan.data_dir))?,
        Some(url) => Sink::postgres(&url).await?,
    };
    let filled = fill(sink, organization, size.spread, say).await?;
    writeln!(
        text,
        "{}: {} activities of {} people on {} days, filled at {:.0} a second",
        size.engine.name(),
        filled.activities,
        filled.people.len(),
        filled.days.len(),
        filled.per_second
    )?;
    if size.check {
        say("the server's own checks");
        let output = plan.command(&["doctor"]).output()?;
        ensure!(
            output.status.success(),
            "doctor found something:\n{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        writeln!(text, "  doctor: everything adds up")?;
    }
    if let Some(empty) = empty {
        say("counting the months");
        let server = plan.start().await?;
        let output = plan
            .command(&["jobs", "run", "months", "--wait", "3600"])
            .output()?;
        ensure!(
            output.status.success(),
            "months are not counted: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        server.stop().await?;
        questions(plan, &filled, &mut text, say).await?;
        say("ingest into the filled database");
        let full = ingest(size, plan, storage, say).await?;
        writeln!(
            text,
            "  ingest: {full:.0} activities/s, {empty:.0} into an empty database: {:.2} of it (goal at least 0.8)",
            full / empty
        )?;
    }
    Ok(text)
}

async fn set_up(api: &Api) -> Result<Uuid> {
    let request = json!({
        "organization_name": "Load 0", "time_zone": "UTC", "name": "Ada Admin",
        "email": ADMIN, "password": PASSWORD,
    });
    let answer: Value = api.call(Method::POST, "/setup", &request).await?;
    let id = answer["organization_id"].as_str().context("its id")?;
    Ok(id.parse()?)
}

/// Activities a second over a closed loop of batches of 60.
async fn ingest(
    size: &Size,
    plan: &ServerPlan,
    storage: &Storage,
    say: &dyn Fn(&str),
) -> Result<f64> {
    let options = Options {
        url: None,
        server: Some(size.server.clone()),
        engine: size.engine,
        cluster: size.cluster.clone(),
        scratch: size.scratch.clone(),
        agents: 200,
        organizations: 1,
        connections: 64,
        pace: Pace::Max,
        activities: 60,
        warm_up: Duration::from_secs(3),
        duration: Duration::from_secs(size.seconds),
        raw_rows: 0,
        empty_baseline: false,
        own_program: size.own_program.clone(),
        instances: 1,
    };
    let server = plan.start().await?;
    let report = measure(&options, &server, storage, say).await;
    server.stop().await?;
    let report = report?;
    ensure!(report.is_sound(), "what is stored is not what was sent");
    Ok(report.measured.logs_per_second)
}

/// What managers ask, one question after the other.
async fn questions(
    plan: &ServerPlan,
    filled: &Filled,
    text: &mut String,
    say: &dyn Fn(&str),
) -> Result<()> {
    let server = plan.start().await?;
    let (_, admin) = server.api().log_in(ADMIN, PASSWORD).await?;
    say("people's days");
    let mut micros = Vec::with_capacity(QUESTIONS);
    for turn in 0..QUESTIONS {
        // Steps that have no common divisor with round numbers reach everywhere.
        let user = filled.people[turn * 37 % filled.people.len()];
        let day = &filled.days[turn * 53 % filled.days.len()];
        let path = format!("/users/{user}/timeline?date={day}");
        let begun = Instant::now();
        let shown: Value = admin.get(&path).await?;
        micros.push(u32::try_from(begun.elapsed().as_micros())?);
        ensure!(
            shown["totals"]["active_seconds"].as_i64() > Some(0),
            "{path} shows nothing: {shown}"
        );
    }
    tell(text, "a person's day timeline (goal 10 ms)", micros)?;
    let (from, to) = (filled.days.first(), filled.days.last());
    let range = from.zip(to).context("no days")?;
    for group in ["person", "application", "category", "day", "hour"] {
        let path = format!("/reports?from={}&to={}&group_by={group}", range.0, range.1);
        let mut micros = Vec::with_capacity(REPORTS);
        for _ in 0..REPORTS {
            let begun = Instant::now();
            let answer = admin.request(Method::GET, &path).send().await?;
            if answer.status() == 404 {
                break;
            }
            ensure!(answer.status().is_success(), "{path}: {}", answer.status());
            answer.bytes().await?;
            micros.push(u32::try_from(begun.elapsed().as_micros())?);
        }
        if micros.is_empty() {
            writeln!(text, "  a year by {group}: this server has no reports")?;
        } else {
            let what = format!("everybody's year by {group} (goal 100 ms)");
            tell(text, &what, micros)?;
        }
    }
    server.stop().await?;
    Ok(())
}

fn tell(text: &mut String, what: &str, micros: Vec<u32>) -> Result<()> {
    let count = micros.len();
    let latency = Latency::of(micros);
    writeln!(
        text,
        "  {what}: p50 {:.1} ms, p99 {:.1} ms over {count} requests",
        latency.p50_ms, latency.p99_ms
    )?;
    Ok(())
}
