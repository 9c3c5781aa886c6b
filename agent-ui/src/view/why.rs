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
    /// What took it.
    pub rule: Rule,
}

/// Why a field is empty; the page has the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The policy of that time left the field out for every window, and today's does not.
    NotCollectedThen,
    /// The policy leaves the field out for every window.
    NotCollected,
    /// The application is on the list of those of which only the time is kept.
    ExcludedApplication,
    /// Application or title fit a pattern of which only the time is kept.
    ExcludedPattern,
    /// Of pages of this site only the time is kept.
    SiteDropped,
    /// Of such windows or pages neither title nor path are kept.
    TitleHidden,
    /// Of such windows or pages only a category is kept.
    CategoryOnly,
    /// There was nothing to take: the desktop told none.
    NotTold,
    /// The row is older than what is known of rules.
    Forgotten,
}

impl From<Removal> for Rule {
    fn from(removal: Removal) -> Self {
        match removal {
            Removal::ExcludedApplication => Self::ExcludedApplication,
            Removal::ExcludedPattern => Self::ExcludedPattern,
            Removal::SiteDropped => Self::SiteDropped,
            Removal::TitleHidden => Self::TitleHidden,
            Removal::CategoryOnly => Self::CategoryOnly,
        }
    }
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
    let fields: [(&'static str, bool, Of); 3] = [
        ("application", span.application.is_none(), |it| {
            it.applications
        }),
        ("title", span.title.is_none(), |it| it.titles),
        ("url", span.url.is_none(), |it| it.urls),
    ];
    fields
        .into_iter()
        .filter(|(_, empty, _)| *empty)
        .filter_map(|(field, _, collected)| {
            let rule = if span.category_id.is_some() {
                if field == "url" {
                    return None;
                }
                Rule::CategoryOnly
            } else if then.is_some_and(|then| !collected(then)) {
                if collected(now) {
                    Rule::NotCollectedThen
                } else {
                    Rule::NotCollected
                }
            } else if let Some(removal) = removed.filter(|it| takes(*it, field)) {
                removal.into()
            } else if field == "url" {
                // Most windows have no address: that is no loss.
                return None;
            } else if known {
                Rule::NotTold
            } else {
                Rule::Forgotten
            };
            Some(WhyEmpty { field, rule })
        })
        .collect()
}

/// Whether a rule empties this field.
fn takes(removal: Removal, field: &str) -> bool {
    removal != Removal::TitleHidden || field == "title"
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

    fn told(
        span: &Activity,
        policy: &CapturePolicy,
        removals: &Removals,
    ) -> Vec<(&'static str, Rule)> {
        why_empty(span, policy, removals)
            .into_iter()
            .map(|it| (it.field, it.rule))
            .collect()
    }

    #[test]
    fn what_the_policy_leaves_out_for_every_window_is_named_first() {
        let lines = told(
            &span(Some("Editor"), ActivityType::Active),
            &CapturePolicy::careful(1),
            &removals("excluded_application", false),
        );
        let expected = [("title", Rule::NotCollected), ("url", Rule::NotCollected)];
        assert_eq!(lines, expected);
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
        assert_eq!(lines[0], ("application", Rule::ExcludedApplication));
        let later = Activity {
            started_at: Timestamp::from_millis(600_000),
            ..empty
        };
        let lines = told(&later, &policy, &excluded);
        assert_eq!(lines[0], ("application", Rule::NotTold));
        let kept = span(Some("Browser"), ActivityType::Active);
        let lines = told(&kept, &policy, &removals("title_hidden", true));
        assert_eq!(lines[0], ("title", Rule::TitleHidden));
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
        assert_eq!(without[0], ("title", Rule::NotCollectedThen));
        // Titles were collected then and are not now: that is not why this one is empty.
        let with = told(
            &row,
            &CapturePolicy::careful(1),
            &removals("title_hidden", true),
        );
        assert_eq!(with[0], ("title", Rule::TitleHidden));
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
        let expected = [("application", Rule::Forgotten), ("title", Rule::Forgotten)];
        assert_eq!(lines, expected);
    }
}
