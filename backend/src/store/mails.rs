//! Mails that wait, were sent, or were given up; and what was asked for by an address alone.
//!
//! A mail is kept without its link and without its address: both are looked up, or made, when it
//! is sent.

use shared_types::{AlertId, ExportId, InvitationId, OrganizationId, Timestamp, UserId};
use uuid::Uuid;

use super::{StoreError, SystemDb, SystemTx, TenantTx, sql};

/// What a mail is about, and whom it goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailKind {
    /// An invitation, to its address.
    Invitation(InvitationId),
    /// A link to set a new password.
    PasswordReset(UserId),
    /// The password was changed.
    PasswordChanged(UserId),
    /// Somebody asked to join with the address of this account.
    AlreadyMember(UserId),
    /// An alert, to a manager whom it concerns.
    Alert(UserId, AlertId),
    /// A file of a report has been made by itself, or could not be: to who asked.
    Report(UserId, ExportId),
}

impl MailKind {
    /// The name in the database and in logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invitation(_) => "invitation",
            Self::PasswordReset(_) => "password_reset",
            Self::PasswordChanged(_) => "password_changed",
            Self::AlreadyMember(_) => "already_member",
            Self::Alert(..) => "alert",
            Self::Report(..) => "report",
        }
    }

    const fn ids(self) -> Ids {
        match self {
            Self::Invitation(invitation) => (None, Some(invitation), None, None),
            Self::PasswordReset(user) | Self::PasswordChanged(user) | Self::AlreadyMember(user) => {
                (Some(user), None, None, None)
            }
            Self::Alert(user, alert) => (Some(user), None, Some(alert), None),
            Self::Report(user, file) => (Some(user), None, None, Some(file)),
        }
    }

    fn read(kind: &str, ids: Ids) -> Result<Self, StoreError> {
        match (kind, ids) {
            ("invitation", (None, Some(id), None, None)) => Ok(Self::Invitation(id)),
            ("password_reset", (Some(id), None, None, None)) => Ok(Self::PasswordReset(id)),
            ("password_changed", (Some(id), None, None, None)) => Ok(Self::PasswordChanged(id)),
            ("already_member", (Some(id), None, None, None)) => Ok(Self::AlreadyMember(id)),
            ("alert", (Some(id), None, Some(alert), None)) => Ok(Self::Alert(id, alert)),
            ("report", (Some(id), None, None, Some(file))) => Ok(Self::Report(id, file)),
            _ => Err(StoreError::Corrupt(format!("mails.kind is {kind:?}"))),
        }
    }
}

/// To whom, to which invitation's address, about which alert, about which file.
type Ids = (
    Option<UserId>,
    Option<InvitationId>,
    Option<AlertId>,
    Option<ExportId>,
);

/// A mail that is being sent.
#[derive(Debug, Clone, Copy)]
pub struct Claimed {
    /// What it is about.
    pub kind: MailKind,
    /// Which attempt this is, from 1.
    pub attempt: i64,
}

/// Queues a mail; a second one with the same id, or about the same alert to the same person, is
/// the first.
pub async fn queue(
    tx: &mut TenantTx,
    id: Uuid,
    kind: MailKind,
    now: Timestamp,
) -> Result<(), StoreError> {
    let organization = tx.organization();
    let (user, invitation, alert, file) = kind.ids();
    sql!(tx.db(), |c| {
        sqlx::query(
        "INSERT INTO mails (organization_id, id, kind, user_id, invitation_id, alert_id, export_id, created_at, next_attempt_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) ON CONFLICT DO NOTHING"
    )
    .bind(organization)
    .bind(id)
    .bind(kind.as_str())
    .bind(user)
    .bind(invitation)
    .bind(alert)
    .bind(file)
    .bind(now)
    .execute(&mut *c)
    .await
    .map(drop)
    })?;
    Ok(())
}

/// Mails whose time has come, longest waiting first.
pub async fn due(
    db: SystemDb<'_>,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<(OrganizationId, Uuid)>, StoreError> {
    Ok(sql!(db, |c| sqlx::query_as(
        "SELECT organization_id, id FROM mails WHERE next_attempt_at <= $1
         ORDER BY next_attempt_at, id LIMIT $2"
    )
    .bind(now)
    .bind(limit)
    .fetch_all(&mut *c)
    .await)?)
}

