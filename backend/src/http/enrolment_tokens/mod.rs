//! Tokens by which devices are enrolled.

pub(super) mod create;
pub(super) mod list;
pub(super) mod revoke;
