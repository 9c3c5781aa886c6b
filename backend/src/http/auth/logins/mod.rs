//! One's own log-ins.

pub(in crate::http) mod end;
pub(in crate::http) mod end_all;
pub(in crate::http) mod list;
