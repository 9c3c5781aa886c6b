//! What an organization lets its agents collect. Applied by the agent before its disk.
//!
//! Forward compatibility is deliberate. An agent reads a policy and ignores fields that it does
//! not know, so that a newer server does not silence it. A rule that must not be ignored is
//! named in [`CapturePolicy::needs`] too: an agent that does not know a name there keeps time
//! only ([`CapturePolicy::as_understood`]). What people send ([`PolicyDocument`]) is read
//! strictly: a typing error in a field's name must not leave a rule out.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    CategoryId, Timestamp, UserId,
    hours::WorkingHours,
    ids::TeamId,
    privacy::{Focus, Privacy, Removal},
    window_rule::{WINDOW_RULES_MAX, WindowAction, WindowRule},
};

/// Most names of one list in one policy.
const LIST_MAX: usize = 500;
/// Longest name, pattern or domain, in characters.
const TEXT_MAX: usize = 256;

/// The rules that this version understands, as [`CapturePolicy::needs`] names them.
pub const UNDERSTOOD: [&str; 4] = [
    "excluded_patterns",
    "url_rules",
    "window_rules",
    "working_hours",
];

/// The capture policy in force. Titles and addresses are off unless turned on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches of a policy, each by its name on the wire"
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
    /// regard to case); their time is. At most 500 names of 1 to 256 characters.
    pub excluded_applications: Vec<String>,
    /// Windows of which only the time is kept, by pattern. At most 500.
    #[serde(default)]
    pub excluded_patterns: Vec<ExcludedPattern>,
    /// What is kept of pages, by domain; where several fit, the strictest holds. At most 500.
    #[serde(default)]
    pub url_rules: Vec<UrlRule>,
    /// Windows of which the title is hidden, or of which only a category is kept; by
    /// application, title or domain. At most 500.
    #[serde(default)]
    pub window_rules: Vec<WindowRule>,
    /// Outside these hours, by the device's own clock, nothing is looked at and no time is
    /// tracked. Absent: at any time. At most 100 stretches.
    #[serde(default)]
    pub working_hours: Option<Vec<WorkingHours>>,
    /// Whether people may pause the agent.
    #[serde(default)]
    pub pause: PauseRule,
    /// No input for this long is idle, counted from the last input. 10 to 3,600 seconds.
    #[cfg_attr(feature = "openapi", schema(minimum = 10, maximum = 3600))]
    pub idle_after_seconds: u32,
    /// A session that nobody observed for this long ends where observation ended; a new
    /// one begins with the next input. 60 to 86,400 seconds.
    #[cfg_attr(feature = "openapi", schema(minimum = 60, maximum = 86400))]
    pub session_gap_seconds: u32,
    /// Sessions begin by themselves when the agent runs and there is input.
    pub auto_start: bool,
    /// A device that waits for approval already records; it sends once it is approved.
    #[serde(default = "yes")]
    pub record_while_pending: bool,
    /// A person who comes back from a stretch without input is asked once what it was. What
    /// they answer is a note beside what was observed; no sum changes by it.
    #[serde(default = "yes")]
    pub ask_on_return: bool,
    /// Rules of this policy that an agent must understand; one that does not keeps time only.
    /// Filled in by the server.
    #[serde(default)]
    pub needs: Vec<String>,
}

const fn yes() -> bool {
    true
}

/// Windows of which only the time is kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExcludedPattern {
    /// What is compared.
    pub field: PatternField,
    /// The whole text must fit, without regard to case: `*` stands for any characters, `?`
    /// for one, everything else for itself. 1 to 256 characters.
    pub pattern: String,
}

/// What a pattern is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum PatternField {
    /// The application's name.
    Application,
    /// The window's title, whether or not titles are collected.
    Title,
}

/// What is kept of the pages of a domain.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UrlRule {
    /// The domain and everything below it: `example.org` is also `www.example.org`.
    pub domain: String,
    /// What happens.
    pub action: UrlAction,
}

/// What is kept of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum UrlAction {
    /// The application and the site; not the title, the path or the query.
    HideTitle,
    /// Nothing but the time.
    Drop,
}

/// Whether people may pause the agent. What is paused is not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PauseRule {
    /// Whether they may.
    pub allowed: bool,
    /// For how long at a time, 60 to 86,400 seconds; absent: as long as they want.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 60, maximum = 86400))]
    pub longest_seconds: Option<u32>,
}

