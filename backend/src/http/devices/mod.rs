//! Enrolled devices.

pub(super) mod approve;
pub(super) mod enrol;
pub(super) mod enrol_own;
pub(super) mod get;
pub(super) mod list;
pub(super) mod revoke;
