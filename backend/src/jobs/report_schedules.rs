//! Begins the files of reports that people have made again and again. Each minute.
//!
//! Of what was missed only the newest is made: of several days that nobody waited for, one is
//! enough. The file itself is made by [`super::exports`].

use jiff::tz::TimeZone;
use shared_types::{ExportId, OrganizationId, ReportScheduleId};
use uuid::Uuid;

use super::{Context, Due, JobResult, Outcome, ask_for};
use crate::{
    domain::report_schedule::{latest, request},
    reports::exports::MOST_WITH_SCHEDULED,
    store::{
        StoreError, exports,
        report_schedules::{self, Enabled},
    },
};

/// Schedules that are looked at at once.
const PAGE: i64 = 500;

pub(super) async fn run(context: Context, _: Due) -> JobResult {
    let mut begun = 0;
    let mut after = (OrganizationId(Uuid::nil()), ReportScheduleId(Uuid::nil()));
    loop {
        let page = {
            let mut reader = context.store.system().read().await?;
            report_schedules::enabled(reader.db(), after, PAGE).await?
        };
        let Some(last) = page.last() else { break };
        after = (last.organization, last.id);
        for schedule in &page {
            begun += usize::from(begin(&context, schedule).await?);
        }
        context.step(format!("{begun} files begun")).await?;
    }
    if begun > 0 {
        // Without this they are made with the next minute.
        ask_for(&context.store, &*context.clock, "exports").await?;
    }
    Ok(Outcome::Done(format!("{begun} files begun")))
}

/// Begins what is due of a schedule; false: nothing is, or another worker was faster.
async fn begin(context: &Context, schedule: &Enabled) -> Result<bool, StoreError> {
    let now = context.clock.now();
    let zone = TimeZone::get(&schedule.time_zone)
        .map_err(|_| StoreError::Corrupt(format!("time zone {:?}", schedule.time_zone)))?;
    let Some(due) = latest(&schedule.terms, &zone, now).filter(|due| due.at > schedule.done_until)
    else {
        return Ok(false);
    };
    let Some(wanted) = request(&schedule.terms, due.day) else {
        return Ok(false);
    };
    let file = ExportId(context.clock.new_uuid());
    let mut tx = context.store.tenant(schedule.organization).begin().await?;
    if !report_schedules::take(&mut tx, schedule.id, due.at, file).await? {
        return Ok(false);
    }
    let asked = (&wanted, schedule.terms.by_mail);
    let (person, most) = (schedule.user_id, MOST_WITH_SCHEDULED);
    let room = exports::insert(&mut tx, file, person, asked, most, now).await?;
    tx.commit().await?;
    if !room {
        tracing::warn!(schedule_id = %schedule.id, "a scheduled report was left out: its owner has too many files");
    }
    Ok(room)
}
