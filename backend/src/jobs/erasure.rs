//! Goes on with erasures that were asked for. Each minute, and as soon as one is.

use std::sync::atomic::{AtomicU64, Ordering};

use super::{Context, Due, JobResult, Outcome};
use crate::rights::erase;

pub(super) async fn run(context: Context, _: Due) -> JobResult {
    let steps = AtomicU64::new(0);
    let stop = || {
        let step = steps.fetch_add(1, Ordering::Relaxed);
        context.stops(format!("{step} transactions"))
    };
    let transactions = erase::run_all(&context.store, &*context.clock, stop).await?;
    context.unless_stopped()?;
    Ok(Outcome::Done(format!("{transactions} transactions")))
}
