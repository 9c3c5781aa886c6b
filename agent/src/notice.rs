//! What a person is told before anything is recorded: what is collected, what is not, and why.
//!
//! Pure: a policy in, sentences out. The same lines stand in the window and on the command
//! line. It must not know where acceptance is kept ([`crate::enrol`]) or what it holds back
//! (the engine).

use serde::{Deserialize, Serialize};
use shared_types::policy::CapturePolicy;

/// Whether something is collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Collected {
    /// It is.
    Yes,
    /// Never, whatever the policy says, or not under this policy.
    No,
    /// It is, within limits that the line names.
    Limited,
}

/// One thing, whether it is collected, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeLine {
    /// What it is, in a few words.
    pub what: String,
    /// Whether it is collected.
    pub collected: Collected,
    /// What for, or why not; one or two sentences.
    pub why: String,
}

fn line(what: &str, collected: Collected, why: impl Into<String>) -> NoticeLine {
    NoticeLine {
        what: what.to_owned(),
        collected,
        why: why.into(),
    }
}

/// The notice for a policy. What is collected stands first, what never is last.
#[must_use]
pub fn lines(policy: &CapturePolicy) -> Vec<NoticeLine> {
    use Collected::{Limited, No, Yes};
    let policy = policy.clone().as_understood();
    let reduced = policy.categories().next().is_some();
    let excluded = policy.excluded_applications.len() + policy.excluded_patterns.len();
    // A category stands in place of everything else; a hidden title leaves the rest.
    let limited = excluded > 0 || reduced;
    let hidden = !policy.window_rules.is_empty();
    let mut lines = vec![
        line(
            "Working time",
            Yes,
            "When a work session begins and ends. It is what your hours are counted from.",
        ),
        line(
            "Whether there was input",
            Yes,
            format!(
                "That keyboard or mouse were used, never which keys or where. {} without input count as idle, from the last input on.",
                minutes(policy.idle_after_seconds)
            ),
        ),
    ];
    let mut rest = vec![
        match (policy.applications, limited) {
            (true, false) => line(
                "Application names",
                Yes,
                "Which program has the focus, such as “Editor”, to see where the time goes.",
            ),
            (true, _) => line(
                "Application names",
                Limited,
                "Which program has the focus. Of those that your organization has excluded only the time is kept.",
            ),
            (false, _) => line(
                "Application names",
                No,
                "Your organization's policy does not collect them.",
            ),
        },
        match (policy.titles, limited || hidden) {
            (true, false) => line(
                "Window titles",
                Yes,
                "The title of the window that has the focus, to tell tasks apart.",
            ),
            (true, _) => line(
                "Window titles",
                Limited,
                "The title of the window that has the focus, except where your organization has excluded the application or a pattern, or hides titles.",
            ),
            (false, _) => line(
                "Window titles",
                No,
                "Your organization's policy does not collect them.",
            ),
        },
        match (policy.urls, policy.url_rules.is_empty() && !hidden) {
            (true, true) => line(
                "Page addresses",
                Yes,
                "The address of the page in front, where a browser tells it.",
            ),
            (true, false) => line(
                "Page addresses",
                Limited,
                "The address of the page in front, cut or left out for the sites that your organization has named.",
            ),
            (false, _) => line(
                "Page addresses",
                No,
                "Your organization's policy does not collect them.",
            ),
        },
    ];
    if reduced {
        rest.push(line(
            "Categories of windows",
            Limited,
            "Of windows that your organization has named only a category is kept, such as “Personal”, and the time.",
        ));
    }
    rest.sort_by_key(|line| line.collected == No);
    lines.append(&mut rest);
    if policy.working_hours.is_some() {
        lines.push(line(
            "Outside working hours",
            No,
            "Nothing is looked at and no time is recorded outside the hours of your organization's policy.",
        ));
    }
    lines.push(line("While you are paused", No, pause(&policy)));
    lines.push(line(
        "Keys, screenshots, camera, sound, files, location",
        No,
        "WorkPulse has no part that could record them.",
    ));
    lines
}

