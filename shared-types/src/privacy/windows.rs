//! Rules that hide titles, and rules that keep only a category.
//!
//! Whatever the order of the rules, the same is kept. Of rules that contradict each other the
//! least is kept: categories that differ are none.

use super::{Compared, Focus, Page, domain_of, lies_in};
use crate::{
    CategoryId,
    glob::Glob,
    window_rule::{RuleField, WindowAction, WindowRule},
};

/// A policy's rules, ready to be applied.
#[derive(Debug, Clone, Default)]
pub(super) struct Windows(Vec<Rule>);

#[derive(Debug, Clone)]
struct Rule {
    with: With,
    action: WindowAction,
    category: Option<CategoryId>,
}

/// What is compared, and with what.
#[derive(Debug, Clone)]
enum With {
    Application(Glob),
    Title(Glob),
    /// In lower case.
    Domain(String),
}

/// What the rules that a window fits say together.
#[derive(Debug, Default)]
pub(super) struct Fitting {
    pub(super) hides_title: bool,
    named: Named,
    /// Whether a title decided.
    by_title: bool,
}

/// The categories that rules name.
#[derive(Debug, Default)]
enum Named {
    /// No rule keeps only a category.
    #[default]
    Nothing,
    /// All of them name the same, if any.
    One(Option<CategoryId>),
    /// They contradict each other.
    Several,
}

impl Fitting {
    /// Whether nothing but a category, if that, is kept.
    pub(super) const fn category_only(&self) -> bool {
        !matches!(self.named, Named::Nothing)
    }

    /// The one category that all of them name. Where titles are hidden, none by title is told:
    /// it would say what the hidden title is about.
    pub(super) fn category(&self) -> Option<CategoryId> {
        match self.named {
            Named::One(category) if !(self.hides_title && self.by_title) => category,
            _ => None,
        }
    }
}

impl Windows {
    pub(super) fn new(rules: &[WindowRule]) -> Self {
        let prepared = rules.iter().map(|rule| Rule {
            with: match rule.field {
                RuleField::Application => With::Application(Glob::new(&rule.pattern)),
                RuleField::Title => With::Title(Glob::new(&rule.pattern)),
                RuleField::Domain => With::Domain(domain_of(&rule.pattern)),
            },
            action: rule.action,
            category: rule.category_id,
        });
        Self(prepared.collect())
    }

    pub(super) fn fitting(&self, focus: &Focus, page: &Page) -> Fitting {
        let mut fitting = Fitting::default();
        if self.0.is_empty() {
            return fitting;
        }
        let application = Compared::of(focus.application.as_deref());
        let title = Compared::of(focus.title.as_deref());
        for rule in &self.0 {
            let fits = match &rule.with {
                With::Application(glob) => application.fits(glob),
                With::Title(glob) => title.fits(glob),
                With::Domain(domain) => matches!(page, Page::Of(host) if lies_in(host, domain)),
            };
            if !fits {
                continue;
            }
            match rule.action {
                WindowAction::HideTitle => fitting.hides_title = true,
                WindowAction::CategoryOnly => {
                    fitting.named = match fitting.named {
                        Named::Nothing => Named::One(rule.category),
                        Named::One(category) if category == rule.category => Named::One(category),
                        Named::One(_) | Named::Several => Named::Several,
                    };
                    fitting.by_title |= matches!(rule.with, With::Title(_));
                }
            }
        }
        fitting
    }

    /// A category, if some rule gives it.
    pub(super) fn gives(&self, category: CategoryId) -> Option<CategoryId> {
        self.0
            .iter()
            .any(|rule| {
                rule.action == WindowAction::CategoryOnly && rule.category == Some(category)
            })
            .then_some(category)
    }

    pub(super) fn compares_applications(&self) -> bool {
        self.any(|with| matches!(with, With::Application(_)))
    }

    pub(super) fn compares_titles(&self) -> bool {
        self.any(|with| matches!(with, With::Title(_)))
    }

    pub(super) fn compares_domains(&self) -> bool {
        self.any(|with| matches!(with, With::Domain(_)))
    }

    fn any(&self, of: impl Fn(&With) -> bool) -> bool {
        self.0.iter().any(|rule| of(&rule.with))
    }
}
