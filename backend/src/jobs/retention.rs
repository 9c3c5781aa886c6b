//! Removes what is older than it may be kept. Hourly.

use super::{Context, Due, JobResult, Outcome};
use crate::rights::retention;

pub(super) async fn run(context: Context, _: Due) -> JobResult {
    // Terms are about the present: a run that is late removes what is due now.
    let now = context.clock.now();
    let stop = |rows: u64| context.stops(format!("{rows} rows removed"));
    let removed = retention::run_due(&context.store, now, stop).await?;
    context.unless_stopped()?;
    let dropped = retention::drop_months(&context.store, now).await?;
    let mut said = format!(
        "{} rows removed in {} transactions",
        removed.rows, removed.transactions
    );
    if !dropped.is_empty() {
        said.push_str(", dropped ");
        said.push_str(&dropped.join(", "));
    }
    Ok(Outcome::Done(said))
}
