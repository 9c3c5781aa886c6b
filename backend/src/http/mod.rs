//! HTTP: the one route table, and what every request passes through.
//!
//! Owns requests and answers. Decisions are in `domain`, what is kept is in `store`. A handler
//! is a file: its request, its answers, its tests.

pub mod body;
pub mod caller;
pub mod client;
pub mod cookies;
pub mod cursor;
pub mod error;
pub mod forms;
pub mod json;
pub mod origin;
pub mod state;
pub mod tls;

mod answers;
mod document;
mod headers;
mod inflate;
mod limits;
mod looks;

mod alerts;
mod audit;
mod auth;
mod categories;
mod category_rules;
mod devices;
mod docs;
mod enrolment_tokens;
mod exports;
mod health;
mod invitations;
mod jobs;
mod me;
mod notes;
mod organization;
mod pages;
mod policy;
mod projects;
mod report_schedules;
mod reports;
mod rights;
mod setup;
mod sight;
mod summaries;
mod teams;
mod users;
mod webhooks;

mod events;
mod presence;
mod sessions;
mod sync;
mod ws;
mod ws_session;

pub mod pipeline;
pub mod routes;
pub mod server;
