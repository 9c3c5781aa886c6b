//! Enrolment: a token that an admin makes, or a person who is logged in, becomes a device with a
//! credential of its own.
//!
//! A device's credential does not rotate. A rotating one in a profile that is restored from a
//! backup, or cloned, is rejected for ever, and the minutes behind it are lost; revoking bites
//! at once either way.

use serde_json::json;
use shared_types::{
    DeviceId, OrganizationId, UserId,
    auth::{User, UserStatus},
    device::{
        Capabilities, DeviceStatus, EnrolOwnRequest, EnrolRequest, EnrolResponse, EnrolmentToken,
    },
};

use super::opaque::SecretKind;
use crate::{
    clock::Clock,
    store::{
        Store, StoreError, TenantTx,
        audit::{self, Entry},
        devices::{self, NewDevice},
        enrolment_tokens, organizations, people, policies,
    },
};

/// Why a machine could not be enrolled.
#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    /// No such token.
    #[error("the enrolment token is not known")]
    UnknownToken,
    /// Expired, used up or revoked.
    #[error("the enrolment token has {0}")]
    Spent(&'static str),
    /// The device was enrolled and then revoked.
    #[error("the device has been revoked")]
    Revoked,
    /// The device's id belongs to an enrolment with another token, or to somebody else.
    #[error("the device is enrolled already, with another token or for somebody else")]
    Taken,
    /// The person's account may not be used.
    #[error("the account is suspended")]
    Suspended,
    /// The token is not one person's, and the request names nobody.
    #[error("this token is not one person's: the machine must say whose it is by their address")]
    AddressNeeded,
    /// The token does not enrol for this address: another domain, nobody, or somebody whose
    /// account may not be used. Which of them is not told: it would say who works there.
    #[error("this token enrols no device for this address")]
    NotForThisAddress,
    /// The database said no.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An enrolment that was committed.
#[derive(Debug, Clone)]
pub struct Enrolment {
    /// What the device is told.
    pub response: EnrolResponse,
    /// The organization.
    pub organization_id: OrganizationId,
    /// Whose device it is.
    pub user_id: UserId,
}

/// Enrols a device. The same device with the same token again (its answer was lost) is enrolled
/// once, and gets a new credential: the first was never known to it.
pub async fn enrol(
    store: &Store,
    clock: &dyn Clock,
    request: &EnrolRequest,
) -> Result<Enrolment, EnrolError> {
    let now = clock.now();
    let token_hash = SecretKind::Enrolment
        .hash(&request.token)
        .ok_or(EnrolError::UnknownToken)?;
    let organization = {
        let mut reader = store.system().read().await?;
        enrolment_tokens::organization(reader.db(), &token_hash)
            .await?
            .ok_or(EnrolError::UnknownToken)?
    };
    let mut tx = store.tenant(organization).begin().await?;
    let token = enrolment_tokens::lock(&mut tx, &token_hash)
        .await?
        .ok_or(EnrolError::UnknownToken)?;
    if token.revoked_at.is_some() {
        return Err(EnrolError::Spent("been revoked"));
    }
    if token.expires_at <= now {
        return Err(EnrolError::Spent("expired"));
    }
    let user = whose(&mut tx, &token, request.email.as_deref()).await?;
    let putting = Putting {
        device_id: request.device_id,
        name: &request.name,
        os: &request.os,
        agent_version: &request.agent_version,
        capabilities: request.capabilities,
        user: user.id,
        by: By::Token(&token),
    };
    finish(tx, clock, user, putting).await
}

/// Enrols a device for a person who is logged in. The same device again gets a new credential,
/// also one that was enrolled with a token: a person may renew what is theirs.
pub async fn enrol_own(
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    user: UserId,
    request: &EnrolOwnRequest,
) -> Result<Enrolment, EnrolError> {
    let mut tx = store.tenant(organization).begin().await?;
    // The caller was let in a moment ago; this holds behind the commit.
    let user = people::find(tx.db(), user)
        .await?
        .filter(|user| user.status == UserStatus::Active)
        .ok_or(EnrolError::Suspended)?;
    let putting = Putting {
        device_id: request.device_id,
        name: &request.name,
        os: &request.os,
        agent_version: &request.agent_version,
        capabilities: request.capabilities,
        user: user.id,
        by: By::Person,
    };
    finish(tx, clock, user, putting).await
}

/// Puts the device, commits, and tells it what it needs.
async fn finish(
    mut tx: TenantTx,
    clock: &dyn Clock,
    user: User,
    putting: Putting<'_>,
) -> Result<Enrolment, EnrolError> {
    let organization = tx.organization();
    let device_id = putting.device_id;
    let secret = SecretKind::Device.generate();
    let secret_hash = SecretKind::Device
        .hash(&secret)
        .expect("a generated secret has its own kind's form");
    let status = put_device(&mut tx, clock, putting, &secret_hash).await?;
    let missing = || StoreError::Corrupt("a person's organization is missing".to_owned());
    let summary = organizations::find(tx.db()).await?.ok_or_else(missing)?;
    let effective = policies::effective(tx.db(), user.id)
        .await?
        .ok_or_else(missing)?;
    tx.commit().await?;
    Ok(Enrolment {
        response: EnrolResponse {
            device_id,
            device_secret: secret,
            user_name: user.name,
            organization_name: summary.name,
            user_id: Some(user.id),
            policy: effective.policy,
            status,
        },
        organization_id: organization,
        user_id: user.id,
    })
}

/// Whose device it becomes: the token's person, or the one with the address.
async fn whose(
    tx: &mut TenantTx,
    token: &EnrolmentToken,
    email: Option<&str>,
) -> Result<User, EnrolError> {
    if let Some(id) = token.user_id {
        let user = people::find(tx.db(), id)
            .await?
            .ok_or(EnrolError::UnknownToken)?;
        if user.status != UserStatus::Active {
            return Err(EnrolError::Suspended);
        }
        return Ok(user);
    }
    let email = email
        .ok_or(EnrolError::AddressNeeded)?
        .trim()
        .to_lowercase();
    let known = people::find_by_email(tx.db(), &email).await?;
    let fits = token.mail_domain.as_ref().is_none_or(|domain| {
        email
            .rsplit_once('@')
            .is_some_and(|(_, theirs)| theirs == domain)
    });
    known
        .filter(|user| fits && user.status == UserStatus::Active)
        .ok_or(EnrolError::NotForThisAddress)
}

/// A device that is to be enrolled.
struct Putting<'a> {
    device_id: DeviceId,
    name: &'a str,
    os: &'a str,
    agent_version: &'a str,
    capabilities: Capabilities,
    user: UserId,
    by: By<'a>,
}

