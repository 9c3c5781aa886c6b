//! What the sampler promises: a desk to try it on; scripted days in [`days`]; any sequence of
//! happenings in [`always`].

mod always;
mod days;

use shared_types::activity::{Activity, ActivityType};
use uuid::Uuid;

use super::*;

/// 2026-11-22T09:00:00Z, the start of a minute.
const NINE: i64 = 1_795_338_000_000;

const RULES: Rules = Rules {
    interval_millis: 5_000,
    idle_after_millis: 120_000,
    session_gap_millis: 1_800_000,
};

/// A desktop with clocks, and everything that the sampler made of it.
struct Desk {
    boot: i64,
    mono: i64,
    wall: i64,
    last_input: i64,
    application: &'static str,
    blind: Option<UnobservedReason>,
    auto_start: bool,
    next_id: u128,
    sampler: Sampler,
    items: Vec<SyncItemBody>,
}

impl Desk {
    fn new() -> Self {
        Self {
            boot: 900_000_000,
            mono: 900_000_000,
            wall: NINE,
            last_input: 900_000_000,
            application: "XTerm",
            blind: None,
            auto_start: true,
            next_id: 1,
            sampler: Sampler::new(RULES, Recorded::default(), None),
            items: Vec::new(),
        }
    }

    fn look(&mut self) {
        let sight = match self.blind {
            Some(reason) => Sight::Blind(reason),
            None => Sight::Seen {
                focus: Focus {
                    application: Some(self.application.into()),
                    ..Focus::default()
                },
                idle_millis: self.boot - self.last_input,
            },
        };
        let may_start = self
            .auto_start
            .then(|| SessionId(Uuid::from_u128(self.next_id)));
        self.next_id += 1;
        let made = self.sampler.observe(&Observation {
            boot_millis: self.boot,
            mono_millis: self.mono,
            wall: Timestamp::from_millis(self.wall),
            sight,
            may_start,
        });
        self.items.extend(made);
    }

    fn pass(&mut self, millis: i64) {
        self.boot += millis;
        self.mono += millis;
        self.wall += millis;
    }

    fn input(&mut self) {
        self.last_input = self.boot;
    }

    /// Looks every five seconds for this long, typing all the time.
    fn work(&mut self, seconds: i64) {
        for _ in 0..seconds / 5 {
            self.pass(5_000);
            self.input();
            self.look();
        }
    }

    /// Looks every five seconds for this long, hands off.
    fn rest(&mut self, seconds: i64) {
        for _ in 0..seconds / 5 {
            self.pass(5_000);
            self.look();
        }
    }

    fn stop(&mut self) {
        let made = self.sampler.stop();
        self.items.extend(made);
        self.auto_start = false;
    }

    /// The agent is killed; what was in the checkpoint and in the outbox stays.
    fn kill(&mut self) {
        let recorded = serde_json::to_string(&self.sampler.recorded()).unwrap();
        let unfinished = serde_json::to_string(&self.sampler.unfinished()).unwrap();
        self.sampler = Sampler::new(
            RULES,
            serde_json::from_str(&recorded).unwrap(),
            serde_json::from_str(&unfinished).unwrap(),
        );
    }

    fn spans(&self) -> Vec<&Activity> {
        self.items
            .iter()
            .filter_map(|item| match item {
                SyncItemBody::Activity(span) => Some(span),
                _ => None,
            })
            .collect()
    }

    /// `active 09:00:00 +60 XTerm`, one line a span, sessions in between.
    fn story(&self) -> Vec<String> {
        let clock = |at: Timestamp| at.to_string()[11..19].to_owned();
        self.items
            .iter()
            .map(|item| match item {
                SyncItemBody::SessionStarted(it) => format!("start {}", clock(it.started_at)),
                SyncItemBody::SessionStopped(it) => format!("stop {}", clock(it.stopped_at)),
                SyncItemBody::Activity(it) => format!(
                    "{} {} +{} {}",
                    it.reason
                        .map_or(it.activity_type.as_str(), UnobservedReason::as_str),
                    clock(it.started_at),
                    it.duration_seconds,
                    it.application.as_deref().unwrap_or("-"),
                ),
                SyncItemBody::Counters(_) => "counters".to_owned(),
            })
            .collect()
    }

    fn totals(&self) -> DayTotals {
        let mut totals = DayTotals::default();
        for span in self.spans() {
            let seconds = i64::from(span.duration_seconds);
            match span.activity_type {
                ActivityType::Active => totals.active_seconds += seconds,
                ActivityType::Idle => totals.idle_seconds += seconds,
                ActivityType::Unobserved => totals.unobserved_seconds += seconds,
            }
        }
        totals
    }
}
