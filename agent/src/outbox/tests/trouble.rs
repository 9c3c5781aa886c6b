//! Damaged files, full disks, and errors that did not mean "not written".

use std::sync::Arc;

use super::*;

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
        assert_eq!(
            counters.produced, 500,
            "{name}: what cannot be read is counted: {counters:?}"
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
