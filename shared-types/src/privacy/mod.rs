//! What the organization's policy lets through. The agent applies it to every look before
//! anything of it reaches the disk; the server shows by it what a policy would keep.
//!
//! Pure: a policy and a focus in, a focus out. It must not know where the focus came from.
//! What cannot be judged is not kept: a text too long to compare, an address that cannot be
//! read, a rule from the future.

mod windows;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use crate::{
    CategoryId,
    activity::{APPLICATION_MAX_CHARS, TITLE_MAX_CHARS, URL_MAX_CHARS, clean_text},
    glob::{Glob, folded},
    policy::{CapturePolicy, PatternField, UrlAction},
};
use windows::Windows;

/// A longer text is not compared with patterns, in characters; where there are any, it counts
/// as fitting one.
const COMPARED_MAX_CHARS: usize = 4_096;

/// The focused window. Before privacy these are the desktop's own words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Focus {
    /// The application's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<String>,
    /// The window's title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The page's address, where the window is a browser that tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// After privacy: the category, where nothing else of the window is kept. A desktop tells
    /// none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category_id: Option<CategoryId>,
}

/// The rule that takes something from a window beyond what is off for every window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Removal {
    /// The application is on the list of those of which only time is kept.
    ExcludedApplication,
    /// The application or the title fits a pattern of which only time is kept.
    ExcludedPattern,
    /// Only time is kept of pages of this domain, or the address cannot be read.
    SiteDropped,
    /// Of windows like this, or pages of this domain, the title, the path and the query are
    /// not kept.
    TitleHidden,
    /// Of windows like this only a category is kept.
    CategoryOnly,
}

/// A capture policy, ready to be applied.
#[derive(Debug, Clone)]
pub struct Privacy {
    applications: bool,
    titles: bool,
    urls: bool,
    /// Lower case.
    excluded: Vec<String>,
    application_patterns: Vec<Glob>,
    title_patterns: Vec<Glob>,
    /// Domains in lower case.
    url_rules: Vec<(String, UrlAction)>,
    windows: Windows,
}

impl Privacy {
    /// Prepares a policy.
    #[must_use]
    pub fn new(policy: &CapturePolicy) -> Self {
        let policy = policy.clone().as_understood();
        let patterns = |field: PatternField| {
            policy
                .excluded_patterns
                .iter()
                .filter(|it| it.field == field)
                .map(|it| Glob::new(&it.pattern))
                .collect()
        };
        Self {
            applications: policy.applications,
            titles: policy.titles,
            urls: policy.urls,
            excluded: policy
                .excluded_applications
                .iter()
                .map(|name| name.trim().to_lowercase())
                .collect(),
            application_patterns: patterns(PatternField::Application),
            title_patterns: patterns(PatternField::Title),
            url_rules: policy
                .url_rules
                .iter()
                .map(|rule| (domain_of(&rule.domain), rule.action))
                .collect(),
            windows: Windows::new(&policy.window_rules),
        }
    }

    /// What may be kept of a focus: fields that the policy allows, cleaned and cut; of what is
    /// excluded nothing but that time passed.
    #[must_use]
    pub fn apply(&self, focus: Focus) -> Focus {
        self.judge(focus).0
    }

    /// The same, with the rule that took something of this window in particular.
    #[must_use]
    pub fn judge(&self, focus: Focus) -> (Focus, Option<Removal>) {
        if let Some(category) = focus.category_id {
            // Nothing is left to compare: the category stays while some rule gives it.
            return (Self::reduced(self.windows.gives(category)), None);
        }
        if let Some(removal) = self.excludes(&focus) {
            return (Focus::default(), Some(removal));
        }
        let page = focus.url.as_deref().map_or(Page::None, read_page);
        let action = self.url_action(&page);
        if action == Some(UrlAction::Drop) {
            return (Focus::default(), Some(Removal::SiteDropped));
        }
        let mut fitting = self.windows.fitting(&focus, &page);
        fitting.hides_title |= action == Some(UrlAction::HideTitle);
        if fitting.category_only() {
            return (
                Self::reduced(fitting.category()),
                Some(Removal::CategoryOnly),
            );
        }
        let (title, url) = if fitting.hides_title {
            (None, focus.url.as_deref().and_then(site))
        } else {
            (focus.title, focus.url)
        };
        let keep = |allowed: bool, text: Option<String>, max: usize| {
            text.filter(|_| allowed)
                .map(|text| clean_text(text.trim(), max))
                .filter(|text| !text.is_empty())
        };
        let kept = Focus {
            application: keep(self.applications, focus.application, APPLICATION_MAX_CHARS),
            title: keep(self.titles, title, TITLE_MAX_CHARS),
            url: keep(self.urls, url, URL_MAX_CHARS),
            category_id: None,
        };
        (kept, fitting.hides_title.then_some(Removal::TitleHidden))
    }

    /// Nothing of a window but, perhaps, a category.
    fn reduced(category_id: Option<CategoryId>) -> Focus {
        Focus {
            category_id,
            ..Focus::default()
        }
    }

