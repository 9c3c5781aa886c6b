//! Notes: what a person says of a stretch of their own time.
//!
//! A note stands beside what was observed, never in its place: no sum changes by it. Managers
//! answer it, and the answer is read by the person.

use serde::{Deserialize, Serialize};

use crate::{NoteId, Timestamp, UserId};

/// The shortest stretch that a note is about, in seconds: minutes are what is kept.
pub const SHORTEST_SECONDS: i64 = 60;
/// The longest, in seconds: a day has at most 25 hours, and a note is about one.
pub const LONGEST_SECONDS: i64 = 24 * 3_600;

/// What the time was, says the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum NoteKind {
    /// Work away from the computer.
    Work,
    /// A meeting or a call.
    Meeting,
    /// A break.
    Break,
    /// Something else, said in the text.
    Other,
}

impl NoteKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Work, Self::Meeting, Self::Break, Self::Other];

    /// As the database calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Work => "work",
            Self::Meeting => "meeting",
            Self::Break => "break",
            Self::Other => "other",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Whether somebody has answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum NoteState {
    /// Nobody has: the person may change it or take it back.
    Open,
    /// A manager agrees.
    Accepted,
    /// A manager does not.
    Declined,
}

/// What a person says of a stretch of their own time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Note {
    /// The note.
    pub id: NoteId,
    /// Whose time it is, and whose words.
    pub user_id: UserId,
    /// Their name.
    pub user_name: String,
    /// First instant.
    pub from: Timestamp,
    /// Behind the last instant.
    pub to: Timestamp,
    /// What the time was.
    pub kind: NoteKind,
    /// In their words.
    pub text: Option<String>,
    /// Whether somebody has answered.
    pub state: NoteState,
    /// Counts what the person changed, from 1. An answer names the one that was read.
    pub version: i64,
    /// When it was written.
    pub created_at: Timestamp,
    /// When the person changed it last.
    pub changed_at: Timestamp,
    /// When it was answered last; absent: it is open.
    pub answered_at: Option<Timestamp>,
    /// By whom.
    pub answered_by: Option<UserId>,
    /// What they are called; absent also where they were erased since.
    pub answered_by_name: Option<String>,
    /// What they wrote.
    pub answer: Option<String>,
}

/// One page of notes, the latest time first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotePage {
    /// At most 200.
    pub items: Vec<Note>,
    /// Pass as `cursor` to read on; absent on the last page.
    pub next_cursor: Option<String>,
}

/// Writes a note about one's own time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateNote {
    /// First instant; not before what the organization keeps.
    pub from: Timestamp,
    /// Behind the last instant: 1 minute to 24 hours later, and past.
    pub to: Timestamp,
    /// What the time was.
    pub kind: NoteKind,
    /// In one's own words, at most 500 characters; needed for `other`.
    #[serde(default)]
    pub text: Option<String>,
}

/// Puts another note in the place of one that nobody has answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeNote {
    /// The version that was read.
    pub version: i64,
    /// First instant; not before what the organization keeps.
    pub from: Timestamp,
    /// Behind the last instant: 1 minute to 24 hours later, and past.
    pub to: Timestamp,
    /// What the time was.
    pub kind: NoteKind,
    /// In one's own words, at most 500 characters; needed for `other`.
    #[serde(default)]
    pub text: Option<String>,
}

/// Answers a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AnswerNote {
    /// The version that was read: nobody agrees to what was changed meanwhile.
    pub version: i64,
    /// Whether one agrees.
    pub accepted: bool,
    /// Why; at most 500 characters. The person reads it.
    #[serde(default)]
    pub answer: Option<String>,
}
