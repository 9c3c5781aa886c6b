//! Ingest on SQLite: one thread, one connection, prepared statements.
//!
//! The thread holds the process's write gate from before `BEGIN IMMEDIATE` until the commit.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use shared_types::Timestamp;
use tokio::sync::{mpsc, oneshot};

use super::{Committed, rulesets::Rulesets, sqlite_load::load, sqlite_write::write};
use crate::{
    ingest::{Batch, planner},
    store::{StoreError, WriteGate},
};

/// Pages in the write-ahead log before it is folded into the file: fewer, larger
/// checkpoints write a page that changed often only once.
const CHECKPOINT_PAGES: i64 = 16_000;

struct Work {
    batches: Vec<Batch>,
    now: Timestamp,
    reply: oneshot::Sender<(Vec<Batch>, Result<Committed, StoreError>)>,
}

/// A handle to the writer's thread; the thread ends when the handle is closed or dropped.
#[derive(Debug)]
pub struct Writer {
    work: mpsc::Sender<Work>,
    thread: std::thread::JoinHandle<()>,
}

impl Writer {
    /// Opens the file and starts the thread.
    pub(super) async fn spawn(path: &Path, gate: WriteGate) -> Result<Self, StoreError> {
        let (work, queue) = mpsc::channel(1);
        let (ready, opened) = oneshot::channel();
        let path = path.to_owned();
        let thread = std::thread::Builder::new()
            .name("sqlite-ingest".into())
            .spawn(move || match open(&path) {
                Ok(connection) => {
                    // The opener has gone only if the server is stopping.
                    let _ = ready.send(Ok(()));
                    run(connection, queue, &gate);
                }
                Err(error) => {
                    let _ = ready.send(Err(error));
                }
            })
            .map_err(|error| StoreError::Unusable {
                path: "the ingest thread".into(),
                problem: error.to_string(),
                advice: "Raise the limit of threads for this user.",
            })?;
        opened
            .await
            .unwrap_or(Err(StoreError::Database(sqlx::Error::WorkerCrashed)))?;
        Ok(Self { work, thread })
    }

    /// Ends the thread and waits until its connection is closed: whoever closes the file
    /// last folds the write-ahead log into it.
    pub(super) async fn close(self) {
        drop(self.work);
        let thread = self.thread;
        let joined = tokio::task::spawn_blocking(move || thread.join()).await;
        if !matches!(joined, Ok(Ok(()))) {
            tracing::error!(
                "the ingest thread ended badly; what it had not answered will be sent again"
            );
        }
    }

    pub(super) async fn commit(
        &mut self,
        batches: Vec<Batch>,
        now: Timestamp,
    ) -> (Vec<Batch>, Result<Committed, StoreError>) {
        let crashed = || StoreError::Database(sqlx::Error::WorkerCrashed);
        let (reply, answer) = oneshot::channel();
        let work = Work {
            batches,
            now,
            reply,
        };
        if let Err(mpsc::error::SendError(work)) = self.work.send(work).await {
            return (work.batches, Err(crashed()));
        }
        // The thread always answers; it lives as long as its queue.
        answer
            .await
            .unwrap_or_else(|_| (Vec::new(), Err(crashed())))
    }
}

fn open(path: &PathBuf) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "temp_store", "memory")?;
    // What is removed or changed is overwritten: retention and erasure mean the file, too.
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "cache_size", -64_000)?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

fn run(mut connection: Connection, mut queue: mpsc::Receiver<Work>, gate: &WriteGate) {
    let mut rulesets = Rulesets::default();
    while let Some(work) = queue.blocking_recv() {
        let outcome = {
            let _gate = gate.blocking_lock();
            apply(&mut connection, &mut rulesets, &work.batches, work.now)
        };
        let _ = work.reply.send((work.batches, outcome));
    }
}

fn apply(
    connection: &mut Connection,
    rulesets: &mut Rulesets,
    batches: &[Batch],
    now: Timestamp,
) -> Result<Committed, StoreError> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let loaded = load(&tx, rulesets, batches, now)?;
    let plan = planner::plan(now, batches, loaded)?;
    write(&tx, &plan, now)?;
    crate::failpoint::reach("ingest_before_commit");
    tx.commit()?;
    crate::failpoint::reach("ingest_after_commit");
    Ok(Committed::of(plan))
}
