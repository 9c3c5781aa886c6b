//! One engine's part of the pipeline test.

pub(crate) mod side;
pub(crate) mod watch;
