//! The outbox against a simple model, through kills; damaged and foreign files.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use proptest::prelude::*;
use shared_types::{
    SessionId,
    sync::{Counters, ItemResult, Outcome, RejectReason, SessionStopped},
};

use super::{account::count_pending, *};
use crate::clock::SystemClock;

fn item(n: u128) -> SyncItemBody {
    SyncItemBody::SessionStopped(SessionStopped {
        session_id: SessionId(Uuid::from_u128(n)),
        stopped_at: Timestamp::UNIX_EPOCH,
    })
}

fn span(start_seconds: i64, seconds: u32) -> SyncItemBody {
    SyncItemBody::Activity(Activity {
        session_id: SessionId(Uuid::from_u128(1)),
        activity_type: ActivityType::Active,
        reason: None,
        started_at: Timestamp::from_millis(start_seconds * 1_000),
        duration_seconds: seconds,
        application: Some("XTerm".into()),
        title: None,
        url: None,
    })
}

fn open(path: &Path) -> Outbox {
    let (outbox, salvaged) = Outbox::open(path, &SystemClock).unwrap();
    assert_eq!(salvaged, None);
    outbox
}

fn answer(seq: i64, outcome: Outcome) -> ItemResult {
    let reason = (outcome == Outcome::Rejected).then_some(RejectReason::Future);
    ItemResult {
        seq,
        outcome,
        reason,
    }
}

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

#[test]
fn a_batch_is_bounded_in_items_and_bytes_and_never_empty_without_need() {
    let dir = tempfile::tempdir().unwrap();
    let mut outbox = open(&dir.path().join("outbox.db"));
    let items: Vec<_> = (0..10).map(item).collect();
    outbox.insert(&items, &[], Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!(outbox.batch(3, usize::MAX).unwrap().items.len(), 3);
    let one = outbox.batch(10, 1).unwrap().items;
    assert_eq!(one.len(), 1);
    assert_eq!(
        outbox
            .batch(10, 2 * (one[0].1.len() + 32))
            .unwrap()
            .items
            .len(),
        2
    );
}

#[test]
fn acknowledged_rows_stay_a_day_and_rejected_ones_a_month() {
    let dir = tempfile::tempdir().unwrap();
    let mut outbox = open(&dir.path().join("outbox.db"));
    let day = 86_400;
    let at = |seconds: i64| Timestamp::from_millis(seconds * 1_000);
    outbox
        .insert(&[item(1), item(2), item(3)], &[], at(0))
        .unwrap();
    let batch = outbox.batch(2, usize::MAX).unwrap();
    let results = [answer(1, Outcome::Stored), answer(2, Outcome::Rejected)];
    outbox.settle(&batch, &results, at(0)).unwrap();
    let mut kept_at = |seconds| {
        outbox.prune(at(seconds)).unwrap();
        read_only(outbox.path(), 10).unwrap().0.len()
    };
    assert_eq!(kept_at(day), 3);
    assert_eq!(kept_at(day + 1), 2);
    assert_eq!(kept_at(30 * day + 1), 1, "what is pending stays for ever");
    assert_eq!(
        outbox.counters().unwrap().stored,
        1,
        "the account does not forget"
    );
}

#[test]
fn a_minute_takes_less_than_400_bytes() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.db");
    let mut outbox = open(&path);
    let minutes = 3_000;
    let items: Vec<_> = (0..minutes).map(|minute| span(minute * 60, 60)).collect();
    outbox.insert(&items, &[], Timestamp::UNIX_EPOCH).unwrap();
    drop(outbox);
    let bytes = fs::metadata(&path).unwrap().len();
    assert!(bytes < 400 * 3_000, "{} bytes a minute", bytes / 3_000);
}

#[test]
fn a_newer_file_is_refused_and_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.db");
    drop(open(&path));
    let connection = Connection::open(&path).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    drop(connection);
    let before = fs::read(&path).unwrap();
    let error = Outbox::open(&path, &SystemClock).unwrap_err();
    assert!(
        matches!(
            error,
            OutboxError::Newer {
                found: 99,
                known: 1,
                ..
            }
        ),
        "{error}"
    );
    assert!(error.is_permanent());
    assert_eq!(fs::read(&path).unwrap(), before);
}