/// On whose word a device is enrolled.
enum By<'a> {
    /// An admin's, by a token.
    Token(&'a EnrolmentToken),
    /// The person's own, who is logged in.
    Person,
}

async fn put_device(
    tx: &mut TenantTx,
    clock: &dyn Clock,
    put: Putting<'_>,
    secret_hash: &[u8],
) -> Result<DeviceStatus, EnrolError> {
    let now = clock.now();
    let token = match put.by {
        By::Token(token) => Some(token),
        By::Person => None,
    };
    // A person's keyboard is a device under the person's own id.
    if people::find(tx.db(), UserId(put.device_id.0))
        .await?
        .is_some()
    {
        return Err(EnrolError::Taken);
    }
    let earlier = devices::enrolled(tx.db(), put.device_id).await?;
    if let Some(earlier) = earlier {
        if earlier.revoked_at.is_some() {
            return Err(EnrolError::Revoked);
        }
        let with_another = token.is_some_and(|token| earlier.enrolment_token_id != Some(token.id));
        if with_another || earlier.user_id != put.user {
            return Err(EnrolError::Taken);
        }
        devices::replace_secret(tx, put.device_id, secret_hash).await?;
        // Other instances forget the credential that was lost on its way.
        people::touch_authority(tx, put.user, now).await?;
        return Ok(devices::status(earlier.pending, None));
    }
    if let Some(token) = token {
        if token.uses >= token.max_uses {
            return Err(EnrolError::Spent("been used up"));
        }
        enrolment_tokens::count_use(tx, token.id).await?;
    }
    let pending =
        token.is_some_and(|token| token.needs_approval) || devices::need_approval(tx.db()).await?;
    let device = NewDevice {
        id: put.device_id,
        user_id: put.user,
        secret_hash,
        name: put.name,
        os: put.os,
        agent_version: put.agent_version,
        capabilities: put.capabilities,
        enrolment_token_id: token.map(|token| token.id),
        pending,
    };
    devices::insert(tx, &device, now).await.map_err(|error| {
        if error.is_unique_violation() {
            EnrolError::Taken
        } else {
            error.into()
        }
    })?;
    let entry = Entry {
        actor: token.is_none().then_some(put.user),
        action: "device.enrolled",
        subject: Some(put.user),
        detail: json!({
            "device_id": put.device_id, "token_id": token.map(|token| token.id), "pending": pending,
        }),
    };
    audit::append(tx, &entry, now).await?;
    Ok(devices::status(pending, None))
}
