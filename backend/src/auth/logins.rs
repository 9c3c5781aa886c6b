//! Log-ins: a family of refresh tokens each, of which one is exchanged for the next.
//!
//! A token that was exchanged may be exchanged again as long as its successor was never used:
//! the answer may have been lost, or two windows asked at once. Once the successor has been
//! used, the earlier token can only be a copy in wrong hands (or the successor is): the whole
//! log-in ends.

use shared_types::{OrganizationId, Timestamp, UserId, auth::UserStatus};
use uuid::Uuid;

use super::opaque::{SecretHash, SecretKind};
use crate::{
    clock::Clock,
    store::{
        Store, StoreError, TenantTx,
        credentials::{self, NewRefreshToken},
        logins as rows, people,
    },
};

/// How long a refresh token may be used, in seconds.
pub const REFRESH_SECONDS: i64 = 7 * 24 * 3_600;

/// A log-in and the newest of its refresh tokens.
#[derive(Debug, Clone)]
pub struct Login {
    /// The organization.
    pub organization_id: OrganizationId,
    /// The person.
    pub user_id: UserId,
    /// The log-in.
    pub login_id: Uuid,
    /// Renews it, once.
    pub refresh_token: String,
}

/// What exchanging a refresh token came to.
#[derive(Debug)]
pub enum Exchange {
    /// The log-in goes on.
    Renewed(Login),
    /// Not a token of ours, expired, or its log-in has ended.
    Refused,
    /// A replay: the log-in of this person was ended by it.
    Replayed(OrganizationId, UserId),
}

/// Begins a log-in; `client` is what its owner recognises it by.
pub async fn begin(
    tx: &mut TenantTx,
    clock: &dyn Clock,
    user: UserId,
    client: &str,
) -> Result<Login, StoreError> {
    let now = clock.now();
    credentials::delete_expired_of(tx, user, now).await?;
    let login_id = clock.new_uuid();
    let forgotten = now.plus_seconds(-REFRESH_SECONDS);
    rows::begin(tx, login_id, user, client, now, forgotten).await?;
    let (refresh_token, _) = issue(tx, user, login_id, now).await?;
    Ok(Login {
        organization_id: tx.organization(),
        user_id: user,
        login_id,
        refresh_token,
    })
}

async fn issue(
    tx: &mut TenantTx,
    user: UserId,
    login: Uuid,
    now: Timestamp,
) -> Result<(String, SecretHash), StoreError> {
    let secret = SecretKind::Refresh.generate();
    let hash = SecretKind::Refresh
        .hash(&secret)
        .expect("a generated secret has its own kind's form");
    let token = NewRefreshToken {
        hash: &hash,
        user_id: user,
        family_id: login,
        expires_at: now.plus_seconds(REFRESH_SECONDS),
    };
    credentials::insert_refresh(tx, &token, now).await?;
    Ok((secret, hash))
}

/// Exchanges a refresh token for its successor.
pub async fn exchange(
    store: &Store,
    clock: &dyn Clock,
    refresh_token: &str,
) -> Result<Exchange, StoreError> {
    let Some(hash) = SecretKind::Refresh.hash(refresh_token) else {
        return Ok(Exchange::Refused);
    };
    let now = clock.now();
    let organization = {
        let mut reader = store.system().read().await?;
        credentials::refresh_organization(reader.db(), &hash).await?
    };
    let Some(organization) = organization else {
        return Ok(Exchange::Refused);
    };
    let mut tx = store.tenant(organization).begin().await?;
    let Some(token) = credentials::lock_refresh(&mut tx, &hash).await? else {
        return Ok(Exchange::Refused);
    };
    if token.revoked_at.is_some() || token.expires_at <= now {
        return Ok(Exchange::Refused);
    }
    let (user, login) = (token.user_id, token.family_id);
    let account = people::find(tx.db(), user).await?;
    if account.is_none_or(|account| account.status != UserStatus::Active) {
        return Ok(Exchange::Refused);
    }
    if let Some(successor) = &token.successor_hash
        && credentials::was_used(tx.db(), successor).await?
    {
        credentials::revoke_family(&mut tx, login, now).await?;
        people::touch_authority(&mut tx, user, now).await?;
        tx.commit().await?;
        return Ok(Exchange::Replayed(organization, user));
    }
    let (secret, new_hash) = issue(&mut tx, user, login, now).await?;
    credentials::set_successor(&mut tx, &hash, &new_hash, now).await?;
    if let Some(lost) = &token.successor_hash {
        // The successor that was given out before now leads to the new one as well: presenting
        // it after the new one was used is a replay like any other.
        credentials::set_successor(&mut tx, lost, &new_hash, now).await?;
    }
    rows::used(&mut tx, login, now).await?;
    tx.commit().await?;
    Ok(Exchange::Renewed(Login {
        organization_id: organization,
        user_id: user,
        login_id: login,
        refresh_token: secret,
    }))
}

/// Ends a log-in.
pub async fn end(
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    user: UserId,
    login: Uuid,
) -> Result<(), StoreError> {
    let now = clock.now();
    let mut tx = store.tenant(organization).begin().await?;
    credentials::revoke_family(&mut tx, login, now).await?;
    people::touch_authority(&mut tx, user, now).await?;
    tx.commit().await
}