/// A closed file with 500 pending spans and a fact.
fn filled(path: &Path) {
    let mut outbox = open(path);
    let items: Vec<_> = (0..500).map(|minute| span(minute * 60, 60)).collect();
    outbox
        .insert(&items, &[("wish", "kept")], Timestamp::UNIX_EPOCH)
        .unwrap();
}

#[test]
fn whatever_happened_to_the_file_the_agent_goes_on_and_accounts_for_it() {
    type Harm = fn(&mut Vec<u8>);
    // What was done to the file, and how many of its 500 items must survive.
    let corpus: [(&str, Harm, i64); 7] = [
        ("header overwritten", |bytes| bytes[..16].fill(b'x'), 0),
        (
            "not a database at all",
            |bytes| *bytes = b"hello".repeat(1_000),
            0,
        ),
        ("cut in half", |bytes| bytes.truncate(bytes.len() / 2), 0),
        (
            "cut inside a page",
            |bytes| bytes.truncate(bytes.len() - 1_000),
            0,
        ),
        (
            "a page of items overwritten",
            |bytes| {
                let at = bytes.len() / 2 / 4096 * 4096;
                bytes[at..at + 4096].fill(0xEE);
            },
            300,
        ),
        (
            "the schema overwritten",
            |bytes| bytes[100..4_000].fill(0),
            0,
        ),
        (
            "a page zeroed at the end",
            |bytes| {
                let at = bytes.len() - 4096;
                bytes[at..].fill(0);
            },
            300,
        ),
    ];
    for (name, harm, at_least) in corpus {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("outbox.db");
        filled(&path);
        let mut bytes = fs::read(&path).unwrap();
        harm(&mut bytes);
        fs::write(&path, &bytes).unwrap();
        let (mut outbox, salvaged) =
            Outbox::open(&path, &SystemClock).unwrap_or_else(|error| panic!("{name}: {error}"));
        let salvaged = salvaged.unwrap_or_else(|| panic!("{name}: not noticed"));
        assert!(salvaged.put_aside.exists(), "{name}");
        let counters = outbox.counters().unwrap();
        assert_eq!(counters.pending, count_pending(&outbox), "{name}");
        assert_eq!(
            counters.pending,
            i64::try_from(salvaged.pending).unwrap(),
            "{name}"
        );
        assert!(
            counters.pending >= at_least,
            "{name}: only {} of 500 were saved",
            counters.pending
        );
        assert!(
            counters.produced == counters.pending + salvaged.lost,
            "{name}: {counters:?}"
        );
        outbox
            .insert(&[item(1)], &[], Timestamp::UNIX_EPOCH)
            .unwrap();
        drop(outbox);
        assert!(
            Outbox::open(&path, &SystemClock).unwrap().1.is_none(),
            "{name}: repaired twice"
        );
    }
}

#[test]
fn an_empty_file_and_a_stale_journal_are_no_damage_to_fear() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.db");
    fs::write(&path, b"").unwrap();
    drop(open(&path));
    fs::write(dir.path().join("outbox.db-wal"), b"stale").unwrap();
    let (outbox, _) = Outbox::open(&path, &SystemClock).unwrap();
    assert_eq!(outbox.counters().unwrap().produced, 0);
}

/// Makes the disk of a database full: it may not grow any more.
fn fill_disk(outbox: &Outbox, full: bool) {
    let pages: i64 = outbox
        .connection
        .pragma_query_value(None, "page_count", |row| row.get(0))
        .unwrap();
    let most = if full { pages } else { 1_000_000 };
    outbox
        .connection
        .pragma_update_and_check(None, "max_page_count", most, |_| Ok(()))
        .unwrap();
}

/// A clock whose monotonic time a test moves.
#[derive(Default)]
struct Stepping(std::sync::atomic::AtomicI64);

