//! The account of one session: pieces of time that lie end to end, not yet in items.
//!
//! A piece that was observed is `Undecided` until it is known whether input followed soon
//! enough. Boundaries are kept in milliseconds and floored to seconds when minutes are made:
//! every boundary is floored alike, so the spans still lie end to end.

use serde::{Deserialize, Serialize};
use shared_types::{
    SessionId, Timestamp,
    activity::{Activity, ActivityType, UnobservedReason},
    live::DayTotals,
};

use crate::capture::Focus;

/// Two readings of the same last input differ by less than this, in milliseconds.
const SAME_INPUT_MILLIS: i64 = 250;
const MINUTE: i64 = 60_000;

/// What a piece of time was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    /// Observed; whether it was active or idle is not known yet.
    Undecided,
    Active,
    Idle,
    Unobserved(UnobservedReason),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Piece {
    /// Milliseconds since 1970; the piece begins where the one before ends.
    end: i64,
    kind: Kind,
    #[serde(default)]
    focus: Focus,
}

/// What holds from the last look on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Now {
    Seen(Focus),
    Blind(UnobservedReason),
}

/// See the module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Ledger {
    /// Where the first piece begins; whole seconds, in milliseconds.
    start: i64,
    pieces: Vec<Piece>,
    now: Now,
    last_input: Option<i64>,
}

impl Ledger {
    /// An account that begins at this instant (milliseconds, a whole second).
    pub(super) const fn new(start: i64) -> Self {
        Self {
            start,
            pieces: Vec::new(),
            now: Now::Blind(UnobservedReason::NotRunning),
            last_input: None,
        }
    }

    /// Takes a checkpoint up, where items exist up to `from` (milliseconds).
    pub(super) fn resume(mut self, from: i64, idle_after: i64) -> Self {
        self.settle(idle_after);
        if self.start > from {
            // Items made after `from` were lost with a disk that could not be written.
            self.pieces.insert(
                0,
                Piece {
                    end: self.start,
                    kind: Kind::Unobserved(UnobservedReason::NotRunning),
                    focus: Focus::default(),
                },
            );
        }
        self.pieces.retain(|piece| piece.end > from);
        self.start = from;
        self
    }

    /// Where the account ends, in milliseconds.
    pub(super) fn end(&self) -> i64 {
        self.pieces.last().map_or(self.start, |piece| piece.end)
    }

    /// Up to where items have been made, in seconds.
    pub(super) const fn emitted_until(&self) -> i64 {
        self.start.div_euclid(1_000)
    }

    pub(super) fn redact(&mut self, keep: &mut impl FnMut(Focus) -> Focus) {
        for piece in &mut self.pieces {
            piece.focus = keep(std::mem::take(&mut piece.focus));
        }
        if let Now::Seen(focus) = &mut self.now {
            *focus = keep(std::mem::take(focus));
        }
    }

    /// What held at the last look goes on until `to`.
    pub(super) fn hold_until(&mut self, to: i64) {
        let (kind, focus) = match &self.now {
            Now::Seen(focus) => (Kind::Undecided, focus.clone()),
            Now::Blind(reason) => (Kind::Unobserved(*reason), Focus::default()),
        };
        self.push(to, kind, focus);
    }

    /// Nobody looked until `to`.
    pub(super) fn unobserved_until(&mut self, to: i64, reason: UnobservedReason) {
        self.push(to, Kind::Unobserved(reason), Focus::default());
    }

    /// A look that saw a person whose last input was at `input`.
    pub(super) fn seen(&mut self, at: i64, input: i64, focus: Focus, idle_after: i64) {
        let last = match self.last_input {
            None => input,
            Some(last) if input > last + SAME_INPUT_MILLIS => {
                let kind = if input - last >= idle_after {
                    Kind::Idle
                } else {
                    Kind::Active
                };
                self.decide(input, kind);
                input
            }
            // Kept, so that jitter of the same input does not creep.
            Some(last) => last,
        };
        if at - last >= idle_after {
            self.decide(i64::MAX, Kind::Idle);
        }
        self.last_input = Some(last);
        self.now = Now::Seen(focus);
    }

    /// A look that saw nothing.
    pub(super) fn blind(&mut self, reason: UnobservedReason, idle_after: i64) {
        self.settle(idle_after);
        self.now = Now::Blind(reason);
    }

    /// Nothing more will be learned about what was observed so far: decide it by what is
    /// known, which is that the last input was not yet long enough ago.
    pub(super) fn settle(&mut self, idle_after: i64) {
        let idle = self
            .last_input
            .is_some_and(|last| self.end() - last >= idle_after);
        self.decide(i64::MAX, if idle { Kind::Idle } else { Kind::Active });
        self.last_input = None;
    }

    /// The clocks disagreed: nothing observed in the last minute can be placed.
    pub(super) fn suspect_minute(&mut self) {
        let end = self.end();
        let minute = end.div_euclid(MINUTE) * MINUTE;
        self.cut(minute);
        self.unobserved_until(end, UnobservedReason::ClockSuspect);
    }

