//! Enrolment tokens, by the SHA-256 of their secrets.

use shared_types::{EnrolmentTokenId, OrganizationId, Timestamp, UserId, device::EnrolmentToken};
use uuid::Uuid;

use super::{StoreError, SystemDb, TenantDb, TenantTx, sql};

#[derive(Debug, sqlx::FromRow)]
struct TokenRow {
    id: EnrolmentTokenId,
    user_id: Option<UserId>,
    mail_domain: Option<String>,
    label: String,
    needs_approval: bool,
    created_by: Option<UserId>,
    max_uses: i64,
    uses: i64,
    created_at: Timestamp,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
}

impl From<TokenRow> for EnrolmentToken {
    fn from(row: TokenRow) -> Self {
        Self {
            id: row.id,
            user_id: row.user_id,
            mail_domain: row.mail_domain,
            label: row.label,
            needs_approval: row.needs_approval,
            created_by: row.created_by,
            max_uses: row.max_uses,
            uses: row.uses,
            created_at: row.created_at,
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
        }
    }
}

/// An enrolment token to add.
#[derive(Debug, Clone, Copy)]
pub struct NewEnrolmentToken<'a> {
    /// Made by the caller.
    pub id: EnrolmentTokenId,
    /// SHA-256 of the secret.
    pub hash: &'a [u8],
    /// Whose devices it enrols; absent: anybody's, by their address.
    pub user_id: Option<UserId>,
    /// Only addresses of this domain, in lower case.
    pub mail_domain: Option<&'a str>,
    /// What it is for.
    pub label: &'a str,
    /// Whether its devices wait for an admin.
    pub needs_approval: bool,
    /// Who made it; absent: IT on the server itself.
    pub created_by: Option<UserId>,
    /// How many devices it may enrol, 1 to 1,000.
    pub max_uses: i64,
    /// Until when it may be used.
    pub expires_at: Timestamp,
}

/// Adds an enrolment token.
pub async fn insert(
    tx: &mut TenantTx,
    token: &NewEnrolmentToken<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| {
        sqlx::query(
        "INSERT INTO enrolment_tokens (organization_id, id, token_hash, user_id, mail_domain, label, \
             needs_approval, created_by, max_uses, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    )
    .bind(organization)
    .bind(token.id)
    .bind(token.hash)
    .bind(token.user_id)
    .bind(token.mail_domain)
    .bind(token.label)
    .bind(token.needs_approval)
    .bind(token.created_by)
    .bind(token.max_uses)
    .bind(now)
    .bind(token.expires_at)
    .execute(&mut *c)
    .await
    .map(drop)
    })?;
    Ok(())
}

/// Enrolment tokens in the order of their making, after `after`.
pub async fn list(
    db: TenantDb<'_>,
    after: Option<EnrolmentTokenId>,
    limit: i64,
) -> Result<Vec<EnrolmentToken>, StoreError> {
    let organization = db.organization();
    let rows: Vec<TokenRow> = sql!(db, |c| sqlx::query_as(
        "SELECT id, user_id, mail_domain, label, needs_approval, created_by, max_uses, uses, \
             created_at, expires_at, revoked_at \
         FROM enrolment_tokens WHERE organization_id = $1 AND id > $2 ORDER BY id LIMIT $3"
    )
    .bind(organization)
    .bind(after.unwrap_or(EnrolmentTokenId(Uuid::nil())))
    .bind(limit)
    .fetch_all(&mut *c)
    .await)?;
    Ok(rows.into_iter().map(EnrolmentToken::from).collect())
}

/// The organization of a token, by its secret's hash.
pub async fn organization(
    db: SystemDb<'_>,
    hash: &[u8],
) -> Result<Option<OrganizationId>, StoreError> {
    Ok(sql!(db, |c| sqlx::query_scalar(
        "SELECT organization_id FROM enrolment_tokens WHERE token_hash = $1"
    )
    .bind(hash)
    .fetch_optional(&mut *c)
    .await)?)
}

/// An enrolment token by its secret's hash, locked until the transaction ends.
pub async fn lock(tx: &mut TenantTx, hash: &[u8]) -> Result<Option<EnrolmentToken>, StoreError> {
    let organization = tx.organization();
    let row: Option<TokenRow> = sql!(tx.db(), |c| {
        sqlx::query_as(
        "UPDATE enrolment_tokens SET uses = uses WHERE organization_id = $1 AND token_hash = $2 \
         RETURNING id, user_id, mail_domain, label, needs_approval, created_by, max_uses, uses, \
             created_at, expires_at, revoked_at"
    )
    .bind(organization)
    .bind(hash)
    .fetch_optional(&mut *c)
    .await
    })?;
    Ok(row.map(EnrolmentToken::from))
}

/// Counts a use.
pub async fn count_use(tx: &mut TenantTx, token: EnrolmentTokenId) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(
        "UPDATE enrolment_tokens SET uses = uses + 1 WHERE organization_id = $1 AND id = $2"
    )
    .bind(organization)
    .bind(token)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}

/// Revokes an enrolment token and gives it back; `None` when there is none. Revoking twice is
/// revoking once.
pub async fn revoke(
    tx: &mut TenantTx,
    token: EnrolmentTokenId,
    now: Timestamp,
) -> Result<Option<EnrolmentToken>, StoreError> {
    let organization = tx.organization();
    let row: Option<TokenRow> = sql!(tx.db(), |c| sqlx::query_as(
        "UPDATE enrolment_tokens SET revoked_at = COALESCE(revoked_at, $3) \
         WHERE organization_id = $1 AND id = $2 \
         RETURNING id, user_id, mail_domain, label, needs_approval, created_by, max_uses, uses, \
             created_at, expires_at, revoked_at"
    )
    .bind(organization)
    .bind(token)
    .bind(now)
    .fetch_optional(&mut *c)
    .await)?;
    Ok(row.map(EnrolmentToken::from))
}
