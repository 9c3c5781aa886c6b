//! What applications and web sites stand for: an organization's categories, and the rules that
//! put applications into them.

use serde::{Deserialize, Serialize};

use crate::{CategoryId, Timestamp, policy::is_domain};

/// Categories that an organization has at most.
pub const CATEGORIES_MAX: i64 = 200;
/// Rules of an organization's list at most.
pub const RULES_MAX: usize = 1_000;
/// Longest name of a category, in characters.
pub const NAME_MAX_CHARS: usize = 100;
/// Longest pattern, in characters.
pub const PATTERN_MAX_CHARS: usize = 256;

/// What time in a category counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum CategoryKind {
    /// What people are here for.
    Productive,
    /// Neither.
    Neutral,
    /// What keeps them from it.
    Unproductive,
}

impl CategoryKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Productive, Self::Neutral, Self::Unproductive];

    /// Its name on the wire and in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Productive => "productive",
            Self::Neutral => "neutral",
            Self::Unproductive => "unproductive",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Category {
    /// The category.
    pub id: CategoryId,
    /// Its name.
    pub name: String,
    /// What time in it counts as.
    pub kind: CategoryKind,
    /// When it was made.
    pub created_at: Timestamp,
}

/// One page of categories, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CategoryPage {
    /// At most 200.
    pub items: Vec<Category>,
    /// Pass as `cursor` to read on; absent on the last page.
    pub next_cursor: Option<String>,
}

/// Makes a category; admins only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateCategory {
    /// 1 to 100 characters; no other category of the organization has it.
    pub name: String,
    /// What time in it counts as.
    pub kind: CategoryKind,
}

/// Changes a category; admins only. What is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeCategory {
    /// 1 to 100 characters; no other category of the organization has it.
    #[serde(default)]
    pub name: Option<String>,
    /// What time in it counts as, also in reports of days that are past.
    #[serde(default)]
    pub kind: Option<CategoryKind>,
}

/// One rule: whatever fits all that it names is of its category. It names at least one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CategoryRule {
    /// The whole name of the application must fit, without regard to case: `*` stands for any
    /// characters, `?` for one. 1 to 256 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<String>,
    /// The whole title of the window must fit, likewise. Such a rule decides once, when a minute
    /// arrives: titles are not kept in sums, so what it decided then stays when rules change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The site, or any below it: `example.org` is also `docs.example.org`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// The category.
    pub category_id: CategoryId,
}

impl CategoryRule {
    /// What is wrong with the rule, if anything: field and rule.
    #[must_use]
    pub fn problem(&self) -> Option<(&'static str, &'static str)> {
        const PATTERN: &str = "has 1 to 256 characters, and no control characters";
        let bad = |text: &Option<String>| {
            text.as_ref().is_some_and(|text| {
                let length = text.trim().chars().count();
                !(1..=PATTERN_MAX_CHARS).contains(&length) || text.chars().any(char::is_control)
            })
        };
        if bad(&self.application) {
            return Some(("application", PATTERN));
        }
        if bad(&self.title) {
            return Some(("title", PATTERN));
        }
        if self.domain.as_ref().is_some_and(|name| !is_domain(name)) {
            return Some((
                "domain",
                "is a name such as example.org (international ones in their xn-- form)",
            ));
        }
        if self.application.is_none() && self.title.is_none() && self.domain.is_none() {
            return Some(("application", "or title or domain must be named"));
        }
        None
    }
}

/// An organization's rules: the first that fits decides, and what none fits is in no category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CategoryRules {
    /// Counts the lists that there were; 0 before the first.
    pub version: i64,
    /// In their order.
    pub rules: Vec<CategoryRule>,
    /// When this list was written; absent before the first.
    pub created_at: Option<Timestamp>,
    /// When all sums had come to follow it; absent: the work goes on.
    pub applied_at: Option<Timestamp>,
}

