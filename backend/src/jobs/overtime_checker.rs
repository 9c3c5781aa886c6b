//! Tells managers of people who have worked for very long today. Every half hour.

use super::{
    Context, Due, JobResult, Outcome,
    alerts::{Count, apply},
};
use crate::{
    domain::alert,
    live::Clockwork,
    store::{
        StoreError, TenantDb,
        alerts::{self, Kind},
        day::Day,
        organizations,
    },
};

pub(super) async fn run(context: Context, _: Due) -> JobResult {
    let organizations = {
        let mut reader = context.store.system().read().await?;
        organizations::list(reader.db()).await?
    };
    let mut count = Count::default();
    for organization in organizations {
        let tenant = context.store.tenant(organization.id);
        let quiet = {
            let mut reader = tenant.read().await?;
            changes(&context, reader.db()).await?.is_empty()
        };
        if !quiet {
            let mut tx = tenant.begin().await?;
            let changes = changes(&context, tx.db()).await?;
            let now = context.clock.now();
            count.add(apply(&context, tx, Kind::Overtime, changes, now).await?);
        }
        context.step(count.text()).await?;
    }
    Ok(Outcome::Done(count.text()))
}

async fn changes(context: &Context, mut db: TenantDb<'_>) -> Result<alert::Changes, StoreError> {
    let now = context.clock.now();
    let (Some(thresholds), Some(clockwork)) = (
        alerts::thresholds(db.again()).await?,
        Clockwork::read(db.again(), now).await?,
    ) else {
        return Ok(alert::Changes::default());
    };
    let today = clockwork.day.date;
    let limit = thresholds.overtime_alert_seconds;
    let open = alerts::open(db.again(), Kind::Overtime).await?;
    let worked = alerts::worked_more_than(db, Day(today), limit).await?;
    Ok(alert::overtime(&worked, &open, limit, today))
}
