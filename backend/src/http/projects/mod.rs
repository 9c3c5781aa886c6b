//! Projects, who is in them, and what is booked on them.

pub(super) mod change;
pub(super) mod create;
pub(super) mod get;
pub(super) mod list;
pub(super) mod members;
pub(super) mod put_member;
pub(super) mod remove_member;
pub(super) mod totals;
