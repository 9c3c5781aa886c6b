//! Removes credentials that have expired. Hourly.
//!
//! They are kept a day longer than they were good for, so that a log-in that was ended still
//! says why. An enrolment token that a device came by stays with the device.

use super::{Context, Due, JobResult, Outcome};
use crate::store::{credentials, organizations};

/// How long an expired credential stays.
const KEPT_SECONDS: i64 = 86_400;
/// Rows removed at once.
const STEP: i64 = 500;

pub(super) async fn run(context: Context, due: Due) -> JobResult {
    let before = due.at.plus_seconds(-KEPT_SECONDS);
    let organizations = {
        let mut reader = context.store.system().read().await?;
        organizations::list(reader.db()).await?
    };
    let mut total = 0;
    for organization in organizations {
        loop {
            let mut tx = context.store.tenant(organization.id).begin().await?;
            let removed = credentials::delete_expired(&mut tx, before, STEP).await?;
            tx.commit().await?;
            total += removed;
            if removed == 0 {
                break;
            }
            context.step(format!("{total} credentials removed")).await?;
        }
    }
    Ok(Outcome::Done(format!("{total} credentials removed")))
}
