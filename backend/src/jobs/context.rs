//! What a job is given, and what it answers.

use std::sync::Arc;

use jiff::tz::TimeZone;
use parking_lot::Mutex;
use shared_types::{OrganizationId, Timestamp};
use tokio_util::sync::CancellationToken;

use crate::{
    clock::SharedClock,
    failpoint,
    live::LiveHub,
    store::{
        Store, StoreError, TenantTx,
        jobs::{self, Lease},
    },
};

/// The occurrence that a job works for.
#[derive(Debug, Clone)]
pub struct Due {
    /// When it was due; a job that is late works for this instant.
    pub at: Timestamp,
    /// For which organization, where the schedule is each organization's own.
    pub organization: Option<OrganizationId>,
    /// The organization's zone; UTC for the server's own work.
    pub zone: TimeZone,
}

/// How a job ended well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The worker marks it as done, with this text for people (counts, never personal data).
    Done(String),
    /// It has been marked as done in the transaction of its effect.
    Committed,
}

/// Why an attempt ended without an outcome.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The worker stops; the attempt does not count.
    #[error("the worker stopped")]
    Interrupted,
    /// The job is another worker's by now: nothing more may be written.
    #[error("another worker has taken the job over")]
    LeaseLost,
    /// Anything else; the text is kept for people, and holds no personal data.
    #[error("{0}")]
    Failed(String),
}

/// What a job answers.
pub type JobResult = Result<Outcome, JobError>;

/// What a job can reach. Cheap to clone.
#[derive(Clone)]
pub struct Context {
    /// The database.
    pub store: Store,
    /// Whom to tell of new events after a commit.
    pub live: LiveHub,
    /// Time and ids.
    pub clock: SharedClock,
    pub(super) lease: Lease,
    /// The worker stops, or the lease has gone.
    pub(super) stop: CancellationToken,
    pub(super) progress: Arc<Mutex<Option<String>>>,
}

impl std::fmt::Debug for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context")
            .field("lease", &self.lease)
            .finish_non_exhaustive()
    }
}

impl Context {
    /// Call it between batches: says how far the job is, lets others work, and ends the job
    /// where the worker stops.
    pub async fn step(&self, progress: impl Into<String>) -> Result<(), JobError> {
        *self.progress.lock() = Some(progress.into());
        tokio::task::yield_now().await;
        failpoint::reach("job.half_done");
        if self.stop.is_cancelled() {
            return Err(JobError::Interrupted);
        }
        Ok(())
    }

    /// As [`Self::step`], for work that is not this module's and asks whether to go on: says how
    /// far it is, and whether it should stop. Whoever stopped ends with
    /// [`JobError::Interrupted`]; see [`Self::unless_stopped`].
    pub fn stops(&self, progress: impl Into<String>) -> bool {
        *self.progress.lock() = Some(progress.into());
        failpoint::reach("job.half_done");
        self.stop.is_cancelled()
    }

    /// # Errors
    /// [`JobError::Interrupted`] when the worker stops.
    pub fn unless_stopped(&self) -> Result<(), JobError> {
        if self.stop.is_cancelled() {
            return Err(JobError::Interrupted);
        }
        Ok(())
    }

    /// Begins the transaction of the job's effect on one organization: the job is marked as
    /// done in it, so that both happen or neither. End it with [`Context::commit`]. While it
    /// is open nobody can take the job over.
    ///
    /// # Errors
    /// [`JobError::LeaseLost`] when somebody has already.
    pub async fn effect(
        &self,
        organization: OrganizationId,
        outcome: &str,
    ) -> Result<TenantTx, JobError> {
        let mut tx = self.store.system().begin().await?;
        if !jobs::finish(tx.db(), self.lease, self.clock.now(), outcome).await? {
            return Err(JobError::LeaseLost);
        }
        Ok(tx.narrow(organization).await?)
    }

    /// Commits the job's effect, and that it is done.
    pub async fn commit(&self, tx: TenantTx) -> JobResult {
        failpoint::reach("job.before_commit");
        tx.commit().await?;
        failpoint::reach("job.after_commit");
        Ok(Outcome::Committed)
    }
}
