//! Why a field of a row is empty: which rule of the policy removed it.
//!
//! What a rule took is gone, so the rule that is known to have held at that time is named
//! first (`removals`), then what the policy leaves out for every window.

use serde::Serialize;
use shared_types::{
    activity::{Activity, ActivityType},
    policy::CapturePolicy,
    privacy::Removal,
};
use workpulse_agent::Removals;

/// An empty field and the rule behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WhyEmpty {
    /// `application`, `title` or `url`.
    pub field: &'static str,
    /// In a sentence.
    pub rule: String,
}

/// Why the empty fields of a span are empty. Unobserved time has none to explain.
#[must_use]
pub fn why_empty(span: &Activity, policy: &CapturePolicy, removals: &Removals) -> Vec<WhyEmpty> {
    if span.activity_type == ActivityType::Unobserved {
        return Vec::new();
    }
    let policy = policy.clone().as_understood();
    let removed = removals.between(span.started_at, span.ended_at());
    [
        (
            "application",
            span.application.is_none(),
            policy.applications,
            "application names",
        ),
        (
            "title",
            span.title.is_none(),
            policy.titles,
            "window titles",
        ),
        ("url", span.url.is_none(), policy.urls, "page addresses"),
    ]
    .into_iter()
    .filter(|(_, empty, ..)| *empty)
    .filter_map(|(field, _, collected, name)| {
        let rule = if !collected {
            format!("Your organization's policy does not collect {name}.")
        } else if let Some(removal) = removed.filter(|it| takes(*it, field)) {
            sentence(removal).to_owned()
        } else if field == "url" {
            // Most windows have no address: that is no loss.
            return None;
        } else {
            "The window told none.".to_owned()
        };
        Some(WhyEmpty { field, rule })
    })
    .collect()
}

/// Whether a rule empties this field.
fn takes(removal: Removal, field: &str) -> bool {
    removal != Removal::TitleHidden || field == "title"
}

const fn sentence(removal: Removal) -> &'static str {
    match removal {
        Removal::ExcludedApplication => {
            "The application is on your organization's list of those of which only the time is kept."
        }
        Removal::ExcludedPattern => {
            "The application or its title fits a pattern of which your organization keeps only the time."
        }
        Removal::SiteDropped => "Of pages of this site your organization keeps only the time.",
        Removal::TitleHidden => {
            "Of pages of this site your organization keeps neither the title nor the path."
        }
    }
}

#[cfg(test)]
mod tests {
    use shared_types::{SessionId, Timestamp};

    use super::*;

    fn span(application: Option<&str>, kind: ActivityType) -> Activity {
        Activity {
            session_id: SessionId(uuid::Uuid::nil()),
            activity_type: kind,
            reason: None,
            started_at: Timestamp::from_millis(60_000),
            duration_seconds: 60,
            application: application.map(str::to_owned),
            title: None,
            url: None,
        }
    }

    fn removals(rule: &str) -> Removals {
        serde_json::from_value(serde_json::json!([
            { "from": "1970-01-01T00:01:05.000Z", "to": "1970-01-01T00:01:50.000Z", "rule": rule }
        ]))
        .expect("stretches")
    }

    fn told(span: &Activity, policy: &CapturePolicy, removals: &Removals) -> Vec<String> {
        why_empty(span, policy, removals)
            .into_iter()
            .map(|it| format!("{}: {}", it.field, it.rule))
            .collect()
    }

    #[test]
    fn what_the_policy_leaves_out_for_every_window_is_named_first() {
        let lines = told(
            &span(Some("Editor"), ActivityType::Active),
            &CapturePolicy::careful(1),
            &removals("excluded_application"),
        );
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(lines.iter().all(|line| line.contains("does not collect")));
    }

    #[test]
    fn a_rule_that_held_at_that_time_is_named_and_one_of_another_time_is_not() {
        let policy = CapturePolicy {
            titles: true,
            ..CapturePolicy::careful(1)
        };
        let empty = span(None, ActivityType::Active);
        let lines = told(&empty, &policy, &removals("excluded_application"));
        assert!(lines[0].contains("list of those"), "{lines:?}");
        let lines = told(&empty, &policy, &Removals::default());
        assert_eq!(lines[0], "application: The window told none.");
        let kept = span(Some("Browser"), ActivityType::Active);
        let lines = told(&kept, &policy, &removals("title_hidden"));
        assert!(lines[0].starts_with("title: Of pages"), "{lines:?}");
        let unseen = span(None, ActivityType::Unobserved);
        assert!(told(&unseen, &policy, &Removals::default()).is_empty());
    }
}
