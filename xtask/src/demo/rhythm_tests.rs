//! The rhythm's invariants as properties, and that the people read as people.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::demo::people::PEOPLE;

/// 2026-01-01T00:00:00Z.
const NEW_YEAR: i64 = 1_767_225_600;
const DAY: i64 = 86_400;

fn second(instant: Timestamp) -> i64 {
    instant.as_millis() / 1_000
}

/// Sessions with their spans, checked against every invariant on the way.
fn check_day(items: &[Due]) -> Result<(), TestCaseError> {
    let mut open: Option<(SessionId, i64, i64)> = None;
    let mut free_from = i64::MIN;
    for item in items {
        match &item.body {
            SyncItemBody::SessionStarted(start) => {
                prop_assert!(open.is_none(), "a session starts inside another");
                let at = second(start.started_at);
                prop_assert!(at >= free_from, "sessions overlap");
                prop_assert_eq!(item.at, at);
                open = Some((start.session_id, at, at));
            }
            SyncItemBody::Activity(span) => {
                let (id, start, end) = open.expect("a span stands in a session");
                prop_assert_eq!(span.session_id, id);
                prop_assert_eq!(second(span.started_at), end, "a gap or an overlap");
                prop_assert!((1..=60).contains(&span.duration_seconds));
                let last = span.ended_at().plus_millis(-1);
                prop_assert_eq!(span.started_at.minute(), last.minute(), "two minutes");
                prop_assert_eq!(
                    span.reason.is_some(),
                    span.activity_type == ActivityType::Unobserved
                );
                prop_assert_eq!(item.at, second(span.ended_at()));
                open = Some((id, start, second(span.ended_at())));
            }
            SyncItemBody::SessionStopped(stop) => {
                let (id, start, end) = open.take().expect("a session was open");
                prop_assert_eq!(stop.session_id, id);
                prop_assert_eq!(second(stop.stopped_at), end, "the spans are not all of it");
                prop_assert!(end > start);
                prop_assert!(
                    end - start < 14 * 3_600,
                    "nobody works {} s in one go",
                    end - start
                );
                free_from = end;
            }
            SyncItemBody::Counters(_) => prop_assert!(false, "no counters here"),
        }
    }
    prop_assert!(open.is_none(), "a session is left open");
    Ok(())
}

proptest! {
    #[test]
    fn a_sessions_spans_lie_in_minutes_touch_and_add_up(
        person in 0..PEOPLE.len(),
        seed in any::<u64>(),
        day in 0_i64..800,
    ) {
        let person = &PEOPLE[person];
        let date = local_date(&zone(person), NEW_YEAR + day * DAY + DAY / 2);
        check_day(&day_items(Life { person, seed, since: 0 }, date))?;
    }

    #[test]
    fn cutting_a_range_anywhere_changes_nothing(
        person in 0..PEOPLE.len(),
        seed in any::<u64>(),
        from in 0_i64..(400 * DAY),
        first in 0_i64..(3 * DAY),
        second in 0_i64..(3 * DAY),
    ) {
        let person = &PEOPLE[person];
        let (a, b) = (NEW_YEAR + from, NEW_YEAR + from + first);
        let c = b + second;
        let life = Life { person, seed, since: 0 };
        let mut parts = due(life, a, b);
        parts.extend(due(life, b, c));
        prop_assert_eq!(parts, due(life, a, c));
    }

    #[test]
    fn items_come_in_the_order_in_which_they_become_known(
        person in 0..PEOPLE.len(),
        seed in any::<u64>(),
        from in 0_i64..(400 * DAY),
    ) {
        let life = Life { person: &PEOPLE[person], seed, since: 0 };
        let items = due(life, NEW_YEAR + from, NEW_YEAR + from + 4 * DAY);
        prop_assert!(items.is_sorted_by_key(|item| item.at));
    }

    #[test]
    fn a_life_that_begins_in_the_middle_of_a_session_begins_with_the_next_one(
        person in 0..PEOPLE.len(),
        seed in any::<u64>(),
        since in 0_i64..(400 * DAY),
    ) {
        let since = NEW_YEAR + since;
        let life = Life { person: &PEOPLE[person], seed, since };
        let items = due(life, since - 1, since + 5 * DAY);
        let begun: Vec<_> = items.iter().filter_map(|item| match &item.body {
            SyncItemBody::SessionStarted(start) => Some(start.session_id),
            _ => None,
        }).collect();
        for item in &items {
            if let SyncItemBody::Activity(span) = &item.body {
                prop_assert!(begun.contains(&span.session_id), "a span without its session");
            }
        }
    }
}

