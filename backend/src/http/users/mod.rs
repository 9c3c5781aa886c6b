//! People's accounts.

pub(super) mod create;
pub(super) mod list;
