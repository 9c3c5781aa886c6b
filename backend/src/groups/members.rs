//! Who is in a team or a project.

use serde_json::json;
use shared_types::{OrganizationId, ProjectId, TeamId, UserId};

use super::{GroupError, absent};
use crate::{
    clock::Clock,
    domain::visibility::{Actor, MemberChange, gives_sight, may_change_member},
    store::{
        Store, TenantTx,
        audit::{self, Entry},
        policies,
        projects::{self, MemberState},
        teams, visibility,
    },
};

/// Puts a person into a team, or changes what they are in it. Admins only: the callers see to
/// that. The same again changes nothing.
///
/// # Errors
/// [`GroupError::Missing`] when team or person are not there.
pub async fn put_in_team(
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    actor: Actor,
    (team, user): (TeamId, UserId),
    is_manager: bool,
) -> Result<(), GroupError> {
    let now = clock.now();
    let mut tx = store.tenant(organization).begin().await?;
    let before = teams::member(tx.db(), team, user).await?;
    if before == Some(is_manager) {
        return Ok(());
    }
    teams::set_member(&mut tx, team, user, is_manager, now)
        .await
        .map_err(absent)?;
    let entry = Entry {
        actor: actor.user_id(),
        action: if before.is_some() {
            "team.member_changed"
        } else {
            "team.member_added"
        },
        subject: Some(user),
        detail: json!({ "team_id": team, "is_manager": is_manager }),
    };
    audit::append(&mut tx, &entry, now).await?;
    if before.is_none() {
        policies::count_for_member(&mut tx, team, user, now).await?;
    }
    let mut viewers = teams::managers(tx.db(), team).await?;
    viewers.insert(user);
    visibility::announce(&mut tx, viewers, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes a person out of a team. Admins only: the callers see to that.
///
/// # Errors
/// [`GroupError::Missing`] when they were not in it.
pub async fn take_out_of_team(
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    actor: Actor,
    (team, user): (TeamId, UserId),
) -> Result<(), GroupError> {
    let now = clock.now();
    let mut tx = store.tenant(organization).begin().await?;
    let viewers = teams::managers(tx.db(), team).await?;
    if !teams::remove_member(&mut tx, team, user).await? {
        return Err(GroupError::Missing);
    }
    let entry = Entry {
        actor: actor.user_id(),
        action: "team.member_removed",
        subject: Some(user),
        detail: json!({ "team_id": team }),
    };
    audit::append(&mut tx, &entry, now).await?;
    policies::count_for_member(&mut tx, team, user, now).await?;
    visibility::announce(&mut tx, viewers, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Reads what the rule wants to know, and asks it.
async fn allowed(
    tx: &mut TenantTx,
    actor: Actor,
    (project, user): (ProjectId, UserId),
    becomes_manager: bool,
) -> Result<Option<MemberState>, GroupError> {
    let found = projects::find(tx.db(), actor.viewer().user_id, project)
        .await?
        .ok_or(GroupError::Missing)?;
    let before = projects::member(tx.db(), project, user).await?;
    let sees_person = visibility::can_see(tx.db(), actor.viewer(), user).await?;
    let change = MemberChange {
        sees_person,
        was_manager: before.is_some_and(|state| state.is_manager),
        becomes_manager,
    };
    may_change_member(actor, found.standing, change)?;
    Ok(before)
}

/// Puts a person into a project, or changes what they are in it. The same again changes
/// nothing.
///
/// # Errors
/// [`GroupError::Missing`] when project or person are not there for the actor,
/// [`GroupError::Forbidden`] when the change is not theirs to make.
pub async fn put_in_project(
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    actor: Actor,
    (project, user): (ProjectId, UserId),
    is_manager: bool,
) -> Result<(), GroupError> {
    let now = clock.now();
    let mut tx = store.tenant(organization).begin().await?;
    let before = allowed(&mut tx, actor, (project, user), is_manager).await?;
    let state = MemberState {
        is_manager,
        gives_sight: gives_sight(actor, before.is_some_and(|state| state.gives_sight)),
    };
    if before == Some(state) {
        return Ok(());
    }
    projects::set_member(&mut tx, project, user, state, now)
        .await
        .map_err(absent)?;
    let entry = Entry {
        actor: actor.user_id(),
        action: if before.is_some() {
            "project.member_changed"
        } else {
            "project.member_added"
        },
        subject: Some(user),
        detail: json!({
            "project_id": project, "is_manager": is_manager, "gives_sight": state.gives_sight,
        }),
    };
    audit::append(&mut tx, &entry, now).await?;
    let mut viewers = projects::managers(tx.db(), project).await?;
    viewers.insert(user);
    visibility::announce(&mut tx, viewers, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes a person out of a project; what they booked on it stays.
///
/// # Errors
/// [`GroupError::Missing`] when they are not in it, or not for the actor to see;
/// [`GroupError::Forbidden`] when the change is not theirs to make.
pub async fn take_out_of_project(
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    actor: Actor,
    (project, user): (ProjectId, UserId),
) -> Result<(), GroupError> {
    let now = clock.now();
    let mut tx = store.tenant(organization).begin().await?;
    let before = allowed(&mut tx, actor, (project, user), false).await?;
    if before.is_none() {
        return Err(GroupError::Missing);
    }
    let viewers = projects::managers(tx.db(), project).await?;
    projects::remove_member(&mut tx, project, user).await?;
    let entry = Entry {
        actor: actor.user_id(),
        action: "project.member_removed",
        subject: Some(user),
        detail: json!({ "project_id": project }),
    };
    audit::append(&mut tx, &entry, now).await?;
    visibility::announce(&mut tx, viewers, now).await?;
    tx.commit().await?;
    Ok(())
}
