//! A file of a newer version, and what is recorded beside it.

use super::*;

/// As a newer agent leaves it: with a row in its journal that is not in the file yet.
fn newer(path: &Path) -> Vec<u8> {
    let mut outbox = open(path);
    outbox
        .insert(
            &[item(1), item(2)],
            &[("wish", "kept")],
            Timestamp::UNIX_EPOCH,
        )
        .unwrap();
    drop(outbox);
    let connection = Connection::open(path).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    drop(connection);
    fs::read(path).unwrap()
}

fn older_again(path: &Path) {
    let connection = Connection::open(path).unwrap();
    let known = i64::try_from(schema::STEPS.len()).unwrap();
    connection
        .pragma_update(None, "user_version", known)
        .unwrap();
}

#[test]
fn a_newer_file_is_left_as_it_is_and_rows_go_beside_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.db");
    let before = newer(&path);
    let error = Outbox::open(&path, &SystemClock).unwrap_err();
    assert!(
        matches!(error, OutboxError::Newer { found: 99, .. }),
        "{error}"
    );
    assert!(error.is_permanent());
    let Opened {
        mut outbox, newer, ..
    } = Outbox::open_or_aside(&path, &SystemClock).unwrap();
    let newer = newer.unwrap();
    assert!(newer.message.contains("version 99"), "{}", newer.message);
    assert!(newer.facts.contains(&("wish".into(), "kept".into())));
    outbox
        .insert(&[item(3)], &[], Timestamp::UNIX_EPOCH)
        .unwrap();
    assert_eq!(in_use(dir.path()), outbox.path());
    assert!(outbox.aside(&SystemClock).unwrap().is_none());
    drop(outbox);
    assert!(fs::read(&path).unwrap() == before, "not a byte was written");
}

#[test]
fn what_a_journal_of_a_newer_file_holds_stays_in_the_journal() {
    let dir = tempfile::tempdir().unwrap();
    let (path, copy) = (dir.path().join("outbox.db"), dir.path().join("copy.db"));
    newer(&path);
    let connection = Connection::open(&path).unwrap();
    connection
        .execute("INSERT INTO meta VALUES ('late', 'news')", [])
        .unwrap();
    // As a kill leaves them.
    for tail in ["", "-wal"] {
        fs::copy(
            format!("{}{tail}", path.display()),
            format!("{}{tail}", copy.display()),
        )
        .unwrap();
    }
    let files = || ["", "-wal"].map(|tail| fs::read(format!("{}{tail}", copy.display())).unwrap());
    let before = files();
    assert!(!before[1].is_empty());
    let opened = Outbox::open_or_aside(&copy, &SystemClock).unwrap();
    let facts = opened.newer.unwrap().facts;
    assert!(facts.contains(&("late".into(), "news".into())), "{facts:?}");
    assert!(files() == before, "neither file was written");
}

#[test]
fn what_was_recorded_beside_it_is_taken_over_once_and_accounted_for() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.db");
    newer(&path);
    let mut aside = Outbox::open_or_aside(&path, &SystemClock).unwrap().outbox;
    aside
        .insert(&[item(3), item(4), item(5)], &[], Timestamp::UNIX_EPOCH)
        .unwrap();
    let batch = aside.batch(2, usize::MAX).unwrap();
    let results = [answer(1, Outcome::Stored), answer(2, Outcome::Rejected)];
    aside
        .settle(&batch, &results, Timestamp::UNIX_EPOCH)
        .unwrap();
    aside.drop_unkept("memory_full", 7).unwrap();
    let aside_path = aside.path().to_owned();
    drop(aside);
    let copy = fs::read(&aside_path).unwrap();

    older_again(&path);
    let mut outbox = open(&path);
    let aside = outbox.aside(&SystemClock).unwrap().unwrap();
    let waiting = outbox
        .take_over(
            aside,
            Some(&item(9)),
            &[("wish", "another".to_owned())],
            Timestamp::UNIX_EPOCH,
        )
        .unwrap();
    assert_eq!(waiting, 1);
    assert!(!aside_path.exists());
    let bodies: Vec<String> = outbox
        .batch(10, usize::MAX)
        .unwrap()
        .items
        .into_iter()
        .map(|(_, body)| body)
        .collect();
    let wanted = [1, 2, 9, 5].map(|n| serde_json::to_string(&item(n)).unwrap());
    assert_eq!(bodies, wanted);
    let counters = outbox.counters().unwrap();
    assert_eq!(
        (counters.produced, counters.stored, counters.pending),
        (13, 1, 4)
    );
    assert_eq!(counters.dropped["future"], 1);
    assert_eq!(counters.dropped["memory_full"], 7);
    assert_eq!(outbox.fact("wish").unwrap().as_deref(), Some("another"));

    // The same file again, as a kill before its removal leaves it.
    fs::write(&aside_path, copy).unwrap();
    assert!(outbox.aside(&SystemClock).unwrap().is_none());
    assert!(!aside_path.exists());
    assert_eq!(outbox.counters().unwrap(), counters);
}
