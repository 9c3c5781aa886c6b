//! Why a field of a row is empty: which rule of the policy removed it.
//!
//! What a rule took is gone. What is known is what the policy of that time left out for every
//! window, and which rule held something back (`removals`); of rows older than that it is said
//! that it is not known any more. Today's policy explains nothing of yesterday.

use serde::Serialize;
use shared_types::{
    activity::{Activity, ActivityType},
    policy::CapturePolicy,
    privacy::Removal,
};
use workpulse_agent::{Collected, Removals};

/// An empty field and the rule behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WhyEmpty {
    /// `application`, `title` or `url`.
    pub field: &'static str,
    /// In a sentence.
    pub rule: String,
}

/// Whether something is collected.
type Of = fn(Collected) -> bool;

/// Why the empty fields of a span are empty. Unobserved time has none to explain.
#[must_use]
pub fn why_empty(span: &Activity, policy: &CapturePolicy, removals: &Removals) -> Vec<WhyEmpty> {
    if span.activity_type == ActivityType::Unobserved {
        return Vec::new();
    }
    let now = Collected::by(policy);
    let then = removals.collected(span.started_at, span.ended_at());
    let removed = removals.between(span.started_at, span.ended_at());
    let known = then.is_some() && removals.is_complete_from(span.started_at);
    let fields: [(&'static str, bool, Of, &str); 3] = [
        (
            "application",
            span.application.is_none(),
            |it| it.applications,
            "application names",
        ),
        (
            "title",
            span.title.is_none(),
            |it| it.titles,
            "window titles",
        ),
        ("url", span.url.is_none(), |it| it.urls, "page addresses"),
    ];
    fields
        .into_iter()
        .filter(|(_, empty, ..)| *empty)
        .filter_map(|(field, _, collected, name)| {
            let rule = if span.category_id.is_some() {
                if field == "url" {
                    return None;
                }
                sentence(Removal::CategoryOnly).to_owned()
            } else if then.is_some_and(|then| !collected(then)) {
                if collected(now) {
                    format!("Your organization's policy did not collect {name} then.")
                } else {
                    format!("Your organization's policy does not collect {name}.")
                }
            } else if let Some(removal) = removed.filter(|it| takes(*it, field)) {
                sentence(removal).to_owned()
            } else if field == "url" {
                // Most windows have no address: that is no loss.
                return None;
            } else if known {
                "The desktop told none.".to_owned()
            } else {
                "It is no longer known why.".to_owned()
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
            "Of windows or pages like this your organization keeps neither the title nor the path."
        }
        Removal::CategoryOnly => {
            "Of windows or pages like this your organization keeps only a category, and the time."
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
            category_id: None,
        }
    }

    /// Known from the first minute on, with titles collected from the second on, and one
    /// stretch in that.
    fn removals(rule: &str, titles: bool) -> Removals {
        serde_json::from_value(serde_json::json!({
            "stretches": [
                { "from": "1970-01-01T00:01:05.000Z", "to": "1970-01-01T00:01:50.000Z", "rule": rule }
            ],
            "known_from": "1970-01-01T00:00:00.000Z",
            "policies": [{
                "from": "1970-01-01T00:00:00.000Z",
                "applications": true, "titles": titles, "urls": false,
            }],
        }))
        .expect("removals")
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
            &removals("excluded_application", false),
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
        let excluded = removals("excluded_application", true);
        let lines = told(&empty, &policy, &excluded);
        assert!(lines[0].contains("list of those"), "{lines:?}");
        let later = Activity {
            started_at: Timestamp::from_millis(600_000),
            ..empty
        };
        let lines = told(&later, &policy, &excluded);
        assert_eq!(lines[0], "application: The desktop told none.");
        let kept = span(Some("Browser"), ActivityType::Active);
        let lines = told(&kept, &policy, &removals("title_hidden", true));
        assert!(
            lines[0].starts_with("title: Of windows or pages"),
            "{lines:?}"
        );
        let unseen = span(None, ActivityType::Unobserved);
        assert!(told(&unseen, &policy, &Removals::default()).is_empty());
    }

    #[test]
    fn a_row_is_explained_by_the_policy_of_its_time_and_not_by_todays() {
        let titles = CapturePolicy {
            titles: true,
            ..CapturePolicy::careful(1)
        };
        let row = span(Some("Editor"), ActivityType::Active);
        let without = told(&row, &titles, &removals("title_hidden", false));
        assert!(
            without[0].ends_with("did not collect window titles then."),
            "{without:?}"
        );
        // Titles were collected then and are not now: that is not why this one is empty.
        let with = told(
            &row,
            &CapturePolicy::careful(1),
            &removals("title_hidden", true),
        );
        assert!(
            with[0].starts_with("title: Of windows or pages"),
            "{with:?}"
        );
    }

    #[test]
    fn of_what_is_forgotten_it_is_said_that_it_is() {
        let policy = CapturePolicy {
            titles: true,
            ..CapturePolicy::careful(1)
        };
        let lines = told(
            &span(None, ActivityType::Active),
            &policy,
            &Removals::default(),
        );
        assert_eq!(
            lines,
            [
                "application: It is no longer known why.",
                "title: It is no longer known why."
            ]
        );
    }
}
