//! Who looked at this person, in words.

use serde::Serialize;
use shared_types::audit::{Look, LookAt, LookPage};

/// One look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// When.
    pub at: i64,
    /// Who, with what they might do then.
    pub by: String,
    /// At what.
    pub what: &'static str,
    /// The day, or how many people at once.
    pub about: String,
}

/// One page of looks, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Looks {
    /// The looks.
    pub items: Vec<Seen>,
    /// Pass as `cursor` to read on.
    pub next_cursor: Option<String>,
}

/// A page as it is shown.
#[must_use]
pub fn looks(page: LookPage) -> Looks {
    Looks {
        items: page.items.into_iter().map(seen).collect(),
        next_cursor: page.next_cursor,
    }
}

fn seen(look: Look) -> Seen {
    let by = match (look.viewer_name, look.viewer_role) {
        (Some(name), Some(role)) => format!("{name} ({role})"),
        (Some(name), None) => name,
        (None, Some(role)) => format!("A former {role}"),
        (None, None) => "IT, on the server".to_owned(),
    };
    let about = match (look.date, look.people) {
        (Some(date), _) => date,
        (None, 1) => "you alone".to_owned(),
        (None, people) => format!("{people} people at once"),
    };
    Seen {
        at: look.at.as_millis(),
        by,
        what: what(look.looked_at),
        about,
    }
}

const fn what(at: LookAt) -> &'static str {
    match at {
        LookAt::Presence => "Who is working now",
        LookAt::Live => "Who is working now, kept open",
        LookAt::Events => "What happened lately",
        LookAt::Sessions => "List of sessions",
        LookAt::Session => "One session",
        LookAt::Timeline => "A day, minute by minute",
        LookAt::ProjectTotals => "Totals of a project",
        LookAt::Export => "Everything, as files",
        LookAt::Report => "A report",
        LookAt::Attendance => "Attendance",
        LookAt::Completeness => "How much is accounted for",
        LookAt::ExportedFile => "An exported file",
        LookAt::Summaries => "Daily summaries",
        LookAt::Alerts => "Alerts",
        LookAt::Notes => "Notes",
    }
}

#[cfg(test)]
mod tests {
    use shared_types::Timestamp;

    use super::*;

    #[test]
    fn a_look_says_who_at_what_and_how_wide() {
        let look = Look {
            at: Timestamp::from_millis(7),
            looked_at: LookAt::Timeline,
            viewer_id: None,
            viewer_name: Some("Mona".to_owned()),
            viewer_role: Some("manager".to_owned()),
            people: 1,
            date: Some("2026-11-24".to_owned()),
        };
        let shown = seen(look.clone());
        assert_eq!(
            (shown.by.as_str(), shown.about.as_str()),
            ("Mona (manager)", "2026-11-24")
        );
        let erased = Look {
            viewer_name: None,
            viewer_role: None,
            date: None,
            people: 12,
            ..look
        };
        let shown = seen(erased);
        assert_eq!(
            (shown.by.as_str(), shown.about.as_str()),
            ("IT, on the server", "12 people at once")
        );
    }
}
