//! Teams and who is in them.

pub(super) mod change;
pub(super) mod create;
pub(super) mod get;
pub(super) mod list;
pub(super) mod members;
pub(super) mod put_member;
pub(super) mod remove;
pub(super) mod remove_member;
