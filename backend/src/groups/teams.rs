//! Teams: making, renaming and removing them. Admins only: the callers see to that.

use serde_json::json;
use shared_types::{OrganizationId, TeamId, team::Team};

use super::{GroupError, taken, tidy};
use crate::{
    clock::Clock,
    domain::visibility::Actor,
    store::{
        Store, TenantDb,
        audit::{self, Entry},
        policies, teams, visibility,
    },
};

async fn shown(db: TenantDb<'_>, actor: Actor, id: TeamId) -> Result<Team, GroupError> {
    teams::find(db, actor.viewer(), id)
        .await?
        .ok_or(GroupError::Missing)
}

/// Makes a team.
///
/// # Errors
/// [`GroupError::NameTaken`].
pub async fn create(
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    actor: Actor,
    name: &str,
) -> Result<Team, GroupError> {
    let (id, now, name) = (TeamId(clock.new_uuid()), clock.now(), tidy(name));
    let mut tx = store.tenant(organization).begin().await?;
    teams::insert(&mut tx, id, &name, now)
        .await
        .map_err(taken("team", &name))?;
    let entry = Entry {
        actor: actor.user_id(),
        action: "team.created",
        subject: None,
        detail: json!({ "team_id": id, "name": name }),
    };
    audit::append(&mut tx, &entry, now).await?;
    let team = shown(tx.db(), actor, id).await?;
    tx.commit().await?;
    Ok(team)
}

/// Gives a team another name. The same name again changes nothing.
///
/// # Errors
/// [`GroupError::Missing`], [`GroupError::NameTaken`].
pub async fn rename(
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    actor: Actor,
    id: TeamId,
    name: &str,
) -> Result<Team, GroupError> {
    let (now, name) = (clock.now(), tidy(name));
    let mut tx = store.tenant(organization).begin().await?;
    let before = shown(tx.db(), actor, id).await?;
    if before.name == name {
        return Ok(before);
    }
    teams::rename(&mut tx, id, &name)
        .await
        .map_err(taken("team", &name))?;
    let entry = Entry {
        actor: actor.user_id(),
        action: "team.renamed",
        subject: None,
        detail: json!({ "team_id": id, "before": before.name, "name": name }),
    };
    audit::append(&mut tx, &entry, now).await?;
    tx.commit().await?;
    Ok(Team { name, ..before })
}

/// Removes a team; its people stay, and its managers no longer see them by it.
///
/// # Errors
/// [`GroupError::Missing`].
pub async fn remove(
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    actor: Actor,
    id: TeamId,
) -> Result<(), GroupError> {
    let now = clock.now();
    let mut tx = store.tenant(organization).begin().await?;
    let team = shown(tx.db(), actor, id).await?;
    let managers = teams::managers(tx.db(), id).await?;
    policies::end_of_team(&mut tx, id, now).await?;
    teams::remove(&mut tx, id).await?;
    let entry = Entry {
        actor: actor.user_id(),
        action: "team.deleted",
        subject: None,
        detail: json!({ "team_id": id, "name": team.name, "members": team.member_count }),
    };
    audit::append(&mut tx, &entry, now).await?;
    visibility::announce(&mut tx, managers, now).await?;
    tx.commit().await?;
    Ok(())
}
