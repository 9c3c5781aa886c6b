//! The outbox when the disk does not take it: a bounded buffer in memory in front of it.

use std::sync::Arc;

use shared_types::{Timestamp, activity::Activity, sync::SyncItemBody};

use super::{Outbox, OutboxError};
use crate::clock::Clock;

/// Most items that wait in memory while the disk does not take them: a week of minutes.
pub const BUFFER_MAX_ITEMS: usize = 10_000;
/// Least time between two tries while the disk does not take them.
const RETRY_MILLIS: i64 = 10_000;
/// The fact by which a failed insert is recognized if it was written all the same.
const INSERT_FACT: &str = "insert";

/// An outbox, and what it could not take yet.
#[derive(Debug)]
pub struct Keeper {
    outbox: Outbox,
    clock: Arc<dyn Clock>,
    waiting: Vec<SyncItemBody>,
    facts: Vec<(&'static str, String)>,
    dropped: i64,
    attempt: Option<Attempt>,
    retry_at_millis: i64,
    trouble: Option<String>,
    #[cfg(test)]
    fail_after_commit: bool,
}

/// An insert whose outcome is not known.
#[derive(Debug)]
struct Attempt {
    fact: String,
    /// So many of the oldest waiting items were in it.
    items: usize,
}

impl std::fmt::Debug for dyn Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}

impl Keeper {
    /// Keeps items in this outbox.
    #[must_use]
    pub fn new(outbox: Outbox, clock: Arc<dyn Clock>) -> Self {
        Self {
            outbox,
            clock,
            waiting: Vec::new(),
            facts: Vec::new(),
            dropped: 0,
            attempt: None,
            retry_at_millis: 0,
            trouble: None,
            #[cfg(test)]
            fail_after_commit: false,
        }
    }

    /// The outbox itself.
    pub const fn outbox(&mut self) -> &mut Outbox {
        &mut self.outbox
    }

    /// What is wrong with the disk, in words for the person, while it is.
    #[must_use]
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// Items that wait in memory.
    #[must_use]
    pub const fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Items that found neither disk nor memory and are not counted on the disk yet.
    #[must_use]
    pub const fn dropped(&self) -> i64 {
        self.dropped
    }

    /// Keeps items and facts: on the disk when this returns, or else in memory, in order,
    /// until the disk takes them again. Returns whether they are on the disk.
    pub fn keep(&mut self, items: Vec<SyncItemBody>, facts: Vec<(&'static str, String)>) -> bool {
        let healthy = self.waiting.is_empty() && self.facts.is_empty() && self.dropped == 0;
        for item in items {
            if self.waiting.len() < BUFFER_MAX_ITEMS {
                self.waiting.push(item);
            } else {
                self.dropped += 1;
            }
        }
        for (key, value) in facts {
            self.facts.retain(|(known, _)| *known != key);
            self.facts.push((key, value));
        }
        if healthy {
            self.retry_at_millis = 0;
        }
        self.flush()
    }

    /// Changes the spans that wait in memory. One that is on the disk after all, behind an
    /// insert whose outcome is not known yet, stays there as it was.
    pub fn revise(&mut self, mut change: impl FnMut(&mut Activity)) {
        for item in &mut self.waiting {
            if let SyncItemBody::Activity(span) = item {
                change(span);
            }
        }
    }

    /// Tries again what waits in memory, not more often than every ten seconds.
    pub fn flush(&mut self) -> bool {
        if self.waiting.is_empty() && self.facts.is_empty() && self.dropped == 0 {
            return true;
        }
        let now = self.clock.mono_millis();
        if now < self.retry_at_millis {
            return false;
        }
        match self.write(self.clock.wall()) {
            Ok(()) => {
                if self.trouble.take().is_some() {
                    tracing::info!("the outbox takes items again");
                }
                true
            }
            Err(error) => {
                tracing::error!(error = %error, waiting_items = self.waiting.len(), "the outbox does not take items, they wait in memory");
                self.trouble = Some(error.to_string());
                self.retry_at_millis = now + RETRY_MILLIS;
                false
            }
        }
    }

    fn write(&mut self, now: Timestamp) -> Result<(), OutboxError> {
        if let Some(attempt) = &self.attempt {
            // An error does not mean "not written": look before writing again. Facts are
            // set again in any case, which changes nothing.
            if self.outbox.fact(INSERT_FACT)?.as_ref() == Some(&attempt.fact) {
                self.waiting.drain(..attempt.items);
            }
        }
        self.attempt = None;
        if !self.waiting.is_empty() || !self.facts.is_empty() {
            let attempt = self.clock.new_uuid().to_string();
            let mut facts: Vec<(&str, &str)> = self
                .facts
                .iter()
                .map(|(key, value)| (*key, value.as_str()))
                .collect();
            facts.push((INSERT_FACT, &attempt));
            let inserted = self.outbox.insert(&self.waiting, &facts, now);
            #[cfg(test)]
            let inserted = self.maybe_fail(inserted);
            match inserted {
                Ok(_) => {
                    self.waiting.clear();
                    self.facts.clear();
                }
                Err(OutboxError::Damaged(error)) => {
                    tracing::error!(error = %error, "the outbox became damaged, it is opened again");
                    let path = self.outbox.path().to_owned();
                    self.outbox = Outbox::open(&path, &*self.clock)?.0;
                    return Err(OutboxError::Damaged(error));
                }
                Err(error) => {
                    self.attempt = Some(Attempt {
                        fact: attempt,
                        items: self.waiting.len(),
                    });
                    return Err(error);
                }
            }
        }
        if self.dropped > 0 {
            self.outbox.drop_unkept("memory_full", self.dropped)?;
            self.dropped = 0;
        }
        Ok(())
    }

    /// The next insert is written and reported as failed, as a failing fsync can do.
    #[cfg(test)]
    pub(super) const fn fail_after_commit(&mut self) {
        self.fail_after_commit = true;
    }

    #[cfg(test)]
    fn maybe_fail(&mut self, inserted: Result<i64, OutboxError>) -> Result<i64, OutboxError> {
        if std::mem::take(&mut self.fail_after_commit) {
            return Err(OutboxError::Unwritable(rusqlite::Error::InvalidQuery));
        }
        inserted
    }
}
