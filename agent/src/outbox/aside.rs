//! An outbox of a newer version is left as it is. What this agent records meanwhile goes into
//! a file beside it, `outbox.aside.db`: an outbox like any other, under a numbering of its own,
//! from which it is sent. The next agent that knows the newer file takes it over and removes it.
//!
//! It must not know what the facts mean: the engine joins them.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, TransactionBehavior, params};
use shared_types::{Timestamp, sync::SyncItemBody};

use super::{
    Outbox, OutboxError, Salvaged, account, answer::count_dropped, insert_item, salvage, schema,
    set_fact, witness,
};
use crate::{clock::Clock, files};

/// The fact by which a file that has been taken over is recognized.
const TAKEN_OVER: &str = "taken_over";

/// An outbox to go on with.
#[derive(Debug)]
pub struct Opened {
    /// The outbox.
    pub outbox: Outbox,
    /// What was repaired.
    pub salvaged: Option<Salvaged>,
    /// It is the one beside a file of a newer version.
    pub newer: Option<Newer>,
}

/// What can be said of a file of a newer version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newer {
    /// Why it is not used, for the person.
    pub message: String,
    /// Its facts, as far as they can be read.
    pub facts: Vec<(String, String)>,
}

/// The file beside this one.
fn beside(path: &Path) -> PathBuf {
    path.with_extension("aside.db")
}

/// The outbox file of a data directory that is in use.
#[must_use]
pub fn in_use(data_dir: &Path) -> PathBuf {
    let path = data_dir.join("outbox.db");
    let aside = beside(&path);
    if aside.exists() { aside } else { path }
}

/// The files of an outbox and of the one beside it.
pub(crate) fn files_of(data_dir: &Path) -> Vec<PathBuf> {
    let path = data_dir.join("outbox.db");
    [beside(&path), path]
        .iter()
        .flat_map(|path| {
            ["", "-wal", "-shm"].map(|tail| {
                let mut name = OsString::from(path);
                name.push(tail);
                PathBuf::from(name)
            })
        })
        .collect()
}

impl Outbox {
    /// Opens the file, or the one beside it where it is of a newer version.
    pub fn open_or_aside(path: &Path, clock: &dyn Clock) -> Result<Opened, OutboxError> {
        match Self::open(path, clock) {
            Ok((outbox, salvaged)) => Ok(Opened {
                outbox,
                salvaged,
                newer: None,
            }),
            Err(error @ OutboxError::Newer { .. }) => {
                tracing::error!(error = %error, "what is recorded goes into a file beside it");
                let (outbox, salvaged) = Self::open(&beside(path), clock)?;
                Ok(Opened {
                    outbox,
                    salvaged,
                    newer: Some(Newer {
                        message: error.to_string(),
                        facts: schema::facts_of_newer(path),
                    }),
                })
            }
            Err(error) => Err(error),
        }
    }

    /// The outbox that an older agent filled beside this one, if there is one to take over.
    pub fn aside(&self, clock: &dyn Clock) -> Result<Option<Self>, OutboxError> {
        let path = beside(&self.path);
        if path == self.path || !path.exists() {
            return Ok(None);
        }
        let (aside, _) = Self::open(&path, clock)?;
        if self.fact(TAKEN_OVER)? == Some(aside.epoch.id.to_string()) {
            // Killed before it could be removed.
            aside.remove()?;
            return Ok(None);
        }
        Ok(Some(aside))
    }

    /// Takes all rows of the file beside this one over, behind `first` and with these facts, and
    /// removes it. Returns how many rows still wait of it.
    pub fn take_over(
        &mut self,
        aside: Self,
        first: Option<&SyncItemBody>,
        facts: &[(&str, String)],
        now: Timestamp,
    ) -> Result<usize, OutboxError> {
        let rows = salvage::rows(&aside.connection);
        let counters = account::counters(&aside.connection, None)?;
        self.connection.pragma_update(None, "synchronous", "FULL")?;
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let epoch = self.epoch.no;
        let mut next: i64 = transaction.query_row(
            "SELECT next_seq FROM epochs WHERE no = ?1",
            [epoch],
            |row| row.get(0),
        )?;
        if let Some(item) = first {
            insert_item(&transaction, epoch, next, item, now)?;
            next += 1;
        }
        let waiting = rows.iter().filter(|row| row.is_pending()).count();
        for row in &rows {
            row.insert(&transaction, epoch, next)?;
            next += 1;
        }
        account_for(&transaction, epoch, &counters)?;
        transaction.execute(
            "UPDATE epochs SET next_seq = ?2, produced = produced + ?3 WHERE no = ?1",
            params![epoch, next, i64::from(first.is_some())],
        )?;
        for (key, value) in facts {
            set_fact(&transaction, key, value)?;
        }
        set_fact(&transaction, TAKEN_OVER, &aside.epoch.id.to_string())?;
        transaction.commit()?;
        self.bear_witness();
        aside.remove()?;
        tracing::info!(
            waiting_items = waiting,
            "what an older agent recorded beside the outbox was taken over"
        );
        Ok(waiting)
    }

    fn remove(self) -> Result<(), OutboxError> {
        let path = self.path.clone();
        drop(self);
        let removed = ["", "-wal", "-shm"].iter().try_for_each(|tail| {
            let mut name = OsString::from(&path);
            name.push(tail);
            files::remove(Path::new(&name))
        });
        removed
            .and_then(|()| witness::remove(&path))
            .map_err(OutboxError::PutAside)
    }
}

/// Adds the account of another outbox to that of an epoch.
fn account_for(
    connection: &Connection,
    epoch: i64,
    counters: &shared_types::sync::Counters,
) -> rusqlite::Result<()> {
    connection.execute(
        "UPDATE epochs SET produced = produced + ?2, stored = stored + ?3 WHERE no = ?1",
        params![epoch, counters.produced, counters.stored],
    )?;
    for (reason, items) in &counters.dropped {
        count_dropped(connection, epoch, reason, *items)?;
    }
    Ok(())
}
