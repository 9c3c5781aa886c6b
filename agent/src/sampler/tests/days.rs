//! Scripted days.

use super::*;

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
fn a_clock_that_is_a_year_off_or_at_1970_makes_no_second_twice_and_no_burst() {
    const YEAR: i64 = 365 * 86_400_000;
    for wrong in [NINE + YEAR, NINE - YEAR, 0] {
        let mut desk = Desk::new();
        desk.look();
        desk.work(600);
        let right = desk.wall;
        desk.wall = wrong;
        desk.work(600);
        desk.wall = right + 600_000;
        desk.work(600);
        desk.stop();
        super::always::check(&desk.items).unwrap();
        assert!(desk.items.len() < 60, "{wrong}: {:#?}", desk.story());
        let totals = desk.totals();
        assert!(totals.active_seconds >= 1_500, "{wrong}: {totals:?}");
        let all = totals.active_seconds + totals.idle_seconds + totals.unobserved_seconds;
        assert!(all <= 2_000, "{wrong}: {totals:?}");
    }
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
