//! What the sampler promises, for scripted days and for any sequence of observations.

use std::collections::BTreeMap;

use proptest::prelude::*;
use shared_types::activity::{Activity, ActivityType};
use uuid::Uuid;

use super::*;

/// 2026-11-22T09:00:00Z, the start of a minute.
const NINE: i64 = 1_795_338_000_000;

const RULES: Rules = Rules {
    interval_millis: 5_000,
    idle_after_millis: 120_000,
    session_gap_millis: 1_800_000,
};

/// A desktop with clocks, and everything that the sampler made of it.
struct Desk {
    boot: i64,
    mono: i64,
    wall: i64,
    last_input: i64,
    application: &'static str,
    blind: Option<UnobservedReason>,
    auto_start: bool,
    next_id: u128,
    sampler: Sampler,
    items: Vec<SyncItemBody>,
}

impl Desk {
    fn new() -> Self {
        Self {
            boot: 900_000_000,
            mono: 900_000_000,
            wall: NINE,
            last_input: 900_000_000,
            application: "XTerm",
            blind: None,
            auto_start: true,
            next_id: 1,
            sampler: Sampler::new(RULES, Recorded::default(), None),
            items: Vec::new(),
        }
    }

    fn look(&mut self) {
        let sight = match self.blind {
            Some(reason) => Sight::Blind(reason),
            None => Sight::Seen {
                focus: Focus {
                    application: Some(self.application.into()),
                    ..Focus::default()
                },
                idle_millis: self.boot - self.last_input,
            },
        };
        let may_start = self
            .auto_start
            .then(|| SessionId(Uuid::from_u128(self.next_id)));
        self.next_id += 1;
        let made = self.sampler.observe(&Observation {
            boot_millis: self.boot,
            mono_millis: self.mono,
            wall: Timestamp::from_millis(self.wall),
            sight,
            may_start,
        });
        self.items.extend(made);
    }

    fn pass(&mut self, millis: i64) {
        self.boot += millis;
        self.mono += millis;
        self.wall += millis;
    }

    fn input(&mut self) {
        self.last_input = self.boot;
    }

    /// Looks every five seconds for this long, typing all the time.
    fn work(&mut self, seconds: i64) {
        for _ in 0..seconds / 5 {
            self.pass(5_000);
            self.input();
            self.look();
        }
    }

    /// Looks every five seconds for this long, hands off.
    fn rest(&mut self, seconds: i64) {
        for _ in 0..seconds / 5 {
            self.pass(5_000);
            self.look();
        }
    }

    fn stop(&mut self) {
        let made = self.sampler.stop();
        self.items.extend(made);
        self.auto_start = false;
    }

    /// The agent is killed; what was in the checkpoint and in the outbox stays.
    fn kill(&mut self) {
        let recorded = serde_json::to_string(&self.sampler.recorded()).unwrap();
        let unfinished = serde_json::to_string(&self.sampler.unfinished()).unwrap();
        self.sampler = Sampler::new(
            RULES,
            serde_json::from_str(&recorded).unwrap(),
            serde_json::from_str(&unfinished).unwrap(),
        );
    }

    fn spans(&self) -> Vec<&Activity> {
        self.items
            .iter()
            .filter_map(|item| match item {
                SyncItemBody::Activity(span) => Some(span),
                _ => None,
            })
            .collect()
    }

    /// `active 09:00:00 +60 XTerm`, one line a span, sessions in between.
    fn story(&self) -> Vec<String> {
        let clock = |at: Timestamp| at.to_string()[11..19].to_owned();
        self.items
            .iter()
            .map(|item| match item {
                SyncItemBody::SessionStarted(it) => format!("start {}", clock(it.started_at)),
                SyncItemBody::SessionStopped(it) => format!("stop {}", clock(it.stopped_at)),
                SyncItemBody::Activity(it) => format!(
                    "{} {} +{} {}",
                    it.reason
                        .map_or(it.activity_type.as_str(), UnobservedReason::as_str),
                    clock(it.started_at),
                    it.duration_seconds,
                    it.application.as_deref().unwrap_or("-"),
                ),
                SyncItemBody::Counters(_) => "counters".to_owned(),
            })
            .collect()
    }

