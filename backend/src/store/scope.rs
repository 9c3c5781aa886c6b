//! Whose data is asked for: without this answer the store cannot be asked at all.
//!
//! [`Store::tenant`] is one organization, [`Store::system`] the few questions that concern no
//! single one: who has this address or this secret, what changed anywhere, doctor, jobs. A
//! function on a tenant's table takes a [`TenantDb`] or a [`TenantTx`] and binds
//! [`TenantDb::organization`] in its condition; it has no organization among its parameters
//! that could be another one.
//!
//! That is the first wall. On PostgreSQL a second stands behind it (migration 0006): a tenant's
//! connections have the role `workpulse_tenant`, whose rows are those of the organization in the
//! setting `workpulse.organization`. The setting is said anew in the same message that begins a
//! transaction (and ends with it), or before the first question of a reader, whatever the
//! connection was used for before: an old value is never used, because no connection is handed
//! out before the new one has been confirmed.
//!
//! On SQLite there is one file and one process: there the first wall is the wall.

use shared_types::OrganizationId;

use super::{
    Store, StoreError,
    raw::{self, Db, Opening, Reader, Snapshot, Tx, sql},
    replica::Replica,
};

/// One organization's data.
#[derive(Debug, Clone, Copy)]
pub struct Tenant<'s> {
    store: &'s Store,
    organization: OrganizationId,
}

/// What concerns no single organization.
#[derive(Debug, Clone, Copy)]
pub struct System<'s> {
    store: &'s Store,
}

impl Store {
    /// One organization's data, and nothing else.
    #[must_use]
    pub const fn tenant(&self, organization: OrganizationId) -> Tenant<'_> {
        Tenant {
            store: self,
            organization,
        }
    }

    /// What concerns no single organization. Ask for a [`Store::tenant`] as soon as it is known
    /// whose data is meant.
    #[must_use]
    pub const fn system(&self) -> System<'_> {
        System { store: self }
    }
}

const READ_ONLY: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
const READ_WRITE: &str = "BEGIN";

/// The digits and dashes of an id are safe in a text.
fn opening(organization: OrganizationId) -> Opening {
    Opening {
        session: Some(format!("SET workpulse.organization = '{organization}'")),
        transaction: format!("; SET LOCAL workpulse.organization = '{organization}'"),
    }
}

const NO_OPENING: Opening = Opening {
    session: None,
    transaction: String::new(),
};

impl Tenant<'_> {
    /// A connection for reading.
    pub async fn read(self) -> Result<TenantReader, StoreError> {
        let reader = match self.store {
            Store::Sqlite(engine) => engine.read().await?,
            Store::Postgres(engine) => {
                raw::read(&engine.tenant, &opening(self.organization)).await?
            }
        };
        Ok(TenantReader {
            reader,
            organization: self.organization,
        })
    }

    /// A consistent view for several reads: all see the same moment.
    pub async fn snapshot(self) -> Result<TenantSnapshot, StoreError> {
        let snapshot = match self.store {
            Store::Sqlite(engine) => engine.snapshot().await?,
            Store::Postgres(engine) => Snapshot::Postgres(
                raw::begin(&engine.tenant, READ_ONLY, &opening(self.organization)).await?,
            ),
        };
        Ok(TenantSnapshot {
            snapshot,
            organization: self.organization,
        })
    }

    /// A connection for reading what may be some seconds old: to the read replica where one is
    /// configured and current, otherwise as [`Self::read`]. For reports; never for what gates a
    /// write, and never for who may do what.
    pub async fn replica_read(self) -> Result<TenantReader, StoreError> {
        if let Some(replica) = self.replica()
            && let Some(reader) = replica.read(&opening(self.organization)).await
        {
            return Ok(TenantReader {
                reader,
                organization: self.organization,
            });
        }
        self.read().await
    }

    /// A consistent view that may be some seconds old, for several reads; see
    /// [`Self::replica_read`].
    pub async fn replica_snapshot(self) -> Result<TenantSnapshot, StoreError> {
        if let Some(replica) = self.replica()
            && let Some(snapshot) = replica
                .snapshot(READ_ONLY, &opening(self.organization))
                .await
        {
            return Ok(TenantSnapshot {
                snapshot,
                organization: self.organization,
            });
        }
        self.snapshot().await
    }

    fn replica(self) -> Option<std::sync::Arc<Replica>> {
        match self.store {
            Store::Sqlite(_) => None,
            Store::Postgres(engine) => engine.replica.clone(),
        }
    }

    /// A transaction for writing.
    pub async fn begin(self) -> Result<TenantTx, StoreError> {
        let tx = match self.store {
            Store::Sqlite(engine) => engine.begin().await?,
            Store::Postgres(engine) => Tx::Postgres(
                raw::begin(&engine.tenant, READ_WRITE, &opening(self.organization)).await?,
            ),
        };
        Ok(TenantTx {
            tx,
            organization: self.organization,
        })
    }
}

