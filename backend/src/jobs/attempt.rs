//! One attempt at a job: under its lease, its time limit and the worker's stop; and what is
//! noted of its end.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures_util::FutureExt as _;
use parking_lot::Mutex;
use shared_types::Timestamp;
use tokio_util::sync::CancellationToken;

use super::{
    Claim, Context, Definition, Due, JobError, JobResult, Outcome, Worker,
    reckoning::WorkClock,
    worker::{Inner, millis},
};
use crate::{
    clock::{Clock as _, SharedClock},
    domain::schedule::back_off_seconds,
    failpoint,
    store::{
        StoreError,
        jobs::{self, Lease, Next},
    },
};

/// How long a job has to end by itself when the worker stops.
const GRACE: Duration = Duration::from_secs(8);

impl Worker {
    /// Works on a job that was claimed, renewing its lease, until it has ended one way or another.
    pub async fn execute(&self, claim: Claim, stop: &CancellationToken) {
        let inner = &*self.0;
        let Claim {
            definition,
            due,
            lease,
            attempt,
        } = claim;
        let began = tokio::time::Instant::now();
        let due_at = due.at;
        let _at_work = AtWork::on(inner, lease);
        let clock: SharedClock = Arc::<WorkClock>::clone(&inner.clock);
        let context = Context {
            store: inner.store.clone(),
            live: inner.live.clone(),
            clock,
            lease,
            stop: stop.child_token(),
            progress: Arc::new(Mutex::new(None)),
        };
        tracing::debug!(schedule = definition.name, %due_at, attempt, "a job begins");
        let ended = self.attend(&definition, context, due, lease, stop).await;
        let label = match &ended {
            Ok(_) => "done",
            Err(JobError::Interrupted) => "interrupted",
            Err(JobError::LeaseLost) => "lease_lost",
            Err(_) => "failed",
        };
        metrics::counter!("workpulse_job_runs_total", "schedule" => definition.name, "result" => label)
            .increment(1);
        metrics::histogram!("workpulse_job_duration_seconds", "schedule" => definition.name)
            .record(began.elapsed().as_secs_f64());
        if let Err(error) = self
            .settle(&definition, lease, attempt, due_at, ended)
            .await
        {
            tracing::warn!(schedule = definition.name, %due_at, cause = %error, "could not note how a job ended; it is taken up again when its lease has ended");
        }
    }

    /// Runs the job under its lease, its time limit and the worker's stop.
    async fn attend(
        &self,
        definition: &Definition,
        context: Context,
        due: Due,
        lease: Lease,
        stop: &CancellationToken,
    ) -> JobResult {
        let (lost, progress) = (context.stop.clone(), Arc::clone(&context.progress));
        let work = AssertUnwindSafe((definition.run)(context, due)).catch_unwind();
        // A task of its own: a job that computes for long must not hold up its renewals.
        let mut work = AbortOnDrop(tokio::spawn(work));
        let mut renewals = tokio::time::interval(self.0.options.lease / 3);
        renewals.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        renewals.tick().await;
        let limit = tokio::time::sleep(definition.limit);
        let grace = async {
            stop.cancelled().await;
            tokio::time::sleep(GRACE).await;
        };
        tokio::pin!(limit, grace);
        loop {
            tokio::select! {
                joined = &mut work.0 => return match joined {
                    Ok(Ok(result)) => result,
                    // What it said went to the log by the panic hook; it may hold anything.
                    Ok(Err(_)) => Err(JobError::Failed("the job panicked; the log has the place".to_owned())),
                    Err(_) => Err(JobError::Failed("the job was ended".to_owned())),
                },
                _ = renewals.tick() => {
                    let note = progress.lock().take();
                    match self.renew(lease, note.as_deref()).await {
                        Ok(true) => {}
                        Ok(false) => {
                            lost.cancel();
                            return Err(JobError::LeaseLost);
                        }
                        // The lease may end meanwhile; then the end of this attempt is refused.
                        Err(error) => tracing::warn!(schedule = definition.name, cause = %error, "could not renew a job's lease"),
                    }
                }
                () = &mut limit => {
                    return Err(JobError::Failed(format!("it took longer than {} s", definition.limit.as_secs())));
                }
                () = &mut grace => return Err(JobError::Interrupted),
            }
        }
    }

    async fn renew(&self, lease: Lease, progress: Option<&str>) -> Result<bool, StoreError> {
        let inner = &*self.0;
        let mut tx = inner.store.system().begin().await?;
        inner.clock.compare(tx.db()).await?;
        let until = inner.clock.now().plus_millis(millis(inner.options.lease));
        let kept = jobs::renew(&mut tx, lease, until, progress).await?;
        tx.commit().await?;
        Ok(kept)
    }

    /// Notes how an attempt ended.
    async fn settle(
        &self,
        definition: &Definition,
        lease: Lease,
        attempt: i64,
        due_at: Timestamp,
        ended: JobResult,
    ) -> Result<(), StoreError> {
        let inner = &*self.0;
        let schedule = definition.name;
        let now = inner.clock.now();
        let kept = match ended {
            Ok(Outcome::Committed) => true,
            Ok(Outcome::Done(outcome)) => {
                failpoint::reach("job.before_done");
                let mut tx = inner.store.system().begin().await?;
                let kept = jobs::finish(tx.db(), lease, now, &outcome).await?;
                tx.commit().await?;
                tracing::info!(schedule, %due_at, "a job is done: {outcome}");
                kept
            }
            Err(JobError::LeaseLost) => false,
            Err(JobError::Interrupted) => {
                let mut tx = inner.store.system().begin().await?;
                let kept = jobs::release(&mut tx, lease).await?;
                tx.commit().await?;
                tracing::info!(schedule, %due_at, "a job was given back: the worker stops");
                kept
            }
            Err(error) => {
                let again = attempt < definition.attempts;
                let next = if again {
                    Next::Again(now.plus_seconds(back_off_seconds(attempt)))
                } else {
                    Next::GivenUp
                };
                let mut tx = inner.store.system().begin().await?;
                let kept = jobs::fail(&mut tx, lease, now, &error.to_string(), next).await?;
                tx.commit().await?;
                if again {
                    tracing::warn!(schedule, %due_at, attempt, cause = %error, "a job failed; it is tried again in {} s", back_off_seconds(attempt));
                } else {
                    tracing::error!(schedule, %due_at, attempt, cause = %error, "a job was given up; `workpulse-server jobs history --failed` shows it");
                }
                kept
            }
        };
        if !kept {
            tracing::warn!(schedule, %due_at, "a job was another worker's before it ended here; what this one had left to write was refused");
        }
        Ok(())
    }
}

/// Notes what a worker is at for as long as it is.
struct AtWork<'w>(&'w Inner, Lease);

impl<'w> AtWork<'w> {
    fn on(inner: &'w Inner, lease: Lease) -> Self {
        inner.at_work.lock().insert(lease.job);
        Self(inner, lease)
    }
}

impl Drop for AtWork<'_> {
    fn drop(&mut self) {
        self.0.at_work.lock().remove(&self.1.job);
    }
}

/// A task that ends with whoever waits for it.
struct AbortOnDrop<T>(tokio::task::JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
