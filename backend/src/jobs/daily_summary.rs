//! Closes an organization's days at its midnight.
//!
//! What a day adds up to is kept as it arrives; closed, it says that nothing more is expected.
//! Whatever comes late opens it again (`store::ingest`), and `late_summaries` closes it anew.

use shared_types::{OrganizationId, Timestamp};

use super::{Context, Due, JobError, JobResult};
use crate::{
    domain::summary,
    store::{StoreError, TenantTx, day::Day, summaries},
};

/// Days closed at once.
const STEP: i64 = 500;

pub(super) async fn run(context: Context, due: Due) -> JobResult {
    let Some(organization) = due.organization else {
        return Err(JobError::Failed("this job is an organization's".to_owned()));
    };
    // A run that is late closes what was over when it was due, and what was left open before.
    let before = Day(summary::over_before(due.at, &due.zone));
    let closed = in_steps(&context, organization, before).await?;
    let mut tx = context
        .effect(organization, &format!("{closed} days closed"))
        .await?;
    // Too few for a step of their own, or something came late meanwhile.
    let rest = summaries::open(tx.db(), before, STEP).await?;
    close(&mut tx, &rest, context.clock.now()).await?;
    context.commit(tx).await
}

/// Closes days before `before` while there are some, one transaction a step; how many.
pub(super) async fn in_steps(
    context: &Context,
    organization: OrganizationId,
    before: Day,
) -> Result<usize, JobError> {
    let tenant = context.store.tenant(organization);
    let mut closed = 0;
    loop {
        let days = {
            let mut reader = tenant.read().await?;
            summaries::open(reader.db(), before, STEP).await?
        };
        if days.is_empty() {
            return Ok(closed);
        }
        let mut tx = tenant.begin().await?;
        closed += close(&mut tx, &days, context.clock.now()).await?;
        tx.commit().await?;
        context.step(format!("{closed} days closed")).await?;
    }
}

async fn close(
    tx: &mut TenantTx,
    days: &[(shared_types::UserId, Day)],
    now: Timestamp,
) -> Result<usize, StoreError> {
    let mut closed = 0;
    for (person, day) in days {
        closed += usize::from(summaries::close(tx, *person, *day, now).await?);
    }
    Ok(closed)
}
