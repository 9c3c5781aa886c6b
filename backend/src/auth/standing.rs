//! Changing a person's account: name, role, status, and whether they are logged in.
//!
//! Every change is one transaction with its audit rows; after the commit the caller tells
//! [`super::authority::Authority`], so that it bites at once.

use serde_json::json;
use shared_types::{
    OrganizationId, UserId,
    account::UpdateUser,
    auth::{User, UserStatus},
};
use uuid::Uuid;

use crate::{
    clock::Clock,
    domain::standing::{self, Change, Refusal, Standing},
    store::{
        Store, StoreError,
        audit::{self, Entry},
        credentials, logins, people, standing as rows,
    },
};

/// Why an account was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// A rule stands against it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database said no.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Changes a person's account; the account afterwards, or `None` when there is no such person.
/// Anything but `active` ends their log-ins.
pub async fn change(
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    actor: Option<UserId>,
    user: UserId,
    update: &UpdateUser,
) -> Result<Option<User>, ChangeError> {
    let now = clock.now();
    let mut tx = store.tenant(organization).begin().await?;
    rows::lock(&mut tx).await?;
    let Some(account) = people::find(tx.db(), user).await? else {
        return Ok(None);
    };
    let before = Standing {
        role: account.role,
        status: account.status,
    };
    let wanted = Change {
        role: update.role,
        status: update.status,
    };
    let others = rows::other_admins(tx.db(), user).await?;
    let then = standing::change(before, wanted, actor == Some(user), others)?;
    let mut acts = Vec::new();
    if then != before {
        rows::set(&mut tx, user, then, now).await?;
    }
    if then.role != before.role {
        acts.push(("user.role_changed", json!({ "role": then.role })));
    }
    if then.status != before.status {
        acts.push(("user.status_changed", json!({ "status": then.status })));
        if then.status != UserStatus::Active {
            credentials::revoke_all(&mut tx, user, now).await?;
        }
    }
    if let Some(name) = update.name.as_deref().map(str::trim)
        && name != account.name
    {
        rows::set_name(&mut tx, user, name).await?;
        acts.push(("user.renamed", json!({})));
    }
    for (action, detail) in acts {
        let entry = Entry {
            actor,
            action,
            subject: Some(user),
            detail,
        };
        audit::append(&mut tx, &entry, now).await?;
    }
    let account = people::find(tx.db(), user).await?;
    tx.commit().await?;
    Ok(account)
}

/// Ends all log-ins of a person; false when there is no such person.
pub async fn sign_out(
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    actor: Option<UserId>,
    user: UserId,
) -> Result<bool, StoreError> {
    let now = clock.now();
    let mut tx = store.tenant(organization).begin().await?;
    if people::find(tx.db(), user).await?.is_none() {
        return Ok(false);
    }
    credentials::revoke_all(&mut tx, user, now).await?;
    people::touch_authority(&mut tx, user, now).await?;
    let entry = Entry {
        actor,
        action: "user.signed_out",
        subject: Some(user),
        detail: json!({}),
    };
    audit::append(&mut tx, &entry, now).await?;
    tx.commit().await?;
    Ok(true)
}

/// Ends one of a person's log-ins; false when they have none of this id that is open.
pub async fn end_login(
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    actor: Option<UserId>,
    user: UserId,
    login: Uuid,
) -> Result<bool, StoreError> {
    let now = clock.now();
    let mut tx = store.tenant(organization).begin().await?;
    if !logins::end(&mut tx, user, login, now).await? {
        return Ok(false);
    }
    people::touch_authority(&mut tx, user, now).await?;
    let entry = Entry {
        actor,
        action: "user.login_ended",
        subject: Some(user),
        detail: json!({ "login_id": login }),
    };
    audit::append(&mut tx, &entry, now).await?;
    tx.commit().await?;
    Ok(true)
}
