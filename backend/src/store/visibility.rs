//! Who sees whom, asked of the database; the rule itself is `domain::visibility`.
//!
//! Nothing of it is remembered between requests, so a change of membership bites at the next
//! one. Open sockets are told through the event log: a change that may alter somebody's sight
//! appends [`SIGHT_CHANGED`] with those viewers in its own transaction, and whoever sends
//! events reads their sight anew when that number comes by, on every instance.

use std::collections::BTreeSet;

use shared_types::{Timestamp, UserId, auth::Role};

use super::{
    StoreError, TenantDb, TenantTx,
    events::{self, Subject},
    sql,
};
use crate::domain::visibility::{Sight, Viewer};

/// The kind of the event that says whose sight may have changed. It never leaves the server.
pub const SIGHT_CHANGED: &str = "SIGHT_CHANGED";

/// Everybody whom a manager sees, except themself.
macro_rules! managed {
    ($organization:literal, $viewer:literal) => {
        concat!(
            "SELECT o.user_id FROM team_members m JOIN team_members o \
               ON o.organization_id = m.organization_id AND o.team_id = m.team_id \
             WHERE m.organization_id = ",
            $organization,
            " AND m.user_id = ",
            $viewer,
            " AND m.is_manager \
             UNION SELECT o.user_id FROM project_members m JOIN project_members o \
               ON o.organization_id = m.organization_id AND o.project_id = m.project_id \
             WHERE m.organization_id = ",
            $organization,
            " AND m.user_id = ",
            $viewer,
            " AND m.is_manager AND o.gives_sight"
        )
    };
}

/// A condition that holds for the people whom a viewer sees: `seen!("u.id", "$1", "$5", "$6")`
/// with the person's column and the placeholders of organization, [`reach`] and viewer.
macro_rules! seen {
    ($person:literal, $organization:literal, $reach:literal, $viewer:literal) => {
        concat!(
            "(CAST(",
            $reach,
            " AS INTEGER) = 2 OR ",
            $person,
            " = ",
            $viewer,
            " OR (CAST(",
            $reach,
            " AS INTEGER) = 1 AND ",
            $person,
            " IN (",
            $crate::store::visibility::managed!($organization, $viewer),
            ")))"
        )
    };
}
pub(crate) use {managed, seen};

/// How far a role reaches, as [`seen!`] wants it bound: 2 to everyone, 1 to whom they manage,
/// 0 to oneself.
#[must_use]
pub const fn reach(viewer: Viewer) -> i32 {
    match viewer.role {
        Role::Admin => 2,
        Role::Manager => 1,
        Role::Employee => 0,
    }
}

/// Whether a viewer sees a person; false also when there is no such person.
pub async fn can_see(db: TenantDb<'_>, viewer: Viewer, person: UserId) -> Result<bool, StoreError> {
    const TEXT: &str = concat!(
        "SELECT EXISTS (SELECT 1 FROM users u WHERE u.organization_id = $1 AND u.id = $2 AND u.erased_at IS NULL AND ",
        seen!("u.id", "$1", "$3", "$4"),
        ")"
    );
    let organization = db.organization();
    Ok(sql!(db, |c| sqlx::query_scalar(TEXT)
        .bind(organization)
        .bind(person)
        .bind(reach(viewer))
        .bind(viewer.user_id)
        .fetch_one(&mut *c)
        .await)?)
}

/// Everybody whom a viewer sees.
pub async fn visible_people(db: TenantDb<'_>, viewer: Viewer) -> Result<Sight, StoreError> {
    const TEXT: &str = managed!("$1", "$2");
    let mut people = BTreeSet::from([viewer.user_id]);
    match viewer.role {
        Role::Admin => return Ok(Sight::Everyone),
        Role::Employee => {}
        Role::Manager => {
            let organization = db.organization();
            let managed: Vec<(UserId,)> = sql!(db, |c| sqlx::query_as(TEXT)
                .bind(organization)
                .bind(viewer.user_id)
                .fetch_all(&mut *c)
                .await)?;
            people.extend(managed.into_iter().map(|(id,)| id));
        }
    }
    Ok(Sight::Only(people))
}

/// Says in the log whose sight may have changed. Call it last, as every event.
pub async fn announce(
    tx: &mut TenantTx,
    viewers: BTreeSet<UserId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    if viewers.is_empty() {
        return Ok(());
    }
    let subject = Subject {
        users: viewers.into_iter().collect(),
        ..Subject::default()
    };
    events::append(tx, SIGHT_CHANGED, &subject, now).await?;
    Ok(())
}
