//! Removes events that nobody will ask for any more. Hourly.

use super::{Context, Due, JobResult, Outcome};
use crate::{live::EVENTS_KEPT_SECONDS, store::events};

/// Rows removed at once, so that writers wait briefly only.
const STEP: i64 = 2_000;

pub(super) async fn run(context: Context, due: Due) -> JobResult {
    let before = due.at.plus_seconds(-EVENTS_KEPT_SECONDS);
    let mut total = 0;
    loop {
        let mut tx = context.store.system().begin().await?;
        let removed = events::prune(&mut tx, before, STEP).await?;
        tx.commit().await?;
        total += removed;
        if removed == 0 {
            return Ok(Outcome::Done(format!("{total} events removed")));
        }
        context.step(format!("{total} events removed")).await?;
    }
}
