//! The person's days, as the server has them.

use serde::Serialize;
use shared_types::{
    Timestamp,
    note::{Note, NoteKind, NoteState},
    summary::DailySummaryPage,
    timeline::{GapReason, Timeline, TimelineSpan},
};

use super::{
    Span, Totals, joined,
    minutes::{self, Hour},
};

/// One day in the list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Day {
    /// `YYYY-MM-DD`
    pub date: String,
    /// With input.
    pub active_seconds: i64,
    /// Without.
    pub idle_seconds: i64,
    /// Not observed.
    pub unobserved_seconds: i64,
    /// 100 × active / (active + idle); absent when there is neither.
    pub score: Option<f64>,
    /// First input.
    pub first_input: Option<i64>,
    /// Last input.
    pub last_input: Option<i64>,
}

/// Days in the order of the server.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Days {
    /// The days.
    pub items: Vec<Day>,
    /// The zone that they are cut in.
    pub time_zone: String,
}

/// The list as it is shown.
#[must_use]
pub fn days(page: &DailySummaryPage) -> Days {
    let time_zone = page
        .items
        .last()
        .map_or_else(|| "UTC".to_owned(), |it| it.time_zone.clone());
    let items = page
        .items
        .iter()
        .map(|it| Day {
            date: it.date.clone(),
            active_seconds: it.figures.active_seconds,
            idle_seconds: it.figures.idle_seconds,
            unobserved_seconds: it.figures.unobserved_seconds.unwrap_or(0),
            score: it.figures.score,
            first_input: it.first_input_at.map(Timestamp::as_millis),
            last_input: it.last_input_at.map(Timestamp::as_millis),
        })
        .collect();
    Days { items, time_zone }
}

/// A stretch of which no device said anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// First instant.
    pub from: i64,
    /// Behind the last instant.
    pub to: i64,
    /// Why.
    pub reason: GapReason,
}

/// What the person said of a stretch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    /// The note.
    pub id: String,
    /// First instant.
    pub from: i64,
    /// Behind the last instant.
    pub to: i64,
    /// What the time was.
    pub kind: NoteKind,
    /// In their words.
    pub text: Option<String>,
    /// Whether somebody has answered.
    pub state: NoteState,
    /// What they wrote.
    pub answer: Option<String>,
}

impl From<Note> for Said {
    fn from(note: Note) -> Self {
        Self {
            id: note.id.to_string(),
            from: note.from.as_millis(),
            to: note.to.as_millis(),
            kind: note.kind,
            text: note.text,
            state: note.state,
            answer: note.answer,
        }
    }
}

/// One day, minute by minute.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OneDay {
    /// `YYYY-MM-DD`
    pub date: String,
    /// The zone that it is cut in.
    pub time_zone: String,
    /// First instant.
    pub from: i64,
    /// The next day's first instant.
    pub to: i64,
    /// What was observed.
    pub spans: Vec<Span>,
    /// What nobody said anything of.
    pub gaps: Vec<Gap>,
    /// What the person said.
    pub notes: Vec<Said>,
    /// Seconds by kind.
    pub totals: Totals,
    /// 100 × active / (active + idle); absent when there is neither.
    pub score: Option<f64>,
    /// The minutes that make the score, by the hour.
    pub hours: Vec<Hour>,
    /// Whether these are all of them: the server leaves out what no page could show.
    pub hours_complete: bool,
}

/// A day as it is shown.
#[must_use]
pub fn one_day(day: Timeline) -> OneDay {
    let totals = Totals::from(day.totals);
    let (from, to) = (day.from.as_millis(), day.to.as_millis());
    let spans: Vec<Span> = day.spans.into_iter().map(span).collect();
    OneDay {
        hours: minutes::hours(&spans, from, to),
        hours_complete: day.spans_left_out == 0,
        date: day.date,
        time_zone: day.time_zone,
        from,
        to,
        spans: joined(spans),
        gaps: day
            .gaps
            .into_iter()
            .map(|gap| Gap {
                from: gap.from.as_millis(),
                to: gap.to.as_millis(),
                reason: gap.reason,
            })
            .collect(),
        notes: day.notes.into_iter().map(Said::from).collect(),
        score: score(totals),
        totals,
    }
}

fn span(span: TimelineSpan) -> Span {
    Span {
        from: span.from.as_millis(),
        to: span.to.as_millis(),
        kind: span.activity_type,
        reason: span.reason,
        application: span.application,
        title: span.title,
        category: span.category,
    }
}

/// The server's formula, with one decimal.
pub(super) fn score(totals: Totals) -> Option<f64> {
    let worked = totals.active_seconds + totals.idle_seconds;
    (worked > 0).then(|| {
        let tenths = (totals.active_seconds * 1_000 + worked / 2) / worked;
        f64::from(i32::try_from(tenths).unwrap_or(1_000)) / 10.0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_score_is_active_of_observed_and_nothing_where_nothing_was_observed() {
        let of = |active_seconds, idle_seconds| {
            score(Totals {
                active_seconds,
                idle_seconds,
                unobserved_seconds: 9_999,
            })
        };
        assert_eq!(of(0, 0), None);
        assert_eq!(of(0, 60), Some(0.0));
        assert_eq!(of(2, 1), Some(66.7));
        assert_eq!(of(60, 0), Some(100.0));
    }
}
