//! Scheduled work.

use shared_types::job::{RunState, Schedule, ScheduleList, ScheduleRun};

use super::{Golden, at};

pub(super) fn check(golden: &mut Golden) {
    golden.check("enum_run_state", &vec![RunState::Done, RunState::Failed]);
    let run = ScheduleRun {
        due_at: at(0),
        started_at: at(1),
        finished_at: at(3),
        duration_ms: 2_000,
        state: RunState::Done,
        attempts: 1,
        outcome: Some("3 rows removed".into()),
        error: None,
    };
    let own = Schedule {
        name: "retention".into(),
        expression: "12 * * * *".into(),
        own: true,
        enabled: true,
        next_due_at: Some(at(3_600)),
        waiting_since: Some(at(2)),
        failed: 1,
        last_run: Some(run),
    };
    let never_run = Schedule {
        name: "idle_detector".into(),
        expression: "* * * * *".into(),
        own: false,
        enabled: false,
        next_due_at: None,
        waiting_since: None,
        failed: 0,
        last_run: None,
    };
    golden.check(
        "schedule_list",
        &ScheduleList {
            items: vec![own, never_run],
        },
    );
}
