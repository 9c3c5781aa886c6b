//! Devices: enrolled agent installations.

use shared_types::{
    DeviceId, EnrolmentTokenId, OrganizationId, Timestamp, UserId,
    device::{Capabilities, Desktop, Device, DeviceStatus},
    sync::Counters,
};
use sqlx::types::Json;
use uuid::Uuid;

use super::{
    StoreError, SystemDb, TenantDb, TenantTx, people, sql,
    visibility::{reach, seen},
};
use crate::domain::{authority::DeviceAuthority, visibility::Viewer};

#[derive(Debug, Clone, sqlx::FromRow)]
struct DeviceRow {
    id: DeviceId,
    user_id: UserId,
    name: String,
    os: String,
    agent_version: String,
    capabilities: Json<Capabilities>,
    probe: Option<String>,
    pending: bool,
    enrolment_token_id: Option<EnrolmentTokenId>,
    created_at: Timestamp,
    approved_at: Option<Timestamp>,
    last_contact_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
    account: Option<Json<Counters>>,
}

impl From<DeviceRow> for Device {
    fn from(row: DeviceRow) -> Self {
        Self {
            id: row.id,
            user_id: row.user_id,
            name: row.name,
            os: row.os,
            agent_version: row.agent_version,
            capabilities: row.capabilities.0,
            probe: row.probe,
            status: status(row.pending, row.revoked_at),
            enrolment_token_id: row.enrolment_token_id,
            created_at: row.created_at,
            approved_at: row.approved_at,
            last_contact_at: row.last_contact_at,
            revoked_at: row.revoked_at,
            account: row.account.map(|Json(account)| account),
        }
    }
}

/// Whether a device may send, from its columns.
#[must_use]
pub const fn status(pending: bool, revoked_at: Option<Timestamp>) -> DeviceStatus {
    match (pending, revoked_at) {
        (_, Some(_)) => DeviceStatus::Revoked,
        (true, None) => DeviceStatus::Pending,
        (false, None) => DeviceStatus::Approved,
    }
}

/// A device to add.
#[derive(Debug, Clone)]
pub struct NewDevice<'a> {
    /// Made by the device.
    pub id: DeviceId,
    /// Whose it is.
    pub user_id: UserId,
    /// SHA-256 of its credential.
    pub secret_hash: &'a [u8],
    /// The machine's name.
    pub name: &'a str,
    /// Operating system and version.
    pub os: &'a str,
    /// The agent's version.
    pub agent_version: &'a str,
    /// What it can observe.
    pub capabilities: Capabilities,
    /// The token that it was enrolled with; absent: its person was logged in.
    pub enrolment_token_id: Option<EnrolmentTokenId>,
    /// Whether it waits for an admin.
    pub pending: bool,
}

/// Adds a device. A unique violation means that the id is taken.
pub async fn insert(
    tx: &mut TenantTx,
    device: &NewDevice<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| {
        sqlx::query(
        "INSERT INTO devices (organization_id, id, user_id, kind, secret_hash, name, os, agent_version,
             capabilities, enrolment_token_id, created_at, pending)
         VALUES ($1, $2, $3, 'agent', $4, $5, $6, $7, $8, $9, $10, $11)"
    )
    .bind(organization)
    .bind(device.id)
    .bind(device.user_id)
    .bind(device.secret_hash)
    .bind(device.name)
    .bind(device.os)
    .bind(device.agent_version)
    .bind(Json(device.capabilities))
    .bind(device.enrolment_token_id)
    .bind(now)
    .bind(device.pending)
    .execute(&mut *c)
    .await
    .map(drop)
    })?;
    Ok(())
}

/// What an enrolled device must still match when it enrols again.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Enrolled {
    /// Whose it is.
    pub user_id: UserId,
    /// The token that it was enrolled with.
    pub enrolment_token_id: Option<EnrolmentTokenId>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// Whether it waits for an admin.
    pub pending: bool,
}

/// A device that may have been enrolled before.
pub async fn enrolled(db: TenantDb<'_>, device: DeviceId) -> Result<Option<Enrolled>, StoreError> {
    let organization = db.organization();
    Ok(sql!(db, |c| sqlx::query_as(
        "SELECT user_id, enrolment_token_id, revoked_at, pending FROM devices
         WHERE organization_id = $1 AND id = $2"
    )
    .bind(organization)
    .bind(device)
    .fetch_optional(&mut *c)
    .await)?)
}

