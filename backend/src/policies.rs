//! Changing capture policies: for admins and for IT alike.
//!
//! Each change counts for whom it concerns, is announced, and is written into the audit log, in
//! one transaction. Must not know HTTP.

use serde_json::{Value, json};
use shared_types::{OrganizationId, TeamId, UserId, policy::CapturePolicy};

use crate::{
    clock::Clock,
    store::{
        Store, StoreError, TenantTx,
        audit::{self, Entry},
        categories, organizations, policies,
    },
};

/// Why a policy was not changed.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// Field and rule.
    #[error("{0} {1}")]
    Invalid(&'static str, &'static str),
    /// Somebody else changed it since it was read.
    #[error("the policy has changed since you read it")]
    Changed,
    /// There is no such team, or it has no policy.
    #[error("there is no such team or policy")]
    Missing,
    /// The database said no.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Who changes, where.
#[derive(Debug, Clone, Copy)]
pub struct Actor {
    /// The organization.
    pub organization: OrganizationId,
    /// The admin; absent: IT on the server itself.
    pub user: Option<UserId>,
}

/// A changed policy.
#[derive(Debug, Clone)]
pub struct Changed {
    /// As it is now.
    pub policy: CapturePolicy,
    /// People whose remembered authority is out of date.
    pub members: Vec<UserId>,
}

/// The policy to write and the version that it follows on.
fn next(policy: CapturePolicy) -> Result<(CapturePolicy, i64), PolicyError> {
    if let Some((field, rule)) = policy.problem() {
        return Err(PolicyError::Invalid(field, rule));
    }
    let expected = policy.version;
    let version = expected
        .checked_add(1)
        .filter(|version| *version > 0)
        .ok_or(PolicyError::Invalid(
            "version",
            "is not a version of this policy",
        ))?;
    Ok((CapturePolicy { version, ..policy }.with_needs(), expected))
}

/// Replaces the organization's policy. `version` is the one that was read.
pub async fn set(
    store: &Store,
    clock: &dyn Clock,
    actor: Actor,
    policy: CapturePolicy,
) -> Result<Changed, PolicyError> {
    let (policy, expected) = next(policy)?;
    let mut tx = store.tenant(actor.organization).begin().await?;
    known_categories(&mut tx, &policy).await?;
    if !organizations::set_policy(&mut tx, expected, &policy).await? {
        return Err(PolicyError::Changed);
    }
    let detail = json!({ "version": policy.version });
    announce(
        &mut tx,
        clock,
        actor,
        ("policy.changed", detail),
        Vec::new(),
    )
    .await?;
    tx.commit().await?;
    Ok(Changed {
        policy,
        members: Vec::new(),
    })
}

/// Replaces a team's policy. `version` is the one that was read, 0 where there was none.
pub async fn set_of_team(
    store: &Store,
    clock: &dyn Clock,
    actor: Actor,
    team: TeamId,
    policy: CapturePolicy,
) -> Result<Changed, PolicyError> {
    let (policy, expected) = next(policy)?;
    let now = clock.now();
    let mut tx = store.tenant(actor.organization).begin().await?;
    known_categories(&mut tx, &policy).await?;
    let written = policies::set_of_team(&mut tx, team, expected, &policy, now).await;
    match written {
        Ok(true) => {}
        Ok(false) => return Err(PolicyError::Changed),
        Err(error) if error.is_foreign_key_violation() => return Err(PolicyError::Missing),
        Err(error) => return Err(error.into()),
    }
    let members = policies::count_for_team(&mut tx, team, now).await?;
    let detail = json!({ "team_id": team, "version": policy.version });
    announce(
        &mut tx,
        clock,
        actor,
        ("team_policy.changed", detail),
        members.clone(),
    )
    .await?;
    tx.commit().await?;
    Ok(Changed { policy, members })
}

/// Takes a team's policy away; its members, for whom the organization's holds again.
pub async fn remove_of_team(
    store: &Store,
    clock: &dyn Clock,
    actor: Actor,
    team: TeamId,
) -> Result<Vec<UserId>, PolicyError> {
    let mut tx = store.tenant(actor.organization).begin().await?;
    if !policies::remove_of_team(&mut tx, team).await? {
        return Err(PolicyError::Missing);
    }
    let members = policies::count_for_team(&mut tx, team, clock.now()).await?;
    let detail = json!({ "team_id": team });
    announce(
        &mut tx,
        clock,
        actor,
        ("team_policy.removed", detail),
        members.clone(),
    )
    .await?;
    tx.commit().await?;
    Ok(members)
}

/// Whether all categories that windows are reduced to are the organization's. None of them can
/// go before this transaction has ended.
async fn known_categories(tx: &mut TenantTx, policy: &CapturePolicy) -> Result<(), PolicyError> {
    if policy.categories().next().is_none() {
        return Ok(());
    }
    categories::lock(tx).await?;
    let known = categories::ids(tx.db()).await?;
    if policy.categories().all(|id| known.contains(&id)) {
        Ok(())
    } else {
        Err(PolicyError::Invalid(
            "window_rules",
            "each category is one of this organization",
        ))
    }
}

/// Writes the audit row, and the event that wakes agents.
async fn announce(
    tx: &mut TenantTx,
    clock: &dyn Clock,
    actor: Actor,
    (action, detail): (&'static str, Value),
    users: Vec<UserId>,
) -> Result<(), StoreError> {
    let now = clock.now();
    let entry = Entry {
        actor: actor.user,
        action,
        subject: None,
        detail,
    };
    audit::append(tx, &entry, now).await?;
    policies::announce(tx, users, now).await
}
