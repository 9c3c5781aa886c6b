//! The judge: knows what was done on the desktop, reads what the agent kept and what the
//! server stored, and names everything that does not fit.
//!
//! Owns the contract's D1 to D4 and A1 as checks over the databases themselves. Judging is
//! pure; reading is in [`kept`] and [`stored`].

pub mod kept;
pub mod schedule;
pub mod stored;

use std::collections::BTreeMap;

use shared_types::{
    activity::{Activity, ActivityType},
    sync::SyncItemBody,
};

use kept::Kept;
use schedule::Schedule;
use stored::Stored;

/// What does not fit, in words; empty when everything does.
#[must_use]
pub fn judge(schedule: &Schedule, kept: &Kept, stored: &Stored) -> Vec<String> {
    let mut complaints = Complaints(Vec::new());
    complaints.conservation(kept);
    complaints.one_to_one(kept, stored);
    complaints.session(kept, stored);
    complaints.time(stored);
    complaints.schedule(schedule, stored);
    complaints.0
}

/// Sums of spans by kind: active, idle, unobserved.
fn sums<'a>(spans: impl Iterator<Item = &'a Activity>) -> [i64; 3] {
    let mut sums = [0; 3];
    for span in spans {
        let at = match span.activity_type {
            ActivityType::Active => 0,
            ActivityType::Idle => 1,
            ActivityType::Unobserved => 2,
        };
        sums[at] += i64::from(span.duration_seconds);
    }
    sums
}

struct Complaints(Vec<String>);

impl Complaints {
    fn expect<T: PartialEq + std::fmt::Debug>(&mut self, what: &str, found: &T, wanted: &T) {
        if found != wanted {
            self.0.push(format!("{what}: {found:?}, not {wanted:?}"));
        }
    }

    /// D1, D3, D4 on the agent's side: nothing pending, nothing dropped, no gap.
    fn conservation(&mut self, kept: &Kept) {
        let settled = i64::try_from(kept.items.len()).unwrap_or(i64::MAX);
        self.expect("items dropped", &kept.dropped, &0);
        self.expect("items pending", &kept.pending, &0);
        self.expect("items rejected", &kept.rejected, &Vec::new());
        self.expect(
            "produced = stored + pending + dropped",
            &kept.produced,
            &(kept.stored + kept.pending + kept.dropped),
        );
        self.expect("rows kept in the outbox", &settled, &kept.produced);
        let mut next = BTreeMap::new();
        for (epoch, seq) in kept.items.keys() {
            let expected = next.entry(*epoch).or_insert(1_i64);
            if seq != expected {
                self.0
                    .push(format!("the outbox has number {seq}, not {expected}"));
            }
            *expected = seq + 1;
        }
    }

    /// D1 and D2: each span of the outbox is one row, and there is no other row.
    fn one_to_one(&mut self, kept: &Kept, stored: &Stored) {
        let made: BTreeMap<_, _> = kept
            .items
            .iter()
            .filter_map(|(key, item)| match item {
                SyncItemBody::Activity(span) => Some((*key, span)),
                _ => None,
            })
            .collect();
        for (key, span) in &made {
            match stored.spans.iter().filter(|(at, _)| at == key).count() {
                1 => {}
                0 => self.0.push(format!("lost: number {} {span:?}", key.1)),
                n => self.0.push(format!("stored {n} times: number {}", key.1)),
            }
        }
        for (key, span) in &stored.spans {
            match made.get(key) {
                None => self
                    .0
                    .push(format!("stored, but never made: number {} {span:?}", key.1)),
                Some(original) if *original != span => self
                    .0
                    .push(format!("made as {original:?}, stored as {span:?}")),
                Some(_) => {}
            }
        }
        self.expect("refusals stored", &stored.refusals, &0);
    }

