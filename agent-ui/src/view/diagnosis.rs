//! What support needs to know, and nothing about the person: connection, queue, permissions,
//! versions. The text that is copied holds no name, address, title or path of a home folder.

use jiff::Timestamp;
use serde::Serialize;
use workpulse_agent::StatusReport;

use crate::{
    preflight::{Finding, Weight},
    words,
};

/// One fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// What it is about.
    pub name: String,
    /// What is so.
    pub value: String,
    /// Whether that is good; absent: neither good nor bad.
    pub good: Option<bool>,
    /// What to do.
    pub hint: Option<String>,
}

/// Facts that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// Their heading.
    pub title: String,
    /// The facts.
    pub items: Vec<Item>,
}

/// The whole page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnosis {
    /// The facts.
    pub groups: Vec<Group>,
    /// The same for support.
    pub text: String,
}

fn item(name: &str, value: impl Into<String>, good: Option<bool>) -> Item {
    Item {
        name: name.to_owned(),
        value: value.into(),
        good,
        hint: None,
    }
}

/// The facts of a report, the desktop's findings, and whether an agent runs.
#[must_use]
pub fn diagnosis(
    report: &StatusReport,
    running: bool,
    findings: &[Finding],
    now: Timestamp,
) -> Diagnosis {
    let groups = vec![
        Group {
            title: "Connection".to_owned(),
            items: connection(report, running, now),
        },
        Group {
            title: "Queue".to_owned(),
            items: queue(report),
        },
        Group {
            title: "What can be seen".to_owned(),
            items: sight(report, running, findings),
        },
        Group {
            title: "Versions".to_owned(),
            items: vec![
                item("WorkPulse", env!("CARGO_PKG_VERSION"), None),
                item("Agent", report.agent_version.clone(), None),
                item(
                    "System",
                    format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
                    None,
                ),
                item("Policy", format!("version {}", report.policy_version), None),
            ],
        },
    ];
    let text = text(&groups, now);
    Diagnosis { groups, text }
}

fn connection(report: &StatusReport, running: bool, now: Timestamp) -> Vec<Item> {
    let mut items = vec![
        Item {
            hint: (!running).then(|| "Start WorkPulse from your applications.".to_owned()),
            ..item(
                "Agent",
                if running { "running" } else { "not running" },
                Some(running),
            )
        },
        item(
            "Enrolled",
            if report.enrolled { "yes" } else { "no" },
            Some(report.enrolled),
        ),
    ];
    let last = report.last_sync_at.map_or_else(
        || "not since WorkPulse was started".to_owned(),
        |at| {
            let seconds = (now.as_millisecond() - at.as_millis()).max(0) / 1_000;
            match u64::try_from(seconds).unwrap_or_default() {
                under @ 0..60 => format!("{under} s ago"),
                more => format!("{} ago", words::duration(more)),
            }
        },
    );
    items.push(Item {
        // The error names no address: the agent keeps those out.
        hint: report.last_error.clone(),
        ..item(
            "Last answer of the server",
            last,
            Some(report.last_error.is_none() && report.last_sync_at.is_some()),
        )
    });
    items.push(item(
        "Changes arrive at once",
        if report.nudges_connected { "yes" } else { "no" },
        None,
    ));
    if report.device_pending {
        items.push(Item {
            hint: Some("Ask an administrator to approve this device.".to_owned()),
            ..item("Approval", "waiting", Some(false))
        });
    }
    items
}

fn queue(report: &StatusReport) -> Vec<Item> {
    let counters = &report.counters;
    let dropped: i64 = counters.dropped.values().sum();
    let whole = counters.produced == counters.stored + counters.pending + dropped;
    let mut items = vec![
        item(
            "Conservation",
            format!(
                "{} made = {} stored + {} waiting + {dropped} refused",
                counters.produced, counters.stored, counters.pending
            ),
            Some(whole),
        ),
        item(
            "Waiting in memory",
            report.waiting_in_memory.to_string(),
            Some(report.waiting_in_memory == 0),
        ),
        item(
            "Time the clock could not place",
            format!("{} s", report.clock_dropped_seconds),
            Some(report.clock_dropped_seconds == 0),
        ),
    ];
    for (reason, count) in &counters.dropped {
        items.push(item("Refused", format!("{count}: {reason}"), Some(false)));
    }
    items
}

fn sight(report: &StatusReport, running: bool, findings: &[Finding]) -> Vec<Item> {
    let can = |name: &str, able: bool| {
        item(
            name,
            if able { "yes" } else { "no" },
            running.then_some(able),
        )
    };
    let mut items = vec![
        can("Application names", report.capabilities.application),
        Item {
            hint: (cfg!(target_os = "macos") && running && !report.capabilities.title).then(|| {
                "macOS withholds window titles: to let WorkPulse see them, allow it under System Settings, Privacy & Security, Screen Recording. Your organization may not collect them at all."
                    .to_owned()
            }),
            ..can("Window titles", report.capabilities.title)
        },
        can("Idle time", report.capabilities.idle),
    ];
    items.extend(findings.iter().map(|finding| {
        let good = matches!(finding.weight, Weight::Fine);
        Item {
            hint: (!good).then(|| finding.message.clone()),
            ..item(
                finding.subject,
                if good { "found" } else { "limited" },
                Some(good),
            )
        }
    }));
    items
}

fn text(groups: &[Group], now: Timestamp) -> String {
    let mut lines = vec![format!("WorkPulse diagnosis of {now}")];
    for group in groups {
        lines.push(String::new());
        lines.push(group.title.clone());
        lines.extend(group.items.iter().map(|item| {
            let mark = match item.good {
                Some(false) => "!",
                _ => " ",
            };
            format!("{mark} {}: {}", item.name, item.value)
        }));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_copied_for_support_names_nobody() {
        let report = StatusReport {
            enrolled: true,
            server: Some("https://time.harbour.example/".to_owned()),
            user_name: Some("Ines Moreau".to_owned()),
            organization_name: Some("Harbour Design".to_owned()),
            message: Some("Ines is paused".to_owned()),
            last_error: Some("the server cannot be reached (refused)".to_owned()),
            ..StatusReport::default()
        };
        let told = diagnosis(&report, true, &[], Timestamp::UNIX_EPOCH);
        for secret in ["Ines", "Harbour", "harbour.example"] {
            assert!(!told.text.contains(secret), "{}", told.text);
        }
        let last = told.groups[0]
            .items
            .iter()
            .find(|it| it.name == "Last answer of the server");
        assert_eq!(last.and_then(|it| it.good), Some(false));
    }

    #[test]
    fn an_account_that_does_not_add_up_is_marked() {
        let mut report = StatusReport::default();
        report.counters.produced = 3;
        let told = diagnosis(&report, true, &[], Timestamp::UNIX_EPOCH);
        assert!(told.text.contains("! Conservation"), "{}", told.text);
    }
}
