//! What people do to teams, projects and the project of a session, on the API and on the
//! command line alike: one transaction each, with its audit row.
//!
//! Who may is `domain::visibility`'s to say. Must not know HTTP. A change that may alter
//! whom somebody sees says so in the event log, in the same transaction.

pub mod bookings;
pub mod members;
pub mod projects;
pub mod teams;

use crate::{domain::visibility::Refusal, store::StoreError};

/// Why something was not done. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum GroupError {
    /// Another team or project has the name.
    #[error("there is a {kind} with the name {name:?} already")]
    NameTaken {
        /// `team` or `project`.
        kind: &'static str,
        /// The name.
        name: String,
    },
    /// It is not there, or the one who asks may not know of it.
    #[error("there is no such thing")]
    Missing,
    /// They may not.
    #[error("{0}")]
    Forbidden(&'static str),
    /// The project takes no new sessions.
    #[error(
        "the project {name:?} has been archived: choose another, or have it taken back into use"
    )]
    Archived {
        /// Its name.
        name: String,
    },
    /// The project is unknown, or not open to the session's person.
    #[error("this is no project that the session's person may book time on")]
    NotBookable,
    /// The first day lies behind the last, or the range is too long.
    #[error("the range must begin before it ends, and span at most {0} days")]
    Range(i64),
    /// The database said no.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Refusal> for GroupError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Hidden => Self::Missing,
            Refusal::Forbidden(words) => Self::Forbidden(words),
        }
    }
}

/// A name as it is kept: without space around it.
fn tidy(name: &str) -> String {
    name.trim().to_owned()
}

/// What a failed write of a name means.
fn taken(kind: &'static str, name: &str) -> impl FnOnce(StoreError) -> GroupError {
    move |error| {
        if error.is_unique_violation() {
            GroupError::NameTaken {
                kind,
                name: name.to_owned(),
            }
        } else {
            error.into()
        }
    }
}

/// What a failed write of a member means.
fn absent(error: StoreError) -> GroupError {
    if error.is_foreign_key_violation() {
        GroupError::Missing
    } else {
        error.into()
    }
}