/// Seconds of work (in a session) of a person on the weekdays of a long stretch, by day.
fn hours(key: &str) -> Vec<f64> {
    let person = PEOPLE
        .iter()
        .find(|person| person.key == key)
        .expect("a person");
    (0..84)
        .map(|day| {
            let date = local_date(&zone(person), NEW_YEAR + day * DAY + DAY / 2);
            let worked: i64 = stretches(person, 7, date)
                .iter()
                .filter(|stretch| stretch.what != What::Away)
                .map(|stretch| stretch.until - stretch.from)
                .sum();
            f64::from(i32::try_from(worked).expect("a day")) / 3_600.0
        })
        .filter(|hours| *hours > 0.0)
        .collect()
}

#[test]
fn the_part_timer_works_mornings_and_one_person_works_overtime() {
    assert!(
        hours("tomasz.zielinski")
            .iter()
            .all(|hours| (3.0..5.0).contains(hours))
    );
    let jonas = hours("jonas.weber");
    assert!(jonas.iter().any(|hours| *hours > 9.5) && jonas.iter().any(|hours| *hours < 9.0));
    assert!(
        hours("amara.okafor")
            .iter()
            .all(|hours| (7.0..9.0).contains(hours))
    );
}

#[test]
fn somebody_has_a_day_off_in_any_three_weeks() {
    let off = (0..21)
        .flat_map(|day| PEOPLE.iter().map(move |person| (day, person)))
        .filter(|(day, person)| {
            let date = local_date(&zone(person), NEW_YEAR + day * DAY + DAY / 2);
            person.rhythm.days.contains(&date.weekday()) && day_off(person, date)
        })
        .count();
    assert!(off >= 2, "{off} days off");
}

#[test]
fn somebody_is_at_work_at_nearly_every_hour_of_a_week() {
    let empty = (0..7 * 24)
        .filter(|hour| {
            let at = NEW_YEAR + 20 * DAY + hour * 3_600 + 1_800;
            !PEOPLE.iter().any(|person| at_work(person, 7, at))
        })
        .count();
    assert!(empty <= 24, "{empty} of 168 hours have nobody at work");
}

#[test]
fn people_have_their_own_names_hours_and_applications() {
    let keys: BTreeSet<_> = PEOPLE.iter().map(|person| person.key).collect();
    let apps: BTreeSet<_> = PEOPLE
        .iter()
        .flat_map(|person| person.rhythm.apps)
        .map(|(app, _)| app)
        .collect();
    let starts: BTreeSet<_> = PEOPLE.iter().map(|person| person.rhythm.from).collect();
    let zones: BTreeSet<_> = PEOPLE.iter().map(|person| person.zone).collect();
    assert_eq!(keys.len(), PEOPLE.len());
    assert!(apps.len() >= 20 && starts.len() >= 9 && zones.len() >= 2);
    for person in &PEOPLE {
        for meeting in person.rhythm.meetings {
            let rhythm = &person.rhythm;
            let inside = rhythm.from < meeting.at && meeting.at + meeting.minutes < rhythm.until;
            assert!(inside, "{} at {}", person.key, meeting.at);
        }
    }
}
