//! How many items wait, in a small file beside the outbox: of a file that is damaged so badly
//! that it cannot even say what it held, it is still known how much is lost.
//!
//! Replaced after each change without waiting for the disk. It may be a change old, and is
//! asked only where the outbox itself cannot answer.

use std::path::{Path, PathBuf};

use super::Outbox;
use crate::files;

fn place(outbox: &Path) -> PathBuf {
    outbox.with_extension("waiting")
}

/// How many items waited when it was written last.
pub(super) fn read(outbox: &Path) -> Option<i64> {
    let content = files::read(&place(outbox)).ok()??;
    std::str::from_utf8(&content).ok()?.trim().parse().ok()
}

/// Takes it away, with an outbox that is put aside.
pub(crate) fn remove(outbox: &Path) -> std::io::Result<()> {
    files::remove(&place(outbox))
}

impl Outbox {
    /// Writes how many items wait now.
    pub(super) fn bear_witness(&self) {
        // A disk that does not take it does not take items either, and that is said.
        if let Ok(account) = self.counters() {
            let content = format!("{}\n", account.pending);
            let _ = files::replace(&place(&self.path), content.as_bytes(), false);
        }
    }
}
