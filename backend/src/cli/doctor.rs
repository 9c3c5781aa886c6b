//! `doctor`: looks at a deployment from end to end, changes nothing, and says what is wrong.

mod machine;

use std::time::Duration;

use clap::Args;
use serde::Serialize;

use super::{
    output::{self, Output},
    settings::DataFlags,
};
use crate::{
    clock::{Clock as _, SystemClock},
    config::{Config, DatabaseConfig},
    mail::Mail,
    store::{
        DatabaseTarget, Standing, Store, StoreError, checks, job_list, mails, partitions, wall,
    },
};

/// How often, and after which pause, a replica that is behind is looked at again.
const REPLICA_LOOKS: u32 = 20;
const REPLICA_PAUSE: Duration = Duration::from_millis(250);

/// By how much a job may be late before it looks as if nobody worked, in milliseconds.
const LATE_JOB_MS: i64 = 600_000;

/// How the findings look.
#[derive(Debug, Args)]
pub(super) struct DoctorFlags {
    /// How the findings look
    #[arg(long, value_enum, default_value_t)]
    output: Output,
}

/// How serious a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Ok,
    Warning,
    Failed,
}

#[derive(Debug, Clone, Serialize)]
struct Finding {
    check: String,
    verdict: Verdict,
    detail: String,
}

#[derive(Debug, Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, check: &str, verdict: Verdict, detail: impl Into<String>) {
        self.0.push(Finding {
            check: check.to_owned(),
            verdict,
            detail: detail.into(),
        });
    }

    fn worst_is_failed(&self) -> bool {
        self.0
            .iter()
            .any(|finding| finding.verdict == Verdict::Failed)
    }
}

/// True when nothing has failed.
pub(super) async fn run(data: &DataFlags, flags: &DoctorFlags) -> anyhow::Result<bool> {
    let loaded = data.load(Vec::new())?;
    let config = &loaded.config;
    let mut findings = Findings::default();
    machine::look_at_directory(&config.data_dir, &mut findings);
    let target = &config.database.target;
    match target {
        DatabaseTarget::File(path) if !path.exists() => findings.add(
            "database",
            Verdict::Failed,
            format!("there is none at {}. Start the server once, or name the data directory with --data-dir.", path.display()),
        ),
        _ => {
            let database = DatabaseConfig {
                connections: 2,
                ..config.database.clone()
            };
            let store = database.open().await?;
            look_at_database(&store, &mut findings).await;
            look_at_replica(config, &store, &mut findings).await;
            look_at_mail(config, &store, &mut findings).await;
            store.close().await;
        }
    }
    let head = ["check", "verdict", "detail"];
    flags.output.list(&findings.0, &head, |finding| {
        let verdict = match finding.verdict {
            Verdict::Ok => "ok",
            Verdict::Warning => "warning",
            Verdict::Failed => "FAILED",
        };
        vec![
            finding.check.clone(),
            verdict.to_owned(),
            finding.detail.clone(),
        ]
    })?;
    let healthy = !findings.worst_is_failed();
    if flags.output == Output::Table {
        output::line(if healthy {
            "Nothing has failed."
        } else {
            "Something has failed. Nothing was changed."
        })?;
    }
    Ok(healthy)
}

async fn look_at_database(store: &Store, findings: &mut Findings) {
    match store.require_current().await {
        Ok(()) => {
            let detail = format!(
                "{} answers and has version {}",
                store.engine(),
                store.known_version()
            );
            findings.add("database", Verdict::Ok, detail);
        }
        Err(error) => {
            findings.add("database", Verdict::Failed, error.to_string());
            return;
        }
    }
    match wall::gaps(store).await {
        Ok(None) => {}
        Ok(Some(gaps)) if gaps.is_empty() => findings.add(
            "tenants",
            Verdict::Ok,
            "row-level security stands between organizations",
        ),
        Ok(Some(gaps)) => findings.add(
            "tenants",
            Verdict::Failed,
            format!("{}. See docs/SECURITY.md", gaps.join("; ")),
        ),
        Err(error) => findings.add("tenants", Verdict::Failed, error.to_string()),
    }
    look_at_months(store, findings).await;
    match clock_behind(store).await {
        Ok(behind) if machine::clocks(behind.max(0)) == Verdict::Failed => findings.add(
            "clock",
            Verdict::Failed,
            format!(
                "this machine's clock is {} s behind what was written last: set it",
                behind / 1_000
            ),
        ),
        Ok(_) => findings.add("clock", Verdict::Ok, format!("{}", SystemClock.now())),
        Err(error) => findings.add("clock", Verdict::Failed, error.to_string()),
    }
    look_at_database_clock(store, findings).await;
    look_at_jobs(store, findings).await;
    match checks::run(store).await {
        Ok(outcomes) => {
            for outcome in outcomes {
                let verdict = if outcome.found == 0 {
                    Verdict::Ok
                } else {
                    Verdict::Failed
                };
                let mut detail = format!("{} {}", outcome.found, outcome.counts);
                for place in &outcome.places {
                    detail.push('\n');
                    detail.push_str(place);
                }
                findings.add(outcome.name, verdict, detail);
            }
        }
        Err(error) => findings.add("data", Verdict::Failed, error.to_string()),
    }
}

