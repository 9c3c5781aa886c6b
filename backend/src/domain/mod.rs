//! Decisions: what may be stored, what it changes, what a person's state is.
//!
//! Pure: values in, values out. Must not know the database, the network or the clock.

pub mod alert;
pub mod authority;
pub mod category;
pub mod client;
pub mod day;
pub mod handled;
pub mod mail_domain;
pub mod month;
pub mod note;
pub mod personal_data;
pub mod presence;
pub mod quiet;
pub mod remake;
pub mod report;
pub mod report_schedule;
pub mod retention;
pub mod rollup;
pub mod schedule;
pub mod session;
pub mod span;
pub mod standing;
pub mod summary;
pub mod timeline;
pub mod typed;
pub mod visibility;
pub mod webhook;
pub mod webhook_address;
