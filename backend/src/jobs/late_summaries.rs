//! Closes days again that something came late for. Every ten minutes.

use jiff::tz::TimeZone;

use super::{Context, Due, JobResult, Outcome, daily_summary};
use crate::{
    domain::summary,
    store::{StoreError, day::Day, summaries},
};

pub(super) async fn run(context: Context, _: Due) -> JobResult {
    let open = {
        let mut reader = context.store.system().read().await?;
        summaries::oldest(reader.db()).await?
    };
    let now = context.clock.now();
    let mut closed = 0;
    for oldest in open {
        let zone = TimeZone::get(&oldest.time_zone)
            .map_err(|_| StoreError::Corrupt(format!("time zone {:?}", oldest.time_zone)))?;
        let before = summary::late_before(now, &zone);
        if oldest.day.0 < before {
            closed +=
                daily_summary::in_steps(&context, oldest.organization_id, Day(before)).await?;
        }
    }
    Ok(Outcome::Done(format!("{closed} days closed again")))
}
