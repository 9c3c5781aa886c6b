//! Invitations, by the SHA-256 of their secrets.

use shared_types::{
    InvitationId, OrganizationId, Timestamp, UserId,
    account::{Invitation, InvitationState, MailState},
};
use uuid::Uuid;

use super::{StoreError, SystemDb, TenantDb, TenantTx, mails, sql};

/// An invitation to add.
#[derive(Debug, Clone, Copy)]
pub struct NewInvitation<'a> {
    /// Made by the caller.
    pub id: InvitationId,
    /// SHA-256 of the secret; absent: it is made when the mail is sent.
    pub token_hash: Option<&'a [u8]>,
    /// The only address that it lets in; kept in lower case.
    pub email: &'a str,
    /// Who made it; absent: IT on the server itself, or the person asked for it.
    pub created_by: Option<UserId>,
    /// Until when it may be used.
    pub expires_at: Timestamp,
}

/// An invitation as its secret finds it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Presented {
    /// The invitation.
    pub id: InvitationId,
    /// The only address that it lets in.
    pub email: String,
    /// Until when it may be used.
    pub expires_at: Timestamp,
    /// Set when it was taken back.
    pub revoked_at: Option<Timestamp>,
    /// Set when it became an account.
    pub accepted_at: Option<Timestamp>,
}

#[derive(Debug, sqlx::FromRow)]
struct InvitationRow {
    id: InvitationId,
    email: String,
    created_by: Option<UserId>,
    created_at: Timestamp,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
    accepted_by: Option<UserId>,
    mail_id: Option<Uuid>,
    sent_at: Option<Timestamp>,
    failed_at: Option<Timestamp>,
}

impl InvitationRow {
    fn invitation(self, now: Timestamp) -> Invitation {
        let state = if self.accepted_by.is_some() {
            InvitationState::Accepted
        } else if self.revoked_at.is_some() {
            InvitationState::Revoked
        } else if self.expires_at <= now {
            InvitationState::Expired
        } else {
            InvitationState::Open
        };
        let mail = self.mail_id.map(|_| {
            if self.sent_at.is_some() {
                MailState::Sent
            } else if self.failed_at.is_some() {
                MailState::Failed
            } else {
                MailState::Waiting
            }
        });
        Invitation {
            id: self.id,
            email: self.email,
            created_by: self.created_by,
            created_at: self.created_at,
            expires_at: self.expires_at,
            state,
            mail,
            user_id: self.accepted_by,
        }
    }
}

/// Adds an invitation; false when it is there already.
pub async fn insert(
    tx: &mut TenantTx,
    invitation: &NewInvitation<'_>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| {
        sqlx::query(
        "INSERT INTO invitations (organization_id, id, token_hash, email, created_by, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (organization_id, id) DO NOTHING"
    )
    .bind(organization)
    .bind(invitation.id)
    .bind(invitation.token_hash)
    .bind(invitation.email.to_lowercase())
    .bind(invitation.created_by)
    .bind(now)
    .bind(invitation.expires_at)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}

macro_rules! listed {
    ($condition:literal) => {
        concat!(
            "SELECT i.id, i.email, i.created_by, i.created_at, i.expires_at, i.revoked_at, i.accepted_by,
                    m.id AS mail_id, m.sent_at, m.failed_at
             FROM invitations i LEFT JOIN mails m
                 ON m.organization_id = i.organization_id AND m.invitation_id = i.id
             WHERE i.organization_id = $1 AND ",
            $condition
        )
    };
}

/// One invitation.
pub async fn find(
    db: TenantDb<'_>,
    id: InvitationId,
    now: Timestamp,
) -> Result<Option<Invitation>, StoreError> {
    let organization = db.organization();
    let row: Option<InvitationRow> = sql!(db, |c| sqlx::query_as(listed!("i.id = $2"))
        .bind(organization)
        .bind(id)
        .fetch_optional(&mut *c)
        .await)?;
    Ok(row.map(|row| row.invitation(now)))
}

/// Invitations, newest first, before the given one.
pub async fn list(
    db: TenantDb<'_>,
    before: Option<InvitationId>,
    limit: i64,
    now: Timestamp,
) -> Result<Vec<Invitation>, StoreError> {
    let organization = db.organization();
    let rows: Vec<InvitationRow> = sql!(db, |c| sqlx::query_as(listed!(
        "i.id < $2 ORDER BY i.id DESC LIMIT $3"
    ))
    .bind(organization)
    .bind(before.unwrap_or(InvitationId(Uuid::max())))
    .bind(limit)
    .fetch_all(&mut *c)
    .await)?;
    Ok(rows.into_iter().map(|row| row.invitation(now)).collect())
}

