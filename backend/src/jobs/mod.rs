//! Scheduled work: what is due, worked on once, by whichever worker is there.
//!
//! Owns the worker and the jobs, one a file. Must not know HTTP. There is no leader: every
//! worker decides what is due (`domain::schedule`), queues it under a unique key, and claims
//! with a lease that it renews. A dead worker's job is taken over when its lease has ended.
//!
//! What a job must be: able to run again. An attempt may end anywhere, and the next one
//! begins from the database. An effect that one transaction holds is finished in it
//! ([`Context::finish`]), and so happens once; everything else must be harmless to repeat.

mod attempt;
mod context;
mod reckoning;
mod worker;

mod alerts;
mod daily_summary;
mod erasure;
mod events_retention;
mod exports;
mod history;
mod idle_detector;
mod joining_retention;
pub mod lag;
mod late_summaries;
mod months;
mod overtime_checker;
mod overview;
mod partitions;
mod recategorize;
mod report_schedules;
mod retention;
mod rollups;
mod token_expiry;

pub use context::{Context, Due, JobError, JobResult, Outcome};
pub use overview::overview;
pub use reckoning::Reckoning;
pub use worker::{Claim, Options, Worker};

use std::{fmt, future::Future, pin::Pin, sync::Arc, time::Duration};

use shared_types::Timestamp;

use crate::{
    clock::Clock,
    domain::schedule::CatchUp,
    store::{
        Store, StoreError,
        jobs::{self, NewJob},
        organizations,
    },
};

/// What a schedule's occurrences are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// The whole server; expressions are in UTC.
    Server,
    /// Each organization by itself; expressions are in its zone.
    Organization,
}

type Running = Pin<Box<dyn Future<Output = JobResult> + Send>>;
type Run = Arc<dyn Fn(Context, Due) -> Running + Send + Sync>;

/// A schedule and its job.
#[derive(Clone)]
pub struct Definition {
    /// Its name: lower case with underscores.
    pub name: &'static str,
    /// Cron, or `@midnight`.
    pub expression: &'static str,
    /// What its occurrences are for.
    pub per: Per,
    /// What becomes of occurrences that were missed.
    pub catch_up: CatchUp,
    /// How often an occurrence is tried before it is given up.
    pub attempts: i64,
    /// How long an attempt may take.
    pub limit: Duration,
    run: Run,
}

impl fmt::Debug for Definition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Definition")
            .field("name", &self.name)
            .field("expression", &self.expression)
            .finish_non_exhaustive()
    }
}

impl Definition {
    /// A job for the whole server, made up for once, tried five times, ten minutes each.
    pub fn new<F, R>(name: &'static str, expression: &'static str, run: F) -> Self
    where
        F: Fn(Context, Due) -> R + Send + Sync + 'static,
        R: Future<Output = JobResult> + Send + 'static,
    {
        Self {
            name,
            expression,
            per: Per::Server,
            catch_up: CatchUp::Once,
            attempts: 5,
            limit: Duration::from_mins(10),
            run: Arc::new(move |context, due| Box::pin(run(context, due))),
        }
    }

    /// The same, for each organization in its own zone.
    #[must_use]
    pub fn per_organization(self) -> Self {
        Self {
            per: Per::Organization,
            ..self
        }
    }

    /// The same, with another limit for an attempt.
    #[must_use]
    pub fn lasting(self, limit: Duration) -> Self {
        Self { limit, ..self }
    }

    /// The same, with another rule for what was missed.
    #[must_use]
    pub fn catching_up(self, catch_up: CatchUp) -> Self {
        Self { catch_up, ..self }
    }
}

/// For work that may take long the first time, or after a change of terms.
const LONG: Duration = Duration::from_mins(50);

/// Every job of the server.
#[must_use]
pub fn all() -> Vec<Definition> {
    vec![
        Definition::new("daily_summary", "@midnight", daily_summary::run)
            .per_organization()
            .lasting(LONG),
        Definition::new("erasure", "* * * * *", erasure::run).lasting(LONG),
        Definition::new("events_retention", "7 * * * *", events_retention::run),
        Definition::new("exports", "* * * * *", exports::run).lasting(LONG),
        Definition::new("idle_detector", "* * * * *", idle_detector::run),
        Definition::new("jobs_history", "37 * * * *", history::run),
        Definition::new("joining_retention", "52 * * * *", joining_retention::run),
        Definition::new("late_summaries", "*/10 * * * *", late_summaries::run).lasting(LONG),
        Definition::new("months", "* * * * *", months::run).lasting(LONG),
        Definition::new("overtime_checker", "*/30 * * * *", overtime_checker::run),
        Definition::new("partitions", "3 0 * * *", partitions::run),
        Definition::new("recategorize", "* * * * *", recategorize::run).lasting(LONG),
        Definition::new("report_schedules", "* * * * *", report_schedules::run),
        Definition::new("retention", "12 * * * *", retention::run).lasting(LONG),
        Definition::new("rollups", "* * * * *", rollups::run).lasting(LONG),
        Definition::new("token_expiry", "22 * * * *", token_expiry::run),
    ]
}

/// Makes all schedules known to the database.
pub async fn declare(store: &Store, definitions: &[Definition]) -> Result<(), StoreError> {
    let mut tx = store.system().begin().await?;
    for definition in definitions {
        jobs::declare(
            &mut tx,
            definition.name,
            definition.expression,
            definition.catch_up,
        )
        .await?;
    }
    tx.commit().await
}

/// Queues a job beside its schedule, for whoever works: one, or one for each organization.
/// Returns their ids; `None` when there is no such job.
pub async fn ask_for(
    store: &Store,
    clock: &dyn Clock,
    name: &str,
) -> Result<Option<Vec<uuid::Uuid>>, StoreError> {
    let definitions = all();
    let Some(definition) = definitions.iter().find(|known| known.name == name) else {
        return Ok(None);
    };
    declare(store, &definitions).await?;
    let scopes = match definition.per {
        Per::Server => vec![String::new()],
        Per::Organization => {
            let mut reader = store.system().read().await?;
            let organizations = organizations::list(reader.db()).await?;
            organizations.iter().map(|one| one.id.to_string()).collect()
        }
    };
    let now: Timestamp = clock.now();
    let mut asked = Vec::new();
    let mut tx = store.system().begin().await?;
    for scope in &scopes {
        let job = NewJob {
            id: clock.new_uuid(),
            schedule: definition.name,
            scope,
            due_at: now,
            by_hand: true,
        };
        if jobs::ask(&mut tx, job).await? {
            asked.push(job.id);
        }
    }
    tx.commit().await?;
    Ok(Some(asked))
}

#[cfg(test)]
mod tests {
    use crate::domain::schedule::Rhythm;

    #[test]
    fn every_job_has_a_name_of_its_own_and_an_expression_that_can_be_read() {
        let all = super::all();
        for job in &all {
            job.expression.parse::<Rhythm>().expect(job.name);
            assert_eq!(all.iter().filter(|other| other.name == job.name).count(), 1);
        }
    }
}
