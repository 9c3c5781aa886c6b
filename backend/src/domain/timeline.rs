//! One person's day from its spans: runs, gaps and totals. Pure.
//!
//! Spans come in the order of their begin, all devices mixed. A run is what one device said
//! without a change; a gap is a stretch between the day's first and last span of which no device
//! said anything.

use shared_types::{
    DeviceId, SessionId, Timestamp,
    live::DayTotals,
    timeline::{Gap, GapReason, TimelineSpan},
};

use super::day::{Stretch, union};

/// Runs that an answer holds at most: a day of changing windows every ten seconds.
pub const MOST_RUNS: usize = 10_000;

/// A stretch of time in which a session ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Running {
    /// First instant.
    pub from: Timestamp,
    /// Behind the last instant.
    pub to: Timestamp,
}

/// Takes spans one by one, and holds no more of them than an answer may.
#[derive(Debug, Default)]
pub struct DayBuilder {
    runs: Vec<TimelineSpan>,
    left_out: i64,
    /// Of each device, where its latest run stands; a handful.
    latest: Vec<(Option<DeviceId>, usize)>,
    /// Of each device and kind, joined as far as they touch.
    stretches: Vec<Stretch>,
    open: Vec<(Option<DeviceId>, usize)>,
    sessions: Vec<SessionId>,
    reached: Option<Timestamp>,
    silent: Vec<(Timestamp, Timestamp)>,
}

/// What became of a day's spans.
#[derive(Debug, PartialEq, Eq)]
pub struct Day {
    /// Runs, in the order of their begin.
    pub spans: Vec<TimelineSpan>,
    /// Runs that were left out because there are too many.
    pub left_out: i64,
    /// Stretches of which nothing is known.
    pub gaps: Vec<Gap>,
    /// Seconds by kind, each counted once.
    pub totals: DayTotals,
}

impl DayBuilder {
    /// Adds the next span; its end is its begin plus its duration.
    pub fn push(&mut self, span: TimelineSpan) {
        if !self.sessions.contains(&span.session_id) {
            self.sessions.push(span.session_id);
        }
        if let Some(reached) = self.reached
            && reached < span.from
        {
            self.silent.push((reached, span.from));
        }
        self.reached = self.reached.max(Some(span.to));
        self.count(&span);
        let slot = self
            .latest
            .iter()
            .position(|(device, _)| *device == span.device_id);
        if let Some(slot) = slot
            && let Some(run) = self.runs.get_mut(self.latest[slot].1)
            && continues(run, &span)
        {
            run.to = span.to;
            return;
        }
        if self.runs.len() == MOST_RUNS {
            self.left_out += 1;
            return;
        }
        let entry = (span.device_id, self.runs.len());
        match slot {
            Some(slot) => self.latest[slot] = entry,
            None => self.latest.push(entry),
        }
        self.runs.push(span);
    }

    fn count(&mut self, span: &TimelineSpan) {
        let slot = self
            .open
            .iter()
            .position(|(device, _)| *device == span.device_id);
        if let Some(slot) = slot {
            let stretch = &mut self.stretches[self.open[slot].1];
            if stretch.kind == span.activity_type && stretch.end == span.from {
                stretch.end = span.to;
                return;
            }
        }
        let entry = (span.device_id, self.stretches.len());
        match slot {
            Some(slot) => self.open[slot] = entry,
            None => self.open.push(entry),
        }
        self.stretches.push(Stretch {
            start: span.from,
            end: span.to,
            kind: span.activity_type,
        });
    }

    /// The sessions that spans have spoken of.
    #[must_use]
    pub fn sessions(&self) -> &[SessionId] {
        &self.sessions
    }

    /// The day, once the stretches in which a session ran are known.
    #[must_use]
    pub fn finish(self, running: &[Running]) -> Day {
        let gaps = self
            .silent
            .into_iter()
            .map(|(from, to)| Gap {
                from,
                to,
                reason: if running
                    .iter()
                    .any(|session| session.from < to && from < session.to)
                {
                    GapReason::NotReported
                } else {
                    GapReason::NoSession
                },
            })
            .collect();
        Day {
            spans: self.runs,
            left_out: self.left_out,
            gaps,
            totals: union(&self.stretches),
        }
    }
}