fn pause(policy: &CapturePolicy) -> String {
    let until = match (policy.pause.allowed, policy.pause.longest_seconds) {
        (false, _) => {
            return "Your organization's policy does not allow pausing. What is not looked at, behind a locked screen for one, is told as not observed.".to_owned();
        }
        (true, None) => "You may pause at any time".to_owned(),
        (true, Some(seconds)) => format!("You may pause, {} at a time", minutes(seconds)),
    };
    format!("{until}: nothing is looked at meanwhile, and the time is told as not observed.")
}

fn minutes(seconds: u32) -> String {
    match (seconds / 60, seconds % 60) {
        (0, seconds) => format!("{seconds} seconds"),
        (1, 0) => "1 minute".to_owned(),
        (minutes, 0) => format!("{minutes} minutes"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

/// What a changed policy collects beyond the one before, for a person who has accepted that
/// one: a sentence, or nothing.
#[must_use]
pub fn widened(before: &CapturePolicy, now: &CapturePolicy) -> Option<String> {
    let (before, now) = (before.clone().as_understood(), now.clone().as_understood());
    let new: Vec<&str> = [
        (before.applications, now.applications, "application names"),
        (before.titles, now.titles, "window titles"),
        (before.urls, now.urls, "page addresses"),
        (
            before.categories().next().is_some(),
            now.categories().next().is_some(),
            "categories of windows",
        ),
    ]
    .into_iter()
    .filter(|(before, now, _)| !before && *now)
    .map(|(_, _, what)| what)
    .collect();
    (!new.is_empty()).then(|| {
        format!(
            "Your organization has changed its policy: {} are collected from now on. Nothing from before is.",
            new.join(" and ")
        )
    })
}

#[cfg(test)]
mod tests {
    use shared_types::window_rule::{RuleField, WindowAction, WindowRule};

    use super::*;

    fn collected(policy: &CapturePolicy, what: &str) -> Collected {
        lines(policy)
            .into_iter()
            .find(|line| line.what == what)
            .unwrap()
            .collected
    }

    #[test]
    fn the_notice_says_of_each_field_what_the_policy_does_with_it() {
        let careful = CapturePolicy::careful(1);
        assert_eq!(collected(&careful, "Window titles"), Collected::No);
        assert_eq!(collected(&careful, "Page addresses"), Collected::No);
        let wide = CapturePolicy {
            titles: true,
            excluded_applications: vec!["KeePassXC".into()],
            ..careful.clone()
        };
        assert_eq!(collected(&wide, "Window titles"), Collected::Limited);
        assert_eq!(
            collected(&wide, "Keys, screenshots, camera, sound, files, location"),
            Collected::No
        );
    }

    #[test]
    fn hidden_titles_and_categories_are_told() {
        let rule = |action, category_id| CapturePolicy {
            titles: true,
            window_rules: vec![WindowRule {
                field: RuleField::Title,
                pattern: "*salary*".into(),
                action,
                category_id,
            }],
            ..CapturePolicy::careful(1)
        };
        let hides = rule(WindowAction::HideTitle, None);
        assert_eq!(collected(&hides, "Window titles"), Collected::Limited);
        assert_eq!(collected(&hides, "Application names"), Collected::Yes);
        let reduces = rule(
            WindowAction::CategoryOnly,
            Some(uuid::Uuid::from_u128(1).into()),
        );
        for what in [
            "Window titles",
            "Application names",
            "Categories of windows",
        ] {
            assert_eq!(collected(&reduces, what), Collected::Limited, "{what}");
        }
        let told = widened(&hides, &reduces).unwrap();
        assert!(told.contains("categories of windows"), "{told}");
    }

    #[test]
    fn a_rule_from_the_future_leaves_time_only_in_the_notice_too() {
        let policy = CapturePolicy {
            titles: true,
            needs: vec!["a rule of tomorrow".into()],
            ..CapturePolicy::careful(1)
        };
        assert_eq!(collected(&policy, "Window titles"), Collected::No);
        assert_eq!(collected(&policy, "Application names"), Collected::No);
    }

    #[test]
    fn who_collects_more_than_was_accepted_says_so_and_who_collects_less_need_not() {
        let less = CapturePolicy::careful(1);
        let more = CapturePolicy {
            titles: true,
            urls: true,
            ..CapturePolicy::careful(2)
        };
        let told = widened(&less, &more).unwrap();
        assert!(told.contains("window titles and page addresses"), "{told}");
        assert_eq!(widened(&more, &less), None);
    }
}
