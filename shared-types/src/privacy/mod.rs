//! What the organization's policy lets through. The agent applies it to every look before
//! anything of it reaches the disk; the server shows by it what a policy would keep.
//!
//! Pure: a policy and a focus in, a focus out. It must not know where the focus came from.
//! What cannot be judged is not kept: a text too long to compare, an address that cannot be
//! read, a rule from the future.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use crate::{
    activity::{APPLICATION_MAX_CHARS, TITLE_MAX_CHARS, URL_MAX_CHARS, clean_text},
    glob::{Glob, folded},
    policy::{CapturePolicy, PatternField, UrlAction},
};

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
    /// Of pages of this domain the title, the path and the query are not kept.
    TitleHidden,
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
                .map(|rule| (rule.domain.trim_matches('.').to_lowercase(), rule.action))
                .collect(),
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
        if let Some(removal) = self.excludes(&focus) {
            return (Focus::default(), Some(removal));
        }
        let action = focus.url.as_deref().and_then(|url| self.url_action(url));
        let (title, url) = match action {
            Some(UrlAction::Drop) => return (Focus::default(), Some(Removal::SiteDropped)),
            Some(UrlAction::HideTitle) => (None, focus.url.as_deref().and_then(site)),
            None => (focus.title, focus.url),
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
        };
        (kept, action.map(|_| Removal::TitleHidden))
    }

    /// What may still be kept of a focus that was cut under a policy of before.
    #[must_use]
    pub fn apply_again(&self, focus: Focus) -> Focus {
        // What was cut off could have been what a pattern is about.
        let cut = |text: Option<&String>, max: usize, patterns: &[Glob]| {
            !patterns.is_empty() && text.is_some_and(|text| text.chars().count() >= max)
        };
        if cut(
            focus.application.as_ref(),
            APPLICATION_MAX_CHARS,
            &self.application_patterns,
        ) || cut(focus.title.as_ref(), TITLE_MAX_CHARS, &self.title_patterns)
        {
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

    /// The strictest of the rules that an address falls under.
    fn url_action(&self, text: &str) -> Option<UrlAction> {
        if self.url_rules.is_empty() {
            return None;
        }
        let Some(host) = parse_url(text).as_ref().and_then(host_of) else {
            // No web page (a new tab, a file): no domain's rule is about it. An address that
            // cannot be read may hide any domain.
            return if is_no_page(text) {
                None
            } else {
                Some(UrlAction::Drop)
            };
        };
        self.url_rules
            .iter()
            .filter(|(domain, _)| {
                host == *domain
                    || host
                        .strip_suffix(domain.as_str())
                        .is_some_and(|rest| rest.ends_with('.'))
            })
            .map(|(_, action)| *action)
            .max()
    }
}

/// Whether a text fits a pattern. It is compared whole, before anything is cut off.
fn fits_any(patterns: &[Glob], text: Option<&str>) -> bool {
    let Some(text) = text.filter(|_| !patterns.is_empty()) else {
        return false;
    };
    let clean = clean_text(text.trim(), COMPARED_MAX_CHARS + 1);
    if clean.chars().count() > COMPARED_MAX_CHARS {
        return true;
    }
    let text = folded(clean.trim());
    patterns.iter().any(|pattern| pattern.fits(&text))
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
