//! Tells managers of people without input in a running session, and when they are back. Each
//! minute.

use super::{
    Context, Due, JobResult, Outcome,
    alerts::{Count, apply},
};
use crate::{
    domain::alert,
    store::{
        StoreError, TenantDb,
        alerts::{self, Kind},
    },
};

pub(super) async fn run(context: Context, _: Due) -> JobResult {
    let organizations = {
        let mut reader = context.store.system().read().await?;
        alerts::concerned(reader.db(), Kind::Idle).await?
    };
    let mut count = Count::default();
    for organization in organizations {
        let tenant = context.store.tenant(organization);
        let quiet = {
            let mut reader = tenant.read().await?;
            changes(&context, reader.db()).await?.is_empty()
        };
        if !quiet {
            // Looked at again inside: what has arrived meanwhile counts.
            let mut tx = tenant.begin().await?;
            let changes = changes(&context, tx.db()).await?;
            let now = context.clock.now();
            count.add(apply(&context, tx, Kind::Idle, changes, now).await?);
        }
        context.step(count.text()).await?;
    }
    Ok(Outcome::Done(count.text()))
}

async fn changes(context: &Context, mut db: TenantDb<'_>) -> Result<alert::Changes, StoreError> {
    let now = context.clock.now();
    let Some(thresholds) = alerts::thresholds(db.again()).await? else {
        return Ok(alert::Changes::default());
    };
    let open = alerts::open(db.again(), Kind::Idle).await?;
    let people = alerts::watched(db, now).await?;
    Ok(alert::idle(
        &people,
        &open,
        thresholds.idle_alert_seconds,
        now,
    ))
}
