//! What admins do to organizations and people, on the API and on the command line alike: one
//! transaction each, with its audit row.

use serde_json::json;
use shared_types::{
    OrganizationId, UserId,
    account::UpdateUser,
    auth::{Role, User, UserStatus},
};

use super::standing::{self, ChangeError};
use crate::{
    categories,
    clock::Clock,
    store::{
        Store, StoreError, SystemTx, TenantTx,
        audit::{self, Entry},
        credentials, organizations,
        people::{self, NewUser},
        resets,
    },
};

/// Why an account could not be made.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The address has an account in this organization already.
    #[error("this address has an account in the organization already")]
    EmailTaken,
    /// There is an organization already: set-up happens once.
    #[error("this server has been set up already")]
    AlreadySetUp,
    /// The database said no.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An organization to make.
#[derive(Debug, Clone, Copy)]
pub struct NewOrganization<'a> {
    /// Its name.
    pub name: &'a str,
    /// IANA name of its zone; the caller has checked it.
    pub time_zone: &'a str,
}

/// A person to make; who may be absent is decided by the caller.
#[derive(Debug, Clone, Copy)]
pub struct NewPerson<'a> {
    /// Their address.
    pub email: &'a str,
    /// Their name.
    pub name: &'a str,
    /// What they may do.
    pub role: Role,
    /// PHC string; absent: cannot log in until one is set.
    pub password_hash: Option<&'a str>,
}

/// Makes an organization; IT does this on the server itself.
pub async fn create_organization(
    store: &Store,
    clock: &dyn Clock,
    organization: NewOrganization<'_>,
) -> Result<OrganizationId, StoreError> {
    let tx = store.system().begin().await?;
    let tx = add_organization(tx, clock, organization).await?;
    let id = tx.organization();
    tx.commit().await?;
    Ok(id)
}

/// Makes the first organization and its admin, once.
pub async fn set_up(
    store: &Store,
    clock: &dyn Clock,
    organization: NewOrganization<'_>,
    admin: NewPerson<'_>,
) -> Result<(OrganizationId, UserId), AccountError> {
    let mut tx = store.system().begin().await?;
    organizations::lock_setup(&mut tx).await?;
    if organizations::any(tx.db()).await? {
        return Err(AccountError::AlreadySetUp);
    }
    let mut tx = add_organization(tx, clock, organization).await?;
    let id = tx.organization();
    let user = add_person(&mut tx, clock, None, admin).await?;
    tx.commit().await?;
    Ok((id, user))
}

/// Makes the organization, and goes on inside of it.
async fn add_organization(
    mut tx: SystemTx,
    clock: &dyn Clock,
    organization: NewOrganization<'_>,
) -> Result<TenantTx, StoreError> {
    let (id, now) = (OrganizationId(clock.new_uuid()), clock.now());
    organizations::insert(&mut tx, id, organization.name, organization.time_zone, now).await?;
    let mut tx = tx.narrow(id).await?;
    let entry = Entry {
        actor: None,
        action: "organization.created",
        subject: None,
        detail: json!({ "time_zone": organization.time_zone }),
    };
    audit::append(&mut tx, &entry, now).await?;
    categories::begin(&mut tx, clock).await?;
    Ok(tx)
}

/// Makes an account.
pub async fn create_user(
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    actor: Option<UserId>,
    person: NewPerson<'_>,
) -> Result<User, AccountError> {
    let mut tx = store.tenant(organization).begin().await?;
    let id = add_person(&mut tx, clock, actor, person).await?;
    let user = people::find(tx.db(), id)
        .await?
        .ok_or_else(|| StoreError::Corrupt("a person vanished while being made".to_owned()))?;
    tx.commit().await?;
    Ok(user)
}

async fn add_person(
    tx: &mut TenantTx,
    clock: &dyn Clock,
    actor: Option<UserId>,
    person: NewPerson<'_>,
) -> Result<UserId, AccountError> {
    let (id, now) = (UserId(clock.new_uuid()), clock.now());
    let row = NewUser {
        id,
        email: person.email,
        name: person.name,
        role: person.role,
        password_hash: person.password_hash,
    };
    people::insert(tx, &row, now).await.map_err(|error| {
        if error.is_unique_violation() {
            AccountError::EmailTaken
        } else {
            error.into()
        }
    })?;
    let entry = Entry {
        actor,
        action: "user.created",
        subject: Some(id),
        detail: json!({ "role": person.role }),
    };
    audit::append(tx, &entry, now).await?;
    Ok(id)
}

/// Sets a person's status; anything but `active` ends their log-ins. False when there is no
/// such person.
pub async fn set_status(
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    actor: Option<UserId>,
    user: UserId,
    status: UserStatus,
) -> Result<bool, ChangeError> {
    let update = UpdateUser {
        status: Some(status),
        ..UpdateUser::default()
    };
    let changed = standing::change(store, clock, organization, actor, user, &update).await?;
    Ok(changed.is_some())
}

/// Sets a person's password and ends their log-ins. False when there is no such person.
pub async fn reset_password(
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    actor: Option<UserId>,
    user: UserId,
    password_hash: &str,
) -> Result<bool, StoreError> {
    let now = clock.now();
    let mut tx = store.tenant(organization).begin().await?;
    if !people::set_password(&mut tx, user, password_hash, now).await? {
        return Ok(false);
    }
    credentials::revoke_all(&mut tx, user, now).await?;
    resets::end_all(&mut tx, user, now).await?;
    let entry = Entry {
        actor,
        action: "user.password_reset",
        subject: Some(user),
        detail: json!({}),
    };
    audit::append(&mut tx, &entry, now).await?;
    tx.commit().await?;
    Ok(true)
}