/// Takes a mail for one attempt. Until `until` nobody else does; should this process end, somebody
/// does afterwards. `None`: another instance was faster.
pub async fn claim(
    tx: &mut TenantTx,
    id: Uuid,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<Claimed>, StoreError> {
    type Row = (
        String,
        Option<UserId>,
        Option<InvitationId>,
        Option<AlertId>,
        Option<ExportId>,
        i64,
    );
    let organization = tx.organization();
    let row: Option<Row> = sql!(tx.db(), |c| sqlx::query_as(
        "UPDATE mails SET attempts = attempts + 1, next_attempt_at = $4
             WHERE organization_id = $1 AND id = $2 AND next_attempt_at <= $3
             RETURNING kind, user_id, invitation_id, alert_id, export_id, attempts"
    )
    .bind(organization)
    .bind(id)
    .bind(now)
    .bind(until)
    .fetch_optional(&mut *c)
    .await)?;
    row.map(|(kind, user, invitation, alert, file, attempt)| {
        let kind = MailKind::read(&kind, (user, invitation, alert, file))?;
        Ok(Claimed { kind, attempt })
    })
    .transpose()
}

/// What came of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt<'a> {
    /// The mail server took it.
    Sent,
    /// It is tried again at that time; why, as a code.
    Again(Timestamp, &'a str),
    /// It is given up; why, as a code.
    GivenUp(&'a str),
}

/// Notes what came of an attempt.
pub async fn settle(
    tx: &mut TenantTx,
    id: Uuid,
    attempt: Attempt<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let organization = tx.organization();
    let (sent, failed, again, error) = match attempt {
        Attempt::Sent => (Some(now), None, None, None),
        Attempt::Again(at, error) => (None, None, Some(at), Some(error)),
        Attempt::GivenUp(error) => (None, Some(now), None, Some(error)),
    };
    sql!(tx.db(), |c| {
        sqlx::query(
            "UPDATE mails SET sent_at = $3, failed_at = $4, next_attempt_at = $5, last_error = $6
         WHERE organization_id = $1 AND id = $2",
        )
        .bind(organization)
        .bind(id)
        .bind(sent)
        .bind(failed)
        .bind(again)
        .bind(error)
        .execute(&mut *c)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// Removes a mail that is not wanted any more.
pub async fn remove(tx: &mut TenantTx, id: Uuid) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(
        "DELETE FROM mails WHERE organization_id = $1 AND id = $2"
    )
    .bind(organization)
    .bind(id)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}

/// Removes mails that were made before `until` and have nothing more to do.
pub(super) async fn forget(tx: &mut TenantTx, until: Timestamp) -> Result<u64, StoreError> {
    let organization = tx.organization();
    Ok(sql!(tx.db(), |c| {
        sqlx::query(
        "DELETE FROM mails WHERE organization_id = $1 AND created_at < $2 AND next_attempt_at IS NULL"
    )
    .bind(organization)
    .bind(until)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected())
    })?)
}

/// How many mails wait, and how many were given up, in all organizations.
pub async fn counts(db: SystemDb<'_>) -> Result<(i64, i64), StoreError> {
    Ok(sql!(db, |c| sqlx::query_as(
        "SELECT count(next_attempt_at), count(failed_at) FROM mails"
    )
    .fetch_one(&mut *c)
    .await)?)
}

/// Something asked for by an address alone.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AddressRequest {
    /// Made when it was asked.
    pub id: Uuid,
    /// `password_reset` or `registration`.
    pub kind: String,
    /// In which organization; absent: in any.
    pub organization_id: Option<OrganizationId>,
    /// In lower case.
    pub email: String,
}

/// Asks for a link to set a new password.
pub const ASK_RESET: &str = "password_reset";
/// Asks to join an organization.
pub const ASK_REGISTRATION: &str = "registration";

/// Writes down what was asked for; nobody looks yet whether the address is known.
pub async fn ask(
    tx: &mut SystemTx,
    request: &AddressRequest,
    now: Timestamp,
) -> Result<(), StoreError> {
    sql!(tx.db(), |c| sqlx::query(
        "INSERT INTO address_requests (id, kind, organization_id, email, created_at)
         VALUES ($1, $2, $3, $4, $5)"
    )
    .bind(request.id)
    .bind(&request.kind)
    .bind(request.organization_id)
    .bind(request.email.to_lowercase())
    .bind(now)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}

/// What was asked for and not yet looked at, oldest first.
pub async fn asked(db: SystemDb<'_>, limit: i64) -> Result<Vec<AddressRequest>, StoreError> {
    Ok(sql!(db, |c| {
        sqlx::query_as(
        "SELECT id, kind, organization_id, email FROM address_requests ORDER BY created_at, id LIMIT $1"
    )
    .bind(limit)
    .fetch_all(&mut *c)
    .await
    })?)
}

/// Removes what has been looked at.
pub async fn answered(tx: &mut SystemTx, id: Uuid) -> Result<(), StoreError> {
    sql!(tx.db(), |c| sqlx::query(
        "DELETE FROM address_requests WHERE id = $1"
    )
    .bind(id)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}
