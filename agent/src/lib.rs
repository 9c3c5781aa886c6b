//! The WorkPulse agent: what a person's desktop shows, sampled, kept, and sent.
//!
//! Runs in the user's own session (nothing else can see windows and idle time): in-process in
//! the tray app, or headless as `workpulse-agent`. The modules stand in the order in which a
//! minute passes through them.
//!
//! ```text
//! capture → privacy → sampler → outbox → sync
//! ```
//!
//! [`runtime`] wires them; [`Agent::start`] is where to begin.

pub mod clock;
pub mod config;

pub mod capture;
mod hours;
pub mod presence;
pub mod sampler;

mod checkpoint;
pub mod outbox;
pub mod sync;

pub mod credentials;
pub mod enrol;
pub mod session;

pub mod control;
mod day;
mod engine;
mod failpoint;
mod files;
pub mod lock;
pub mod logging;
pub mod notice;
pub mod person;
pub mod runtime;
pub mod status;
pub mod stopped;
pub mod update;

pub use clock::{Clock, SystemClock};
pub use config::Settings;
pub use engine::{AwayReason, Backlog, Collected, Removals, Returned};
pub use runtime::{Agent, AgentHandle, StartError};
pub use session::{Command, CommandError};
pub use status::{SessionInfo, State, StatusReport};
