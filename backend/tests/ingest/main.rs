//! Ingest on both engines: exactly once, whatever is sent how often in what order.

mod apply;
#[path = "../it/databases.rs"]
mod databases;
#[path = "../it/raw.rs"]
mod raw;

mod fixture;
mod floods;
mod live;
mod races;
mod repeats;
