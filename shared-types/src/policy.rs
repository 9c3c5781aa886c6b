//! What an organization lets its agents collect. Applied by the agent before its disk.

use serde::{Deserialize, Serialize};

/// The capture policy in force. Titles and addresses are off unless turned on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four independent switches of a policy, each by its name on the wire"
)]
pub struct CapturePolicy {
    /// Rises with each change.
    pub version: i64,
    /// Collect application names.
    pub applications: bool,
    /// Collect window titles.
    pub titles: bool,
    /// Collect page addresses.
    pub urls: bool,
    /// Applications whose name, title and address are never collected (compared without
    /// regard to case); their time is.
    pub excluded_applications: Vec<String>,
    /// No input for this long is idle, counted from the last input. 10 to 3,600 seconds.
    #[cfg_attr(feature = "openapi", schema(minimum = 10, maximum = 3600))]
    pub idle_after_seconds: u32,
    /// A session that nobody observed for this long ends where observation ended; a new
    /// one begins with the next input. 60 to 86,400 seconds.
    #[cfg_attr(feature = "openapi", schema(minimum = 60, maximum = 86400))]
    pub session_gap_seconds: u32,
    /// Sessions begin by themselves when the agent runs and there is input.
    pub auto_start: bool,
}

impl CapturePolicy {
    /// Applications without titles or addresses; idle after two minutes.
    ///
    /// Two minutes: long enough for reading a page, and a minute is held back at most this
    /// long before it is known whether its end was idle.
    #[must_use]
    pub const fn careful(version: i64) -> Self {
        Self {
            version,
            applications: true,
            titles: false,
            urls: false,
            excluded_applications: Vec::new(),
            idle_after_seconds: 120,
            session_gap_seconds: 1_800,
            auto_start: true,
        }
    }

    /// The first rule that the values break, in words, if any.
    #[must_use]
    pub fn problem(&self) -> Option<(&'static str, &'static str)> {
        if !(10..=3_600).contains(&self.idle_after_seconds) {
            return Some(("idle_after_seconds", "must be 10 to 3600"));
        }
        if !(60..=86_400).contains(&self.session_gap_seconds) {
            return Some(("session_gap_seconds", "must be 60 to 86400"));
        }
        if self.excluded_applications.len() > 500 {
            return Some(("excluded_applications", "at most 500 names"));
        }
        if self
            .excluded_applications
            .iter()
            .any(|name| name.is_empty() || name.chars().count() > 256)
        {
            return Some(("excluded_applications", "each name has 1 to 256 characters"));
        }
        None
    }
}