impl Default for PauseRule {
    fn default() -> Self {
        Self {
            allowed: true,
            longest_seconds: None,
        }
    }
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
            excluded_patterns: Vec::new(),
            url_rules: Vec::new(),
            window_rules: Vec::new(),
            working_hours: None,
            pause: PauseRule {
                allowed: true,
                longest_seconds: None,
            },
            idle_after_seconds: 120,
            session_gap_seconds: 1_800,
            auto_start: true,
            record_while_pending: true,
            ask_on_return: true,
            needs: Vec::new(),
        }
    }

    /// The first rule that the values break, in words, if any: for what people write.
    #[must_use]
    pub fn problem(&self) -> Option<(&'static str, &'static str)> {
        if let Some(problem) = self.unusable() {
            return Some(problem);
        }
        if self.excluded_applications.len() > LIST_MAX {
            return Some(("excluded_applications", "at most 500 names"));
        }
        if self.excluded_applications.iter().any(|name| bad_text(name)) {
            return Some(("excluded_applications", "each name has 1 to 256 characters"));
        }
        if self.excluded_patterns.len() > LIST_MAX {
            return Some(("excluded_patterns", "at most 500 patterns"));
        }
        if self
            .excluded_patterns
            .iter()
            .any(|it| bad_text(&it.pattern))
        {
            return Some(("excluded_patterns", "each pattern has 1 to 256 characters"));
        }
        if self.url_rules.len() > LIST_MAX {
            return Some(("url_rules", "at most 500 rules"));
        }
        if self.url_rules.iter().any(|rule| !is_domain(&rule.domain)) {
            return Some((
                "url_rules",
                "each domain is a name such as example.org (international ones in their xn-- form)",
            ));
        }
        if self.window_rules.len() > WINDOW_RULES_MAX {
            return Some(("window_rules", "at most 500 rules"));
        }
        if let Some(problem) = self.window_rules.iter().find_map(WindowRule::problem) {
            return Some(("window_rules", problem));
        }
        if let Some(hours) = &self.working_hours {
            if hours.len() > 100 {
                return Some(("working_hours", "at most 100 stretches"));
            }
            if hours.iter().any(|it| it.from >= it.to) {
                return Some(("working_hours", "each stretch ends after it begins"));
            }
        }
        let longest = self.pause.longest_seconds;
        if longest.is_some_and(|seconds| !(60..=86_400).contains(&seconds)) {
            return Some(("pause.longest_seconds", "must be 60 to 86400"));
        }
        None
    }

    /// Why an agent cannot work by these values, in words, if it cannot. Long lists are no
    /// reason: several teams' lists come together in one policy.
    #[must_use]
    pub fn unusable(&self) -> Option<(&'static str, &'static str)> {
        if !(10..=3_600).contains(&self.idle_after_seconds) {
            return Some(("idle_after_seconds", "must be 10 to 3600"));
        }
        if !(60..=86_400).contains(&self.session_gap_seconds) {
            return Some(("session_gap_seconds", "must be 60 to 86400"));
        }
        None
    }

    /// With the names of the rules that an agent must not ignore.
    #[must_use]
    pub fn with_needs(mut self) -> Self {
        let used = [
            !self.excluded_patterns.is_empty(),
            !self.url_rules.is_empty(),
            !self.window_rules.is_empty(),
            self.working_hours.is_some(),
        ];
        self.needs = UNDERSTOOD
            .into_iter()
            .zip(used)
            .filter(|(_, used)| *used)
            .map(|(name, _)| name.to_owned())
            .collect();
        self
    }

    /// The policy as this program can follow it: where it needs a rule that is not known here,
    /// nothing but time is kept.
    #[must_use]
    pub fn as_understood(mut self) -> Self {
        if self
            .needs
            .iter()
            .any(|name| !UNDERSTOOD.contains(&name.as_str()))
        {
            self.applications = false;
            self.titles = false;
            self.urls = false;
            // A category tells something of a window, too.
            self.window_rules.clear();
        }
        self
    }

    /// The categories that windows are reduced to.
    pub fn categories(&self) -> impl Iterator<Item = CategoryId> + '_ {
        self.window_rules
            .iter()
            .filter(|rule| rule.action == WindowAction::CategoryOnly)
            .filter_map(|rule| rule.category_id)
    }
}

/// Whether this is no name and no pattern: empty, too long, or with control characters.
pub(crate) fn bad_text(text: &str) -> bool {
    text.trim().is_empty() || text.chars().count() > TEXT_MAX || text.chars().any(char::is_control)
}

/// Whether this is a domain's name as machines spell it: letters, digits, `-` and dots.
#[must_use]
pub fn is_domain(text: &str) -> bool {
    (1..=253).contains(&text.len())
        && text.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        })
}

