//! Ingest: batches in, exactly one row for each item, an answer after the commit.
//!
//! Owns the queue, the group commit and the plan of what a group changes. Must not know
//! HTTP. Many batches share one transaction; each is answered after it. A committer takes
//! what has arrived, in turns of organizations, and never waits for more. Batches are sharded by person, so that a
//! session is never in two of this process's transactions at once.

pub mod batch;
pub mod plan;
pub mod planner;

mod committer;
mod queue;

pub use batch::{Batch, DecodeError, Envelope, Item, SEQ_MAX, Source, decode};
pub use committer::{IngestError, IngestHandle, IngestOptions};
