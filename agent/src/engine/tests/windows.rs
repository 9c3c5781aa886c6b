//! Rules that hide titles, or keep a category in place of everything else.

use shared_types::{
    CategoryId,
    activity::Activity,
    privacy::Removal,
    window_rule::{RuleField, WindowAction, WindowRule},
};

use super::*;
use crate::outbox::Reader;

const PERSONAL: CategoryId = CategoryId(Uuid::from_u128(0xCA7));

fn personal(pattern: &str) -> WindowRule {
    WindowRule {
        field: RuleField::Title,
        pattern: pattern.into(),
        action: WindowAction::CategoryOnly,
        category_id: Some(PERSONAL),
    }
}

fn spans(desk: &mut Desk) -> Vec<Activity> {
    let mut keeper = desk.engine().keeper.lock();
    let batch = keeper.outbox().batch(10_000, 100_000_000).unwrap();
    let bodies = batch
        .items
        .iter()
        .map(|(_, body)| serde_json::from_str(body).unwrap());
    bodies
        .filter_map(|body| match body {
            SyncItemBody::Activity(span) => Some(span),
            _ => None,
        })
        .collect()
}

#[test]
fn of_a_window_that_is_reduced_only_the_category_is_on_the_disk_and_leaves() {
    let mut desk = Desk::new(CapturePolicy {
        window_rules: vec![personal("*salary*")],
        ..everything()
    });
    let begun = desk.clock.wall();
    desk.show("Writer", "My salary of next year");
    desk.work(300);
    desk.engine().shut_down();
    let spans = spans(&mut desk);
    assert!(!spans.is_empty());
    for span in spans {
        assert_eq!(span.category_id, Some(PERSONAL));
        assert_eq!((span.application, span.title, span.url), (None, None, None));
    }
    for text in ["Writer", "salary of next year"] {
        assert!(!desk.disk_holds(text), "{text} is on the disk");
    }
    assert!(desk.disk_holds(&PERSONAL.to_string()));
    let reader = Reader::open(desk.dir.path()).unwrap().unwrap();
    let removals = reader.removals().unwrap();
    assert_eq!(
        removals.between(begun, desk.clock.wall()),
        Some(Removal::CategoryOnly)
    );
}

#[test]
fn a_category_that_no_rule_gives_any_more_goes_from_what_is_in_no_item_yet() {
    for (rules, kept) in [
        (vec![personal("*wages*")], Some(PERSONAL)),
        (Vec::new(), None),
    ] {
        let mut desk = Desk::new(CapturePolicy {
            window_rules: vec![personal("*salary*")],
            ..everything()
        });
        desk.show("Writer", "My salary");
        desk.work(20);
        desk.show("Editor", "plan");
        desk.follow(|policy| policy.window_rules = rules);
        desk.work(300);
        desk.engine().shut_down();
        let first = spans(&mut desk).swap_remove(0);
        assert_eq!(first.category_id, kept);
        assert_eq!((first.application, first.title), (None, None));
    }
}

#[test]
fn the_organization_can_leave_people_unasked() {
    let mut desk = Desk::new(everything());
    assert!(desk.engine().asks_on_return());
    desk.follow(|policy| policy.ask_on_return = false);
    assert!(!desk.engine().asks_on_return());
}
