//! From single looks to spans that account for every second of a work session.
//!
//! Pure: observations in, items out; no clock, no I/O. It must not know the disk, the network,
//! or what a policy allows (it is given what may be kept, and three numbers).
//!
//! Invariants, for any sequence of observations (property-tested in `tests`):
//! - spans are whole seconds, lie inside one UTC minute, and never overlap one another,
//!   whatever the wall clock does ([`covered`]);
//! - a session's spans lie end to end from its start to its stop: active + idle + unobserved
//!   = elapsed, exactly ([`ledger`]);
//! - time passes by the boot clock; where it and the wall clock part, time is
//!   `clock_suspect`, never active ([`timeline`]);
//! - what was seen at a look holds until the next look; where looks are missing, time is
//!   unobserved, never active;
//! - idle begins at the last input, so a minute is held back until it is known what it was.

pub mod covered;
mod ledger;
mod timeline;
mod types;

#[cfg(test)]
mod tests;

use shared_types::{
    ProjectId, SessionId, Timestamp,
    activity::UnobservedReason,
    live::DayTotals,
    sync::{SessionStarted, SessionStopped, SyncItemBody},
};

pub use self::types::{Observation, Recorded, Rules, Running, Sight, StartRefused, Unfinished};
use self::{
    covered::Covered,
    ledger::Ledger,
    timeline::{Step, Timeline},
};
use crate::capture::Focus;

/// Turns observations into items. See the module.
#[derive(Debug)]
pub struct Sampler {
    rules: Rules,
    timeline: Option<Timeline>,
    session: Option<(Running, Ledger)>,
    covered: Covered,
    /// Since when nothing has been seen, on the time line.
    blind_since: Option<i64>,
    resumed: bool,
    dropped_millis: i64,
    /// A session ends here at the latest, on the time line.
    limit_millis: Option<i64>,
}

impl Sampler {
    /// Takes up where the outbox (`recorded`) and the checkpoint (`unfinished`) end. Where
    /// they disagree, the outbox wins: what it holds is not made again, and what neither
    /// holds becomes unobserved.
    #[must_use]
    pub fn new(rules: Rules, recorded: Recorded, unfinished: Option<Unfinished>) -> Self {
        let session = recorded.session.map(|running| {
            let from = recorded.emitted_until * 1_000;
            let ledger = unfinished
                .filter(|unfinished| unfinished.session == running.id)
                .map_or_else(
                    || Ledger::new(from),
                    |unfinished| unfinished.ledger.resume(from, rules.idle_after_millis),
                );
            (running, ledger)
        });
        Self {
            rules,
            timeline: None,
            resumed: session.is_some(),
            session,
            covered: recorded.covered,
            blind_since: None,
            dropped_millis: 0,
            limit_millis: None,
        }
    }

    /// Where the running session ends at the latest: an observation at or after this instant
    /// ends it exactly there. Absent: nowhere.
    pub fn set_limit(&mut self, limit: Option<Timestamp>) {
        self.limit_millis = limit.map(Timestamp::as_millis);
    }

    /// Up to where the running session's time is in items.
    #[must_use]
    pub fn emitted_until(&self) -> Option<Timestamp> {
        let (_, ledger) = self.session.as_ref()?;
        Some(Timestamp::from_millis(ledger.emitted_until() * 1_000))
    }

    /// Takes over changed rules; they hold from the next observation on.
    pub fn set_rules(&mut self, rules: Rules) {
        self.rules = rules;
    }

    /// Applies a stricter privacy to what is not in items yet.
    pub fn redact(&mut self, mut keep: impl FnMut(Focus) -> Focus) {
        if let Some((_, ledger)) = &mut self.session {
            ledger.redact(&mut keep);
        }
    }

    /// What the outbox must remember together with the items returned last.
    #[must_use]
    pub fn recorded(&self) -> Recorded {
        Recorded {
            session: self.session.as_ref().map(|(running, _)| *running),
            emitted_until: self
                .session
                .as_ref()
                .map_or(0, |(_, ledger)| ledger.emitted_until()),
            covered: self.covered.clone(),
        }
    }

