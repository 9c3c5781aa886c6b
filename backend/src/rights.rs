//! The rights of a person over what is kept about them: a copy of it, its removal for its age,
//! its erasure.
//!
//! Owns the order in which these go, step by step, in short transactions. What is personal, for
//! how long it is kept and what an erasure does with it stands in `domain::personal_data`; the
//! texts are in `store`. Must not know HTTP: routes and the command line call the same functions.

pub mod erase;
pub mod export;
pub mod retention;

mod archive;

/// Rows that one transaction removes or blanks: a writer waits for less than this takes.
pub const STEP_ROWS: i64 = 2_000;