impl System<'_> {
    /// A connection for reading.
    pub async fn read(self) -> Result<SystemReader, StoreError> {
        Ok(SystemReader(match self.store {
            Store::Sqlite(engine) => engine.read().await?,
            Store::Postgres(engine) => raw::read(&engine.system, &NO_OPENING).await?,
        }))
    }

    /// A consistent view for several reads: all see the same moment.
    pub async fn snapshot(self) -> Result<SystemSnapshot, StoreError> {
        Ok(SystemSnapshot(match self.store {
            Store::Sqlite(engine) => engine.snapshot().await?,
            Store::Postgres(engine) => {
                Snapshot::Postgres(raw::begin(&engine.system, READ_ONLY, &NO_OPENING).await?)
            }
        }))
    }

    /// A transaction for writing. On PostgreSQL it may write what migration 0006 (and those
    /// after it) grant to the system by name, no more.
    pub async fn begin(self) -> Result<SystemTx, StoreError> {
        Ok(SystemTx(match self.store {
            Store::Sqlite(engine) => engine.begin().await?,
            Store::Postgres(engine) => {
                Tx::Postgres(raw::begin(&engine.system, READ_WRITE, &NO_OPENING).await?)
            }
        }))
    }
}

/// A borrowed connection, and the organization that it may ask for.
#[derive(Debug)]
pub struct TenantDb<'c> {
    db: Db<'c>,
    organization: OrganizationId,
}

impl<'c> TenantDb<'c> {
    /// The same connection, for one more query.
    pub fn again(&mut self) -> TenantDb<'_> {
        TenantDb {
            db: self.db.again(),
            organization: self.organization,
        }
    }

    /// The organization: what every condition binds.
    #[must_use]
    pub const fn organization(&self) -> OrganizationId {
        self.organization
    }

    pub(super) fn raw(self) -> Db<'c> {
        self.db
    }
}

/// A borrowed connection for what concerns no single organization.
#[derive(Debug)]
pub struct SystemDb<'c>(Db<'c>);

impl<'c> SystemDb<'c> {
    /// The same connection, for one more query.
    pub fn again(&mut self) -> SystemDb<'_> {
        SystemDb(self.0.again())
    }

    pub(super) fn raw(self) -> Db<'c> {
        self.0
    }
}

/// A connection for reading one organization's data.
#[derive(Debug)]
pub struct TenantReader {
    reader: Reader,
    organization: OrganizationId,
}

impl TenantReader {
    /// The connection, for one query.
    pub fn db(&mut self) -> TenantDb<'_> {
        TenantDb {
            db: self.reader.db(),
            organization: self.organization,
        }
    }
}

/// A read-only transaction over one organization's data: all its reads see the same moment.
#[derive(Debug)]
pub struct TenantSnapshot {
    snapshot: Snapshot,
    organization: OrganizationId,
}

impl TenantSnapshot {
    /// The connection, for one query.
    pub fn db(&mut self) -> TenantDb<'_> {
        TenantDb {
            db: self.snapshot.db(),
            organization: self.organization,
        }
    }
}

/// A transaction on one organization's data; dropped without [`TenantTx::commit`], it is rolled
/// back.
#[derive(Debug)]
pub struct TenantTx {
    tx: Tx,
    organization: OrganizationId,
}

impl TenantTx {
    /// The connection inside the transaction, for one query.
    pub fn db(&mut self) -> TenantDb<'_> {
        TenantDb {
            db: self.tx.db(),
            organization: self.organization,
        }
    }

    /// The organization: what every condition binds.
    #[must_use]
    pub const fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// Commits. An error here does not mean "not written": the outcome is unknown.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.tx.commit().await
    }
}

/// A connection for reading what concerns no single organization.
#[derive(Debug)]
pub struct SystemReader(Reader);

impl SystemReader {
    /// The connection, for one query.
    pub fn db(&mut self) -> SystemDb<'_> {
        SystemDb(self.0.db())
    }
}

/// A read-only transaction over all organizations: all its reads see the same moment.
#[derive(Debug)]
pub struct SystemSnapshot(Snapshot);

impl SystemSnapshot {
    /// The connection, for one query.
    pub fn db(&mut self) -> SystemDb<'_> {
        SystemDb(self.0.db())
    }
}

/// A transaction on what concerns no single organization; dropped without
/// [`SystemTx::commit`], it is rolled back.
#[derive(Debug)]
pub struct SystemTx(Tx);

impl SystemTx {
    /// The connection inside the transaction, for one query.
    pub fn db(&mut self) -> SystemDb<'_> {
        SystemDb(self.0.db())
    }

    /// Goes on as one organization until the end of the transaction. There is no way back.
    pub async fn narrow(mut self, organization: OrganizationId) -> Result<TenantTx, StoreError> {
        if let Db::Postgres(connection) = self.0.db() {
            let text = format!(
                "SET LOCAL ROLE workpulse_tenant{}",
                opening(organization).transaction
            );
            sqlx::raw_sql(sqlx::AssertSqlSafe(text))
                .execute(connection)
                .await?;
        }
        Ok(TenantTx {
            tx: self.0,
            organization,
        })
    }

    /// Commits. An error here does not mean "not written": the outcome is unknown.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.0.commit().await
    }
}

/// Whether the database answers.
pub async fn ping(db: SystemDb<'_>) -> Result<(), StoreError> {
    let _: i32 = sql!(db, |c| sqlx::query_scalar("SELECT CAST(1 AS INTEGER)")
        .fetch_one(&mut *c)
        .await)?;
    Ok(())
}
