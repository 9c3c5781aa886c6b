//! HTTP: the one route table, and what every request passes through.
//!
//! Owns requests and answers. Decisions are in `domain`, what is kept is in `store`. A handler
//! is a file: its request, its answers, its tests.

pub mod body;
pub mod caller;
pub mod client;
pub mod cookies;
pub mod error;
pub mod json;
pub mod origin;
pub mod state;

mod headers;
mod health;

pub mod pipeline;
pub mod routes;
