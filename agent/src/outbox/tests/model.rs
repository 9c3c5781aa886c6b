//! The outbox against a simple model, through random deeds and kills.

use std::path::PathBuf;

use proptest::prelude::*;
use shared_types::sync::Counters;

use super::*;

/// What may be done to an outbox.
#[derive(Debug, Clone)]
enum Deed {
    Insert(usize),
    /// Answers every `each`-th item of a batch.
    Answer {
        items: usize,
        each: usize,
        outcome: Outcome,
    },
    /// An answer that arrives after a newer epoch has begun, or twice.
    AnswerOldBatch,
    SendAgain(i64),
    NewEpoch,
    Count,
    DropUnkept(i64),
    Reopen,
    /// The process dies: what is in the files at this moment is all there is.
    Kill,
}

fn deed() -> impl Strategy<Value = Deed> {
    let outcome =
        proptest::sample::select(vec![Outcome::Stored, Outcome::Duplicate, Outcome::Rejected]);
    prop_oneof![
        6 => (0_usize..7).prop_map(Deed::Insert),
        6 => (1_usize..12, 1_usize..4, outcome)
            .prop_map(|(items, each, outcome)| Deed::Answer { items, each, outcome }),
        1 => Just(Deed::AnswerOldBatch),
        1 => (0_i64..20).prop_map(Deed::SendAgain),
        1 => Just(Deed::NewEpoch),
        1 => Just(Deed::Count),
        1 => (1_i64..5).prop_map(Deed::DropUnkept),
        1 => Just(Deed::Reopen),
        2 => Just(Deed::Kill),
    ]
}

/// The outbox as a person would keep it on paper.
#[derive(Debug, Default)]
struct Model {
    /// Number → item and state (0 pending, 1 acknowledged, 2 rejected), current epoch only.
    items: BTreeMap<i64, (SyncItemBody, i64)>,
    next: i64,
    /// Acknowledged or rejected in earlier epochs, and dropped.
    settled_before: (i64, i64),
    unkept: i64,
}

impl Model {
    fn pending(&self) -> Vec<(i64, SyncItemBody)> {
        self.items
            .iter()
            .filter(|(_, (_, state))| *state == 0)
            .map(|(seq, (item, _))| (*seq, item.clone()))
            .collect()
    }

    fn count(&self, state: i64) -> i64 {
        i64::try_from(self.items.values().filter(|(_, it)| *it == state).count()).unwrap()
    }

    fn insert(&mut self, item: SyncItemBody) {
        self.next += 1;
        self.items.insert(self.next, (item, 0));
    }

    fn counters(&self) -> Counters {
        let (stored, rejected) = (
            self.settled_before.0 + self.count(1),
            self.settled_before.1 + self.count(2),
        );
        let pending = self.count(0);
        let mut dropped = BTreeMap::new();
        if rejected > 0 {
            dropped.insert("future".to_owned(), rejected);
        }
        if self.unkept > 0 {
            dropped.insert("memory_full".to_owned(), self.unkept);
        }
        Counters {
            produced: stored + pending + rejected + self.unkept,
            stored,
            pending,
            dropped,
        }
    }
}

