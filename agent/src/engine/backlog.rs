//! How far a backlog has been sent: "N of M", for whoever waits for it.

use serde::{Deserialize, Serialize};
use shared_types::sync::Counters;

/// Fewer rows than this go in one request: there is nothing to watch.
const WORTH_WATCHING: i64 = 500;

/// How far a backlog has been sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backlog {
    /// Rows that are settled since it was noticed.
    pub sent: i64,
    /// Those and the rows that still wait.
    pub of: i64,
}

/// Notices a backlog, and follows it until nothing waits any more.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Watcher {
    /// What was settled when it was noticed.
    since: Option<i64>,
    now: Option<Backlog>,
}

impl Watcher {
    /// Takes an account in.
    pub(super) fn observe(&mut self, account: &Counters) {
        let settled = account.stored + account.dropped.values().sum::<i64>();
        if account.pending == 0 {
            self.since = None;
        } else if account.pending >= WORTH_WATCHING {
            self.since.get_or_insert(settled);
        }
        self.now = self.since.map(|since| {
            // Less than before: the server asked for acknowledged rows again.
            let sent = (settled - since).max(0);
            Backlog {
                sent,
                of: sent + account.pending,
            }
        });
    }

    /// How far it is, while there is one.
    pub(super) const fn backlog(&self) -> Option<Backlog> {
        self.now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backlog_is_followed_from_its_first_sight_to_its_last_row() {
        let mut watcher = Watcher::default();
        let mut told = Vec::new();
        for (stored, pending) in [
            (7, 3),
            (10, 0),
            (10, 600),
            (10, 700),
            (310, 401),
            (711, 0),
            (712, 1),
        ] {
            watcher.observe(&Counters {
                produced: stored + pending,
                stored,
                pending,
                ..Counters::default()
            });
            told.push(watcher.backlog().map(|it| (it.sent, it.of)));
        }
        let wanted = [
            None,
            None,
            Some((0, 600)),
            Some((0, 700)),
            Some((300, 701)),
            None,
            None,
        ];
        assert_eq!(told, wanted);
    }
}
