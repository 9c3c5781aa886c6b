//! People's accounts.

pub(super) mod create;
pub(super) mod get;
pub(super) mod list;
pub(super) mod reset_link;
pub(super) mod sign_out;
pub(super) mod timeline;
pub(super) mod update;
