//! What the organization's policy lets through. Applied to every look before anything of it
//! reaches the disk.
//!
//! Pure: a policy and a focus in, a focus out. It must not know where the focus came from.

use shared_types::{
    activity::{APPLICATION_MAX_CHARS, TITLE_MAX_CHARS, URL_MAX_CHARS, clean_text},
    policy::CapturePolicy,
};

use crate::capture::Focus;

/// A capture policy, ready to be applied.
#[derive(Debug, Clone)]
pub struct Privacy {
    applications: bool,
    titles: bool,
    urls: bool,
    /// Lower case.
    excluded: Vec<String>,
}

impl Privacy {
    /// Prepares a policy.
    #[must_use]
    pub fn new(policy: &CapturePolicy) -> Self {
        Self {
            applications: policy.applications,
            titles: policy.titles,
            urls: policy.urls,
            excluded: policy
                .excluded_applications
                .iter()
                .map(|name| name.trim().to_lowercase())
                .collect(),
        }
    }

    /// What may be kept of a focus: fields that the policy allows, cleaned and cut; of an
    /// excluded application nothing but that time passed.
    #[must_use]
    pub fn apply(&self, focus: Focus) -> Focus {
        if let Some(name) = &focus.application
            // Cleaned first: a control character in the name is no way around the list.
            && self.excluded.contains(&clean_text(name.trim(), APPLICATION_MAX_CHARS).to_lowercase())
        {
            return Focus::default();
        }
        let keep = |allowed: bool, text: Option<String>, max: usize| {
            text.filter(|_| allowed)
                .map(|text| clean_text(text.trim(), max))
                .filter(|text| !text.is_empty())
        };
        Focus {
            application: keep(self.applications, focus.application, APPLICATION_MAX_CHARS),
            title: keep(self.titles, focus.title, TITLE_MAX_CHARS),
            url: keep(self.urls, focus.url, URL_MAX_CHARS),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use shared_types::activity::is_clean_text;

    use super::*;

    fn policy(applications: bool, titles: bool, urls: bool) -> CapturePolicy {
        CapturePolicy {
            applications,
            titles,
            urls,
            excluded_applications: vec!["KeePassXC".into(), " Signal ".into()],
            ..CapturePolicy::careful(1)
        }
    }

    fn focus(application: &str) -> Focus {
        Focus {
            application: Some(application.into()),
            title: Some("title".into()),
            url: Some("https://example.org/".into()),
        }
    }

    #[test]
    fn what_is_turned_off_is_not_there() {
        let kept = Privacy::new(&policy(true, false, false)).apply(focus("XTerm"));
        assert_eq!(
            kept,
            Focus {
                application: Some("XTerm".into()),
                ..Focus::default()
            }
        );
        let kept = Privacy::new(&policy(false, true, false)).apply(focus("XTerm"));
        assert_eq!(
            kept,
            Focus {
                title: Some("title".into()),
                ..Focus::default()
            }
        );
    }

    #[test]
    fn of_an_excluded_application_only_the_time_stays() {
        let privacy = Privacy::new(&policy(true, true, true));
        for name in ["keepassxc", "KEEPASSXC", "signal", "Signal "] {
            assert_eq!(privacy.apply(focus(name)), Focus::default(), "{name}");
        }
        assert_ne!(privacy.apply(focus("keepass")), Focus::default());
    }

    #[test]
    fn excluding_works_even_where_names_are_not_collected() {
        let privacy = Privacy::new(&policy(false, true, true));
        assert_eq!(privacy.apply(focus("signal")), Focus::default());
    }

    proptest! {
        #[test]
        fn whatever_the_desktop_says_what_is_kept_is_clean(
            application in any::<Option<String>>(), title in any::<Option<String>>(), url in any::<Option<String>>()
        ) {
            let kept = Privacy::new(&policy(true, true, true)).apply(Focus { application, title, url });
            for (text, max) in [
                (kept.application, APPLICATION_MAX_CHARS), (kept.title, TITLE_MAX_CHARS), (kept.url, URL_MAX_CHARS),
            ] {
                prop_assert!(text.is_none_or(|text| !text.is_empty() && is_clean_text(&text, max)));
            }
        }
    }
}
