//! Ingest on both engines: exactly once, whatever is sent how often in what order.

mod apply;
mod fixture;
mod live;
mod races;
mod repeats;
