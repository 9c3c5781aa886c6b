//! Fills the outbox of a data directory with the rows of many days offline, for measuring how
//! fast they are sent: `fill_backlog DATA_DIR ROWS`. Whole working days, the last one today.

use std::{error::Error, path::PathBuf};

use shared_types::{
    SessionId, Timestamp,
    activity::{Activity, ActivityType},
    sync::{SessionStarted, SessionStopped, SyncItemBody},
};
use workpulse_agent::{Clock as _, SystemClock, outbox::Outbox};

/// A session of a day: its start, its minutes and its end.
const ROWS_OF_A_DAY: i64 = 1_445;
const DAY_SECONDS: i64 = 86_400;

#[expect(clippy::print_stdout, reason = "what it says is for whoever runs it")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args_os().skip(1);
    let (Some(dir), Some(rows)) = (args.next(), args.next()) else {
        return Err("usage: fill_backlog DATA_DIR ROWS".into());
    };
    let rows: i64 = rows.to_str().ok_or("ROWS is a number")?.parse()?;
    let path = PathBuf::from(dir).join("outbox.db");
    let (mut outbox, _) = Outbox::open(&path, &SystemClock)?;
    // The end of today's session lies before now, at a whole minute.
    let now = SystemClock.wall().as_millis().div_euclid(60_000) * 60_000;
    let days = (rows + ROWS_OF_A_DAY - 1) / ROWS_OF_A_DAY;
    for back in (0..days).rev() {
        let end = Timestamp::from_millis(now).plus_seconds(-back * DAY_SECONDS);
        outbox.insert(&day(end), &[], end)?;
    }
    println!("{}", outbox.counters()?.pending);
    Ok(())
}

/// Two windows, changed each minute, and a break now and then.
fn day(end: Timestamp) -> Vec<SyncItemBody> {
    // A minute short of a day, so that no two days overlap.
    let minutes = DAY_SECONDS / 60 - 1;
    let began = end.plus_seconds(-minutes * 60);
    let session_id = SessionId(SystemClock.new_uuid());
    let mut items = vec![SyncItemBody::SessionStarted(SessionStarted {
        session_id,
        project_id: None,
        started_at: began,
    })];
    for minute in 0..minutes {
        // The first minutes have two rows each.
        let spans: &[(i64, u32)] = if minute < ROWS_OF_A_DAY - 2 - minutes {
            &[(0, 30), (30, 30)]
        } else {
            &[(0, 60)]
        };
        for (offset, length) in spans {
            items.push(SyncItemBody::Activity(Activity {
                session_id,
                activity_type: if minute % 60 == 59 {
                    ActivityType::Idle
                } else {
                    ActivityType::Active
                },
                reason: None,
                started_at: began.plus_seconds(minute * 60 + offset),
                duration_seconds: *length,
                application: Some(if minute % 2 == 0 { "Editor" } else { "Browser" }.to_owned()),
                title: Some(format!("the plan for minute {minute}")),
                url: None,
                category_id: None,
            }));
        }
    }
    items.push(SyncItemBody::SessionStopped(SessionStopped {
        session_id,
        stopped_at: end,
    }));
    items
}
