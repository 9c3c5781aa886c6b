//! Group commit: one transaction for whatever has arrived, in turns of organizations.
//!
//! A group that fails is tried again when the failure may pass, then halved until the bad
//! batch stands alone: it gets the error, the others their commit.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use parking_lot::Mutex;
use shared_types::{OrganizationId, sync::SyncResponse};
use tokio::{sync::oneshot, task::JoinHandle};

use super::{
    batch::Batch,
    queue::{Queue, Refused},
};
use crate::{
    clock::SharedClock,
    store::{Store, StoreError, ingest::GroupWriter},
};

/// Rows that a group takes at most: bounds its memory and the time of one commit.
const GROUP_MAX_ITEMS: usize = 16_000;
/// How often a group is tried when a session keeps changing under it or the database hiccups.
const ATTEMPTS: u32 = 4;

/// Sizes of the ingest queue.
#[derive(Debug, Clone, Copy)]
pub struct IngestOptions {
    /// Committers on PostgreSQL (SQLite has one writer).
    pub committers: usize,
    /// Batches that may wait for each committer, one organization's at most half of them; more
    /// are answered 503.
    pub queue: usize,
}

impl Default for IngestOptions {
    fn default() -> Self {
        Self {
            committers: 2,
            queue: 4_096,
        }
    }
}

/// Why a batch was not applied. Nothing of it was written, or, after a lost connection,
/// the outcome is unknown: the same batch is to be sent again in either case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IngestError {
    /// The queue is full.
    #[error("the server is busy")]
    Busy,
    /// This organization, or device, has as much waiting as it may.
    #[error("too much of the same organization or device is waiting")]
    Share,
    /// The database is away, or a session kept changing.
    #[error("the database is not available")]
    Unavailable,
    /// The server is stopping.
    #[error("the server is stopping")]
    Stopping,
    /// A fault of ours; the log has the detail.
    #[error("the batch could not be applied")]
    Failed,
}

impl IngestError {
    /// In one word, for a figure.
    const fn why(self) -> &'static str {
        match self {
            Self::Busy => "full",
            Self::Share => "share",
            Self::Unavailable => "away",
            Self::Stopping => "stopping",
            Self::Failed => "failed",
        }
    }
}

#[derive(Debug)]
struct Job {
    batch: Batch,
    reply: oneshot::Sender<Result<SyncResponse, IngestError>>,
}

/// Told after each commit which organizations have new events.
type AfterCommit = Box<dyn Fn(&BTreeSet<OrganizationId>) + Send + Sync>;

/// Where batches go in. Shared by all requests.
#[derive(Debug)]
pub struct IngestHandle {
    shards: Vec<Arc<Queue<Job>>>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

impl IngestHandle {
    /// Starts the committers.
    pub async fn start(
        store: &Store,
        clock: SharedClock,
        options: IngestOptions,
        after_commit: impl Fn(&BTreeSet<OrganizationId>) + Send + Sync + Clone + 'static,
    ) -> Result<Self, StoreError> {
        let count = match store {
            Store::Sqlite(_) => 1,
            Store::Postgres(_) => options.committers.clamp(1, 16),
        };
        let (mut shards, mut tasks) = (Vec::new(), Vec::new());
        for _ in 0..count {
            let queue = Arc::new(Queue::new(options.queue));
            let committer = Committer {
                writer: GroupWriter::open(store).await?,
                clock: clock.clone(),
                after_commit: Box::new(after_commit.clone()),
            };
            shards.push(Arc::clone(&queue));
            tasks.push(tokio::spawn(committer.run(queue)));
        }
        Ok(Self {
            shards,
            tasks: Mutex::new(tasks),
        })
    }

    /// Applies a batch; returns after its commit.
    pub async fn submit(&self, batch: Batch) -> Result<SyncResponse, IngestError> {
        let (reply, answer) = oneshot::channel();
        let queue = &self.shards[shard_of(&batch, self.shards.len())];
        let (organization, device) = (batch.organization_id, batch.device_id);
        queue
            .put(organization, device, Job { batch, reply })
            .map_err(|refused| match refused {
                Refused::Full => IngestError::Busy,
                Refused::Share => IngestError::Share,
                Refused::Closed => IngestError::Stopping,
            })
            .inspect_err(|error| {
                metrics::counter!("workpulse_ingest_refused_batches_total", "why" => error.why())
                    .increment(1);
            })?;
        answer.await.unwrap_or(Err(IngestError::Failed))
    }

    /// Batches that wait for a commit now.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.shards.iter().map(|queue| queue.waiting()).sum()
    }

    /// Takes nothing more, applies what has been taken, and returns.
    pub async fn shutdown(&self) {
        for queue in &self.shards {
            queue.close();
        }
        let tasks = std::mem::take(&mut *self.tasks.lock());
        for task in tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a committer ended badly; its batches were not acknowledged and will be sent again");
            }
        }
    }
}

