//! Makes the files that people asked for, oldest first. Each minute, and as soon as one is asked
//! for.

use super::{Context, Due, JobResult, Outcome};
use crate::{
    reports::exports::{self, Made},
    store::exports as rows,
};

/// Files that are looked for at once.
const PAGE: i64 = 50;

pub(super) async fn run(context: Context, _: Due) -> JobResult {
    let (mut done, mut failed) = (0, 0);
    loop {
        let waiting = {
            let mut reader = context.store.system().read().await?;
            rows::unfinished(reader.db(), PAGE).await?
        };
        if waiting.is_empty() {
            break;
        }
        for (organization, id) in waiting {
            let stops = |progress: String| context.stops(format!("file {}: {progress}", done + 1));
            let (store, clock) = (&context.store, &*context.clock);
            let made = exports::make(store, clock, organization, id, &stops).await?;
            // One that was begun and left is finished by a later run.
            context.unless_stopped()?;
            match made {
                Made::Done(_) => done += 1,
                Made::Failed => failed += 1,
                Made::Left => {}
            }
        }
    }
    Ok(Outcome::Done(format!("{done} files made, {failed} failed")))
}
