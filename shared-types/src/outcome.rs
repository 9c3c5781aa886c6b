//! What became of an item: the same words for a device's batch and a person's span.

use serde::{Deserialize, Serialize};

/// What became of one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ItemResult {
    /// The item's number.
    pub seq: i64,
    /// Stored, duplicate, or rejected.
    pub outcome: Outcome,
    /// Why it was rejected, or, of a stored item, what was left out: a session whose project
    /// is unknown, archived or closed to its person is stored without it (`unknown_project`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<RejectReason>,
}

/// What became of an item. All three are final: the item leaves the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Outcome {
    /// It is on the server because of this request.
    Stored,
    /// It was on the server already; nothing changed.
    Duplicate,
    /// It will never be stored; the reason says why.
    Rejected,
}

/// Why an item was refused. The items behind it are not affected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum RejectReason {
    /// Not an item that this server understands.
    Malformed,
    /// A field has a value outside its range (duration, reason, whole seconds, order).
    OutOfRange,
    /// A text is too long or holds control characters.
    BadText,
    /// It begins more than two minutes after the server's clock.
    Future,
    /// It is older than what the organization keeps.
    TooOld,
    /// It does not lie inside one minute.
    CrossesMinute,
    /// It overlaps a span that this device has sent before.
    Overlap,
    /// Its session is unknown here, or belongs to somebody else.
    UnknownSession,
    /// It lies before its session's start or after its end.
    OutsideSession,
    /// The same number arrived before with other content; the first stays.
    Conflict,
    /// The project is unknown or archived.
    UnknownProject,
}

impl RejectReason {
    /// Every reason.
    pub const ALL: [Self; 11] = [
        Self::Malformed,
        Self::OutOfRange,
        Self::BadText,
        Self::Future,
        Self::TooOld,
        Self::CrossesMinute,
        Self::Overlap,
        Self::UnknownSession,
        Self::OutsideSession,
        Self::Conflict,
        Self::UnknownProject,
    ];

    /// The name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::OutOfRange => "out_of_range",
            Self::BadText => "bad_text",
            Self::Future => "future",
            Self::TooOld => "too_old",
            Self::CrossesMinute => "crosses_minute",
            Self::Overlap => "overlap",
            Self::UnknownSession => "unknown_session",
            Self::OutsideSession => "outside_session",
            Self::Conflict => "conflict",
            Self::UnknownProject => "unknown_project",
        }
    }

    /// The reason with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == name)
    }
}