/// Gives a device a new credential and takes the old one away.
pub async fn replace_secret(
    tx: &mut TenantTx,
    device: DeviceId,
    secret_hash: &[u8],
) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(
        "UPDATE devices SET secret_hash = $3 WHERE organization_id = $1 AND id = $2"
    )
    .bind(organization)
    .bind(device)
    .bind(secret_hash)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}

/// What a credential is good for; `None` when nobody has it.
pub async fn authority(
    db: SystemDb<'_>,
    secret_hash: &[u8],
) -> Result<Option<DeviceAuthority>, StoreError> {
    #[derive(sqlx::FromRow)]
    struct Row {
        organization_id: OrganizationId,
        user_id: UserId,
        id: DeviceId,
        revoked_at: Option<Timestamp>,
        pending: bool,
        agent_version: String,
        // Nothing where there is no probe: an erased device's are blank.
        capabilities: Option<Json<Capabilities>>,
        probe: Option<String>,
        status: String,
        policy_changes: i64,
    }
    let row: Option<Row> = sql!(db, |c| sqlx::query_as(
        "SELECT d.organization_id, d.user_id, d.id, d.revoked_at, d.pending, d.agent_version, \
             CASE WHEN d.probe IS NOT NULL THEN d.capabilities END AS capabilities, d.probe, \
             u.status, u.policy_changes \
         FROM devices d
         JOIN users u ON u.organization_id = d.organization_id AND u.id = d.user_id
         WHERE d.secret_hash = $1"
    )
    .bind(secret_hash)
    .fetch_optional(&mut *c)
    .await)?;
    row.map(|row| {
        Ok(DeviceAuthority {
            organization_id: row.organization_id,
            user_id: row.user_id,
            device_id: row.id,
            revoked: row.revoked_at.is_some(),
            pending: row.pending,
            agent_version: row.agent_version,
            desktop: row
                .probe
                .zip(row.capabilities)
                .map(|(probe, Json(capabilities))| Desktop {
                    probe,
                    capabilities,
                }),
            status: people::status(&row.status)?,
            policy_changes: row.policy_changes,
        })
    })
    .transpose()
}

/// Which devices.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// Only this one.
    pub id: Option<DeviceId>,
    /// Only this person's.
    pub user: Option<UserId>,
    /// Only those that wait for approval, or only the others; revoked ones are neither.
    pub pending: Option<bool>,
    /// Only those that may send and were not heard of since then.
    pub silent_since: Option<Timestamp>,
}

/// Enrolled devices whose person the viewer sees, in the order of their ids (of their making),
/// after `after`. Without a viewer (IT on the server itself): everybody's.
pub async fn list(
    db: TenantDb<'_>,
    viewer: Option<Viewer>,
    filter: Filter,
    after: Option<DeviceId>,
    limit: i64,
) -> Result<Vec<Device>, StoreError> {
    // The last contact and the account are the latest stream's: an older epoch's account ended
    // with it.
    const TEXT: &str = concat!(
        "SELECT d.id, d.user_id, d.name, d.os, d.agent_version, d.capabilities, d.probe, d.pending, \
             d.enrolment_token_id, d.created_at, d.approved_at, d.revoked_at, \
             (SELECT max(s.last_sync_at) FROM sync_streams s \
               WHERE s.organization_id = d.organization_id AND s.device_id = d.id) AS last_contact_at, \
             (SELECT s.counters FROM sync_streams s \
               WHERE s.organization_id = d.organization_id AND s.device_id = d.id AND s.counters IS NOT NULL \
               ORDER BY s.last_sync_at DESC, s.id DESC LIMIT 1) AS account \
         FROM devices d \
         WHERE d.organization_id = $1 AND d.kind = 'agent' AND d.id > $2 \
           AND (CAST($5 AS INTEGER) = 0 OR d.id = $6) \
           AND (CAST($7 AS INTEGER) = 0 OR d.user_id = $8) \
           AND (CAST($9 AS INTEGER) = 0 OR (d.revoked_at IS NULL AND d.pending = $10)) \
           AND (CAST($11 AS INTEGER) = 0 OR (d.revoked_at IS NULL AND NOT d.pending \
                AND d.created_at < $12 AND (d.approved_at IS NULL OR d.approved_at < $12) \
                AND NOT EXISTS (SELECT 1 FROM sync_streams s WHERE s.organization_id = d.organization_id \
                    AND s.device_id = d.id AND s.last_sync_at >= $12))) \
           AND ",
        seen!("d.user_id", "$1", "$3", "$4"),
        " ORDER BY d.id LIMIT $13"
    );
    let organization = db.organization();
    let viewer = viewer.unwrap_or(Viewer::SERVER);
    let rows: Vec<DeviceRow> = sql!(db, |c| sqlx::query_as(TEXT)
        .bind(organization)
        .bind(after.unwrap_or(DeviceId(Uuid::nil())))
        .bind(reach(viewer))
        .bind(viewer.user_id)
        .bind(i32::from(filter.id.is_some()))
        .bind(filter.id.unwrap_or(DeviceId(Uuid::nil())))
        .bind(i32::from(filter.user.is_some()))
        .bind(filter.user.unwrap_or(UserId(Uuid::nil())))
        .bind(i32::from(filter.pending.is_some()))
        .bind(filter.pending.unwrap_or_default())
        .bind(i32::from(filter.silent_since.is_some()))
        .bind(filter.silent_since.unwrap_or(Timestamp::UNIX_EPOCH))
        .bind(limit)
        .fetch_all(&mut *c)
        .await)?;
    Ok(rows.into_iter().map(Device::from).collect())
}

