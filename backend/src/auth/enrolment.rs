//! Enrolment: a token that an admin makes becomes a device with a credential of its own.
//!
//! A device's credential does not rotate. A rotating one in a profile that is restored from a
//! backup, or cloned, is rejected for ever, and the minutes behind it are lost; revoking bites
//! at once either way.

use serde_json::json;
use shared_types::{
    DeviceId, EnrolmentTokenId, OrganizationId, UserId,
    auth::UserStatus,
    device::{EnrolRequest, EnrolResponse, EnrolmentTokenCreated},
};

use super::opaque::SecretKind;
use crate::{
    clock::Clock,
    store::{
        Store, StoreError, TenantTx,
        audit::{self, Entry},
        credentials::{self, EnrolmentToken, NewEnrolmentToken},
        devices::{self, NewDevice},
        organizations, people,
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
    /// The device's id belongs to an enrolment with another token.
    #[error("the device is enrolled already, with another token")]
    Taken,
    /// The person's account may not be used.
    #[error("the account is suspended")]
    Suspended,
    /// The database said no.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How a token may be used.
#[derive(Debug, Clone, Copy)]
pub struct TokenTerms {
    /// Whose devices it enrols.
    pub user_id: UserId,
    /// How many, 1 to 1,000.
    pub max_uses: i64,
    /// For how long, in hours.
    pub expires_in_hours: i64,
}

/// Makes an enrolment token; `None` when there is no such person.
pub async fn create_token(
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    actor: Option<UserId>,
    terms: TokenTerms,
) -> Result<Option<EnrolmentTokenCreated>, StoreError> {
    let now = clock.now();
    let mut tx = store.tenant(organization).begin().await?;
    if people::find(tx.db(), terms.user_id).await?.is_none() {
        return Ok(None);
    }
    let secret = SecretKind::Enrolment.generate();
    let hash = hash(SecretKind::Enrolment, &secret);
    let token = NewEnrolmentToken {
        id: EnrolmentTokenId(clock.new_uuid()),
        hash: &hash,
        user_id: terms.user_id,
        created_by: actor,
        max_uses: terms.max_uses,
        expires_at: now.plus_seconds(terms.expires_in_hours * 3_600),
    };
    credentials::insert_enrolment(&mut tx, &token, now).await?;
    let entry = Entry {
        actor,
        action: "enrolment_token.created",
        subject: Some(terms.user_id),
        detail: json!({ "token_id": token.id, "max_uses": token.max_uses }),
    };
    audit::append(&mut tx, &entry, now).await?;
    tx.commit().await?;
    Ok(Some(EnrolmentTokenCreated {
        id: token.id,
        token: secret,
        expires_at: token.expires_at,
    }))
}

/// Revokes an enrolment token; devices enrolled with it stay. False when there is none.
pub async fn revoke_token(
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    actor: Option<UserId>,
    token: EnrolmentTokenId,
) -> Result<bool, StoreError> {
    let now = clock.now();
    let mut tx = store.tenant(organization).begin().await?;
    let Some(user) = credentials::revoke_enrolment(&mut tx, token, now).await? else {
        return Ok(false);
    };
    let entry = Entry {
        actor,
        action: "enrolment_token.revoked",
        subject: Some(user),
        detail: json!({ "token_id": token }),
    };
    audit::append(&mut tx, &entry, now).await?;
    tx.commit().await?;
    Ok(true)
}

/// Revokes a device; whose it was, or `None` when there is none.
pub async fn revoke_device(
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    actor: Option<UserId>,
    device: DeviceId,
) -> Result<Option<UserId>, StoreError> {
    let now = clock.now();
    let mut tx = store.tenant(organization).begin().await?;
    let Some(user) = devices::revoke(&mut tx, device, now).await? else {
        return Ok(None);
    };
    people::touch_authority(&mut tx, user, now).await?;
    let entry = Entry {
        actor,
        action: "device.revoked",
        subject: Some(user),
        detail: json!({ "device_id": device }),
    };
    audit::append(&mut tx, &entry, now).await?;
    tx.commit().await?;
    Ok(Some(user))
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
        credentials::enrolment_organization(reader.db(), &token_hash)
            .await?
            .ok_or(EnrolError::UnknownToken)?
    };
    let mut tx = store.tenant(organization).begin().await?;
    let token = credentials::lock_enrolment(&mut tx, &token_hash)
        .await?
        .ok_or(EnrolError::UnknownToken)?;
    if token.revoked_at.is_some() {
        return Err(EnrolError::Spent("been revoked"));
    }
    if token.expires_at <= now {
        return Err(EnrolError::Spent("expired"));
    }
    let user = people::find(tx.db(), token.user_id)
        .await?
        .ok_or(EnrolError::UnknownToken)?;
    if user.status != UserStatus::Active {
        return Err(EnrolError::Suspended);
    }
    let secret = SecretKind::Device.generate();
    put_device(
        &mut tx,
        clock,
        &token,
        request,
        &hash(SecretKind::Device, &secret),
    )
    .await?;
    let missing = || StoreError::Corrupt("a token's organization is missing".to_owned());
    let summary = organizations::find(tx.db()).await?.ok_or_else(missing)?;
    let policy = organizations::policy(tx.db()).await?.ok_or_else(missing)?;
    tx.commit().await?;
    Ok(Enrolment {
        response: EnrolResponse {
            device_id: request.device_id,
            device_secret: secret,
            user_name: user.name,
            organization_name: summary.name,
            policy,
        },
        organization_id: organization,
        user_id: user.id,
    })
}

async fn put_device(
    tx: &mut TenantTx,
    clock: &dyn Clock,
    token: &EnrolmentToken,
    request: &EnrolRequest,
    secret_hash: &[u8],
) -> Result<(), EnrolError> {
    let now = clock.now();
    let earlier = devices::enrolled(tx.db(), request.device_id).await?;
    if let Some(earlier) = earlier {
        if earlier.revoked_at.is_some() {
            return Err(EnrolError::Revoked);
        }
        if earlier.enrolment_token_id != Some(token.id) || earlier.user_id != token.user_id {
            return Err(EnrolError::Taken);
        }
        devices::replace_secret(tx, request.device_id, secret_hash).await?;
        // Other instances forget the credential that was lost on its way.
        people::touch_authority(tx, token.user_id, now).await?;
        return Ok(());
    }
    if token.uses >= token.max_uses {
        return Err(EnrolError::Spent("been used up"));
    }
    credentials::count_use(tx, token.id).await?;
    let device = NewDevice {
        id: request.device_id,
        user_id: token.user_id,
        secret_hash,
        name: &request.name,
        os: &request.os,
        agent_version: &request.agent_version,
        capabilities: request.capabilities,
        enrolment_token_id: token.id,
    };
    devices::insert(tx, &device, now).await.map_err(|error| {
        if error.is_unique_violation() {
            EnrolError::Taken
        } else {
            error.into()
        }
    })?;
    let entry = Entry {
        actor: None,
        action: "device.enrolled",
        subject: Some(token.user_id),
        detail: json!({ "device_id": request.device_id, "token_id": token.id }),
    };
    audit::append(tx, &entry, now).await?;
    Ok(())
}

fn hash(kind: SecretKind, secret: &str) -> [u8; 32] {
    kind.hash(secret)
        .expect("a generated secret has its own kind's form")
}
