//! Categories, and the lists of rules that put applications into them.

use std::collections::BTreeSet;

use jiff::civil::Date;
use shared_types::{
    CategoryId, Timestamp, UserId,
    category::{Category, CategoryKind, CategoryRule},
};
use sqlx::types::Json;
use uuid::Uuid;

use super::{Db, StoreError, TenantDb, TenantTx, day::Day, sql};
use crate::domain::category::{Ruleset, Used};

type Row = (CategoryId, String, String, Timestamp);

fn category((id, name, kind, created_at): Row) -> Result<Category, StoreError> {
    let known = CategoryKind::parse(&kind);
    let kind = known.ok_or_else(|| StoreError::Corrupt(format!("kind of category {kind:?}")))?;
    Ok(Category {
        id,
        name,
        kind,
        created_at,
    })
}

/// A page of categories, by name.
pub async fn page(
    db: TenantDb<'_>,
    after: Option<(&str, CategoryId)>,
    limit: i64,
) -> Result<Vec<Category>, StoreError> {
    let organization = db.organization();
    let (name, id) = after.unwrap_or(("", CategoryId(Uuid::nil())));
    let rows: Vec<Row> = sql!(db, |c| sqlx::query_as(
        "SELECT id, name, kind, created_at FROM categories \
         WHERE organization_id = $1 AND (name > $2 OR (name = $2 AND id > $3)) \
         ORDER BY name, id LIMIT $4"
    )
    .bind(organization)
    .bind(name)
    .bind(id)
    .bind(limit)
    .fetch_all(&mut *c)
    .await)?;
    rows.into_iter().map(category).collect()
}

/// One category.
pub async fn find(db: TenantDb<'_>, id: CategoryId) -> Result<Option<Category>, StoreError> {
    let organization = db.organization();
    let row: Option<Row> = sql!(db, |c| {
        sqlx::query_as(
        "SELECT id, name, kind, created_at FROM categories WHERE organization_id = $1 AND id = $2"
    )
    .bind(organization)
    .bind(id)
    .fetch_optional(&mut *c)
    .await
    })?;
    row.map(category).transpose()
}

/// All categories' ids.
pub async fn ids(db: TenantDb<'_>) -> Result<BTreeSet<CategoryId>, StoreError> {
    let organization = db.organization();
    let rows: Vec<CategoryId> = sql!(db, |c| sqlx::query_scalar(
        "SELECT id FROM categories WHERE organization_id = $1"
    )
    .bind(organization)
    .fetch_all(&mut *c)
    .await)?;
    Ok(rows.into_iter().collect())
}

/// Makes a category. A unique violation means that the name is taken.
pub async fn insert(tx: &mut TenantTx, category: &Category) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(
        "INSERT INTO categories (organization_id, id, name, kind, created_at) \
         VALUES ($1, $2, $3, $4, $5)"
    )
    .bind(organization)
    .bind(category.id)
    .bind(&category.name)
    .bind(category.kind.name())
    .bind(category.created_at)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}

