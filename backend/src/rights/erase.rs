//! Erasing a person: cut off at once, removed in small steps, finished whatever is killed.
//!
//! The request only cuts the person off and notes the erasure. The rest is done by whoever comes
//! by: a worker, or the command line. Each step is a transaction that finds what is
//! left, so that one that was cut short is simply done again. An erasure stays open for
//! [`SETTLES_SECONDS`] after the request: what was under way when the person was cut off may
//! still be stored, and goes too.

use shared_types::{OrganizationId, Timestamp, UserId, audit::Erasure, auth::Role};

use super::STEP_ROWS;
use crate::{
    clock::Clock,
    domain::personal_data::{Erased, TABLES},
    store::{
        Store, StoreError,
        audit::{self, Entry},
        credentials,
        erasures::{self, StoredErasure},
        exports, people, personal,
    },
};

/// For how long after a request something of it may still arrive: longer than any request takes.
pub const SETTLES_SECONDS: i64 = 15 * 60;

/// Why a person is not erased.
#[derive(Debug, thiserror::Error)]
pub enum EraseError {
    /// There is no such person (any more).
    #[error("there is no such person")]
    Unknown,
    /// The address is not this person's.
    #[error("the address is not this person's")]
    WrongAddress,
    /// Nobody could manage the organization any more.
    #[error("this is the organization's only admin: make another one first")]
    LastAdmin,
    /// The database said no.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Cuts a person off and notes that everything of them is to go.
pub async fn request(
    store: &Store,
    clock: &dyn Clock,
    organization: OrganizationId,
    actor: Option<UserId>,
    person: UserId,
    email: &str,
) -> Result<Erasure, EraseError> {
    let now = clock.now();
    let mut tx = store.tenant(organization).begin().await?;
    let user = people::find(tx.db(), person)
        .await?
        .ok_or(EraseError::Unknown)?;
    if user.email != email.trim().to_lowercase() {
        return Err(EraseError::WrongAddress);
    }
    // First of all writes: it lets one at a time through, and two admins who erase each other
    // come one after the other.
    let entry = Entry {
        actor,
        action: "user.erased",
        subject: Some(person),
        detail: serde_json::json!({}),
    };
    audit::append(&mut tx, &entry, now).await?;
    if user.role == Role::Admin && erasures::other_admins(tx.db(), person).await? == 0 {
        return Err(EraseError::LastAdmin);
    }
    erasures::cut_off(&mut tx, person, now).await?;
    credentials::revoke_all(&mut tx, person, now).await?;
    erasures::insert(&mut tx, person, actor, now).await?;
    tx.commit().await?;
    Ok(Erasure {
        user_id: person,
        requested_at: now,
        finished_at: None,
    })
}

/// Goes on with every erasure that is not closed; returns how many transactions it took.
pub async fn run_due(
    store: &Store,
    clock: &dyn Clock,
    most: i64,
    stop: impl Fn() -> bool,
) -> Result<u64, StoreError> {
    let open = {
        let mut reader = store.system().read().await?;
        erasures::open(reader.db()).await?
    };
    let mut transactions = 0;
    for erasure in open {
        transactions += carry_out(store, clock, &erasure, most, &stop).await?;
    }
    Ok(transactions)
}

/// As [`run_due`], in steps of [`STEP_ROWS`].
pub async fn run_all(
    store: &Store,
    clock: &dyn Clock,
    stop: impl Fn() -> bool,
) -> Result<u64, StoreError> {
    run_due(store, clock, STEP_ROWS, stop).await
}

async fn carry_out(
    store: &Store,
    clock: &dyn Clock,
    erasure: &StoredErasure,
    most: i64,
    stop: &impl Fn() -> bool,
) -> Result<u64, StoreError> {
    let (organization, person) = (erasure.organization_id, erasure.user_id);
    let full = u64::try_from(most).unwrap_or(u64::MAX);
    let mut transactions = 0;
    for table in TABLES {
        if !table.is_personal() || matches!(table.erased, Erased::Stays(_)) {
            continue;
        }
        loop {
            if stop() {
                return Ok(transactions);
            }
            let mut tx = store.tenant(organization).begin().await?;
            let gone = match table.erased {
                Erased::Removed => personal::remove(&mut tx, table, person, most).await?,
                _ => personal::blank(&mut tx, table, person, most).await?,
            };
            tx.commit().await?;
            transactions += 1;
            tokio::task::yield_now().await;
            if gone < full {
                break;
            }
        }
    }
    // What others had made of the person's activity; a file that is being made ends with its row.
    let mut tx = store.tenant(organization).begin().await?;
    exports::remove_those_of(&mut tx, person).await?;
    tx.commit().await?;
    transactions += 1;
    let now = clock.now();
    let close = settled(erasure.requested_at, now);
    if close || erasure.finished_at.is_none() {
        let mut tx = store.tenant(organization).begin().await?;
        erasures::finish(&mut tx, person, close, now).await?;
        tx.commit().await?;
        transactions += 1;
    }
    if erasure.finished_at.is_none() {
        store.forget_removed().await?;
        tracing::info!(organization_id = %organization, user_id = %person, transactions, "erased a person");
    }
    Ok(transactions)
}

/// Whether nothing of a request can be under way any more.
fn settled(requested_at: Timestamp, now: Timestamp) -> bool {
    now.millis_since(requested_at) >= SETTLES_SECONDS * 1_000
}
