//! Tokens by which devices are enrolled.

pub(super) mod create;
pub(super) mod revoke;