    fn totals(&self) -> DayTotals {
        let mut totals = DayTotals::default();
        for span in self.spans() {
            let seconds = i64::from(span.duration_seconds);
            match span.activity_type {
                ActivityType::Active => totals.active_seconds += seconds,
                ActivityType::Idle => totals.idle_seconds += seconds,
                ActivityType::Unobserved => totals.unobserved_seconds += seconds,
            }
        }
        totals
    }
}

#[test]
fn a_minute_of_work_is_one_span_and_focus_changes_cut_it() {
    let mut desk = Desk::new();
    desk.look();
    desk.work(60);
    desk.application = "Firefox";
    desk.work(60);
    desk.stop();
    assert_eq!(
        desk.story(),
        [
            "start 09:00:00",
            "active 09:00:00 +60 XTerm",
            // Seen at 09:01:05: what a look saw holds until the next.
            "active 09:01:00 +5 XTerm",
            "active 09:01:05 +55 Firefox",
            "stop 09:02:00",
        ]
    );
}

#[test]
fn idle_begins_at_the_last_input_and_the_minute_waits_for_it() {
    let mut desk = Desk::new();
    desk.look();
    desk.work(30);
    desk.rest(115);
    assert_eq!(
        desk.story(),
        ["start 09:00:00"],
        "nothing is known of the first minute yet"
    );
    desk.rest(95);
    desk.work(60);
    desk.stop();
    assert_eq!(
        desk.story(),
        [
            "start 09:00:00",
            "active 09:00:00 +30 XTerm",
            "idle 09:00:30 +30 XTerm",
            "idle 09:01:00 +60 XTerm",
            "idle 09:02:00 +60 XTerm",
            "idle 09:03:00 +60 XTerm",
            "idle 09:04:00 +5 XTerm",
            "active 09:04:05 +55 XTerm",
            "stop 09:05:00",
        ]
    );
}

#[test]
fn a_pause_shorter_than_the_threshold_is_active() {
    let mut desk = Desk::new();
    desk.look();
    desk.work(10);
    desk.rest(110);
    desk.work(60);
    desk.stop();
    assert_eq!(desk.totals().active_seconds, 180);
    assert_eq!(desk.totals().idle_seconds, 0);
}

#[test]
fn eight_hours_of_sleep_over_midnight_end_the_session_where_it_was_seen_last() {
    let mut desk = Desk::new();
    desk.look();
    desk.work(60);
    desk.pass(2_000);
    desk.boot += 8 * 3_600_000;
    desk.wall += 8 * 3_600_000;
    desk.input();
    desk.look();
    desk.work(60);
    desk.stop();
    assert_eq!(
        desk.story(),
        [
            "start 09:00:00",
            "active 09:00:00 +60 XTerm",
            "stop 09:01:00",
            "start 17:01:02",
            "active 17:01:02 +58 XTerm",
            "active 17:02:00 +2 XTerm",
            "stop 17:02:02",
        ]
    );
}

#[test]
fn a_short_sleep_and_a_stopped_process_are_unobserved_and_do_not_burst() {
    for (slept, name) in [(true, "asleep"), (false, "not_running")] {
        let mut desk = Desk::new();
        desk.look();
        desk.work(60);
        desk.pass(if slept { 0 } else { 600_000 });
        desk.boot += if slept { 600_000 } else { 0 };
        desk.wall += if slept { 600_000 } else { 0 };
        desk.input();
        desk.look();
        desk.stop();
        assert_eq!(
            desk.totals(),
            DayTotals {
                active_seconds: 60,
                idle_seconds: 0,
                unobserved_seconds: 600
            }
        );
        assert!(
            desk.story()
                .iter()
                .any(|line| line == &format!("{name} 09:05:00 +60 -"))
        );
        assert_eq!(desk.items.len(), 1 + 1 + 10 + 1);
    }
}

#[test]
fn a_clock_set_forward_is_suspect_and_never_active() {
    let mut desk = Desk::new();
    desk.look();
    desk.work(90);
    desk.wall += 600_000;
    desk.work(90);
    desk.stop();
    assert_eq!(
        desk.totals(),
        DayTotals {
            active_seconds: 60 + 85,
            idle_seconds: 0,
            unobserved_seconds: 30 + 605
        }
    );
    assert!(
        desk.story()
            .contains(&"clock_suspect 09:01:00 +60 -".to_owned()),
        "{:#?}",
        desk.story()
    );
}

