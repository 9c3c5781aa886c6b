//! Schedules as an organization's admin sees them: their own runs in full, and of what the server
//! does for all together only that it ran. How much it did, and what went wrong, is about others,
//! too.

use jiff::tz::TimeZone;
use shared_types::{
    OrganizationId, Timestamp,
    job::{RunState, Schedule, ScheduleRun},
};

use super::{Definition, Per};
use crate::{
    domain::schedule::Rhythm,
    store::{
        Store, StoreError,
        job_list::{self as table, JobRow},
        organizations,
    },
};

/// These schedules by name, as one organization's admin sees them.
///
/// # Errors
/// When the database cannot be read.
pub async fn overview(
    store: &Store,
    organization: OrganizationId,
    definitions: &[Definition],
    now: Timestamp,
) -> Result<Vec<Schedule>, StoreError> {
    let zone = {
        let mut reader = store.tenant(organization).read().await?;
        organizations::find(reader.db()).await?
    };
    let zone = zone
        .and_then(|found| TimeZone::get(&found.time_zone).ok())
        .unwrap_or(TimeZone::UTC);
    let own = organization.to_string();
    let mut view = store.system().snapshot().await?;
    let mut schedules = Vec::with_capacity(definitions.len());
    for definition in definitions {
        let (scope, zone) = match definition.per {
            Per::Server => ("", &TimeZone::UTC),
            Per::Organization => (own.as_str(), &zone),
        };
        let standing = table::standing(view.db(), definition.name, scope).await?;
        let last_run = table::last_run_in(view.db(), definition.name, scope).await?;
        let enabled = standing.enabled.unwrap_or(true);
        let rhythm: Option<Rhythm> = definition.expression.parse().ok();
        let next_due_at = rhythm
            .filter(|_| enabled)
            .and_then(|rhythm| rhythm.next(standing.decided_until.unwrap_or(now), zone));
        schedules.push(Schedule {
            name: definition.name.to_owned(),
            expression: definition.expression.to_owned(),
            own: definition.per == Per::Organization,
            enabled,
            next_due_at,
            waiting_since: standing.waiting_since,
            failed: standing.failed,
            last_run: last_run.and_then(|job| run(job, definition.per)),
        });
    }
    schedules.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(schedules)
}

fn run(job: JobRow, per: Per) -> Option<ScheduleRun> {
    let (started_at, finished_at) = (job.started_at?, job.finished_at?);
    let state = if job.state == "failed" {
        RunState::Failed
    } else {
        RunState::Done
    };
    let shown = per == Per::Organization;
    Some(ScheduleRun {
        due_at: job.due_at,
        started_at,
        finished_at,
        duration_ms: finished_at.millis_since(started_at).max(0),
        state,
        attempts: job.attempts,
        outcome: job.outcome.filter(|_| shown),
        // What an attempt before the last one met is no error of the run.
        error: job
            .last_error
            .filter(|_| shown && state == RunState::Failed),
    })
}