/// A device whose person the viewer sees.
pub async fn find(
    db: TenantDb<'_>,
    viewer: Option<Viewer>,
    device: DeviceId,
) -> Result<Option<Device>, StoreError> {
    let filter = Filter {
        id: Some(device),
        ..Filter::default()
    };
    Ok(list(db, viewer, filter, None, 1).await?.pop())
}

/// Whether the organization wants every device to be approved.
pub async fn need_approval(db: TenantDb<'_>) -> Result<bool, StoreError> {
    let organization = db.organization();
    let wanted: Option<bool> = sql!(db, |c| sqlx::query_scalar(
        "SELECT devices_need_approval FROM organizations WHERE id = $1"
    )
    .bind(organization)
    .fetch_optional(&mut *c)
    .await)?;
    Ok(wanted.unwrap_or(true))
}

/// Lets a device that waits send. Whose it is, or `None` when there is no such device, or it
/// was revoked, or it does not wait.
pub async fn approve(
    tx: &mut TenantTx,
    device: DeviceId,
    by: Option<UserId>,
    now: Timestamp,
) -> Result<Option<UserId>, StoreError> {
    let organization = tx.organization();
    Ok(sql!(tx.db(), |c| sqlx::query_scalar(
        "UPDATE devices SET pending = $5, approved_at = $3, approved_by = $4
         WHERE organization_id = $1 AND id = $2 AND kind = 'agent' AND pending
           AND revoked_at IS NULL RETURNING user_id"
    )
    .bind(organization)
    .bind(device)
    .bind(now)
    .bind(by)
    .bind(false)
    .fetch_optional(&mut *c)
    .await)?)
}

/// Notes the version of a device's agent.
pub async fn set_agent_version(
    tx: &mut TenantTx,
    device: DeviceId,
    version: &str,
) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(
        "UPDATE devices SET agent_version = $3 WHERE organization_id = $1 AND id = $2"
    )
    .bind(organization)
    .bind(device)
    .bind(version)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}

/// Notes what a device's agent sees of its desktop, and how.
pub async fn set_desktop(
    tx: &mut TenantTx,
    device: DeviceId,
    desktop: &Desktop,
) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(
        "UPDATE devices SET probe = $3, capabilities = $4 WHERE organization_id = $1 AND id = $2"
    )
    .bind(organization)
    .bind(device)
    .bind(&desktop.probe)
    .bind(Json(desktop.capabilities))
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}

/// Revokes a device; whose it was, or `None` when there is no such device. Revoking twice is
/// revoking once.
pub async fn revoke(
    tx: &mut TenantTx,
    device: DeviceId,
    now: Timestamp,
) -> Result<Option<UserId>, StoreError> {
    let organization = tx.organization();
    Ok(sql!(tx.db(), |c| sqlx::query_scalar(
        "UPDATE devices SET revoked_at = COALESCE(revoked_at, $3)
         WHERE organization_id = $1 AND id = $2 AND kind = 'agent' RETURNING user_id"
    )
    .bind(organization)
    .bind(device)
    .bind(now)
    .fetch_optional(&mut *c)
    .await)?)
}