#[test]
fn a_clock_set_back_makes_no_second_twice() {
    let mut desk = Desk::new();
    desk.look();
    desk.work(300);
    desk.wall -= 120_000;
    desk.work(120);
    assert_eq!(
        desk.sampler.dropped_millis(),
        115_000,
        "waiting for the clock to catch up"
    );
    desk.work(60);
    desk.stop();
    assert_eq!(
        desk.totals(),
        DayTotals {
            active_seconds: 300 + 65 - 5,
            idle_seconds: 0,
            unobserved_seconds: 0
        }
    );
}

#[test]
fn a_clock_set_back_for_hours_starts_a_new_session_only_where_no_minutes_are() {
    let mut desk = Desk::new();
    desk.look();
    desk.work(3_600);
    desk.wall -= 7_200_000; // now 08:00, an hour before the recorded one
    desk.work(5_400);
    desk.stop();
    let story = desk.story();
    assert!(story.contains(&"stop 10:00:00".to_owned()));
    assert!(story.contains(&"start 08:00:05".to_owned()));
    assert_eq!(
        story.last().unwrap(),
        "stop 09:00:00",
        "it ends where the recorded hour begins"
    );
}

#[test]
fn paused_time_is_accounted_for_and_nothing_else_is_kept() {
    let mut desk = Desk::new();
    desk.look();
    desk.work(60);
    desk.blind = Some(UnobservedReason::Paused);
    desk.look();
    desk.work(60);
    desk.blind = None;
    desk.look();
    desk.work(60);
    desk.stop();
    assert_eq!(
        desk.totals(),
        DayTotals {
            active_seconds: 120,
            idle_seconds: 0,
            unobserved_seconds: 60
        }
    );
    assert!(desk.story().contains(&"paused 09:01:00 +60 -".to_owned()));
}

#[test]
fn a_desktop_that_cannot_be_seen_for_too_long_ends_the_session() {
    let mut desk = Desk::new();
    desk.look();
    desk.work(60);
    desk.blind = Some(UnobservedReason::NoCapture);
    desk.rest(3_600);
    assert_eq!(desk.story().last().unwrap(), "stop 09:31:05");
}

#[test]
fn an_idle_time_that_cannot_be_is_not_believed() {
    let mut desk = Desk::new();
    desk.look();
    desk.last_input = -1_000_000;
    desk.look();
    desk.pass(60_000);
    desk.look();
    desk.stop();
    assert_eq!(desk.totals().active_seconds, 0);
}

#[test]
fn a_kill_loses_at_most_what_passed_since_the_last_look() {
    let mut desk = Desk::new();
    desk.look();
    desk.work(90);
    desk.pass(4_000);
    desk.kill();
    desk.pass(20_000);
    desk.input();
    desk.look();
    desk.work(66);
    desk.stop();
    assert_eq!(
        desk.totals(),
        DayTotals {
            active_seconds: 90 + 65,
            idle_seconds: 0,
            unobserved_seconds: 24
        }
    );
    assert_eq!(
        desk.items
            .iter()
            .filter(|it| matches!(it, SyncItemBody::SessionStarted(_)))
            .count(),
        1
    );
}

#[test]
fn where_checkpoint_and_outbox_disagree_the_outbox_wins() {
    let mut desk = Desk::new();
    desk.look();
    desk.work(90);
    let old = desk.sampler.unfinished();
    desk.work(90);
    // Killed after the commit, before the checkpoint was written.
    desk.sampler = Sampler::new(RULES, desk.sampler.recorded(), old);
    desk.work(30);
    desk.stop();
    // 09:03:00 is in items; the look at 09:03:05 was the first of the new process.
    assert_eq!(
        desk.totals(),
        DayTotals {
            active_seconds: 180 + 25,
            idle_seconds: 0,
            unobserved_seconds: 5
        }
    );
}

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
fn check(items: &[SyncItemBody]) -> Result<(), TestCaseError> {
    let mut seconds = std::collections::BTreeSet::new();
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