    /// Forgets what lies at or after this instant.
    pub(super) fn cut(&mut self, at: i64) {
        let mut begin = self.start;
        self.pieces.retain_mut(|piece| {
            let keep = begin < at;
            begin = piece.end;
            piece.end = piece.end.min(at);
            keep
        });
    }

    /// Items for all minutes that are over and decided.
    pub(super) fn emit_minutes(&mut self, session: SessionId) -> impl Iterator<Item = Activity> {
        let mut decided = self.start;
        for piece in &self.pieces {
            if piece.kind == Kind::Undecided {
                break;
            }
            decided = piece.end;
        }
        self.emit_until(session, decided.div_euclid(MINUTE) * MINUTE)
    }

    /// Items for everything up to the last whole second.
    pub(super) fn emit_all(&mut self, session: SessionId) -> impl Iterator<Item = Activity> {
        let end = self.end().div_euclid(1_000) * 1_000;
        self.emit_until(session, end)
    }

    /// Seconds by kind from this second on; what is undecided counts as active so far.
    pub(super) fn totals(&self, from_second: i64) -> DayTotals {
        let mut totals = DayTotals::default();
        let mut begin = self.start.max(from_second * 1_000);
        for piece in &self.pieces {
            let seconds = (piece.end.div_euclid(1_000) - begin.div_euclid(1_000)).max(0);
            begin = begin.max(piece.end);
            *match piece.kind {
                Kind::Undecided | Kind::Active => &mut totals.active_seconds,
                Kind::Idle => &mut totals.idle_seconds,
                Kind::Unobserved(_) => &mut totals.unobserved_seconds,
            } += seconds;
        }
        totals
    }

    /// Whether the last piece is idle; `None` when nothing is observed now.
    pub(super) fn idle_now(&self) -> Option<bool> {
        match self.now {
            Now::Blind(_) => None,
            Now::Seen(_) => Some(
                self.pieces
                    .last()
                    .is_some_and(|piece| piece.kind == Kind::Idle),
            ),
        }
    }

    fn push(&mut self, to: i64, kind: Kind, focus: Focus) {
        if to <= self.end() {
            return;
        }
        match self.pieces.last_mut() {
            Some(last) if last.kind == kind && last.focus == focus => last.end = to,
            _ => self.pieces.push(Piece {
                end: to,
                kind,
                focus,
            }),
        }
    }

    /// Decides what is undecided before `until`.
    fn decide(&mut self, until: i64, kind: Kind) {
        let mut begin = self.start;
        let mut at = 0;
        while at < self.pieces.len() && begin < until {
            let piece = &mut self.pieces[at];
            let end = piece.end;
            if piece.kind == Kind::Undecided {
                piece.kind = kind;
                if end > until {
                    piece.end = until;
                    let rest = Piece {
                        end,
                        kind: Kind::Undecided,
                        focus: piece.focus.clone(),
                    };
                    self.pieces.insert(at + 1, rest);
                }
            }
            begin = end.min(until);
            at += 1;
        }
    }

    /// Takes the pieces before `until` (a whole second) out as spans of at most a minute.
    fn emit_until(&mut self, session: SessionId, until: i64) -> std::vec::IntoIter<Activity> {
        let mut spans: Vec<Activity> = Vec::new();
        let mut begin = self.start;
        let mut taken = 0;
        for piece in &self.pieces {
            if begin >= until {
                break;
            }
            let end = piece.end.min(until);
            emit_piece(&mut spans, session, (begin, end), piece);
            begin = end;
            if piece.end <= until {
                taken += 1;
            }
        }
        self.pieces.drain(..taken);
        self.start = self.start.max(until);
        spans.into_iter()
    }
}

/// Cuts a piece at minutes, floors it to seconds, and merges it with an equal span before it.
fn emit_piece(spans: &mut Vec<Activity>, session: SessionId, range: (i64, i64), piece: &Piece) {
    let (mut from, end) = (range.0.div_euclid(1_000), range.1.div_euclid(1_000));
    let (activity_type, reason) = match piece.kind {
        Kind::Undecided | Kind::Active => (ActivityType::Active, None),
        Kind::Idle => (ActivityType::Idle, None),
        Kind::Unobserved(reason) => (ActivityType::Unobserved, Some(reason)),
    };
    while from < end {
        let to = end.min((from.div_euclid(60) + 1) * 60);
        let length = u32::try_from(to - from).expect("a span has at most 60 seconds");
        let same_as_last = spans.last_mut().filter(|last| {
            let starts = last.started_at.as_millis().div_euclid(1_000);
            starts.div_euclid(60) == from.div_euclid(60)
                && last.activity_type == activity_type
                && last.reason == reason
                && last.application == piece.focus.application
                && last.title == piece.focus.title
                && last.url == piece.focus.url
                && last.category_id == piece.focus.category_id
        });
        if let Some(last) = same_as_last {
            last.duration_seconds += length;
        } else {
            spans.push(Activity {
                session_id: session,
                activity_type,
                reason,
                started_at: Timestamp::from_millis(from * 1_000),
                duration_seconds: length,
                application: piece.focus.application.clone(),
                title: piece.focus.title.clone(),
                url: piece.focus.url.clone(),
                category_id: piece.focus.category_id,
            });
        }
        from = to;
    }
}
