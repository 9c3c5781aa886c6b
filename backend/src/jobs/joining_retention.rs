//! Removes invitations, links for passwords and mails that have been over for a month. Hourly.

use super::{Context, Due, JobResult, Outcome};
use crate::auth::joining;

pub(super) async fn run(context: Context, due: Due) -> JobResult {
    let removed = joining::forget_old(&context.store, due.at).await?;
    Ok(Outcome::Done(format!(
        "{removed} invitations, links and mails removed"
    )))
}
