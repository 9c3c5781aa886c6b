//! The harness of the end-to-end tests, and the load generator.
//!
//! Owns what stands outside the system and judges it: real servers and agents as processes,
//! databases, a desktop, a browser, a network that fails, and an oracle that knows what must
//! have been counted. Programs are driven as people drive them; databases are read directly,
//! because whoever judges must not ask the accused.

pub mod time;

pub mod api;
pub mod database;
pub mod leaks;
pub mod process;
pub mod server;

pub mod agent;
pub mod browser;
pub mod desktop;
pub mod proxy;
pub mod webdriver;

pub mod oracle;

pub mod load;
