//! The WorkPulse server: applies what agents send, exactly once, and shows it live.
//!
//! Modules stand in the order in which a minute passes through them. `store`, `domain`
//! and `ingest` must not know `http`.

pub mod clock;
pub mod config;
pub mod failpoint;

pub mod domain;

pub mod ingest;

pub mod store;

pub mod live;

pub mod jobs;

pub mod auth;
pub mod categories;
pub mod groups;
pub mod policies;

pub mod mail;
pub mod reports;
pub mod rights;
pub mod webhooks;

pub mod dashboard;

pub mod http;

pub mod telemetry;

pub mod app;

pub mod cli;
