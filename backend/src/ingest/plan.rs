//! What planning takes and gives: what is stored, and what is to be written.
//!
//! An engine loads a [`Loaded`], has the planner make a [`Plan`] of it, writes that and
//! commits, in one transaction. Must not know how any of them does its part.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use jiff::tz::TimeZone;
use shared_types::{
    DeviceId, EpochId, OrganizationId, ProjectId, SessionId, Timestamp, UserId,
    activity::{Activity, ActivityType},
    live::DayTotals,
    sync::{Counters, RejectReason, SyncItemBody, SyncResponse},
};

use crate::domain::{
    category::Ruleset, day::DayBounds, handled::Handled, rollup::Rollup, session::Session,
};

/// What planning needs to know of an organization.
#[derive(Debug, Clone)]
pub struct Rules {
    /// The zone that its days are cut in.
    pub zone: TimeZone,
    /// The zone's IANA name, kept with each day.
    pub zone_name: String,
    /// For how many days activity is kept.
    pub retention_days: i64,
    /// The capture policy in force.
    pub policy_version: i64,
    /// What applications stand for.
    pub categories: Arc<Ruleset>,
}

/// A stream as it is stored.
#[derive(Debug, Clone)]
pub struct Stream {
    /// Its short id.
    pub id: i64,
    /// Which numbers have been handled.
    pub handled: Handled,
    /// Announced as in contact.
    pub online: bool,
}

/// What is stored, as far as the group touches it.
#[derive(Debug, Default)]
pub struct Loaded {
    /// By id.
    pub organizations: HashMap<OrganizationId, Rules>,
    /// By device and epoch. A batch's is missing where the pair is somebody else's stream.
    pub streams: HashMap<(OrganizationId, DeviceId, EpochId), Stream>,
    /// End of the latest span of each device, over all its epochs.
    pub device_ends: HashMap<(OrganizationId, DeviceId), Timestamp>,
    /// Every session that is named and exists in the batch's organization.
    pub sessions: HashMap<(OrganizationId, SessionId), Session>,
    /// Projects that are named, in use and open to the person who names them.
    pub projects: HashSet<(OrganizationId, ProjectId, UserId)>,
    /// Spans stored under numbers that are sent again.
    pub resent: HashMap<(i64, i64), Activity>,
    /// Refusals of numbers that are sent again.
    pub refused: HashMap<(i64, i64), RejectReason>,
    /// Stored spans around those that do not simply follow, by device and start.
    pub neighbours: HashMap<(OrganizationId, DeviceId), BTreeMap<Timestamp, Occupied>>,
}

/// A stretch of a device's time that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occupied {
    /// Behind its last instant.
    pub end: Timestamp,
    /// Its session.
    pub session_id: SessionId,
    /// Its kind.
    pub activity_type: ActivityType,
}

/// A span to insert.
#[derive(Debug)]
pub struct NewSpan<'b> {
    /// The stream.
    pub stream_id: i64,
    /// Its number.
    pub seq: i64,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The person.
    pub user_id: UserId,
    /// The span.
    pub activity: &'b Activity,
}

/// A stream's new state.
#[derive(Debug)]
pub struct StreamChange<'b> {
    /// The stream.
    pub id: i64,
    /// Which numbers have been handled.
    pub handled: Handled,
    /// End of its latest new span, if there is one.
    pub last_span_end: Option<Timestamp>,
    /// The device's own account, when it sent one.
    pub counters: Option<&'b Counters>,
    /// Whether this shows that a desktop is in contact.
    pub is_contact: bool,
}

/// Seconds to add to a person's day.
#[derive(Debug)]
pub struct DayChange {
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The person.
    pub user_id: UserId,
    /// The day, and where it lies.
    pub day: DayBounds,
    /// The zone's IANA name.
    pub zone_name: String,
    /// The zone.
    pub zone: TimeZone,
    /// What applications stand for.
    pub categories: Arc<Ruleset>,
    /// The device whose spans these are; absent when several devices sent in this group.
    pub device_id: Option<DeviceId>,
    /// What to add if the day has no other device.
    pub totals: DayTotals,
    /// The same, by hour and by what was used; and by session, which is added in any case.
    pub rollup: Rollup,
}

/// An event to append.
#[derive(Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Its kind.
    pub kind: &'static str,
    /// The people concerned.
    pub users: Vec<UserId>,
    /// Sessions that began with it.
    pub started: Vec<SessionId>,
    /// Sessions that ended with it.
    pub stopped: Vec<SessionId>,
}

/// What is to be written, and what each batch is answered after the commit.
#[derive(Debug, Default)]
pub struct Plan<'b> {
    /// Sessions that did not exist.
    pub new_sessions: Vec<Session>,
    /// Sessions that changed, each with the version that it must still have.
    pub changed_sessions: Vec<(Session, i64)>,
    /// Spans.
    pub spans: Vec<NewSpan<'b>>,
    /// Streams.
    pub streams: Vec<StreamChange<'b>>,
    /// Refusals to remember: stream, number, reason.
    pub refusals: Vec<(i64, i64, RejectReason)>,
    /// Days.
    pub days: Vec<DayChange>,
    /// Events, at most one of a kind for each organization.
    pub events: Vec<NewEvent>,
    /// One answer for each batch, in the group's order.
    pub answers: Vec<SyncResponse>,
}

/// A stored state that the group cannot be planned on.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Inconsistent(pub &'static str);

/// The session that an item speaks of.
pub(crate) fn session_of(body: &SyncItemBody) -> Option<SessionId> {
    match body {
        SyncItemBody::SessionStarted(item) => Some(item.session_id),
        SyncItemBody::Activity(item) => Some(item.session_id),
        SyncItemBody::SessionStopped(item) => Some(item.session_id),
        SyncItemBody::Counters(_) => None,
    }
}
