//! What the person reads of their own rows.

use super::*;
use crate::outbox::{ItemState, Query, Reader};

fn page(reader: &Reader, query: &Query<'_>) -> Vec<i64> {
    reader
        .rows(query)
        .unwrap()
        .iter()
        .map(|row| row.place.seq)
        .collect()
}

#[test]
fn rows_are_read_page_by_page_newest_first_while_more_are_written() {
    let dir = tempfile::tempdir().unwrap();
    assert!(Reader::open(dir.path()).unwrap().is_none());
    let mut outbox = open(&dir.path().join("outbox.db"));
    let items: Vec<_> = (0..5).map(|n| span(n * 60, 60)).collect();
    outbox.insert(&items, &[], Timestamp::UNIX_EPOCH).unwrap();
    let reader = Reader::open(dir.path()).unwrap().unwrap();
    let mut query = Query {
        limit: 2,
        ..Query::default()
    };
    let first = reader.rows(&query).unwrap();
    outbox
        .insert(&[span(600, 60)], &[], Timestamp::UNIX_EPOCH)
        .unwrap();
    query.before = first.last().map(|row| row.place);
    assert_eq!(
        page(&reader, &query),
        [3, 2],
        "no row twice and none left out"
    );
    assert!(first[0].item().is_some());
}

#[test]
fn rows_are_found_by_text_and_by_where_they_stand() {
    let dir = tempfile::tempdir().unwrap();
    let mut outbox = open(&dir.path().join("outbox.db"));
    let named = |name: &str| match span(0, 60) {
        SyncItemBody::Activity(it) => SyncItemBody::Activity(Activity {
            application: Some(name.to_owned()),
            ..it
        }),
        other => other,
    };
    let items = [named("100% Editor"), named("Mail"), named("Browser")];
    outbox.insert(&items, &[], Timestamp::UNIX_EPOCH).unwrap();
    let batch = outbox.batch(10, usize::MAX).unwrap();
    outbox
        .settle(
            &batch,
            &[answer(1, Outcome::Stored), answer(2, Outcome::Rejected)],
            Timestamp::UNIX_EPOCH,
        )
        .unwrap();
    let reader = Reader::open(dir.path()).unwrap().unwrap();
    let by = |search, state| {
        page(
            &reader,
            &Query {
                search,
                state,
                limit: 50,
                ..Query::default()
            },
        )
    };
    assert_eq!(by("EDITOR", None), [1]);
    assert_eq!(by("100%", None), [1], "no sign is a wildcard");
    assert_eq!(by("%", None), [1]);
    assert_eq!(by("", Some(ItemState::Pending)), [3]);
    assert_eq!(by("", Some(ItemState::Rejected)), [2]);
    assert_eq!(by("mail", Some(ItemState::Pending)), [] as [i64; 0]);
    let standing = reader.standing().unwrap();
    assert_eq!(
        (
            standing.all,
            standing.pending,
            standing.acknowledged,
            standing.rejected
        ),
        (3, 1, 1, 1)
    );
    assert_eq!(reader.counters().unwrap(), outbox.counters().unwrap());
    assert_eq!(
        reader
            .spans(Timestamp::UNIX_EPOCH, Timestamp::from_millis(1))
            .unwrap()
            .len(),
        3
    );
}
