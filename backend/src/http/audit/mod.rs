//! Who did, and who looked at, what.

pub(super) mod list;
pub(super) mod looks;
