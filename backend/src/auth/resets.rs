//! Getting back in, and changing one's password.
//!
//! A link sets a new password once. It is mailed to the account's address, or made by an admin or
//! on the server itself. Whichever way a password changes, links that were given out before end
//! with it, and so do log-ins: all of them after a reset, the others after a change.

use serde_json::json;
use shared_types::{OrganizationId, Timestamp, UserId, auth::UserStatus};
use uuid::Uuid;

use super::opaque::SecretKind;
use crate::{
    clock::Clock,
    store::{
        Store, StoreError, TenantTx,
        audit::{self, Entry},
        credentials, logins,
        mails::{self, ASK_RESET, AddressRequest, MailKind},
        organizations, people,
        resets::{self, NewReset, Presented},
        standing,
    },
};

/// How long a mailed link may be used, in seconds.
pub const MAILED_SECONDS: i64 = 3_600;
/// How long a link may be used that an admin made, in seconds.
pub const MADE_SECONDS: i64 = 24 * 3_600;

/// Why a password was not set.
#[derive(Debug, thiserror::Error)]
pub enum ResetError {
    /// No such link.
    #[error("the link is not known")]
    Unknown,
    /// Expired, or used, or the password was changed since.
    #[error("the link has {0}")]
    Spent(&'static str),
    /// The account may not be used.
    #[error("the account may not be used")]
    Suspended,
    /// The password was changed at the same time.
    #[error("the password was changed at the same time")]
    Changed,
    /// The database said no.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Writes down that somebody asks for a link; whether the address is known is looked at later, so
/// that the answer, and the work before it, are the same.
pub async fn ask(store: &Store, clock: &dyn Clock, email: &str) -> Result<(), StoreError> {
    let request = AddressRequest {
        id: clock.new_uuid(),
        kind: ASK_RESET.to_owned(),
        organization_id: None,
        email: email.to_lowercase(),
    };
    let mut tx = store.system().begin().await?;
    mails::ask(&mut tx, &request, clock.now()).await?;
    tx.commit().await
}

/// Adds a link for a person; its secret.
pub async fn issue(
    tx: &mut TenantTx,
    clock: &dyn Clock,
    actor: Option<UserId>,
    user: UserId,
    seconds: i64,
) -> Result<(String, Timestamp), StoreError> {
    let now = clock.now();
    let secret = SecretKind::Reset.generate();
    let hash = SecretKind::Reset
        .hash(&secret)
        .expect("a generated secret has its own kind's form");
    let reset = NewReset {
        id: clock.new_uuid(),
        token_hash: &hash,
        user_id: user,
        created_by: actor,
        expires_at: now.plus_seconds(seconds),
    };
    resets::insert(tx, &reset, now).await?;
    Ok((secret, reset.expires_at))
}

/// Makes a link for a person, in place of earlier ones; its secret, and until when it is good.
/// `None` when there is no such person.
pub async fn make_link(
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    actor: Option<UserId>,
    user: UserId,
) -> Result<Option<(String, Timestamp)>, StoreError> {
    let now = clock.now();
    let mut tx = store.tenant(organization).begin().await?;
    if people::find(tx.db(), user).await?.is_none() {
        return Ok(None);
    }
    resets::end_all(&mut tx, user, now).await?;
    let made = issue(&mut tx, clock, actor, user, MADE_SECONDS).await?;
    let entry = Entry {
        actor,
        action: "user.reset_link_made",
        subject: Some(user),
        detail: json!({ "expires_at": made.1 }),
    };
    audit::append(&mut tx, &entry, now).await?;
    tx.commit().await?;
    Ok(Some(made))
}

fn usable(reset: Option<Presented>, now: Timestamp) -> Result<Presented, ResetError> {
    let reset = reset.ok_or(ResetError::Unknown)?;
    if reset.ended_at.is_some() {
        return Err(ResetError::Spent(
            "been used, or the password was changed since",
        ));
    }
    if reset.expires_at <= now {
        return Err(ResetError::Spent("expired"));
    }
    Ok(reset)
}

async fn locate(store: &Store, token: &str) -> Result<(OrganizationId, [u8; 32]), ResetError> {
    let hash = SecretKind::Reset.hash(token).ok_or(ResetError::Unknown)?;
    let mut reader = store.system().read().await?;
    let organization = resets::organization(reader.db(), &hash)
        .await?
        .ok_or(ResetError::Unknown)?;
    Ok((organization, hash))
}

/// Words that a guesser of this link's owner's password tries first: name, address, organization.
pub async fn about(
    store: &Store,
    clock: &dyn Clock,
    token: &str,
) -> Result<Vec<String>, ResetError> {
    let (organization, hash) = locate(store, token).await?;
    let mut reader = store.tenant(organization).read().await?;
    let found = resets::presented(reader.db(), &hash).await?;
    let reset = usable(found, clock.now())?;
    Ok(about_person(reader.db(), reset.user_id).await?)
}

/// Words that a guesser of a person's password tries first: name, address, organization.
pub async fn about_person(
    mut db: crate::store::TenantDb<'_>,
    user: UserId,
) -> Result<Vec<String>, StoreError> {
    let user = people::find(db.again(), user).await?;
    let organization = organizations::find(db).await?;
    let mut words: Vec<String> = organization.into_iter().map(|o| o.name).collect();
    words.extend(user.into_iter().flat_map(|user| [user.name, user.email]));
    Ok(words)
}

/// Sets a new password by a link, and ends all log-ins of the person. `notify`: a mail tells them.
pub async fn reset(
    store: &Store,
    clock: &dyn Clock,
    token: &str,
    password_hash: &str,
    notify: bool,
) -> Result<(OrganizationId, UserId), ResetError> {
    let (organization, hash) = locate(store, token).await?;
    let now = clock.now();
    let mut tx = store.tenant(organization).begin().await?;
    let found = resets::lock(&mut tx, &hash).await?;
    let user = usable(found, now)?.user_id;
    let account = people::find(tx.db(), user)
        .await?
        .ok_or(ResetError::Unknown)?;
    if account.status == UserStatus::Suspended {
        return Err(ResetError::Suspended);
    }
    people::set_password(&mut tx, user, password_hash, now).await?;
    credentials::revoke_all(&mut tx, user, now).await?;
    resets::end_all(&mut tx, user, now).await?;
    if notify {
        mails::queue(
            &mut tx,
            clock.new_uuid(),
            MailKind::PasswordChanged(user),
            now,
        )
        .await?;
    }
    let entry = Entry {
        actor: Some(user),
        action: "user.password_reset",
        subject: Some(user),
        detail: json!({ "by": "link" }),
    };
    audit::append(&mut tx, &entry, now).await?;
    tx.commit().await?;
    Ok((organization, user))
}

/// Who changes their password, and the log-in that they keep.
#[derive(Debug, Clone, Copy)]
pub struct Own {
    /// The organization.
    pub organization: OrganizationId,
    /// The person.
    pub user: UserId,
    /// The log-in that goes on; all others end.
    pub login: Uuid,
}

/// Replaces a person's own password, if its hash is still the one that was checked.
pub async fn change(
    store: &Store,
    clock: &dyn Clock,
    own: Own,
    checked: &str,
    password_hash: &str,
    notify: bool,
) -> Result<(), ResetError> {
    let now = clock.now();
    let mut tx = store.tenant(own.organization).begin().await?;
    if !standing::replace_hash(&mut tx, own.user, checked, password_hash).await? {
        return Err(ResetError::Changed);
    }
    logins::end_others(&mut tx, own.user, own.login, now).await?;
    people::touch_authority(&mut tx, own.user, now).await?;
    resets::end_all(&mut tx, own.user, now).await?;
    if notify {
        let kind = MailKind::PasswordChanged(own.user);
        mails::queue(&mut tx, clock.new_uuid(), kind, now).await?;
    }
    let entry = Entry {
        actor: Some(own.user),
        action: "user.password_changed",
        subject: Some(own.user),
        detail: json!({}),
    };
    audit::append(&mut tx, &entry, now).await?;
    tx.commit().await?;
    Ok(())
}
