//! What the window shows, as values: pure functions from what the agent, the outbox and the
//! server say to what a page draws.
//!
//! The shapes are the contract with the page (`window/src/bridge.ts`): times in milliseconds
//! since 1970, durations in seconds. Must not know Tauri, files or the network.

pub mod days;
pub mod diagnosis;
pub mod looks;
pub mod minutes;
pub mod rows;
pub mod settings;
pub mod today;
pub mod why;

use serde::Serialize;
use shared_types::activity::{Activity, ActivityType, UnobservedReason};

/// A stretch of the time line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Span {
    /// First instant.
    pub from: i64,
    /// Behind the last instant.
    pub to: i64,
    /// Active, idle, or not observed.
    pub kind: ActivityType,
    /// Why nothing was observed.
    pub reason: Option<UnobservedReason>,
    /// What had the focus.
    pub application: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// The category's name, where nothing else of the window is kept; only the server knows it.
    pub category: Option<String>,
}

impl From<&Activity> for Span {
    fn from(span: &Activity) -> Self {
        Self {
            from: span.started_at.as_millis(),
            to: span.ended_at().as_millis(),
            kind: span.activity_type,
            reason: span.reason,
            application: span.application.clone(),
            title: span.title.clone(),
            category: None,
        }
    }
}

/// Neighbours that say the same are one; a day of minutes becomes a lane of stretches.
#[must_use]
pub fn joined(spans: impl IntoIterator<Item = Span>) -> Vec<Span> {
    let mut lane: Vec<Span> = Vec::new();
    for span in spans {
        match lane.last_mut() {
            Some(last)
                if last.to == span.from
                    && (last.kind, last.reason) == (span.kind, span.reason)
                    && last.application == span.application
                    && last.title == span.title
                    && last.category == span.category =>
            {
                last.to = span.to;
            }
            _ => lane.push(span),
        }
    }
    lane
}

/// Seconds by kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// With input.
    pub active_seconds: i64,
    /// Without.
    pub idle_seconds: i64,
    /// Not observed.
    pub unobserved_seconds: i64,
}

impl From<shared_types::live::DayTotals> for Totals {
    fn from(totals: shared_types::live::DayTotals) -> Self {
        Self {
            active_seconds: totals.active_seconds,
            idle_seconds: totals.idle_seconds,
            unobserved_seconds: totals.unobserved_seconds,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(from: i64, to: i64, application: &str) -> Span {
        Span {
            from,
            to,
            kind: ActivityType::Active,
            reason: None,
            application: Some(application.to_owned()),
            title: None,
            category: None,
        }
    }

    #[test]
    fn minutes_that_say_the_same_are_one_stretch_and_a_gap_stays_a_gap() {
        let lane = joined([
            span(0, 60, "Editor"),
            span(60, 120, "Editor"),
            span(120, 180, "Mail"),
            span(240, 300, "Mail"),
        ]);
        assert_eq!(
            lane,
            [
                span(0, 120, "Editor"),
                span(120, 180, "Mail"),
                span(240, 300, "Mail")
            ]
        );
    }
}
