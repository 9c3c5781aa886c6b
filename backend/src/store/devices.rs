//! Devices: enrolled agent installations.

use shared_types::{
    DeviceId, EnrolmentTokenId, OrganizationId, Timestamp, UserId,
    device::{Capabilities, Device},
};
use sqlx::types::Json;
use uuid::Uuid;

use super::{StoreError, SystemDb, TenantDb, TenantTx, people, sql};
use crate::domain::authority::DeviceAuthority;

#[derive(Debug, Clone, sqlx::FromRow)]
struct DeviceRow {
    id: DeviceId,
    user_id: UserId,
    name: String,
    os: String,
    agent_version: String,
    created_at: Timestamp,
    last_contact_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
}

impl From<DeviceRow> for Device {
    fn from(row: DeviceRow) -> Self {
        Self {
            id: row.id,
            user_id: row.user_id,
            name: row.name,
            os: row.os,
            agent_version: row.agent_version,
            created_at: row.created_at,
            last_contact_at: row.last_contact_at,
            revoked_at: row.revoked_at,
        }
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
    /// The token that it was enrolled with.
    pub enrolment_token_id: EnrolmentTokenId,
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
             capabilities, enrolment_token_id, created_at)
         VALUES ($1, $2, $3, 'agent', $4, $5, $6, $7, $8, $9, $10)"
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
}

/// A device that may have been enrolled before.
pub async fn enrolled(db: TenantDb<'_>, device: DeviceId) -> Result<Option<Enrolled>, StoreError> {
    let organization = db.organization();
    Ok(sql!(db, |c| sqlx::query_as(
        "SELECT user_id, enrolment_token_id, revoked_at FROM devices
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
    type Row = (OrganizationId, UserId, DeviceId, Option<Timestamp>, String);
    let row: Option<Row> = sql!(db, |c| sqlx::query_as(
        "SELECT d.organization_id, d.user_id, d.id, d.revoked_at, u.status
         FROM devices d
         JOIN users u ON u.organization_id = d.organization_id AND u.id = d.user_id
         WHERE d.secret_hash = $1"
    )
    .bind(secret_hash)
    .fetch_optional(&mut *c)
    .await)?;
    row.map(
        |(organization_id, user_id, device_id, revoked_at, status)| {
            Ok(DeviceAuthority {
                organization_id,
                user_id,
                device_id,
                revoked: revoked_at.is_some(),
                status: people::status(&status)?,
            })
        },
    )
    .transpose()
}

/// Enrolled devices in the order of their ids (of their making), after `after`; of one person
/// only, where one is given.
pub async fn list(
    db: TenantDb<'_>,
    user: Option<UserId>,
    after: Option<DeviceId>,
    limit: i64,
) -> Result<Vec<Device>, StoreError> {
    let organization = db.organization();
    let rows: Vec<DeviceRow> = sql!(db, |c| sqlx::query_as(
        "SELECT id, user_id, name, os, agent_version, created_at, last_contact_at, revoked_at
         FROM devices
         WHERE organization_id = $1 AND kind = 'agent' AND id > $2
           AND (CAST($3 AS INTEGER) = 0 OR user_id = $4)
         ORDER BY id LIMIT $5"
    )
    .bind(organization)
    .bind(after.unwrap_or(DeviceId(Uuid::nil())))
    .bind(i32::from(user.is_some()))
    .bind(user.unwrap_or(UserId(Uuid::nil())))
    .bind(limit)
    .fetch_all(&mut *c)
    .await)?;
    Ok(rows.into_iter().map(Device::from).collect())
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