    /// What is not in items yet.
    #[must_use]
    pub fn unfinished(&self) -> Option<Unfinished> {
        self.session.as_ref().map(|(running, ledger)| Unfinished {
            session: running.id,
            ledger: ledger.clone(),
        })
    }

    /// The running session.
    #[must_use]
    pub fn session(&self) -> Option<Running> {
        self.session.as_ref().map(|(running, _)| *running)
    }

    /// Seconds that are not in items yet, as they look now, from this second on.
    #[must_use]
    pub fn unfinished_totals(&self, from_second: i64) -> DayTotals {
        self.session
            .as_ref()
            .map_or_else(DayTotals::default, |(_, ledger)| ledger.totals(from_second))
    }

    /// Whether the person is idle as far as is known now; `None` when nothing is observed.
    #[must_use]
    pub fn idle_now(&self) -> Option<bool> {
        let (_, ledger) = self.session.as_ref()?;
        ledger.idle_now()
    }

    /// Time that passed while the clock showed what is already recorded, in milliseconds. It
    /// is in no item: two spans for one second would be worse than none.
    #[must_use]
    pub fn dropped_millis(&self) -> i64 {
        self.dropped_millis
    }

    /// Takes one look into account and returns the items that are final now.
    pub fn observe(&mut self, observation: &Observation) -> Vec<SyncItemBody> {
        let mut made = Vec::new();
        let sight = plausible(observation);
        let step = self.step(observation);
        self.pass(step, &mut made);
        self.keep_within_limit(&mut made);
        let now = self.timeline.as_ref().expect("set by step").at();
        match &sight {
            Sight::Seen { focus, idle_millis } => {
                let idle = *idle_millis;
                self.blind_since = None;
                if self.session.is_none()
                    && let Some(id) = observation.may_start
                    && idle <= self.rules.interval_millis
                    && let Ok(started) = self.start(id, None)
                {
                    made.push(started);
                }
                if let Some((_, ledger)) = &mut self.session {
                    ledger.seen(now, now - idle, focus.clone(), self.rules.idle_after_millis);
                }
            }
            Sight::Blind(reason) => {
                let since = *self.blind_since.get_or_insert(now);
                if let Some((_, ledger)) = &mut self.session {
                    ledger.blind(*reason, self.rules.idle_after_millis);
                }
                if now - since >= self.rules.session_gap_millis {
                    self.finish(&mut made);
                }
            }
        }
        self.close(&mut made);
        made
    }

    /// Starts a session now; the caller has made an observation just before.
    pub fn start(
        &mut self,
        id: SessionId,
        project_id: Option<ProjectId>,
    ) -> Result<SyncItemBody, StartRefused> {
        if self.session.is_some() {
            return Err(StartRefused::Running);
        }
        let now = self.timeline.as_ref().ok_or(StartRefused::NotReady)?.at();
        let second = now.div_euclid(1_000);
        if self.covered.contains(second) {
            return Err(StartRefused::ClockBehind);
        }
        let running = Running {
            id,
            project_id,
            started_at: Timestamp::from_millis(second * 1_000),
        };
        self.session = Some((running, Ledger::new(second * 1_000)));
        self.blind_since = None;
        Ok(SyncItemBody::SessionStarted(SessionStarted {
            session_id: id,
            project_id,
            started_at: running.started_at,
        }))
    }

    /// Stops the running session at the last whole second that is accounted for; the caller
    /// has made an observation just before. Without a session, nothing.
    pub fn stop(&mut self) -> Vec<SyncItemBody> {
        let mut made = Vec::new();
        self.finish(&mut made);
        made
    }

