//! Group commit: one transaction for whatever has arrived.
//!
//! A group that fails is tried again when the failure may pass, then halved until the bad
//! batch stands alone: it gets the error, the others their commit.

use std::{collections::BTreeSet, time::Duration};

use parking_lot::Mutex;
use shared_types::{OrganizationId, sync::SyncResponse};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};

use super::batch::Batch;
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
    /// Batches that may wait for each committer; more are answered 503.
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

struct Job {
    batch: Batch,
    reply: oneshot::Sender<Result<SyncResponse, IngestError>>,
}

/// Told after each commit which organizations have new events.
type AfterCommit = Box<dyn Fn(&BTreeSet<OrganizationId>) + Send + Sync>;

/// Where batches go in. Shared by all requests.
#[derive(Debug)]
pub struct IngestHandle {
    shards: Mutex<Vec<mpsc::Sender<Job>>>,
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
            let (sender, receiver) = mpsc::channel(options.queue.max(1));
            let committer = Committer {
                writer: GroupWriter::open(store).await?,
                clock: clock.clone(),
                after_commit: Box::new(after_commit.clone()),
            };
            shards.push(sender);
            tasks.push(tokio::spawn(committer.run(receiver)));
        }
        Ok(Self {
            shards: Mutex::new(shards),
            tasks: Mutex::new(tasks),
        })
    }

    /// Applies a batch; returns after its commit.
    pub async fn submit(&self, batch: Batch) -> Result<SyncResponse, IngestError> {
        let (reply, answer) = oneshot::channel();
        let sender = {
            let shards = self.shards.lock();
            if shards.is_empty() {
                return Err(IngestError::Stopping);
            }
            shards[shard_of(&batch, shards.len())].clone()
        };
        sender
            .try_send(Job { batch, reply })
            .map_err(|error| match error {
                mpsc::error::TrySendError::Full(_) => IngestError::Busy,
                mpsc::error::TrySendError::Closed(_) => IngestError::Stopping,
            })?;
        drop(sender);
        answer.await.unwrap_or(Err(IngestError::Failed))
    }

    /// Batches that wait for a commit now.
    #[must_use]
    pub fn waiting(&self) -> usize {
        let shards = self.shards.lock();
        shards
            .iter()
            .map(|shard| shard.max_capacity() - shard.capacity())
            .sum()
    }

    /// Takes nothing more, applies what has been taken, and returns.
    pub async fn shutdown(&self) {
        self.shards.lock().clear();
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

struct Committer {
    writer: GroupWriter,
    clock: SharedClock,
    after_commit: AfterCommit,
}

impl Committer {
    async fn run(mut self, mut queue: mpsc::Receiver<Job>) {
        while let Some(first) = queue.recv().await {
            let mut items = first.batch.items.len();
            let mut jobs = vec![first];
            while items < GROUP_MAX_ITEMS {
                let Ok(job) = queue.try_recv() else { break };
                items += job.batch.items.len() + 1;
                jobs.push(job);
            }
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
