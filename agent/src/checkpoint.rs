//! What is not in the outbox yet, on the disk after each look: a kill loses at most the time
//! since the last one.
//!
//! Replaced as a whole, without waiting for the disk: it has to survive the process, not a
//! power cut (which loses the minutes that were not closed, and no more). A file that cannot
//! be read counts as none.

use std::{io, path::PathBuf};

use crate::{files, sampler::Unfinished};

/// The checkpoint of one data directory.
#[derive(Debug)]
pub(crate) struct Checkpoint {
    path: PathBuf,
    written: Option<Vec<u8>>,
}

impl Checkpoint {
    pub(crate) const fn new(path: PathBuf) -> Self {
        Self {
            path,
            written: None,
        }
    }

    pub(crate) fn read(&self) -> Option<Unfinished> {
        let content = files::read(&self.path).ok()??;
        serde_json::from_slice(&content)
            .inspect_err(|error| tracing::warn!(error = %error, "the checkpoint cannot be read, the minute in progress is lost"))
            .ok()
    }

    /// Writes what changed.
    pub(crate) fn write(&mut self, unfinished: Option<&Unfinished>) -> io::Result<()> {
        let content = unfinished.map(|it| serde_json::to_vec(it).expect("plain data"));
        if content == self.written && content.is_some() {
            return Ok(());
        }
        match &content {
            Some(content) => files::replace(&self.path, content, false)?,
            None if self.written.is_some() => files::remove(&self.path)?,
            None => {}
        }
        self.written = content;
        Ok(())
    }
}