    /// A1: one session, its version one more than its changes, its totals its sums.
    fn session(&mut self, kept: &Kept, stored: &Stored) {
        let starts = kept
            .items
            .values()
            .filter(|item| matches!(item, SyncItemBody::SessionStarted(_)))
            .count();
        self.expect("sessions that the agent began", &starts, &1);
        self.expect("sessions stored", &stored.sessions.len(), &1);
        let mut everything = [0; 3];
        for session in &stored.sessions {
            let spans = || {
                stored
                    .spans
                    .iter()
                    .map(|(_, span)| span)
                    .filter(|span| span.session_id == session.id)
            };
            let rows = i64::try_from(spans().count()).unwrap_or(i64::MAX);
            let stopped = i64::from(session.ended_at.is_some());
            self.expect("session stopped", &stopped, &1);
            self.expect("version", &session.version, &(1 + rows + stopped));
            self.expect("totals", &session.totals, &sums(spans()));
            for (sum, total) in everything.iter_mut().zip(session.totals) {
                *sum += total;
            }
        }
        self.expect("sums of the days", &stored.days, &everything);
    }

    /// No second is missing, none is there twice, and each closed minute has sixty.
    fn time(&mut self, stored: &Stored) {
        for session in &stored.sessions {
            let mut spans: Vec<&Activity> = stored
                .spans
                .iter()
                .map(|(_, span)| span)
                .filter(|span| span.session_id == session.id)
                .collect();
            spans.sort_by_key(|span| span.started_at);
            let mut at = session.started_at;
            let mut minutes: BTreeMap<i64, i64> = BTreeMap::new();
            for span in spans {
                if span.started_at != at {
                    self.0.push(format!(
                        "a span begins at {}, the one before it ends at {at}",
                        span.started_at
                    ));
                }
                at = span.ended_at();
                *minutes.entry(span.started_at.minute()).or_default() +=
                    i64::from(span.duration_seconds);
            }
            let Some(end) = session.ended_at else {
                continue;
            };
            self.expect("end of the last span", &at, &end);
            let elapsed = end.millis_since(session.started_at) / 1_000;
            self.expect(
                "active + idle + unobserved",
                &session.totals.iter().sum(),
                &elapsed,
            );
            let whole = session.started_at.minute() + 1..end.minute();
            for minute in whole {
                let sum = minutes.get(&minute).copied().unwrap_or(0);
                self.expect(&format!("seconds of minute {minute}"), &sum, &60);
            }
        }
    }

    /// What was done is what was counted, to within what sampling cannot see.
    fn schedule(&mut self, schedule: &Schedule, stored: &Stored) {
        let [session] = stored.sessions.as_slice() else {
            return;
        };
        let Some(end) = session.ended_at else {
            return;
        };
        let wanted = schedule.expected(session.started_at, end);
        for (application, expected) in &wanted.active {
            let spans = stored.spans.iter().map(|(_, span)| span).filter(|span| {
                span.activity_type == ActivityType::Active
                    && span.application.as_deref() == Some(application)
            });
            let found = sums(spans)[0];
            self.near(
                &format!("active in {application}"),
                found,
                *expected,
                schedule,
            );
        }
        let others: i64 = stored
            .spans
            .iter()
            .map(|(_, span)| span)
            .filter(|span| {
                let known = |name| wanted.active.contains_key(name);
                span.activity_type == ActivityType::Active
                    && !span.application.as_ref().is_some_and(known)
            })
            .map(|span| i64::from(span.duration_seconds))
            .sum();
        self.near("active in anything else", others, 0, schedule);
        self.near("idle", session.totals[1], wanted.idle, schedule);
        self.near("unobserved", session.totals[2], 0, schedule);
    }

    fn near(&mut self, what: &str, found: i64, expected: i64, schedule: &Schedule) {
        let tolerance = schedule.tolerance_seconds();
        if (found - expected).abs() > tolerance {
            self.0.push(format!(
                "{what}: {found} s counted, {expected} s done (tolerance {tolerance} s)"
            ));
        }
    }
}

#[cfg(test)]
mod tests;