/// Replaces the whole list; admins only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PutCategoryRules {
    /// The version that was read: when somebody else wrote a list since, nothing is written.
    pub version: i64,
    /// At most 1,000, in their order.
    pub rules: Vec<CategoryRule>,
}

/// Rules to try on what was used lately; admins only. Nothing is changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviewRules {
    /// At most 1,000, in their order.
    pub rules: Vec<CategoryRule>,
    /// Of so many days, today included, 1 to 366; 30 unless told.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 366))]
    pub days: Option<i64>,
}

/// An application or site that would come into another category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Moved {
    /// The application; empty where it is not known.
    pub application: String,
    /// The site; empty where there is none.
    pub domain: String,
    /// Where it is now; absent: in no category.
    pub before: Option<CategoryId>,
    /// Where it would be; absent: in no category.
    pub after: Option<CategoryId>,
    /// Active and idle seconds.
    pub worked_seconds: i64,
}

/// What rules would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RulesPreview {
    /// First day that was looked at, `YYYY-MM-DD`.
    pub from: String,
    /// Last day: today, in the organization's zone.
    pub to: String,
    /// All active and idle seconds of these days.
    pub worked_seconds: i64,
    /// Of these, what would come into another category.
    pub moved_seconds: i64,
    /// Of these, what a rule by title has decided when it arrived: it stays where it is.
    pub decided_by_title_seconds: i64,
    /// Of each rule in its order, the seconds that it would decide; absent for rules by title,
    /// which decide what arrives from then on.
    pub rule_seconds: Vec<Option<i64>>,
    /// What would move, most seconds first; at most 200.
    pub moved: Vec<Moved>,
    /// How many more would move.
    pub left_out: i64,
}

/// How far the sums follow the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum RulesState {
    /// They do. (What arrives follows the newest rules at once.)
    Applied,
    /// The work has not begun; it does within a minute where a worker runs.
    Waiting,
    /// It goes on.
    Running,
}

impl RulesState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Applied, Self::Waiting, Self::Running];
}

/// How far the sums of past days have come to follow the newest rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RulesProgress {
    /// The newest rules; 0 where there are none.
    pub version: i64,
    /// How far.
    pub state: RulesState,
    /// People whose sums follow them.
    pub people_done: i64,
    /// All people, as counted when the work began.
    pub people: i64,
    /// Active and idle seconds that came into another category.
    pub moved_seconds: i64,
    /// When the work began.
    pub started_at: Option<Timestamp>,
    /// When it was done.
    pub applied_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn rule(application: Option<&str>, title: Option<&str>, domain: Option<&str>) -> CategoryRule {
        CategoryRule {
            application: application.map(str::to_owned),
            title: title.map(str::to_owned),
            domain: domain.map(str::to_owned),
            category_id: CategoryId(Uuid::nil()),
        }
    }

    #[test]
    fn a_rule_names_something_that_can_be_compared() {
        let field = |rule: CategoryRule| rule.problem().map(|(field, _)| field);
        assert_eq!(field(rule(Some("Editor*"), None, None)), None);
        assert_eq!(
            field(rule(None, Some("*invoice*"), Some("example.org"))),
            None
        );
        assert_eq!(field(rule(None, None, None)), Some("application"));
        assert_eq!(field(rule(Some("  "), None, None)), Some("application"));
        assert_eq!(field(rule(Some("a"), Some("\n"), None)), Some("title"));
        assert_eq!(
            field(rule(None, None, Some("https://example.org"))),
            Some("domain")
        );
        let long = "x".repeat(PATTERN_MAX_CHARS + 1);
        assert_eq!(field(rule(Some(&long), None, None)), Some("application"));
    }

    #[test]
    fn a_kind_is_found_by_its_name() {
        for kind in CategoryKind::ALL {
            assert_eq!(CategoryKind::parse(kind.name()), Some(kind));
        }
        assert_eq!(CategoryKind::parse("lazy"), None);
    }
}