fn shard_of(batch: &Batch, shards: usize) -> usize {
    // The tail of a UUIDv7 is random.
    let tail = batch.user_id.uuid().as_u128() & u128::from(u32::MAX);
    usize::try_from(tail).unwrap_or(0) % shards
}

/// A queue for as long as its committer is there: if that ended badly, those who wait are told
/// instead of waiting for ever.
struct Attended(Arc<Queue<Job>>);

impl Drop for Attended {
    fn drop(&mut self) {
        self.0.abandon();
    }
}

struct Committer {
    writer: GroupWriter,
    clock: SharedClock,
    after_commit: AfterCommit,
}

impl Committer {
    async fn run(mut self, queue: Arc<Queue<Job>>) {
        let queue = Attended(queue);
        loop {
            let mut items = 0;
            let group = queue.0.group(|job| {
                items += job.batch.items.len() + 1;
                items >= GROUP_MAX_ITEMS
            });
            let Some(jobs) = group.await else { break };
            #[expect(clippy::cast_precision_loss, reason = "a histogram's value")]
            {
                metrics::histogram!("workpulse_ingest_group_batches").record(jobs.len() as f64);
                metrics::histogram!("workpulse_ingest_group_items").record(items as f64);
            }
            self.settle(jobs).await;
        }
        self.writer.close().await;
    }

    /// Applies jobs, halving on failure. Iterative, so that depth needs no recursion.
    async fn settle(&mut self, jobs: Vec<Job>) {
        let mut waiting = vec![jobs];
        while let Some(group) = waiting.pop() {
            let (batches, replies): (Vec<_>, Vec<_>) =
                group.into_iter().map(|job| (job.batch, job.reply)).unzip();
            let (batches, outcome) = self.try_group(batches).await;
            match outcome {
                Ok(answers) => {
                    for (reply, answer) in replies.into_iter().zip(answers) {
                        // A client that has gone will ask again.
                        let _ = reply.send(Ok(answer));
                    }
                }
                Err(error) => {
                    let halve = batches.len() > 1 && !is_away(&error);
                    let mut jobs: Vec<Job> = batches
                        .into_iter()
                        .zip(replies)
                        .map(|(batch, reply)| Job { batch, reply })
                        .collect();
                    if halve {
                        let second = jobs.split_off(jobs.len() / 2);
                        waiting.push(second);
                        waiting.push(jobs);
                        continue;
                    }
                    let answer = if error.is_transient() {
                        tracing::warn!(%error, batches = jobs.len(), "batches were not applied; their devices will send them again");
                        IngestError::Unavailable
                    } else {
                        tracing::error!(%error, device_id = %jobs[0].batch.device_id, "a batch cannot be applied; its device keeps it and will send it again");
                        IngestError::Failed
                    };
                    metrics::counter!("workpulse_ingest_failed_batches_total")
                        .increment(u64::try_from(jobs.len()).unwrap_or(u64::MAX));
                    for job in jobs {
                        let _ = job.reply.send(Err(answer));
                    }
                }
            }
        }
    }

    async fn try_group(
        &mut self,
        mut batches: Vec<Batch>,
    ) -> (Vec<Batch>, Result<Vec<SyncResponse>, StoreError>) {
        let mut attempt = 1;
        loop {
            let begun = tokio::time::Instant::now();
            let (returned, outcome) = self.writer.commit(batches, self.clock.now()).await;
            metrics::histogram!("workpulse_ingest_commit_seconds")
                .record(begun.elapsed().as_secs_f64());
            batches = returned;
            match outcome {
                Ok(committed) => {
                    crate::failpoint::reach("before_publish");
                    if !committed.organizations.is_empty() {
                        (self.after_commit)(&committed.organizations);
                    }
                    metrics::counter!("workpulse_ingest_stored_items_total")
                        .increment(committed.stored);
                    return (batches, Ok(committed.answers));
                }
                Err(error) if error.is_transient() && !is_away(&error) && attempt < ATTEMPTS => {
                    // Full jitter, so that two instances do not meet again.
                    let spread = u64::from(attempt) * 40;
                    let noise = self.clock.new_uuid().as_u128() % u128::from(spread);
                    let pause = Duration::from_millis(u64::try_from(noise).unwrap_or(0));
                    tokio::time::sleep(pause).await;
                    attempt += 1;
                }
                Err(error) => return (batches, Err(error)),
            }
        }
    }
}

/// Whether the database itself is away: neither trying again at once nor halving helps, and
/// agents wait better than a queue does.
fn is_away(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::Database(
            sqlx::Error::Io(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::Tls(_)
        )
    )
}
