//! Joining an organization: by an invitation, or by the organization's id where it is open.
//! Always as an employee.
//!
//! An invitation lets in one person, once, with the address that it was made for. Registration by
//! the id must not tell who works there. Where the server sends mail, a request is only written
//! down, and the answer goes to the address: a link, or word that there is an account already.
//! Where it does not, the account is made `inactive`, and an admin lets the person in; a taken
//! address gets the same answer, and cannot log in either.

use serde_json::json;
use shared_types::{
    InvitationId, OrganizationId, Timestamp, UserId,
    account::{Invitation, InvitationOffer, Organization},
    auth::{Role, UserStatus},
};

use super::opaque::SecretKind;
use crate::{
    clock::Clock,
    domain::{mail_domain, standing::Standing},
    store::{
        Store, StoreError, TenantTx,
        audit::{self, Entry},
        invitations::{self, NewInvitation, Presented},
        mails::{self, ASK_REGISTRATION, AddressRequest, MailKind},
        organizations,
        people::{self, NewUser},
        settings, standing,
    },
};

/// How long the link is good that somebody gets who asked to join, in seconds.
pub const ASKED_SECONDS: i64 = 24 * 3_600;
/// How long what is over is kept, in seconds.
pub const KEPT_SECONDS: i64 = 30 * 24 * 3_600;

/// Why somebody cannot be invited, or cannot join.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    /// No such invitation.
    #[error("the invitation is not known")]
    Unknown,
    /// Expired, used or taken back.
    #[error("the invitation has {0}")]
    Spent(&'static str),
    /// The address has an account in the organization.
    #[error("this address has an account in the organization already")]
    Taken,
    /// Nobody may join by this organization's id; or there is no such organization.
    #[error("nobody can register with this organization")]
    Closed,
    /// The organization admits other mail domains only.
    #[error("addresses of this mail domain cannot register with this organization")]
    OtherDomain,
    /// The database said no.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whom an admin invites.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// The only address that is let in.
    pub email: &'a str,
    /// For how long, in hours.
    pub expires_in_hours: i64,
    /// Whether the link goes by mail; otherwise it is given back.
    pub by_mail: bool,
}

/// Makes an invitation, in place of earlier ones to the same address; its secret, unless it goes
/// by mail.
pub async fn invite(
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    actor: Option<UserId>,
    terms: Terms<'_>,
) -> Result<(Invitation, Option<String>), JoinError> {
    let (id, now) = (InvitationId(clock.new_uuid()), clock.now());
    let mut tx = store.tenant(organization).begin().await?;
    if people::find_by_email(tx.db(), terms.email).await?.is_some() {
        return Err(JoinError::Taken);
    }
    invitations::revoke_all_to(&mut tx, terms.email, now).await?;
    let secret = (!terms.by_mail).then(|| SecretKind::Invitation.generate());
    let hash = secret
        .as_deref()
        .and_then(|secret| SecretKind::Invitation.hash(secret));
    let invitation = NewInvitation {
        id,
        token_hash: hash.as_ref().map(<[u8; 32]>::as_slice),
        email: terms.email,
        created_by: actor,
        expires_at: now.plus_seconds(terms.expires_in_hours * 3_600),
    };
    invitations::insert(&mut tx, &invitation, now).await?;
    if terms.by_mail {
        mails::queue(&mut tx, clock.new_uuid(), MailKind::Invitation(id), now).await?;
    }
    let entry = Entry {
        actor,
        action: "invitation.created",
        subject: None,
        detail: json!({ "invitation_id": id, "by_mail": terms.by_mail }),
    };
    audit::append(&mut tx, &entry, now).await?;
    let made = invitations::find(tx.db(), id, now)
        .await?
        .ok_or_else(|| StoreError::Corrupt("an invitation vanished while being made".to_owned()))?;
    tx.commit().await?;
    Ok((made, secret))
}

/// Takes an invitation back; `None` when there is none. One that was accepted stays as it is:
/// [`JoinError::Spent`].
pub async fn revoke(
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    actor: Option<UserId>,
    id: InvitationId,
) -> Result<Option<()>, JoinError> {
    let now = clock.now();
    let mut tx = store.tenant(organization).begin().await?;
    if !invitations::revoke(&mut tx, id, now).await? {
        let found = invitations::find(tx.db(), id, now).await?;
        return match found {
            Some(invitation) if invitation.user_id.is_some() => {
                Err(JoinError::Spent("been accepted"))
            }
            found => Ok(found.map(drop)),
        };
    }
    let entry = Entry {
        actor,
        action: "invitation.revoked",
        subject: None,
        detail: json!({ "invitation_id": id }),
    };
    audit::append(&mut tx, &entry, now).await?;
    tx.commit().await?;
    Ok(Some(()))
}

fn usable(invitation: Option<Presented>, now: Timestamp) -> Result<Presented, JoinError> {
    let invitation = invitation.ok_or(JoinError::Unknown)?;
    if invitation.accepted_at.is_some() {
        return Err(JoinError::Spent("been used"));
    }
    if invitation.revoked_at.is_some() {
        return Err(JoinError::Spent("been taken back"));
    }
    if invitation.expires_at <= now {
        return Err(JoinError::Spent("expired"));
    }
    Ok(invitation)
}

async fn locate(store: &Store, token: &str) -> Result<(OrganizationId, [u8; 32]), JoinError> {
    let hash = SecretKind::Invitation
        .hash(token)
        .ok_or(JoinError::Unknown)?;
    let mut reader = store.system().read().await?;
    let organization = invitations::organization(reader.db(), &hash)
        .await?
        .ok_or(JoinError::Unknown)?;
    Ok((organization, hash))
}

