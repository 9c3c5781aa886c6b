//! What is kept of windows that fit a rule: everything but the title, or only a category.
//!
//! Plain data with its checks; [`crate::privacy`] applies it. Rules of which only the time is
//! kept are older and lie in lists of their own ([`crate::policy`]).

use serde::{Deserialize, Serialize};

use crate::{
    CategoryId,
    policy::{ExcludedPattern, PatternField, UrlAction, UrlRule, bad_text, is_domain},
};

/// Most rules of one policy.
pub const WINDOW_RULES_MAX: usize = 500;

/// What is kept of windows that fit. Where several fit, the strictest holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WindowRule {
    /// What is compared, whether or not it is collected.
    pub field: RuleField,
    /// Of an application or a title: the whole text must fit, without regard to case; `*`
    /// stands for any characters, `?` for one, everything else for itself. 1 to 256
    /// characters. Of a domain: its name, and everything below it.
    pub pattern: String,
    /// What happens.
    pub action: WindowAction,
    /// The category; present exactly where the action is `category_only`.
    #[serde(default)]
    pub category_id: Option<CategoryId>,
}

/// What a rule is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum RuleField {
    /// The application's name.
    Application,
    /// The window's title.
    Title,
    /// The domain of the page's address.
    Domain,
}

/// What is kept of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum WindowAction {
    /// The application and the site; not the title, the path or the query.
    HideTitle,
    /// The category and the time, and nothing of the window itself. Where rules that fit name
    /// different categories, only the time.
    CategoryOnly,
}

impl WindowRule {
    /// What is wrong with it, in words, if anything.
    #[must_use]
    pub fn problem(&self) -> Option<&'static str> {
        match self.field {
            RuleField::Domain if !is_domain(&self.pattern) => Some(
                "each domain is a name such as example.org (international ones in their xn-- form)",
            ),
            RuleField::Application | RuleField::Title if bad_text(&self.pattern) => {
                Some("each pattern has 1 to 256 characters")
            }
            _ if (self.action == WindowAction::CategoryOnly) != self.category_id.is_some() => {
                Some("a category stands exactly where only the category is kept")
            }
            _ => None,
        }
    }

    /// The rule by which of the same windows nothing but the time is kept.
    #[must_use]
    pub(crate) fn as_dropped(&self) -> Dropped {
        let pattern = |field| {
            Dropped::Pattern(ExcludedPattern {
                field,
                pattern: self.pattern.clone(),
            })
        };
        match self.field {
            RuleField::Application => pattern(PatternField::Application),
            RuleField::Title => pattern(PatternField::Title),
            RuleField::Domain => Dropped::Site(UrlRule {
                domain: self.pattern.clone(),
                action: UrlAction::Drop,
            }),
        }
    }
}

/// A rule of which only the time is kept.
pub(crate) enum Dropped {
    /// By application or title.
    Pattern(ExcludedPattern),
    /// By domain.
    Site(UrlRule),
}
