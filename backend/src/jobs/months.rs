//! Counts the days of months that have ended into their months, so that long reports need not
//! read them. Each minute: also months of which something came late.
//!
//! Some people's months are a transaction. Wherever an attempt ends, what is not counted says so.

use jiff::tz::TimeZone;
use shared_types::OrganizationId;

use super::{Context, Due, JobError, JobResult, Outcome};
use crate::{
    domain::month::Month,
    store::{StoreError, months},
};

/// People counted at once, so that ingest waits briefly only.
const STEP: i64 = 20;

pub(super) async fn run(context: Context, _: Due) -> JobResult {
    let waiting = {
        let mut reader = context.store.system().read().await?;
        months::waiting(reader.db()).await?
    };
    let now = jiff::Timestamp::from(context.clock.now());
    let mut counted = 0;
    for one in waiting {
        let zone = TimeZone::get(&one.time_zone)
            .map_err(|_| StoreError::Corrupt(format!("time zone {:?}", one.time_zone)))?;
        let running = Month::of(now.to_zoned(zone).date());
        let oldest = Month::of(one.day.0);
        counted += organization(&context, one.organization_id, oldest, running).await?;
    }
    Ok(Outcome::Done(format!("{counted} months counted")))
}

/// Counts an organization's months from `month` on, before the one that runs; how many.
async fn organization(
    context: &Context,
    organization: OrganizationId,
    mut month: Month,
    running: Month,
) -> Result<usize, JobError> {
    let tenant = context.store.tenant(organization);
    let mut counted = 0;
    while month < running {
        // Once forward through the people: whoever sends all the time is not waited for.
        let mut after = None;
        loop {
            let people = {
                let mut reader = tenant.read().await?;
                months::people(reader.db(), month, after, STEP).await?
            };
            let Some(last) = people.last().copied() else {
                break;
            };
            let mut tx = tenant.begin().await?;
            for person in &people {
                months::count(&mut tx, *person, month, context.clock.now()).await?;
            }
            tx.commit().await?;
            counted += people.len();
            after = Some(last);
            context
                .step(format!("{counted} months, at {}", month.first()))
                .await?;
        }
        let Some(next) = month.next() else { break };
        let mut reader = tenant.read().await?;
        let Some(open) = months::next(reader.db(), next).await? else {
            break;
        };
        month = open;
    }
    Ok(counted)
}