/// What an invitation is for.
pub async fn offer(
    store: &Store,
    clock: &dyn Clock,
    token: &str,
) -> Result<InvitationOffer, JoinError> {
    let (organization, hash) = locate(store, token).await?;
    let mut reader = store.tenant(organization).read().await?;
    let found = invitations::presented(reader.db(), &hash).await?;
    let invitation = usable(found, clock.now())?;
    let organization = organizations::find(reader.db())
        .await?
        .ok_or(JoinError::Unknown)?;
    Ok(InvitationOffer {
        organization_name: organization.name,
        email: invitation.email,
        expires_at: invitation.expires_at,
    })
}

/// Who joins.
#[derive(Debug, Clone, Copy)]
pub struct Newcomer<'a> {
    /// Their name.
    pub name: &'a str,
    /// PHC string.
    pub password_hash: &'a str,
}

/// Joins with an invitation.
pub async fn accept(
    store: &Store,
    clock: &dyn Clock,
    token: &str,
    newcomer: Newcomer<'_>,
) -> Result<(OrganizationId, UserId), JoinError> {
    let (organization, hash) = locate(store, token).await?;
    let (id, now) = (UserId(clock.new_uuid()), clock.now());
    let mut tx = store.tenant(organization).begin().await?;
    let found = invitations::lock(&mut tx, &hash).await?;
    let invitation = usable(found, now)?;
    insert(&mut tx, id, &invitation.email, newcomer, now).await?;
    invitations::accept(&mut tx, invitation.id, id, now).await?;
    // Whatever else was sent to this address lets nobody in any more.
    invitations::revoke_all_to(&mut tx, &invitation.email, now).await?;
    let entry = Entry {
        actor: Some(id),
        action: "user.registered",
        subject: Some(id),
        detail: json!({ "invitation_id": invitation.id }),
    };
    audit::append(&mut tx, &entry, now).await?;
    tx.commit().await?;
    Ok((organization, id))
}

async fn insert(
    tx: &mut TenantTx,
    id: UserId,
    email: &str,
    newcomer: Newcomer<'_>,
    now: Timestamp,
) -> Result<(), JoinError> {
    let user = NewUser {
        id,
        email,
        name: newcomer.name,
        role: Role::Employee,
        password_hash: Some(newcomer.password_hash),
    };
    people::insert(tx, &user, now).await.map_err(|error| {
        if error.is_unique_violation() {
            JoinError::Taken
        } else {
            error.into()
        }
    })
}

/// The organization, if somebody with this address may join it by its id. A closed one and one
/// that is not there are the same.
pub async fn open_to(
    store: &Store,
    organization: OrganizationId,
    email: &str,
) -> Result<Organization, JoinError> {
    let mut reader = store.tenant(organization).read().await?;
    let settings = settings::find(reader.db())
        .await?
        .filter(|settings| settings.registration_open)
        .ok_or(JoinError::Closed)?;
    if !mail_domain::admits(&settings.registration_domains, email) {
        return Err(JoinError::OtherDomain);
    }
    Ok(settings)
}

/// Writes down that somebody asks to join; the answer goes to the address.
pub async fn ask(
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    email: &str,
) -> Result<(), StoreError> {
    let request = AddressRequest {
        id: clock.new_uuid(),
        kind: ASK_REGISTRATION.to_owned(),
        organization_id: Some(organization),
        email: email.to_lowercase(),
    };
    let mut tx = store.system().begin().await?;
    mails::ask(&mut tx, &request, clock.now()).await?;
    tx.commit().await
}

/// Makes the account of somebody who asks to join, which an admin then lets in. Where the address
/// is taken nothing is made but a note for the audit: the caller is told the same.
pub async fn apply(
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    email: &str,
    newcomer: Newcomer<'_>,
) -> Result<(), StoreError> {
    let (id, now) = (UserId(clock.new_uuid()), clock.now());
    let mut tx = store.tenant(organization).begin().await?;
    // Two who apply with one address come one after the other.
    standing::lock(&mut tx).await?;
    let taken = people::find_by_email(tx.db(), email).await?;
    let (action, subject) = if let Some(user) = taken {
        ("user.registration_repeated", user.id)
    } else {
        let user = NewUser {
            id,
            email,
            name: newcomer.name,
            role: Role::Employee,
            password_hash: Some(newcomer.password_hash),
        };
        people::insert(&mut tx, &user, now).await?;
        let waiting = Standing {
            role: Role::Employee,
            status: UserStatus::Inactive,
        };
        standing::set(&mut tx, id, waiting, now).await?;
        ("user.registered", id)
    };
    let entry = Entry {
        actor: None,
        action,
        subject: Some(subject),
        detail: json!({ "by": "organization_id", "status": UserStatus::Inactive }),
    };
    audit::append(&mut tx, &entry, now).await?;
    tx.commit().await
}

/// Removes what has been over for a month: invitations hold addresses of people who may never
/// have joined. How many rows went.
pub async fn forget_old(store: &Store, now: Timestamp) -> Result<u64, StoreError> {
    let until = now.plus_seconds(-KEPT_SECONDS);
    let organizations = {
        let mut reader = store.system().read().await?;
        organizations::list(reader.db()).await?
    };
    let mut removed = 0;
    for organization in organizations {
        let mut tx = store.tenant(organization.id).begin().await?;
        removed += invitations::forget(&mut tx, until).await?;
        tx.commit().await?;
    }
    Ok(removed)
}
