//! Makes the partitions of the months to come, before they begin. Daily.

use super::{Context, Due, JobResult, Outcome};
use crate::store::partitions;

pub(super) async fn run(context: Context, _: Due) -> JobResult {
    // By the present, and not by when it was due: a late run makes what is wanted now.
    let made = partitions::make(&context.store, context.clock.now()).await?;
    Ok(Outcome::Done(match made.len() {
        0 => "nothing to make".to_owned(),
        months => format!("{months} months made"),
    }))
}
