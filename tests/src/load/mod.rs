//! The load generator: simulated agents over real HTTP, and the limits to compare with.
//!
//! In reading order: a device's stream of minutes ([`stream`]), enrolling a fleet of them
//! ([`fleet`]), sending at a fixed rate or as fast as it goes ([`drive`]), whether the server
//! counted what was sent ([`verify`]), what the database could do without a server ([`raw`]),
//! what HTTP could do without a database ([`empty`]), and the whole run ([`run`]). Beside it: a
//! year of activities in the database ([`size`]), and many sockets ([`fan_out`]).

pub mod stream;

pub mod fleet;

pub mod drive;

pub mod verify;

pub mod empty;
pub mod raw;

pub mod report;
pub mod run;

pub mod fan_out;
pub mod size;