/// A policy as people send it: every field must be a known one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Value", into = "CapturePolicy")]
pub struct PolicyDocument(pub CapturePolicy);

impl From<PolicyDocument> for CapturePolicy {
    fn from(document: PolicyDocument) -> Self {
        document.0
    }
}

impl TryFrom<Value> for PolicyDocument {
    type Error = String;

    fn try_from(sent: Value) -> Result<Self, String> {
        let policy: CapturePolicy =
            serde_json::from_value(sent.clone()).map_err(|error| error.to_string())?;
        let known = serde_json::to_value(&policy).map_err(|error| error.to_string())?;
        match unknown_field(&sent, &known, "") {
            Some(path) => Err(format!("unknown field `{path}`")),
            None => Ok(Self(policy)),
        }
    }
}

/// The first field of `sent` that reading and writing it again has lost.
fn unknown_field(sent: &Value, known: &Value, path: &str) -> Option<String> {
    match (sent, known) {
        (Value::Object(sent), Value::Object(known)) => sent.iter().find_map(|(name, value)| {
            let path = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}.{name}")
            };
            match known.get(name) {
                None => Some(path),
                Some(known) => unknown_field(value, known, &path),
            }
        }),
        (Value::Array(sent), Value::Array(known)) => {
            (0..)
                .zip(sent.iter().zip(known))
                .find_map(|(n, (sent, known)): (usize, _)| {
                    unknown_field(sent, known, &format!("{path}[{n}]"))
                })
        }
        _ => None,
    }
}

/// A policy to try on windows; admins only. Nothing is changed, nobody is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviewPolicy {
    /// The policy; its `version` does not matter.
    #[cfg_attr(feature = "openapi", schema(value_type = CapturePolicy))]
    pub policy: PolicyDocument,
    /// Windows as a desktop would tell of them. At most 50.
    #[cfg_attr(feature = "openapi", schema(max_items = 50))]
    pub windows: Vec<PreviewWindow>,
}

/// A window as a desktop would tell of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviewWindow {
    /// The application's name.
    #[serde(default)]
    pub application: Option<String>,
    /// The window's title.
    #[serde(default)]
    pub title: Option<String>,
    /// The page's address, of a browser.
    #[serde(default)]
    pub url: Option<String>,
}

/// What a policy would keep: what an employee's agent would write to its disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PolicyPreview {
    /// For each window in its order.
    pub windows: Vec<PreviewedWindow>,
}

/// What is kept of a window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviewedWindow {
    /// The application's name; absent: not kept.
    pub application: Option<String>,
    /// The title; absent: not kept.
    pub title: Option<String>,
    /// The address, or only its site; absent: not kept.
    pub url: Option<String>,
    /// The category, where nothing else of the window is kept.
    pub category_id: Option<CategoryId>,
    /// The rule that took something of this window in particular; absent: only what is off for
    /// every window is missing.
    pub removed_by: Option<Removal>,
}

impl PreviewPolicy {
    /// What an agent would keep of each window.
    #[must_use]
    pub fn preview(self) -> PolicyPreview {
        let privacy = Privacy::new(&self.policy.0.with_needs());
        let windows = self.windows.into_iter().map(|window| {
            let (kept, removed_by) = privacy.judge(Focus {
                application: window.application,
                title: window.title,
                url: window.url,
                category_id: None,
            });
            PreviewedWindow {
                application: kept.application,
                title: kept.title,
                url: kept.url,
                category_id: kept.category_id,
                removed_by,
            }
        });
        PolicyPreview {
            windows: windows.collect(),
        }
    }
}

/// A team's policy: it makes the organization's stricter for the team's members, never looser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TeamPolicy {
    /// The team.
    pub team_id: TeamId,
    /// Its policy; `version` counts this team's changes.
    pub policy: CapturePolicy,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What applies to a person, and from where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EffectivePolicy {
    /// Whom.
    pub user_id: UserId,
    /// What their agents follow: the strictest of the parts. Its `version` rises with every
    /// change that concerns this person.
    pub policy: CapturePolicy,
    /// Where it comes from: the organization first, then their teams that have a policy.
    pub parts: Vec<PolicyPart>,
}

/// One source of an effective policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PolicyPart {
    /// The team; absent: the organization.
    pub team_id: Option<TeamId>,
    /// The name of the team or of the organization.
    pub name: String,
    /// What it says.
    pub policy: CapturePolicy,
}

#[cfg(test)]
mod tests;
