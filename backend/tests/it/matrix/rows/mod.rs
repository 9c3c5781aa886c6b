//! The rows, by area. See the header of [`super`] for how to write one.

mod accounts;
mod activity;
mod devices;
mod groups;
mod joining;
mod operations;
mod rights;

use super::{mounted, row::Row};

/// Every row.
pub(crate) fn all() -> Vec<Row> {
    let documented = mounted::documented();
    // Rows of routes that are being written: they count as soon as their routes are there.
    let awaited = [joining::rows(), rights::rows()]
        .concat()
        .into_iter()
        .filter(|row| documented.contains(row.route));
    [
        operations::rows(),
        accounts::rows(),
        devices::rows(),
        groups::rows(),
        activity::rows(),
    ]
    .concat()
    .into_iter()
    .chain(awaited)
    .collect()
}
