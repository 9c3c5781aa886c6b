//! What is observed: one span inside one minute.

use serde::{Deserialize, Serialize};

use crate::{CategoryId, SessionId, Timestamp};

/// Longest application name in characters; the agent cuts, the server refuses.
pub const APPLICATION_MAX_CHARS: usize = 256;
/// Longest window title in characters.
pub const TITLE_MAX_CHARS: usize = 1_024;
/// Longest URL in characters.
pub const URL_MAX_CHARS: usize = 2_048;

/// What the person's desktop was doing during a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ActivityType {
    /// Keyboard or mouse were used recently enough.
    Active,
    /// No input; it says nothing about whether the person was working.
    Idle,
    /// Nobody looked: see [`UnobservedReason`]. In no score and no alert.
    Unobserved,
}

impl ActivityType {
    /// Every kind, in the order of their database codes.
    pub const ALL: [Self; 3] = [Self::Active, Self::Idle, Self::Unobserved];

    /// The name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Idle => "idle",
            Self::Unobserved => "unobserved",
        }
    }

    /// The kind with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// Why a span was not observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum UnobservedReason {
    /// The screen was locked.
    Locked,
    /// The machine was suspended.
    Asleep,
    /// The person paused the agent.
    Paused,
    /// The desktop gave no window or idle information.
    NoCapture,
    /// The clocks disagreed, so the time cannot be placed.
    ClockSuspect,
    /// The agent was not running (killed, crashed, updated) while the session went on.
    NotRunning,
}

impl UnobservedReason {
    /// Every reason.
    pub const ALL: [Self; 6] = [
        Self::Locked,
        Self::Asleep,
        Self::Paused,
        Self::NoCapture,
        Self::ClockSuspect,
        Self::NotRunning,
    ];

    /// The name on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Locked => "locked",
            Self::Asleep => "asleep",
            Self::Paused => "paused",
            Self::NoCapture => "no_capture",
            Self::ClockSuspect => "clock_suspect",
            Self::NotRunning => "not_running",
        }
    }

    /// The reason with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == name)
    }
}

/// One span of one session: it lies inside one UTC minute, and spans of one device never
/// overlap. The spans of a session account for all of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Activity {
    /// The session that the span belongs to.
    pub session_id: SessionId,
    /// Active, idle, or not observed.
    pub activity_type: ActivityType,
    /// Why nothing was observed; present exactly when `activity_type` is `unobserved`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<UnobservedReason>,
    /// When the span began; whole seconds.
    pub started_at: Timestamp,
    /// How long it lasted, in whole seconds, 1 to 60.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 60))]
    pub duration_seconds: u32,
    /// The application that had the focus, where policy allows. At most 256 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<String>,
    /// The window's title, where policy allows. At most 1,024 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The page's address, where policy allows. At most 2,048 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The category, where the policy keeps nothing else of the window; absent otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category_id: Option<CategoryId>,
}

impl Activity {
    /// When the span ended (exclusive).
    #[must_use]
    pub const fn ended_at(&self) -> Timestamp {
        self.started_at.plus_seconds(self.duration_seconds as i64)
    }
}

/// Removes control characters and cuts to `max` characters, never inside one.
///
/// Bidirectional overrides go too: they can make a title read as something else than it is.
#[must_use]
pub fn clean_text(text: &str, max: usize) -> String {
    text.chars()
        .filter(|c| !is_unprintable(*c))
        .take(max)
        .collect()
}

/// Whether a text may be stored as it is: see [`clean_text`].
#[must_use]
pub fn is_clean_text(text: &str, max: usize) -> bool {
    // Bytes bound characters from above, so short texts need no counting.
    (text.len() <= max || text.chars().count() <= max) && !text.chars().any(is_unprintable)
}

fn is_unprintable(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn cleaned_text_is_clean_and_stays_as_it_is(text in any::<String>(), max in 0_usize..64) {
            let once = clean_text(&text, max);
            prop_assert!(is_clean_text(&once, max));
            prop_assert_eq!(clean_text(&once, max), once);
        }
    }

    #[test]
    fn hostile_titles_lose_their_controls_and_keep_their_words() {
        assert_eq!(clean_text("a\0b\u{1b}[31mc\u{202e}d\r\n", 99), "ab[31mcd");
        assert_eq!(clean_text("😀😀😀", 2), "😀😀");
    }
}
