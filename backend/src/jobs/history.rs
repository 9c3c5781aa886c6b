//! Keeps the list of past jobs short. Hourly.

use super::{Context, Due, JobResult, Outcome};
use crate::store::jobs;

/// How long a job that is done can be looked at.
const DONE_KEPT_SECONDS: i64 = 2 * 86_400;
/// How long a job that was given up can be looked at.
const FAILED_KEPT_SECONDS: i64 = 30 * 86_400;
/// Rows removed at once.
const STEP: i64 = 1_000;

pub(super) async fn run(context: Context, due: Due) -> JobResult {
    let done_before = due.at.plus_seconds(-DONE_KEPT_SECONDS);
    let failed_before = due.at.plus_seconds(-FAILED_KEPT_SECONDS);
    let mut total = 0;
    loop {
        let mut tx = context.store.system().begin().await?;
        let removed = jobs::prune(&mut tx, done_before, failed_before, STEP).await?;
        tx.commit().await?;
        total += removed;
        if removed == 0 {
            return Ok(Outcome::Done(format!("{total} past jobs removed")));
        }
        context.step(format!("{total} past jobs removed")).await?;
    }
}
