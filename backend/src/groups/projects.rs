//! Projects: making and changing them.

use serde_json::json;
use shared_types::{
    OrganizationId, ProjectId,
    auth::Role,
    project::{ChangeProject, CreateProject, Project},
};

use super::{GroupError, taken, tidy};
use crate::{
    clock::Clock,
    domain::visibility::{Actor, Viewer, may_change_project, may_see_project},
    store::{
        Store, TenantDb,
        audit::{self, Entry},
        projects::{self, Found, MemberState},
    },
};

/// Makes a project. Admins and managers may; a manager becomes its manager.
///
/// # Errors
/// [`GroupError::Forbidden`], [`GroupError::NameTaken`].
pub async fn create(
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    actor: Actor,
    request: &CreateProject,
) -> Result<Project, GroupError> {
    let managed_by = match actor {
        actor if actor.is_admin() => None,
        Actor::Person(Viewer {
            user_id,
            role: Role::Manager,
        }) => Some(user_id),
        _ => {
            return Err(GroupError::Forbidden(
                "Only an admin or a manager may make a project. Nothing was changed.",
            ));
        }
    };
    let (id, now) = (ProjectId(clock.new_uuid()), clock.now());
    let name = tidy(&request.name);
    let mut tx = store.tenant(organization).begin().await?;
    projects::insert(&mut tx, id, &name, request.open_to_all, now)
        .await
        .map_err(taken("project", &name))?;
    if let Some(user) = managed_by {
        // Being its manager shows them to nobody: no admin put them there.
        let state = MemberState {
            is_manager: true,
            gives_sight: false,
        };
        projects::set_member(&mut tx, id, user, state, now).await?;
    }
    let entry = Entry {
        actor: actor.user_id(),
        action: "project.created",
        subject: None,
        detail: json!({ "project_id": id, "name": name, "open_to_all": request.open_to_all }),
    };
    audit::append(&mut tx, &entry, now).await?;
    tx.commit().await?;
    Ok(Project {
        id,
        name,
        open_to_all: request.open_to_all,
        is_manager: managed_by.is_some(),
        archived_at: None,
        created_at: now,
    })
}

/// A project that the actor may know of.
///
/// # Errors
/// [`GroupError::Missing`].
pub async fn find(db: TenantDb<'_>, actor: Actor, id: ProjectId) -> Result<Found, GroupError> {
    let found = projects::find(db, actor.viewer().user_id, id)
        .await?
        .ok_or(GroupError::Missing)?;
    may_see_project(actor, found.standing)?;
    Ok(found)
}

/// Renames, opens, closes or archives a project, or takes it back into use.
///
/// # Errors
/// [`GroupError::Missing`], [`GroupError::Forbidden`], [`GroupError::NameTaken`].
pub async fn change(
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    actor: Actor,
    id: ProjectId,
    request: &ChangeProject,
) -> Result<Project, GroupError> {
    let now = clock.now();
    let mut tx = store.tenant(organization).begin().await?;
    let found = find(tx.db(), actor, id).await?;
    may_change_project(actor, found.standing)?;
    let before = found.project;
    let after = Project {
        name: request.name.as_deref().map_or(before.name.clone(), tidy),
        open_to_all: request.open_to_all.unwrap_or(before.open_to_all),
        archived_at: match request.archived {
            None => before.archived_at,
            Some(true) => before.archived_at.or(Some(now)),
            Some(false) => None,
        },
        ..before.clone()
    };
    if after == before {
        return Ok(before);
    }
    projects::update(&mut tx, &after)
        .await
        .map_err(taken("project", &after.name))?;
    let entry = Entry {
        actor: actor.user_id(),
        action: match (before.archived_at, after.archived_at) {
            (None, Some(_)) => "project.archived",
            (Some(_), None) => "project.restored",
            _ => "project.changed",
        },
        subject: None,
        detail: json!({
            "project_id": id, "name": after.name, "open_to_all": after.open_to_all,
        }),
    };
    audit::append(&mut tx, &entry, now).await?;
    tx.commit().await?;
    Ok(after)
}