    fn step(&mut self, observation: &Observation) -> Step {
        if let Some(timeline) = &mut self.timeline {
            return timeline.step(observation, self.rules.blind_after_millis());
        }
        let wall = observation.wall.as_millis();
        self.timeline = Some(Timeline::new(observation));
        match &self.session {
            Some((_, ledger)) if self.resumed => {
                let end = ledger.end();
                if wall >= end {
                    Step::Gap {
                        from: end,
                        to: wall,
                        reason: UnobservedReason::NotRunning,
                    }
                } else {
                    Step::Back {
                        from: end,
                        to: wall,
                    }
                }
            }
            _ => Step::Normal {
                from: wall,
                to: wall,
            },
        }
    }

    /// Accounts for the time between the look before and this one.
    fn pass(&mut self, step: Step, made: &mut Vec<SyncItemBody>) {
        let gap = self.rules.session_gap_millis;
        let idle_after = self.rules.idle_after_millis;
        let Some((_, ledger)) = &mut self.session else {
            return;
        };
        let end = ledger.end();
        match step {
            Step::Normal { from, to } => {
                if to <= end {
                    self.dropped_millis += to - from;
                } else {
                    self.dropped_millis += (end - from).max(0);
                    ledger.hold_until(to);
                }
            }
            Step::Gap { from, to, .. } | Step::Jump { from, to } if to - from.max(end) > gap => {
                ledger.settle(idle_after);
                self.finish(made);
            }
            Step::Gap { to, reason, .. } => {
                ledger.settle(idle_after);
                ledger.unobserved_until(to, reason);
            }
            Step::Jump { to, .. } => {
                ledger.settle(idle_after);
                ledger.suspect_minute();
                ledger.unobserved_until(to, UnobservedReason::ClockSuspect);
            }
            Step::Back { to, .. } => {
                ledger.settle(idle_after);
                ledger.suspect_minute();
                if end - to > gap {
                    self.finish(made);
                }
            }
        }
        self.keep_clear(made);
    }

    /// Ends the session where the time line runs into time that has spans already.
    fn keep_clear(&mut self, made: &mut Vec<SyncItemBody>) {
        let Some((_, ledger)) = &self.session else {
            return;
        };
        let limit = self.covered.free_until(ledger.emitted_until());
        if limit.is_some_and(|limit| ledger.end() > limit * 1_000) {
            self.finish(made);
        }
    }

    /// Ends the session where its limit is.
    fn keep_within_limit(&mut self, made: &mut Vec<SyncItemBody>) {
        if let (Some(limit), Some((_, ledger))) = (self.limit_millis, &mut self.session)
            && ledger.end() >= limit
        {
            ledger.settle(self.rules.idle_after_millis);
            ledger.cut(limit);
            self.finish(made);
        }
    }

    fn finish(&mut self, made: &mut Vec<SyncItemBody>) {
        let Some((running, mut ledger)) = self.session.take() else {
            return;
        };
        ledger.settle(self.rules.idle_after_millis);
        if let Some(limit) = self.covered.free_until(ledger.emitted_until()) {
            ledger.cut(limit * 1_000);
        }
        let from = ledger.emitted_until();
        made.extend(ledger.emit_all(running.id).map(SyncItemBody::Activity));
        let stopped = ledger.emitted_until();
        self.covered.insert(from, stopped);
        made.push(SyncItemBody::SessionStopped(SessionStopped {
            session_id: running.id,
            stopped_at: Timestamp::from_millis(stopped * 1_000),
        }));
    }

    fn close(&mut self, made: &mut Vec<SyncItemBody>) {
        if let Some((running, ledger)) = &mut self.session {
            let from = ledger.emitted_until();
            made.extend(ledger.emit_minutes(running.id).map(SyncItemBody::Activity));
            self.covered.insert(from, ledger.emitted_until());
        }
    }
}

/// An idle time longer than the machine has run is a probe's mistake (a counter that wrapped,
/// or one that counts from somewhere else): nothing is claimed from it.
fn plausible(observation: &Observation) -> Sight {
    match &observation.sight {
        Sight::Seen { idle_millis, .. }
            if !(0..=observation.boot_millis.saturating_add(60_000)).contains(idle_millis) =>
        {
            Sight::Blind(UnobservedReason::NoCapture)
        }
        sight => sight.clone(),
    }
}
