//! A database with a year of many people's activities in it, and what the server does there.
//!
//! In reading order: what a person's day consists of ([`day`]), writing days into either
//! engine ([`sink`]), filling a whole database ([`fill`]), and asking a server that stands on
//! it ([`measure`]). The rows are those that the ingest path would have written, rollups and
//! all: `workpulse-server doctor` says so afterwards.

pub mod day;
pub mod fill;
pub mod measure;
pub mod sink;