/// Whether the months to come have their partitions.
async fn look_at_months(store: &Store, findings: &mut Findings) {
    let (verdict, detail) = match partitions::layout(store).await {
        Ok(None) => return,
        Ok(Some(layout)) if layout.astray > 0 => (
            Verdict::Warning,
            "some activity lies in no month: workpulse-server jobs run partitions".to_owned(),
        ),
        Ok(Some(layout)) => {
            let wanted = partitions::wanted(SystemClock.now());
            // The next one is in time; the one after it is made ahead.
            match wanted
                .iter()
                .take(2)
                .find(|month| layout.months.last() < Some(month))
            {
                Some(month) => (
                    Verdict::Warning,
                    format!(
                        "{} has no partition yet: workpulse-server jobs run partitions",
                        month.first()
                    ),
                ),
                None => (
                    Verdict::Ok,
                    format!("activity is kept in {} months", layout.months.len()),
                ),
            }
        }
        Err(error) => (Verdict::Failed, error.to_string()),
    };
    findings.add("months", verdict, detail);
}

/// Leases and expiry are compared across machines: their clocks must agree.
async fn look_at_database_clock(store: &Store, findings: &mut Findings) {
    let asked = async {
        let mut reader = store.system().read().await?;
        checks::database_clock(reader.db()).await
    };
    match asked.await {
        Ok(None) => {}
        Ok(Some(theirs)) => {
            let apart = SystemClock.now().millis_since(theirs);
            findings.add(
                "database clock",
                machine::clocks(apart),
                format!("{apart} ms from this machine's; let both follow a time server"),
            );
        }
        Err(error) => findings.add("database clock", Verdict::Failed, error.to_string()),
    }
}

/// Whether reports can be read from the replica. It is given a few seconds to reach what the
/// primary has now.
async fn look_at_replica(config: &Config, store: &Store, findings: &mut Findings) {
    if config.database.replica.is_none() {
        return;
    }
    for _ in 0..REPLICA_LOOKS {
        match store.look_at_replica().await {
            Ok(Some(Standing::Behind(_))) => tokio::time::sleep(REPLICA_PAUSE).await,
            Ok(_) => break,
            Err(error) => {
                findings.add("replica", Verdict::Failed, error.to_string());
                return;
            }
        }
    }
    match store.replica_standing() {
        Some(standing @ Standing::Current(_)) => {
            findings.add("replica", Verdict::Ok, standing.to_string());
        }
        Some(standing) => findings.add(
            "replica",
            Verdict::Warning,
            format!("{standing}. Reports are read from the primary; look at WORKPULSE_REPLICA_URL"),
        ),
        None => {}
    }
}

async fn look_at_jobs(store: &Store, findings: &mut Findings) {
    let asked = async {
        let mut reader = store.system().read().await?;
        let waiting = job_list::oldest_waiting(reader.db()).await?;
        let failed = job_list::history(reader.db(), None, true, 100).await?;
        Ok::<_, StoreError>((waiting, failed.len()))
    };
    match asked.await {
        Ok((waiting, failed)) => {
            let now = SystemClock.now();
            let late = waiting
                .iter()
                .filter(|(_, due)| now.millis_since(*due) > LATE_JOB_MS)
                .count();
            let verdict = if late + failed > 0 {
                Verdict::Warning
            } else {
                Verdict::Ok
            };
            findings.add(
                "jobs",
                verdict,
                format!("{late} schedules wait for more than 10 min, {failed} jobs were given up; `workpulse-server jobs` shows them"),
            );
        }
        Err(error) => findings.add("jobs", Verdict::Failed, error.to_string()),
    }
}

/// Whether the mail server answers (nothing is sent), and whether mails wait or were given up.
async fn look_at_mail(config: &Config, store: &Store, findings: &mut Findings) {
    let public_url = config.http.public_url.as_ref();
    let answer = match Mail::new(config.mail.as_ref(), public_url) {
        Ok(mail) => mail.check().await,
        Err(error) => Some(Err(error.to_string())),
    };
    let configured = answer.is_some();
    match answer {
        None => findings.add(
            "mail",
            Verdict::Ok,
            "not configured: links are shown to be copied",
        ),
        Some(Ok(())) => findings.add("mail", Verdict::Ok, "the mail server answers"),
        Some(Err(code)) => findings.add(
            "mail",
            Verdict::Failed,
            format!("the mail server cannot be used ({code}): look at WORKPULSE_SMTP_URL"),
        ),
    }
    if store.require_current().await.is_err() {
        // The database has told what is wrong with it.
        return;
    }
    let counts = async {
        let mut reader = store.system().read().await?;
        mails::counts(reader.db()).await
    };
    match counts.await {
        Ok((waiting, given_up)) => {
            let stuck = given_up > 0 || (waiting > 0 && !configured);
            let verdict = if stuck { Verdict::Warning } else { Verdict::Ok };
            let detail = format!("{waiting} wait, {given_up} were given up in the last month");
            findings.add("mails", verdict, detail);
        }
        Err(error) => findings.add("mails", Verdict::Failed, error.to_string()),
    }
}

async fn clock_behind(store: &Store) -> Result<i64, StoreError> {
    let mut reader = store.system().read().await?;
    let newest = checks::newest_write(reader.db()).await?;
    Ok(newest.map_or(0, |newest| newest.millis_since(SystemClock.now())))
}