/// Whether a span goes on where a run stopped, with nothing changed.
fn continues(run: &TimelineSpan, span: &TimelineSpan) -> bool {
    run.to == span.from
        && run.session_id == span.session_id
        && run.activity_type == span.activity_type
        && run.reason == span.reason
        && run.application == span.application
        && run.title == span.title
        && run.url == span.url
        && run.category == span.category
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use shared_types::activity::{ActivityType, UnobservedReason};
    use uuid::Uuid;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    fn span(device: u128, from: i64, seconds: i64, kind: ActivityType, app: &str) -> TimelineSpan {
        TimelineSpan {
            session_id: SessionId(Uuid::from_u128(device + 100)),
            device_id: Some(DeviceId(Uuid::from_u128(device))),
            activity_type: kind,
            reason: (kind == ActivityType::Unobserved).then_some(UnobservedReason::Locked),
            from: at(from),
            to: at(from + seconds),
            application: Some(app.to_owned()),
            title: None,
            url: None,
            category: None,
        }
    }

    #[test]
    fn spans_that_say_the_same_become_one_and_silence_between_them_a_gap() {
        use ActivityType::{Active, Unobserved};
        let mut day = DayBuilder::default();
        for span in [
            span(1, 0, 60, Active, "Editor"),
            span(1, 60, 60, Active, "Editor"),
            span(1, 120, 30, Active, "Mail"),
            span(1, 150, 30, Unobserved, "Mail"),
            span(1, 300, 60, Active, "Mail"),
            span(1, 600, 60, Active, "Mail"),
        ] {
            day.push(span);
        }
        let running = [
            Running {
                from: at(0),
                to: at(400),
            },
            Running {
                from: at(600),
                to: at(900),
            },
        ];
        let day = day.finish(&running);
        let shape: Vec<_> = day.spans.iter().map(|s| (s.from, s.to)).collect();
        assert_eq!(
            shape,
            [(0, 120), (120, 150), (150, 180), (300, 360), (600, 660)].map(|(a, b)| (at(a), at(b)))
        );
        assert_eq!(
            day.gaps,
            [
                Gap {
                    from: at(180),
                    to: at(300),
                    reason: GapReason::NotReported
                },
                Gap {
                    from: at(360),
                    to: at(600),
                    reason: GapReason::NotReported
                },
            ]
        );
        assert_eq!(day.totals.active_seconds, 270);
        assert_eq!(day.totals.unobserved_seconds, 30);
    }

    #[test]
    fn between_two_sessions_nobody_was_asked_to_say_anything() {
        let mut day = DayBuilder::default();
        day.push(span(1, 0, 60, ActivityType::Active, "Editor"));
        day.push(span(1, 600, 60, ActivityType::Active, "Editor"));
        let running = [
            Running {
                from: at(0),
                to: at(60),
            },
            Running {
                from: at(600),
                to: at(660),
            },
        ];
        let day = day.finish(&running);
        assert_eq!(
            day.gaps,
            [Gap {
                from: at(60),
                to: at(600),
                reason: GapReason::NoSession
            }]
        );
    }

    #[test]
    fn an_answer_has_an_end_and_its_totals_are_whole() {
        let mut day = DayBuilder::default();
        let count = i64::try_from(MOST_RUNS).expect("fits") + 25;
        for n in 0..count {
            let app = if n % 2 == 0 { "A" } else { "B" };
            day.push(span(1, n, 1, ActivityType::Active, app));
        }
        let day = day.finish(&[]);
        assert_eq!(day.spans.len(), MOST_RUNS);
        assert_eq!(day.left_out, 25);
        assert_eq!(day.totals.active_seconds, count);
    }

    proptest! {
        #[test]
        fn runs_cover_what_spans_covered_and_totals_are_the_union(
            steps in prop::collection::vec((0_u128..3, 0_i64..90, 1_i64..60, 0_usize..3, 0_u8..2), 0..60),
        ) {
            let mut spans = Vec::new();
            let mut ends = [0_i64; 3];
            for (device, pause, seconds, kind, app) in steps {
                let slot = usize::try_from(device).expect("small");
                let from = ends[slot] + pause;
                ends[slot] = from + seconds;
                let app = if app == 0 { "A" } else { "B" };
                spans.push(span(device, from, seconds, ActivityType::ALL[kind], app));
            }
            spans.sort_by_key(|s| s.from);
            let stretches: Vec<_> = spans.iter().map(|s| Stretch {
                start: s.from, end: s.to, kind: s.activity_type,
            }).collect();
            let seconds = |spans: &[TimelineSpan]| -> i64 {
                spans.iter().map(|s| s.to.millis_since(s.from)).sum()
            };
            let before = seconds(&spans);
            let (first, last) = (spans.first().map(|s| s.from), spans.iter().map(|s| s.to).max());
            let mut builder = DayBuilder::default();
            for span in spans { builder.push(span); }
            let day = builder.finish(&[]);
            prop_assert_eq!(seconds(&day.spans), before);
            prop_assert_eq!(day.totals, union(&stretches));
            // Spans of any device and gaps together are the whole from first to last.
            let totals = day.totals.active_seconds + day.totals.idle_seconds + day.totals.unobserved_seconds;
            let silent: i64 = day.gaps.iter().map(|g| g.to.millis_since(g.from) / 1_000).sum();
            let whole = first.zip(last).map_or(0, |(a, b)| b.millis_since(a) / 1_000);
            prop_assert_eq!(totals + silent, whole);
        }
    }
}
