//! The rules that put applications and sites into categories: one list, in its order.

pub(super) mod get;
pub(super) mod preview;
pub(super) mod progress;
pub(super) mod put;
