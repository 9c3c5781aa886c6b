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
        alerts::{self, Kind, Settings},
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
            changes(&context, reader.db())
                .await?
                .is_none_or(|(_, changes)| changes.is_empty())
        };
        if !quiet {
            // Looked at again inside: what has arrived meanwhile counts.
            let mut tx = tenant.begin().await?;
            let Some(found) = changes(&context, tx.db()).await? else {
                continue;
            };
            let now = context.clock.now();
            count.add(apply(&context, tx, Kind::Idle, found, now).await?);
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
    let Some(settings) = alerts::settings(db.again()).await? else {
        return Ok(None);
    };
    let open = alerts::open(db.again(), Kind::Idle).await?;
    let people = alerts::watched(db, now).await?;
    let changes = alert::idle(&people, &open, settings.idle_seconds, now)
        .and_telling(&open, settings.is_quiet(now));
    Ok(Some((settings, changes)))
}