/// A copy of the files as a kill leaves them: nothing is closed, nothing is checkpointed.
fn killed(path: &Path, generation: usize) -> PathBuf {
    let next = path.with_file_name(format!("{generation}.db"));
    for tail in ["", "-wal"] {
        let from = PathBuf::from(format!("{}{tail}", path.display()));
        if from.exists() {
            fs::copy(from, format!("{}{tail}", next.display())).unwrap();
        }
    }
    next
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn it_holds_exactly_what_was_put_in_and_not_yet_answered(
        deeds in proptest::collection::vec(deed(), 1..60)
    ) {
        let dir = tempfile::tempdir().unwrap();
        let mut path = dir.path().join("outbox.db");
        let mut outbox = open(&path);
        let mut model = Model::default();
        let mut old_batch = None;
        let now = Timestamp::from_millis(1_000);
        for (n, deed) in deeds.into_iter().enumerate() {
            match deed {
                Deed::Insert(count) => {
                    let items: Vec<_> = (0..count).map(|k| item((n * 100 + k) as u128)).collect();
                    outbox.insert(&items, &[("n", &n.to_string())], now).unwrap();
                    for item in items {
                        model.insert(item);
                    }
                    prop_assert_eq!(outbox.fact("n").unwrap(), Some(n.to_string()));
                }
                Deed::Answer { items, each, outcome } => {
                    let batch = outbox.batch(items, usize::MAX).unwrap();
                    let mut results: Vec<_> =
                        batch.items.iter().step_by(each).map(|(seq, _)| answer(*seq, outcome)).collect();
                    for result in &results {
                        model.items.get_mut(&result.seq).unwrap().1 = if outcome == Outcome::Rejected { 2 } else { 1 };
                    }
                    // What was not asked is not answered, whatever the answer says.
                    results.push(answer(1_000_000, outcome));
                    let not_asked = model.pending().into_iter().map(|(seq, _)| seq)
                        .find(|seq| !batch.items.iter().any(|(asked, _)| asked == seq));
                    results.extend(not_asked.map(|seq| answer(seq, outcome)));
                    outbox.settle(&batch, &results, now).unwrap();
                    old_batch = Some(batch);
                }
                Deed::AnswerOldBatch => if let Some(batch) = &old_batch {
                    let results: Vec<_> = batch.items.iter().map(|(seq, _)| answer(*seq, Outcome::Stored)).collect();
                    if batch.epoch == outbox.epoch() {
                        for result in &results {
                            let state = &mut model.items.get_mut(&result.seq).unwrap().1;
                            *state = if *state == 0 { 1 } else { *state };
                        }
                    }
                    outbox.settle(batch, &results, now).unwrap();
                }
                Deed::SendAgain(from) => {
                    outbox.send_again_from(from).unwrap();
                    for (_, (_, state)) in model.items.range_mut(from..) {
                        *state = if *state == 1 { 0 } else { *state };
                    }
                }
                Deed::NewEpoch => {
                    outbox.begin_new_epoch(&SystemClock).unwrap();
                    model.settled_before.0 += model.count(1);
                    model.settled_before.1 += model.count(2);
                    let pending = model.pending();
                    model.items.clear();
                    model.next = 0;
                    for (_, item) in pending {
                        model.insert(item);
                    }
                }
                Deed::Count => {
                    outbox.insert_counters(now).unwrap();
                    let (seq, body) = outbox.batch(usize::MAX, usize::MAX).unwrap().items.pop().unwrap();
                    let made: SyncItemBody = serde_json::from_str(&body).unwrap();
                    let SyncItemBody::Counters(account) = &made else { panic!("{made:?}") };
                    prop_assert_eq!(account.produced, account.stored + account.pending + account.dropped.values().sum::<i64>());
                    model.insert(made);
                    prop_assert_eq!(seq, model.next);
                }
                Deed::DropUnkept(count) => {
                    outbox.drop_unkept("memory_full", count).unwrap();
                    model.unkept += count;
                }
                Deed::Reopen => {
                    drop(outbox);
                    outbox = open(&path);
                }
                Deed::Kill => {
                    path = killed(&path, n);
                    outbox = open(&path);
                }
            }
            let batch = outbox.batch(usize::MAX, usize::MAX).unwrap();
            let held: Vec<(i64, SyncItemBody)> =
                batch.items.iter().map(|(seq, body)| (*seq, serde_json::from_str(body).unwrap())).collect();
            prop_assert_eq!(held, model.pending());
            prop_assert_eq!(outbox.counters().unwrap(), model.counters());
            prop_assert_eq!(count_pending(&outbox), model.count(0));
        }
    }
}
