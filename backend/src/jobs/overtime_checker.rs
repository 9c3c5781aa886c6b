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
        alerts::{self, Kind, Settings},
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
            changes(&context, reader.db())
                .await?
                .is_none_or(|(_, changes)| changes.is_empty())
        };
        if !quiet {
            let mut tx = tenant.begin().await?;
            let Some(found) = changes(&context, tx.db()).await? else {
                continue;
            };
            let now = context.clock.now();
            count.add(apply(&context, tx, Kind::Overtime, found, now).await?);
        }
        context.step(count.text()).await?;
    }
    Ok(Outcome::Done(count.text()))
}

/// What is to be changed, by which settings; `None` when there is no such organization.
async fn changes(
    context: &Context,
    mut db: TenantDb<'_>,
) -> Result<Option<(Settings, alert::Changes)>, StoreError> {
    let now = context.clock.now();
    let (Some(settings), Some(clockwork)) = (
        alerts::settings(db.again()).await?,
        Clockwork::read(db.again(), now).await?,
    ) else {
        return Ok(None);
    };
    let today = clockwork.day.date;
    let limit = settings.overtime_seconds;
    let open = alerts::open(db.again(), Kind::Overtime).await?;
    let worked = alerts::worked_more_than(db, Day(today), limit).await?;
    let changes =
        alert::overtime(&worked, &open, limit, today).and_telling(&open, settings.is_quiet(now));
    Ok(Some((settings, changes)))
}
