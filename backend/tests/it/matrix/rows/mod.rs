//! The rows, by area. See the header of [`super`] for how to write one.

mod accounts;
mod activity;
mod devices;
mod operations;

use super::row::Row;

/// Every row.
pub(crate) fn all() -> Vec<Row> {
    [
        operations::rows(),
        accounts::rows(),
        devices::rows(),
        activity::rows(),
    ]
    .concat()
}