/// Writes a category's name and kind; false when there is none. A unique violation means that
/// the name is taken.
pub async fn change(tx: &mut TenantTx, category: &Category) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| sqlx::query(
        "UPDATE categories SET name = $3, kind = $4 WHERE organization_id = $1 AND id = $2"
    )
    .bind(organization)
    .bind(category.id)
    .bind(&category.name)
    .bind(category.kind.name())
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Removes a category; false when there is none. What was in it is in none.
pub async fn remove(tx: &mut TenantTx, id: CategoryId) -> Result<bool, StoreError> {
    let organization = tx.organization();
    let rows = sql!(tx.db(), |c| sqlx::query(
        "DELETE FROM categories WHERE organization_id = $1 AND id = $2"
    )
    .bind(organization)
    .bind(id)
    .execute(&mut *c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Lets one change of an organization's categories and rules through at a time, so that no rule
/// names a category that goes. SQLite needs nothing, it has one writer.
pub async fn lock(tx: &mut TenantTx) -> Result<(), StoreError> {
    let organization = tx.organization();
    if let Db::Postgres(connection) = tx.db().raw() {
        sqlx::query("SELECT 1 FROM organizations WHERE id = $1 FOR NO KEY UPDATE")
            .bind(organization)
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// The newest list, and how far the sums of past days follow it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Latest {
    /// Its version.
    pub version: i64,
    /// The rules, in their order.
    pub rules: Vec<CategoryRule>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When the work on past days began.
    pub started_at: Option<Timestamp>,
    /// When it was done.
    pub applied_at: Option<Timestamp>,
    /// The last person whose days follow it.
    pub reached: Option<UserId>,
    /// People, as counted when the work began.
    pub people: i64,
    /// People whose days follow it.
    pub people_done: i64,
    /// Seconds that came into another category.
    pub moved_seconds: i64,
}

#[derive(sqlx::FromRow)]
struct LatestRow {
    version: i64,
    rules: Json<Vec<CategoryRule>>,
    created_at: Timestamp,
    started_at: Option<Timestamp>,
    applied_at: Option<Timestamp>,
    reached: Option<UserId>,
    people: i64,
    people_done: i64,
    moved_seconds: i64,
}

/// The newest list; `None` where there never was one.
pub async fn latest(db: TenantDb<'_>) -> Result<Option<Latest>, StoreError> {
    let organization = db.organization();
    let row: Option<LatestRow> = sql!(db, |c| {
        sqlx::query_as(
        "SELECT version, rules, created_at, started_at, applied_at, reached, people, people_done, \
                moved_seconds \
         FROM category_rules WHERE organization_id = $1 ORDER BY version DESC LIMIT 1"
    )
    .bind(organization)
    .fetch_optional(&mut *c)
    .await
    })?;
    Ok(row.map(|row| Latest {
        version: row.version,
        rules: row.rules.0,
        created_at: row.created_at,
        started_at: row.started_at,
        applied_at: row.applied_at,
        reached: row.reached,
        people: row.people,
        people_done: row.people_done,
        moved_seconds: row.moved_seconds,
    }))
}

/// The newest rules, ready to be asked; none at all where there never was a list.
pub async fn ruleset(db: TenantDb<'_>) -> Result<Ruleset, StoreError> {
    Ok(latest(db).await?.map_or_else(Ruleset::default, |latest| {
        Ruleset::new(latest.version, &latest.rules)
    }))
}

/// Writes a list. `applied`: there are no sums that could follow another.
pub async fn add(
    tx: &mut TenantTx,
    version: i64,
    rules: &[CategoryRule],
    now: Timestamp,
    applied: Option<Timestamp>,
) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(
        "INSERT INTO category_rules (organization_id, version, rules, created_at, applied_at) \
         VALUES ($1, $2, $3, $4, $5)"
    )
    .bind(organization)
    .bind(version)
    .bind(Json(rules))
    .bind(now)
    .bind(applied)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}

/// What everybody used since a day, by application, site and category.
pub async fn used_since(db: TenantDb<'_>, from: Date) -> Result<Vec<Used>, StoreError> {
    let organization = db.organization();
    let rows: Vec<(String, String, Uuid, i64, i64)> = sql!(db, |c| sqlx::query_as(
        "SELECT application, domain, category_id, \
             CAST(sum(active_seconds + idle_seconds) AS BIGINT), \
             CAST(sum(titled_active_seconds + titled_idle_seconds) AS BIGINT) \
         FROM application_days WHERE organization_id = $1 AND day >= $2 \
         GROUP BY application, domain, category_id"
    )
    .bind(organization)
    .bind(Day(from))
    .fetch_all(&mut *c)
    .await)?;
    Ok(rows
        .into_iter()
        .map(|(application, domain, category, worked, titled)| Used {
            application,
            domain,
            category,
            worked,
            titled,
        })
        .collect())
}

/// Who worked since a day.
pub async fn worked_since(db: TenantDb<'_>, from: Date) -> Result<Vec<UserId>, StoreError> {
    let organization = db.organization();
    Ok(sql!(db, |c| sqlx::query_scalar(
        "SELECT DISTINCT user_id FROM daily_summaries WHERE organization_id = $1 AND day >= $2"
    )
    .bind(organization)
    .bind(Day(from))
    .fetch_all(&mut *c)
    .await)?)
}
