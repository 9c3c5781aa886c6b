//! What holds for any sequence of happenings.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

/// One thing that may happen to a desk.
#[derive(Debug, Clone)]
enum Happening {
    Pass { millis: i64, input: bool },
    Sleep(i64),
    Frozen(i64),
    WallJump(i64),
    Blind(Option<UnobservedReason>),
    Switch(&'static str),
    Start,
    Stop,
    Kill { while_down: i64 },
}

fn happening() -> impl Strategy<Value = Happening> {
    use Happening as H;
    prop_oneof![
        20 => (1_i64..7_000, any::<bool>()).prop_map(|(millis, input)| H::Pass { millis, input }),
        5 => (60_000_i64..400_000).prop_map(|millis| H::Pass { millis: millis / 40, input: false }),
        1 => (1_000_i64..40_000_000).prop_map(H::Sleep),
        1 => (1_000_i64..4_000_000).prop_map(H::Frozen),
        2 => prop_oneof![-8_000_000_i64..8_000_000, -5_000_i64..5_000, -100_000_i64..100_000].prop_map(H::WallJump),
        1 => prop_oneof![
            Just(H::Blind(None)),
            proptest::sample::select(UnobservedReason::ALL.to_vec()).prop_map(|reason| H::Blind(Some(reason))),
        ],
        4 => proptest::sample::select(vec!["XTerm", "Firefox", "Code"]).prop_map(H::Switch),
        1 => Just(H::Start),
        1 => Just(H::Stop),
        1 => (0_i64..4_000_000).prop_map(|while_down| H::Kill { while_down }),
    ]
}

fn live(desk: &mut Desk, happening: &Happening) {
    match happening {
        Happening::Pass { millis, input } => {
            desk.pass(*millis);
            if *input {
                desk.input();
            }
        }
        Happening::Sleep(millis) => {
            desk.boot += millis;
            desk.wall += millis;
        }
        Happening::Frozen(millis) => desk.pass(*millis),
        Happening::WallJump(millis) => desk.wall += millis,
        Happening::Blind(reason) => desk.blind = *reason,
        Happening::Switch(application) => desk.application = application,
        Happening::Start => {
            desk.look();
            let id = SessionId(Uuid::from_u128(desk.next_id));
            desk.next_id += 1;
            if let Ok(made) = desk.sampler.start(id, None) {
                desk.items.push(made);
            }
        }
        Happening::Stop => desk.items.extend(desk.sampler.stop()),
        Happening::Kill { while_down } => {
            desk.kill();
            desk.pass(*while_down);
        }
    }
    desk.look();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_every_second_of_a_session_is_in_exactly_one_span(
        happenings in proptest::collection::vec(happening(), 1..250)
    ) {
        let mut desk = Desk::new();
        desk.look();
        for happening in &happenings {
            live(&mut desk, happening);
        }
        desk.stop();
        check(&desk.items)?;
    }
}

/// Every invariant of the module, on the items of one device.
pub(super) fn check(items: &[SyncItemBody]) -> Result<(), TestCaseError> {
    let mut seconds = BTreeSet::new();
    let mut open: BTreeMap<SessionId, i64> = BTreeMap::new();
    for item in items {
        match item {
            SyncItemBody::SessionStarted(it) => {
                prop_assert_eq!(it.started_at.as_millis() % 1_000, 0);
                prop_assert!(open.is_empty(), "one session at a time");
                open.insert(it.session_id, it.started_at.as_millis());
            }
            SyncItemBody::Activity(it) => {
                let end = open.get_mut(&it.session_id);
                prop_assert!(end.is_some(), "a span outside its session");
                let end = end.expect("checked");
                prop_assert_eq!(it.started_at.as_millis(), *end, "spans lie end to end");
                *end = it.ended_at().as_millis();
                prop_assert!((1..=60).contains(&it.duration_seconds));
                prop_assert_eq!(
                    it.started_at.minute(),
                    it.ended_at().plus_millis(-1).minute()
                );
                prop_assert_eq!(
                    it.reason.is_some(),
                    it.activity_type == ActivityType::Unobserved
                );
                for second in it.started_at.as_millis() / 1_000..it.ended_at().as_millis() / 1_000 {
                    prop_assert!(seconds.insert(second), "second {} twice", second);
                }
            }
            SyncItemBody::SessionStopped(it) => {
                let end = open.remove(&it.session_id);
                prop_assert_eq!(
                    end,
                    Some(it.stopped_at.as_millis()),
                    "accounted for to its end"
                );
            }
            SyncItemBody::Counters(_) => {}
        }
    }
    prop_assert!(open.is_empty(), "stopped in the end");
    Ok(())
}