    /// What may still be kept of a focus that was cut under a policy of before. A category that
    /// no rule gives any more goes.
    #[must_use]
    pub fn apply_again(&self, focus: Focus) -> Focus {
        // What was cut off could have been what a pattern is about.
        let cut = |text: Option<&String>, max: usize, patterns: bool| {
            patterns && text.is_some_and(|text| text.chars().count() >= max)
        };
        if cut(
            focus.application.as_ref(),
            APPLICATION_MAX_CHARS,
            !self.application_patterns.is_empty() || self.windows.compares_applications(),
        ) || cut(
            focus.title.as_ref(),
            TITLE_MAX_CHARS,
            !self.title_patterns.is_empty() || self.windows.compares_titles(),
        ) {
            return Focus::default();
        }
        self.apply(focus)
    }

    fn excludes(&self, focus: &Focus) -> Option<Removal> {
        if let Some(name) = &focus.application {
            // Cleaned first: a control character in the name is no way around the list.
            let name = clean_text(name.trim(), APPLICATION_MAX_CHARS).to_lowercase();
            if self.excluded.contains(&name) {
                return Some(Removal::ExcludedApplication);
            }
        }
        (fits_any(&self.application_patterns, focus.application.as_deref())
            || fits_any(&self.title_patterns, focus.title.as_deref()))
        .then_some(Removal::ExcludedPattern)
    }

    /// The strictest of the rules that a page falls under.
    fn url_action(&self, page: &Page) -> Option<UrlAction> {
        match page {
            Page::None => None,
            // It may be of any domain.
            Page::Unreadable => (!self.url_rules.is_empty() || self.windows.compares_domains())
                .then_some(UrlAction::Drop),
            Page::Of(host) => self
                .url_rules
                .iter()
                .filter(|(domain, _)| lies_in(host, domain))
                .map(|(_, action)| *action)
                .max(),
        }
    }
}

/// What an address is of.
enum Page {
    /// No web page (a new tab, a file): no domain's rule is about it.
    None,
    /// A page of this host.
    Of(String),
    /// It cannot be read.
    Unreadable,
}

fn read_page(text: &str) -> Page {
    match parse_url(text).as_ref().and_then(host_of) {
        Some(host) => Page::Of(host),
        None if is_no_page(text) => Page::None,
        None => Page::Unreadable,
    }
}

/// A rule's domain as hosts are compared with it.
fn domain_of(rule: &str) -> String {
    rule.trim_matches('.').to_lowercase()
}

/// Whether a host is a domain, or lies below it.
fn lies_in(host: &str, domain: &str) -> bool {
    host == domain
        || host
            .strip_suffix(domain)
            .is_some_and(|rest| rest.ends_with('.'))
}

/// Whether a text fits a pattern.
fn fits_any(patterns: &[Glob], text: Option<&str>) -> bool {
    if patterns.is_empty() {
        return false;
    }
    let text = Compared::of(text);
    patterns.iter().any(|pattern| text.fits(pattern))
}

/// A text as it is compared: whole, before anything is cut off.
enum Compared {
    None,
    Text(Vec<char>),
    /// Nobody compares a megabyte: it counts as fitting.
    TooLong,
}

impl Compared {
    fn of(text: Option<&str>) -> Self {
        let Some(text) = text else {
            return Self::None;
        };
        let clean = clean_text(text.trim(), COMPARED_MAX_CHARS + 1);
        if clean.chars().count() > COMPARED_MAX_CHARS {
            return Self::TooLong;
        }
        Self::Text(folded(clean.trim()))
    }

    fn fits(&self, pattern: &Glob) -> bool {
        match self {
            Self::None => false,
            Self::Text(text) => pattern.fits(text),
            Self::TooLong => true,
        }
    }
}

/// Reads an address as a browser shows it, with or without its scheme.
fn parse_url(text: &str) -> Option<Url> {
    let text = text.trim();
    if let Ok(url) = Url::parse(text)
        && url.has_host()
    {
        return Some(url);
    }
    let has_scheme = text.split_once("://").is_some_and(|(scheme, _)| {
        scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    });
    if has_scheme {
        return None;
    }
    Url::parse(&format!("https://{text}"))
        .ok()
        .filter(Url::has_host)
}

/// The host, without the dot that a fully qualified name may end with.
fn host_of(url: &Url) -> Option<String> {
    match url.host()? {
        Host::Domain(name) => Some(name.trim_end_matches('.').to_lowercase()),
        Host::Ipv4(address) => Some(address.to_string()),
        Host::Ipv6(address) => Some(address.to_string()),
    }
}

fn is_no_page(text: &str) -> bool {
    let text = text.trim();
    text.is_empty()
        || ["about:", "chrome:", "edge:", "file:"]
            .iter()
            .any(|scheme| {
                text.get(..scheme.len())
                    .is_some_and(|it| it.eq_ignore_ascii_case(scheme))
            })
}

/// Scheme, host and port of an address.
fn site(text: &str) -> Option<String> {
    let url = parse_url(text)?;
    let port = url
        .port()
        .map(|port| format!(":{port}"))
        .unwrap_or_default();
    Some(format!("{}://{}{port}/", url.scheme(), url.host_str()?))
}
