//! The local day so far, from what is kept on this machine.

use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;
use shared_types::{ProjectId, activity::Activity};
use workpulse_agent::StatusReport;

use super::{Span, Totals, joined};

/// The running session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Session {
    /// When it began.
    pub started_at: i64,
    /// What is worked on.
    pub project_id: Option<ProjectId>,
}

/// The day so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Today {
    /// `YYYY-MM-DD`
    pub date: String,
    /// The zone's name, or its offset where it has none.
    pub zone: String,
    /// The day's first instant.
    pub from: i64,
    /// The next day's first instant.
    pub to: i64,
    /// When it was looked at.
    pub now: i64,
    /// What is in rows; the minute in progress is in `totals` only.
    pub spans: Vec<Span>,
    /// Seconds by kind.
    pub totals: Totals,
    /// The running session.
    pub session: Option<Session>,
    /// Records that the server has not acknowledged.
    pub pending: i64,
}

/// First instants of the local day and of the next, in milliseconds.
#[must_use]
pub fn bounds(now: Timestamp, zone: &TimeZone) -> (i64, i64) {
    let first = |days: i64| {
        now.to_zoned(zone.clone())
            .date()
            .saturating_add(jiff::Span::new().days(days))
            .to_zoned(zone.clone())
            .map_or(now, |at| at.timestamp())
            .as_millisecond()
    };
    (first(0), first(1))
}

/// The day, of its spans and the agent's report.
#[must_use]
pub fn today(
    spans: &[Activity],
    report: &StatusReport,
    running: bool,
    now: Timestamp,
    zone: &TimeZone,
) -> Today {
    let (from, to) = bounds(now, zone);
    let lane = joined(spans.iter().map(Span::from));
    let totals = if running {
        report.today.into()
    } else {
        // Nobody counts: what is in rows is all that there is.
        sum(&lane)
    };
    Today {
        date: now.to_zoned(zone.clone()).date().to_string(),
        zone: zone.iana_name().map_or_else(
            || now.to_zoned(zone.clone()).offset().to_string(),
            str::to_owned,
        ),
        from,
        to,
        now: now.as_millisecond(),
        spans: lane,
        totals,
        session: report.session.filter(|_| running).map(|it| Session {
            started_at: it.started_at.as_millis(),
            project_id: it.project_id,
        }),
        pending: report.pending,
    }
}

fn sum(lane: &[Span]) -> Totals {
    use shared_types::activity::ActivityType::{Active, Idle, Unobserved};
    let of = |kind| {
        lane.iter()
            .filter(|span| span.kind == kind)
            .map(|span| (span.to - span.from) / 1_000)
            .sum()
    };
    Totals {
        active_seconds: of(Active),
        idle_seconds: of(Idle),
        unobserved_seconds: of(Unobserved),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_23_24_or_25_hours_where_the_clocks_change() {
        let zone = TimeZone::get("Europe/Berlin").expect("the zone database has Berlin");
        let hours = |text: &str| {
            let (from, to) = bounds(text.parse().expect("an instant"), &zone);
            (to - from) / 3_600_000
        };
        assert_eq!(hours("2026-03-29T10:00:00Z"), 23);
        assert_eq!(hours("2026-10-25T10:00:00Z"), 25);
        assert_eq!(hours("2026-11-24T23:30:00Z"), 24);
    }
}
