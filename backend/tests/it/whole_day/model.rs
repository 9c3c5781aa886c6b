//! What ought to come out, worked out by counting: second by second, minute by minute.
//!
//! The tests' own view of the contract. It knows nothing of the server and shares no code
//! with it: no intervals, no unions, no time zones. Instants are seconds since 1970.

use std::collections::BTreeMap;

/// No input for longer than this in a running session is an absence.
const ABSENT_AFTER: i64 = 5 * 60;
/// More than this in a day is overtime.
const LONG_DAY: i64 = 9 * 3_600;
/// Not heard of for this long: silent.
const SILENT_AFTER: i64 = 150;

/// What a device saw, best first: where several saw something, the first of these counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Active,
    Idle,
    Unobserved,
}

/// Seconds of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) active: i64,
    pub(super) idle: i64,
    pub(super) unobserved: i64,
}

/// What the server has been told about one person, a second at a time.
#[derive(Debug, Default)]
pub(super) struct Told {
    seconds: BTreeMap<i64, Kind>,
}

impl Told {
    /// A device saw `kind` for these seconds.
    pub(super) fn span(&mut self, from: i64, seconds: i64, kind: Kind) {
        for second in from..from + seconds {
            let known = self.seconds.entry(second).or_insert(kind);
            *known = kind.min(*known);
        }
    }

    /// Each second of `[from, to)` once, whatever number of devices saw it.
    pub(super) fn count(&self, from: i64, to: i64) -> Counted {
        let mut counted = Counted::default();
        for kind in self.seconds.range(from..to).map(|(_, kind)| kind) {
            match kind {
                Kind::Active => counted.active += 1,
                Kind::Idle => counted.idle += 1,
                Kind::Unobserved => counted.unobserved += 1,
            }
        }
        counted
    }

    /// The first second with input in `[from, to)`, and the end of the last.
    pub(super) fn input(&self, from: i64, to: i64) -> Option<(i64, i64)> {
        let mut active = self
            .seconds
            .range(from..to)
            .filter(|(_, kind)| **kind == Kind::Active)
            .map(|(second, _)| *second);
        let first = active.next()?;
        Some((first, active.next_back().unwrap_or(first) + 1))
    }
}

/// An alert as it ought to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Expected {
    pub(super) kind: &'static str,
    pub(super) opened: i64,
    /// Without input so far, or worked that day.
    pub(super) seconds: i64,
    /// Whether the agent was in contact, for an absence.
    pub(super) online: Option<bool>,
    pub(super) resolved: Option<i64>,
    pub(super) why: Option<&'static str>,
}

/// A running session: when it began, and the end of the last input in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Running {
    pub(super) started: i64,
    pub(super) last_input: Option<i64>,
}

/// Which alerts a person's days ought to have.
#[derive(Debug, Default)]
pub(super) struct Alarms {
    pub(super) alerts: Vec<Expected>,
    /// The absence that is open: its alert, and the last input before it.
    absence: Option<(usize, i64)>,
    /// The long day that is open: its alert, and the day's first second.
    long_day: Option<(usize, i64)>,
    /// The day that has had its alert.
    had: Option<i64>,
}

impl Alarms {
    /// Somebody looks for absences, as is done each minute.
    pub(super) fn look_for_absence(&mut self, now: i64, running: &[Running], contact: i64) {
        let last = running
            .iter()
            .map(|session| session.last_input.unwrap_or(session.started))
            .max();
        if let Some((alert, input)) = self.absence
            && last != Some(input)
        {
            let why = if last.is_none() {
                "stopped"
            } else {
                "returned"
            };
            self.end(alert, now, why);
            self.absence = None;
        }
        if let Some(input) = last
            && now - input > ABSENT_AFTER
            && self.absence.is_none()
        {
            let online = Some(now - contact < SILENT_AFTER);
            self.absence = Some((self.begin("idle", now, now - input, online), input));
        }
    }

    /// Somebody looks for long days, as is done each half hour. `today` is its first second.
    pub(super) fn look_for_long_day(&mut self, now: i64, today: i64, worked: i64) {
        if let Some((alert, day)) = self.long_day
            && day != today
        {
            self.end(alert, now, "day_over");
            self.long_day = None;
        }
        if worked > LONG_DAY && self.had != Some(today) {
            self.long_day = Some((self.begin("overtime", now, worked, None), today));
            self.had = Some(today);
        }
    }

    fn begin(&mut self, kind: &'static str, now: i64, seconds: i64, online: Option<bool>) -> usize {
        self.alerts.push(Expected {
            kind,
            opened: now,
            seconds,
            online,
            resolved: None,
            why: None,
        });
        self.alerts.len() - 1
    }

    fn end(&mut self, alert: usize, now: i64, why: &'static str) {
        self.alerts[alert].resolved = Some(now);
        self.alerts[alert].why = Some(why);
    }
}