impl Clock for Stepping {
    fn wall(&self) -> Timestamp {
        SystemClock.wall()
    }
    fn boot_millis(&self) -> i64 {
        self.mono_millis()
    }
    fn mono_millis(&self) -> i64 {
        self.0.load(std::sync::atomic::Ordering::SeqCst)
    }
    fn new_uuid(&self) -> Uuid {
        SystemClock.new_uuid()
    }
    fn random(&self) -> u64 {
        0
    }
}

#[test]
fn with_a_full_disk_items_wait_in_memory_in_order_and_arrive_once() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.db");
    let clock = Arc::new(Stepping::default());
    let outbox = open(&path);
    fill_disk(&outbox, true);
    let mut keeper = Keeper::new(outbox, Arc::clone(&clock) as Arc<dyn Clock>);
    let mut made = 0;
    while keeper.keep(vec![item(made)], vec![("last", made.to_string())]) {
        made += 1;
        assert!(made < 1_000, "the disk never became full");
    }
    assert!(
        keeper.trouble().unwrap().contains("cannot be written"),
        "{:?}",
        keeper.trouble()
    );
    made += 1;
    while made < 60 {
        assert!(!keeper.keep(vec![item(made)], vec![("last", made.to_string())]));
        made += 1;
    }
    assert!(keeper.waiting() > 0);
    fill_disk(keeper.outbox(), false);
    assert!(!keeper.flush(), "not before ten seconds have passed");
    clock.0.store(10_000, std::sync::atomic::Ordering::SeqCst);
    assert!(keeper.flush());
    assert_eq!((keeper.waiting(), keeper.trouble()), (0, None));
    let held: Vec<String> = keeper
        .outbox()
        .batch(1_000, usize::MAX)
        .unwrap()
        .items
        .into_iter()
        .map(|(_, body)| body)
        .collect();
    let wanted: Vec<String> = (0..made)
        .map(|n| serde_json::to_string(&item(n)).unwrap())
        .collect();
    assert_eq!(held, wanted);
    assert_eq!(
        keeper.outbox().fact("last").unwrap(),
        Some((made - 1).to_string())
    );
}

#[test]
fn what_finds_neither_disk_nor_memory_is_counted() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(Stepping::default());
    let outbox = open(&dir.path().join("outbox.db"));
    outbox
        .connection
        .pragma_update(None, "query_only", true)
        .unwrap();
    let mut keeper = Keeper::new(outbox, Arc::clone(&clock) as Arc<dyn Clock>);
    let many = i64::try_from(BUFFER_MAX_ITEMS).unwrap() + 7;
    assert!(!keeper.keep(
        (0..many).map(|n| item(n.unsigned_abs().into())).collect(),
        Vec::new()
    ));
    assert_eq!((keeper.waiting(), keeper.dropped()), (BUFFER_MAX_ITEMS, 7));
    keeper
        .outbox()
        .connection
        .pragma_update(None, "query_only", false)
        .unwrap();
    clock.0.store(10_000, std::sync::atomic::Ordering::SeqCst);
    assert!(keeper.flush());
    let counters = keeper.outbox().counters().unwrap();
    assert_eq!(counters.produced, many);
    assert_eq!(
        counters.dropped,
        BTreeMap::from([("memory_full".to_owned(), 7)])
    );
}

#[test]
fn an_insert_that_was_written_although_it_failed_is_not_made_twice() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(Stepping::default());
    let outbox = open(&dir.path().join("outbox.db"));
    let mut keeper = Keeper::new(outbox, Arc::clone(&clock) as Arc<dyn Clock>);
    keeper.fail_after_commit();
    assert!(
        !keeper.keep(vec![item(1), item(2)], Vec::new()),
        "an error was reported"
    );
    assert!(
        !keeper.keep(vec![item(3)], Vec::new()),
        "and one came behind it"
    );
    clock.0.store(10_000, std::sync::atomic::Ordering::SeqCst);
    assert!(keeper.flush());
    assert_eq!(keeper.outbox().counters().unwrap().produced, 3);
}
