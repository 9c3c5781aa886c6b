//! Two organizations on one server see nothing of each other: on both engines by any route, and
//! on PostgreSQL behind a second wall, even by a query without a condition.

mod bare;
mod catalog;
pub(crate) mod login;
mod seeds;
pub(crate) mod sweep;
mod wire;
mod without_conditions;
