//! Approving and revoking devices: for admins and for IT alike.

use serde_json::json;
use shared_types::{DeviceId, OrganizationId, UserId, device::Desktop};

use crate::{
    clock::Clock,
    store::{
        Store, StoreError,
        audit::{self, Entry},
        devices, people,
    },
};

/// What became of an approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Approval {
    /// It may send now, or could already.
    Approved(UserId),
    /// It has been revoked.
    Revoked,
    /// There is no such device.
    Unknown,
}

/// Lets a device that waits send. Approving twice is approving once.
pub async fn approve(
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    actor: Option<UserId>,
    device: DeviceId,
) -> Result<Approval, StoreError> {
    let now = clock.now();
    let mut tx = store.tenant(organization).begin().await?;
    let Some(user) = devices::approve(&mut tx, device, actor, now).await? else {
        let known = devices::find(tx.db(), None, device).await?;
        return Ok(match known {
            None => Approval::Unknown,
            Some(known) if known.revoked_at.is_some() => Approval::Revoked,
            Some(known) => Approval::Approved(known.user_id),
        });
    };
    people::touch_authority(&mut tx, user, now).await?;
    let entry = Entry {
        actor,
        action: "device.approved",
        subject: Some(user),
        detail: json!({ "device_id": device }),
    };
    audit::append(&mut tx, &entry, now).await?;
    tx.commit().await?;
    Ok(Approval::Approved(user))
}

/// Revokes a device; whose it was, or `None` when there is none.
pub async fn revoke(
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

/// Notes the version that a device's agent says it has, after an update.
pub async fn note_version(
    store: &Store,
    organization: OrganizationId,
    device: DeviceId,
    version: &str,
) -> Result<(), StoreError> {
    let mut tx = store.tenant(organization).begin().await?;
    devices::set_agent_version(&mut tx, device, version).await?;
    tx.commit().await
}

/// Notes what a device's agent says that it sees of its desktop, where that has changed.
pub async fn note_desktop(
    store: &Store,
    organization: OrganizationId,
    device: DeviceId,
    desktop: &Desktop,
) -> Result<(), StoreError> {
    let mut tx = store.tenant(organization).begin().await?;
    devices::set_desktop(&mut tx, device, desktop).await?;
    tx.commit().await
}
