//! Makes days again from their spans: after a change of zone, and those from before there were
//! rollups. Each minute, and as soon as it is asked for.
//!
//! A few days of a person are a transaction, which also notes how far it is: whoever goes on,
//! goes on behind them.

use jiff::{civil::Date, tz::TimeZone};
use shared_types::OrganizationId;

use super::{Context, Due, JobError, JobResult, Outcome};
use crate::{
    domain::{
        day::DayBounds,
        remake::{Reason, SETTLES_SECONDS, days, first_in_reach, is_whole},
    },
    store::{
        StoreError, TenantTx,
        day::Day,
        remake::{self, Cut},
        rollup_work::{self, Work},
    },
};

/// Days looked at at once, so that ingest waits briefly only.
const STEP: i64 = 8;

pub(super) async fn run(context: Context, _: Due) -> JobResult {
    let unchecked = {
        let mut reader = context.store.system().read().await?;
        rollup_work::unchecked(reader.db()).await?
    };
    for organization in unchecked {
        let mut tx = context.store.tenant(organization).begin().await?;
        rollup_work::ask_where_missing(&mut tx, context.clock.now()).await?;
        tx.commit().await?;
        context.step("looking for days without rollups").await?;
    }
    let open = {
        let mut reader = context.store.system().read().await?;
        rollup_work::open(reader.db()).await?
    };
    let mut made = 0;
    for (organization, _) in open {
        let works = {
            let mut reader = context.store.tenant(organization).read().await?;
            rollup_work::of_organization(reader.db()).await?
        };
        for (at, work) in works.iter().enumerate() {
            let far = format!("{at} of {} people", works.len());
            made += person(&context, organization, *work, &far).await?;
        }
    }
    Ok(Outcome::Done(format!("{made} days made again")))
}

/// What a step came to.
enum Step {
    /// So many days were made; the next one to make.
    Made(usize, Day),
    /// Nothing is left to do for now.
    Over,
}

async fn person(
    context: &Context,
    organization: OrganizationId,
    mut work: Work,
    far: &str,
) -> Result<usize, JobError> {
    let mut made = 0;
    loop {
        let mut tx = context.store.tenant(organization).begin().await?;
        match step(context, &mut tx, &work).await? {
            Step::Made(days, next_day) => {
                tx.commit().await?;
                made += days;
                work.next_day = next_day;
            }
            Step::Over => {
                tx.commit().await?;
                return Ok(made);
            }
        }
        context.step(format!("{far}, {made} days")).await?;
    }
}

async fn step(context: &Context, tx: &mut TenantTx, work: &Work) -> Result<Step, StoreError> {
    let now = context.clock.now();
    // Locks the work: who changes the zone meanwhile asks again, and waits until this is over.
    if !rollup_work::advance(tx, work, work.next_day).await? {
        return Ok(Step::Over);
    }
    let Some((zone_name, removed_before)) = rollup_work::terms(tx.db()).await? else {
        return Ok(Step::Over);
    };
    let zone = TimeZone::get(&zone_name)
        .map_err(|_| StoreError::Corrupt(format!("time zone {zone_name:?}")))?;
    let from = work.next_day.0;
    let reached_from = Day(first_in_reach(from));
    let kept = rollup_work::kept(tx.db(), work.user_id, reached_from, STEP).await?;
    let kept: Vec<Date> = kept.iter().map(|(day, _)| day.0).collect();
    let more = i64::try_from(kept.len()).is_ok_and(|read| read >= STEP);
    let wanted = days(&kept, from, more);
    let Some(last) = wanted.last().copied() else {
        return over(context, tx, work, (&zone_name, &zone, removed_before)).await;
    };
    let cut = Cut {
        zone: &zone,
        zone_name: &zone_name,
        now,
    };
    let mut made = 0;
    for day in &wanted {
        let bounds = DayBounds::on(*day, &zone);
        if is_whole(&bounds, removed_before) {
            remake::day(tx, work.user_id, &bounds, cut).await?;
            made += 1;
        }
    }
    let next_day = Day(last.tomorrow().unwrap_or(Date::MAX));
    rollup_work::advance(tx, work, next_day).await?;
    Ok(Step::Made(made, next_day))
}

/// All days are made. What was under way when the zone changed may have written by the old one:
/// so a person is done when a while has passed and nothing of that kind is there.
async fn over(
    context: &Context,
    tx: &mut TenantTx,
    work: &Work,
    (zone_name, zone, removed_before): (&str, &TimeZone, Option<shared_types::Timestamp>),
) -> Result<Step, StoreError> {
    let now = context.clock.now();
    if work.reason == Reason::Zone {
        if now < work.asked_at.plus_seconds(SETTLES_SECONDS) {
            return Ok(Step::Over);
        }
        let kept = rollup_work::kept(tx.db(), work.user_id, Day(Date::ZERO), i64::MAX).await?;
        let stray = kept.iter().find(|(day, of)| {
            of != zone_name && is_whole(&DayBounds::on(day.0, zone), removed_before)
        });
        if let Some((day, _)) = stray {
            let next_day = Day(first_in_reach(day.0));
            rollup_work::advance(tx, work, next_day).await?;
            return Ok(Step::Made(0, next_day));
        }
    }
    rollup_work::finish(tx, work, now).await?;
    Ok(Step::Over)
}
