//! Enrolled devices.

pub(super) mod enrol;
pub(super) mod list;
pub(super) mod revoke;
