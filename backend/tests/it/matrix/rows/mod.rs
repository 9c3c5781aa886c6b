//! The rows, by area. See the header of [`super`] for how to write one.

mod accounts;
mod activity;
mod alerts;
mod categories;
mod devices;
mod groups;
mod joining;
mod notes;
mod operations;
mod reports;
mod rights;
mod webhooks;

use super::row::Row;

/// Every row.
pub(crate) fn all() -> Vec<Row> {
    [
        operations::rows(),
        accounts::rows(),
        joining::rows(),
        devices::rows(),
        groups::rows(),
        activity::rows(),
        alerts::rows(),
        notes::rows(),
        reports::rows(),
        categories::rows(),
        rights::rows(),
        webhooks::rows(),
    ]
    .concat()
}
