//! How observations travel: a device's batch, and the answer that names every item.
//!
//! The key of an item is `(device, epoch, seq)`. Sending any part of any earlier batch
//! again, in any order, changes nothing; an item leaves the outbox only when an answer
//! names it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use crate::outcome::{ItemResult, Outcome, RejectReason};
use crate::{
    DeviceId, EpochId, ProjectId, SessionId, Timestamp, activity::Activity, session::SessionTotals,
};

/// Most items in one batch.
pub const BATCH_MAX_ITEMS: usize = 1_000;
/// Largest body as it travels, in bytes.
pub const BATCH_MAX_COMPRESSED_BYTES: usize = 1024 * 1024;
/// Largest body after decompression, in bytes.
pub const BATCH_MAX_INFLATED_BYTES: usize = 8 * 1024 * 1024;

/// A device's batch: items in the order in which they were made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SyncRequest {
    /// The sending device; must be the one whose credential is used.
    pub device_id: DeviceId,
    /// The outbox that `seq` counts in.
    pub epoch: EpochId,
    /// The device's wall clock when the request was made.
    pub clock: Timestamp,
    /// At most 1,000 items.
    pub items: Vec<SyncItem>,
}

/// One item of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SyncItem {
    /// Counts from 1 without gaps within the epoch.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub seq: i64,
    /// What happened.
    pub item: SyncItemBody,
}

/// What an item says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SyncItemBody {
    /// A work session began.
    SessionStarted(SessionStarted),
    /// A span was observed.
    Activity(Activity),
    /// A work session ended.
    SessionStopped(SessionStopped),
    /// What the device has produced so far, for the conservation check.
    Counters(Counters),
}

/// A work session began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionStarted {
    /// Made by whoever starts the session, so that starting twice is starting once.
    pub session_id: SessionId,
    /// What is worked on, if anything in particular.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project_id: Option<ProjectId>,
    /// When it began; whole seconds.
    pub started_at: Timestamp,
}

/// A work session ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionStopped {
    /// The session.
    pub session_id: SessionId,
    /// When it ended; whole seconds, not before the end of its last span.
    pub stopped_at: Timestamp,
}

/// The device's own account since its epoch began:
/// `produced = stored + pending + Σ dropped`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Counters {
    /// Items ever made.
    pub produced: i64,
    /// Items that the server has acknowledged as stored or duplicate.
    pub stored: i64,
    /// Items not yet acknowledged.
    pub pending: i64,
    /// Items that will never be stored, by reason.
    #[serde(default)]
    pub dropped: BTreeMap<String, i64>,
}

/// The answer to a batch, sent after the commit that applied it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SyncResponse {
    /// The epoch that is answered; an answer for another epoch names nothing.
    pub epoch: EpochId,
    /// One result for each item of the request, in its order.
    pub results: Vec<ItemResult>,
    /// Highest `seq` up to which every item has been handled.
    pub watermark: i64,
    /// The server's clock.
    pub server_time: Timestamp,
    /// The capture policy in force; a higher number than the device's means: fetch it.
    pub policy_version: i64,
    /// Every session that the batch touched, as it is now.
    pub sessions: Vec<SessionTotals>,
    /// The server asks for acknowledged items from this `seq` on again (it was restored
    /// from a backup); devices keep them for 24 hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resend_from: Option<i64>,
    /// The epoch has been used by another copy of this profile: start a new one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub new_epoch: bool,
}