/// Whose organization an invitation is of; `None` when nobody has it.
pub async fn organization(
    db: SystemDb<'_>,
    hash: &[u8],
) -> Result<Option<OrganizationId>, StoreError> {
    Ok(sql!(db, |c| sqlx::query_scalar(
        "SELECT organization_id FROM invitations WHERE token_hash = $1"
    )
    .bind(hash)
    .fetch_optional(&mut *c)
    .await)?)
}

/// An invitation by its secret's hash, locked until the transaction ends: of two who come with
/// it at once, one joins.
pub async fn lock(tx: &mut TenantTx, hash: &[u8]) -> Result<Option<Presented>, StoreError> {
    let organization = tx.organization();
    Ok(sql!(tx.db(), |c| sqlx::query_as(
        "UPDATE invitations SET token_hash = token_hash
         WHERE organization_id = $1 AND token_hash = $2
         RETURNING id, email, expires_at, revoked_at, accepted_at"
    )
    .bind(organization)
    .bind(hash)
    .fetch_optional(&mut *c)
    .await)?)
}

/// An invitation by its secret's hash.
pub async fn presented(db: TenantDb<'_>, hash: &[u8]) -> Result<Option<Presented>, StoreError> {
    let organization = db.organization();
    Ok(sql!(db, |c| sqlx::query_as(
        "SELECT id, email, expires_at, revoked_at, accepted_at FROM invitations
         WHERE organization_id = $1 AND token_hash = $2"
    )
    .bind(organization)
    .bind(hash)
    .fetch_optional(&mut *c)
    .await)?)
}

/// Gives an invitation the secret that its mail carries, in place of an earlier one.
pub async fn set_token(tx: &mut TenantTx, id: InvitationId, hash: &[u8]) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(
        "UPDATE invitations SET token_hash = $3 WHERE organization_id = $1 AND id = $2"
    )
    .bind(organization)
    .bind(id)
    .bind(hash)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}

/// Notes that an invitation became an account.
pub async fn accept(
    tx: &mut TenantTx,
    id: InvitationId,
    user: UserId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| {
        sqlx::query(
        "UPDATE invitations SET accepted_at = $4, accepted_by = $3 WHERE organization_id = $1 AND id = $2"
    )
    .bind(organization)
    .bind(id)
    .bind(user)
    .bind(now)
    .execute(&mut *c)
    .await
    .map(drop)
    })?;
    Ok(())
}

/// Takes an invitation back; false when there is none that could still be used.
pub async fn revoke(
    tx: &mut TenantTx,
    id: InvitationId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| sqlx::query(
        "UPDATE invitations SET revoked_at = $3
         WHERE organization_id = $1 AND id = $2 AND revoked_at IS NULL AND accepted_at IS NULL"
    )
    .bind(organization)
    .bind(id)
    .bind(now)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Takes back all invitations to an address that could still be used.
pub async fn revoke_all_to(
    tx: &mut TenantTx,
    email: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(
        "UPDATE invitations SET revoked_at = $3
         WHERE organization_id = $1 AND email = $2 AND revoked_at IS NULL AND accepted_at IS NULL"
    )
    .bind(organization)
    .bind(email.to_lowercase())
    .bind(now)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}

/// Removes what has been over since before `until`: invitations (they hold addresses of people
/// who may never have joined), links for passwords, mails and their traces.
pub async fn forget(tx: &mut TenantTx, until: Timestamp) -> Result<u64, StoreError> {
    let organization = tx.organization();
    let mut removed = mails::forget(tx, until).await?;
    for text in [
        "DELETE FROM password_resets WHERE organization_id = $1 AND expires_at < $2",
        "DELETE FROM invitations WHERE organization_id = $1
         AND (expires_at < $2 OR revoked_at < $2 OR accepted_at < $2)
         AND NOT EXISTS (SELECT 1 FROM mails m
             WHERE m.organization_id = invitations.organization_id AND m.invitation_id = invitations.id)",
    ] {
        removed += sql!(tx.db(), |c| sqlx::query(text)
            .bind(organization)
            .bind(until)
            .execute(&mut *c)
            .await
            .map(|done| done.rows_affected()))?;
    }
    Ok(removed)
}
