//! Removes what is older than it may be kept. Hourly.

use super::{Context, Due, JobResult, Outcome};
use crate::rights::retention;

pub(super) async fn run(context: Context, _: Due) -> JobResult {
    // Terms are about the present: a run that is late removes what is due now.
    let now = context.clock.now();
    let stop = |rows: u64| context.stops(format!("{rows} rows removed"));
    let removed = retention::run_due(&context.store, now, stop).await?;
    context.unless_stopped()?;
    Ok(Outcome::Done(format!(
        "{} rows removed in {} transactions",
        removed.rows, removed.transactions
    )))
}
