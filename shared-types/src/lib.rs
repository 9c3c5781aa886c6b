//! Payloads that the agent, the server and the front ends agree on.
//!
//! Owns: identifiers, instants, and the shape of every message that crosses a
//! process border. Plain data: it must not know databases, HTTP, clocks or files
//! (the `sql` and `openapi` features only add trait implementations).
//!
//! Reading order follows the path of a minute: what is observed ([`activity`]),
//! how it travels ([`sync`]), where it ends ([`session`]), how a manager sees it
//! ([`live`]); then who may ([`auth`], [`account`], [`device`], [`policy`]), who is with whom
//! on what ([`team`], [`project`]), what applications stand for ([`category`]) and what is said when something is wrong ([`problem`]).

pub mod ids;
pub mod time;

pub mod activity;
pub mod outcome;
pub mod sync;

pub mod report;
pub mod report_schedule;
pub mod session;
pub mod summary;
pub mod timeline;

pub mod live;

pub mod alert;

pub mod account;
pub mod audit;
pub mod auth;
pub mod category;
pub mod device;
pub mod export;
pub mod glob;
pub mod hours;
pub mod job;
pub mod note;
pub mod policy;
pub mod privacy;
pub mod project;
mod strictest;
pub mod team;
pub mod webhook;
pub mod window_rule;

pub mod problem;

pub use ids::{
    AlertId, CategoryId, DeliveryId, DeviceId, EnrolmentTokenId, EpochId, ExportId, InvitationId,
    NoteId, OrganizationId, ProjectId, ReportScheduleId, SessionId, TeamId, UserId, WebhookId,
};
pub use time::Timestamp;
