//! Policies as people write them, and as older and newer agents read them.

use serde_json::json;

use super::*;
use crate::window_rule::RuleField;

fn document(change: impl FnOnce(&mut Value)) -> Result<CapturePolicy, String> {
    let mut value = serde_json::to_value(CapturePolicy::careful(1)).unwrap();
    change(&mut value);
    serde_json::from_value::<PolicyDocument>(value)
        .map(|it| it.0)
        .map_err(|error| error.to_string())
}

#[test]
fn an_agent_reads_a_policy_with_fields_from_the_future_and_one_from_the_past() {
    let mut value = serde_json::to_value(CapturePolicy::careful(1)).unwrap();
    value["a_new_switch"] = json!(true);
    value["pause"]["a_new_limit"] = json!(3);
    assert_eq!(
        serde_json::from_value::<CapturePolicy>(value).unwrap(),
        CapturePolicy::careful(1)
    );
    let old = json!({
        "version": 1, "applications": true, "titles": false, "urls": false,
        "excluded_applications": [], "idle_after_seconds": 120,
        "session_gap_seconds": 1800, "auto_start": true,
    });
    assert_eq!(
        serde_json::from_value::<CapturePolicy>(old).unwrap(),
        CapturePolicy::careful(1)
    );
}

#[test]
fn what_an_agent_does_not_understand_makes_it_keep_time_only() {
    let all = CapturePolicy {
        titles: true,
        urls: true,
        needs: vec!["working_hours".into()],
        ..CapturePolicy::careful(1)
    };
    assert_eq!(all.clone().as_understood(), all);
    let future = CapturePolicy {
        needs: vec!["blurred_hours".into()],
        ..all
    }
    .as_understood();
    assert!(!future.applications && !future.titles && !future.urls);
}

#[test]
fn a_person_who_mistypes_a_field_is_told_which() {
    assert_eq!(document(|_| {}), Ok(CapturePolicy::careful(1)));
    for (change, field) in [
        (json!({"titels": true}), "titels"),
        (
            json!({"pause": {"allowed": true, "longest": 3}}),
            "pause.longest",
        ),
        (
            json!({"url_rules": [{"domain": "a.example", "action": "drop", "x": 1}]}),
            "url_rules[0].x",
        ),
    ] {
        let refused = document(|value| {
            let (value, change) = (value.as_object_mut().unwrap(), change.as_object().unwrap());
            value.extend(change.clone());
        });
        assert!(refused.unwrap_err().contains(field), "{field}");
    }
}

#[test]
fn values_out_of_range_are_named() {
    let hours = |from: &str, to: &str| json!([{"day": "monday", "from": from, "to": to}]);
    for (field, value, named) in [
        (
            "excluded_patterns",
            json!([{"field": "title", "pattern": " "}]),
            "excluded_patterns",
        ),
        (
            "excluded_patterns",
            json!([{"field": "title", "pattern": "x".repeat(257)}]),
            "excluded_patterns",
        ),
        (
            "url_rules",
            json!([{"domain": "https://a.example/", "action": "drop"}]),
            "url_rules",
        ),
        (
            "url_rules",
            json!([{"domain": "a..example", "action": "drop"}]),
            "url_rules",
        ),
        ("working_hours", hours("17:00", "09:00"), "working_hours"),
        ("working_hours", hours("09:00", "09:00"), "working_hours"),
        (
            "window_rules",
            json!([{"field": "title", "pattern": "*", "action": "category_only"}]),
            "window_rules",
        ),
        (
            "window_rules",
            json!([{"field": "domain", "pattern": "*.example", "action": "hide_title"}]),
            "window_rules",
        ),
        (
            "window_rules",
            json!([{"field": "title", "pattern": "*", "action": "hide_title",
                    "category_id": "0192f0c1-2345-7000-8000-000000000001"}]),
            "window_rules",
        ),
        (
            "pause",
            json!({"allowed": true, "longest_seconds": 59}),
            "pause.longest_seconds",
        ),
        ("idle_after_seconds", json!(9), "idle_after_seconds"),
        (
            "excluded_applications",
            json!(vec!["x"; 501]),
            "excluded_applications",
        ),
    ] {
        let policy = document(|it| it[field] = value).unwrap();
        assert_eq!(policy.problem().map(|(field, _)| field), Some(named));
    }
}

#[test]
fn the_rules_that_matter_are_named_for_agents() {
    let policy = CapturePolicy {
        working_hours: Some(Vec::new()),
        window_rules: vec![WindowRule {
            field: RuleField::Title,
            pattern: "*salary*".into(),
            action: WindowAction::HideTitle,
            category_id: None,
        }],
        url_rules: vec![UrlRule {
            domain: "a.example".into(),
            action: UrlAction::Drop,
        }],
        ..CapturePolicy::careful(1)
    };
    assert_eq!(
        policy.with_needs().needs,
        ["url_rules", "window_rules", "working_hours"]
    );
}
