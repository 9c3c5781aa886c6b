//! A capture policy in words: what the person reads in `status` and after enrolling.

use shared_types::{
    hours::{Weekday, WorkingHours},
    policy::CapturePolicy,
    window_rule::WindowAction,
};

/// Name and value of each line.
pub(super) fn lines(policy: &CapturePolicy) -> Vec<(&'static str, String)> {
    let understood = policy.clone().as_understood();
    let collected: Vec<&str> = [
        (true, "active and idle time"),
        (understood.applications, "application names"),
        (understood.titles, "window titles"),
        (understood.urls, "page addresses"),
    ]
    .into_iter()
    .filter_map(|(on, name)| on.then_some(name))
    .collect();
    let mut lines = vec![("Collected", collected.join(", "))];
    if understood != *policy {
        lines.push((
            "",
            "the policy has rules that this version does not know, so time only; update the agent"
                .to_owned(),
        ));
    }
    let excluded: Vec<String> = [
        (policy.excluded_applications.len(), "application"),
        (policy.excluded_patterns.len(), "pattern"),
        (policy.url_rules.len(), "domain"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, name)| format!("{count} {name}{}", if count == 1 { "" } else { "s" }))
    .collect();
    if !excluded.is_empty() {
        lines.push(("Excluded", excluded.join(", ")));
    }
    let (only, hidden): (Vec<_>, Vec<_>) = policy
        .window_rules
        .iter()
        .partition(|rule| rule.action == WindowAction::CategoryOnly);
    for (name, rules) in [("Titles hidden", hidden), ("Category only", only)] {
        if !rules.is_empty() {
            let count = rules.len();
            lines.push((
                name,
                format!("{count} rule{}", if count == 1 { "" } else { "s" }),
            ));
        }
    }
    if let Some(hours) = &policy.working_hours {
        lines.push(("Working hours", week(hours)));
    }
    let pause = match (policy.pause.allowed, policy.pause.longest_seconds) {
        (false, _) => "not allowed".to_owned(),
        (true, None) => "allowed".to_owned(),
        (true, Some(seconds)) => format!("allowed, at most {} minutes at a time", seconds / 60),
    };
    lines.push(("Pausing", pause));
    if !policy.ask_on_return {
        lines.push(("Asked on return", "no".to_owned()));
    }
    lines
}

/// `Monday 09:00-12:00 13:00-17:00, Tuesday …`
fn week(hours: &[WorkingHours]) -> String {
    let days: Vec<String> = Weekday::ALL
        .into_iter()
        .filter_map(|day| {
            let mut of_day: Vec<_> = hours.iter().filter(|it| it.day == day).collect();
            of_day.sort_unstable();
            let stretches: Vec<String> = of_day
                .into_iter()
                .map(|it| format!("{}-{}", it.from, it.to))
                .collect();
            (!stretches.is_empty()).then(|| format!("{} {}", day.name(), stretches.join(" ")))
        })
        .collect();
    if days.is_empty() {
        "none".to_owned()
    } else {
        days.join(", ")
    }
}
