//! Live: what has been committed, told to whoever is connected.
//!
//! Owns rooms, replay and the states that events carry. Must not know HTTP or sockets. The
//! event log is the only source: a wake-up says "look", nothing more, so that a lost one
//! costs a moment and no event.

mod across;
mod audience;
mod feed;
mod hub;
mod states;
mod sweep;

pub use audience::Viewer;
pub use feed::{Feed, FeedItem};
pub use hub::LiveHub;
pub use states::{Clockwork, snapshot};
pub use sweep::{EVENTS_KEPT_SECONDS, SWEEP, sweep_silent};
