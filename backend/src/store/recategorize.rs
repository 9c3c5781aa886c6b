//! Letting the sums of past days follow newer rules: person after person, some days at a time.
//!
//! What a rule by title decided is left where it is: sums hold no titles. A day's row is locked
//! while its sums move, as ingest does, so that neither misses what the other writes.

use jiff::civil::Date;
use shared_types::{OrganizationId, Timestamp, UserId};
use uuid::Uuid;

use super::{Db, StoreError, SystemDb, TenantDb, TenantTx, day::Day, sql};

/// Organizations whose newest rules not all sums follow.
pub async fn waiting(db: SystemDb<'_>) -> Result<Vec<OrganizationId>, StoreError> {
    Ok(sql!(db, |c| {
        sqlx::query_scalar(
        "SELECT r.organization_id FROM category_rules r WHERE r.applied_at IS NULL AND r.version = \
             (SELECT max(m.version) FROM category_rules m WHERE m.organization_id = r.organization_id) \
         ORDER BY r.organization_id"
    )
    .fetch_all(&mut *c)
    .await
    })?)
}

/// A mark that lies behind every transaction that has begun to write; `None` where there is one
/// writer at a time.
pub async fn mark(mut db: SystemDb<'_>) -> Result<Option<i64>, StoreError> {
    let Db::Postgres(connection) = db.again().raw() else {
        return Ok(None);
    };
    let mark = sqlx::query_scalar("SELECT txid_snapshot_xmax(txid_current_snapshot())")
        .fetch_one(connection)
        .await?;
    Ok(Some(mark))
}

/// Whether every transaction before the mark has ended.
pub async fn passed(mut db: SystemDb<'_>, mark: i64) -> Result<bool, StoreError> {
    let Db::Postgres(connection) = db.again().raw() else {
        return Ok(true);
    };
    let oldest: i64 = sqlx::query_scalar("SELECT txid_snapshot_xmin(txid_current_snapshot())")
        .fetch_one(connection)
        .await?;
    Ok(oldest >= mark)
}

/// Notes that the work on a list begins, and of how many people.
pub async fn begin(tx: &mut TenantTx, version: i64, now: Timestamp) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(
        "UPDATE category_rules SET started_at = $1, people = \
             (SELECT count(*) FROM users u WHERE u.organization_id = $2 AND u.erased_at IS NULL) \
         WHERE organization_id = $2 AND version = $3 AND started_at IS NULL"
    )
    .bind(now)
    .bind(organization)
    .bind(version)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}

/// The person after this one, by id.
pub async fn next_person(
    db: TenantDb<'_>,
    after: Option<UserId>,
) -> Result<Option<UserId>, StoreError> {
    let organization = db.organization();
    Ok(sql!(db, |c| sqlx::query_scalar(
        "SELECT id FROM users WHERE organization_id = $1 AND erased_at IS NULL \
             AND (CAST($2 AS INTEGER) = 0 OR id > $3) ORDER BY id LIMIT 1"
    )
    .bind(organization)
    .bind(i32::from(after.is_some()))
    .bind(after.unwrap_or(UserId(Uuid::nil())))
    .fetch_optional(&mut *c)
    .await)?)
}

/// First and last day of which a person has sums by application.
pub async fn days_of(db: TenantDb<'_>, person: UserId) -> Result<Option<(Date, Date)>, StoreError> {
    let organization = db.organization();
    let (first, last): (Option<Day>, Option<Day>) = sql!(db, |c| sqlx::query_as(
        "SELECT min(day), max(day) FROM application_days \
         WHERE organization_id = $1 AND user_id = $2"
    )
    .bind(organization)
    .bind(person)
    .fetch_one(&mut *c)
    .await)?;
    Ok(first.zip(last).map(|(first, last)| (first.0, last.0)))
}

/// Locks a person's days, oldest first, as ingest does. SQLite needs nothing, it has one writer.
pub async fn lock(
    tx: &mut TenantTx,
    person: UserId,
    (from, to): (Date, Date),
) -> Result<(), StoreError> {
    let organization = tx.organization();
    if let Db::Postgres(connection) = tx.db().raw() {
        sqlx::query(
            "SELECT 1 FROM daily_summaries WHERE organization_id = $1 AND user_id = $2 \
                 AND day BETWEEN $3 AND $4 ORDER BY day FOR UPDATE",
        )
        .bind(organization)
        .bind(person)
        .bind(Day(from))
        .bind(Day(to))
        .execute(connection)
        .await?;
    }
    Ok(())
}

/// Whether a list is still the newest.
pub async fn is_latest(db: TenantDb<'_>, version: i64) -> Result<bool, StoreError> {
    let organization = db.organization();
    let newer: Option<i32> = sql!(db, |c| sqlx::query_scalar(
        "SELECT CAST(1 AS INTEGER) FROM category_rules \
         WHERE organization_id = $1 AND version > $2 LIMIT 1"
    )
    .bind(organization)
    .bind(version)
    .fetch_optional(&mut *c)
    .await)?;
    Ok(newer.is_none())
}

/// What a person used on these days that no title decided: application, site, category, seconds.
pub async fn movable(
    db: TenantDb<'_>,
    person: UserId,
    (from, to): (Date, Date),
) -> Result<Vec<(String, String, Uuid, i64)>, StoreError> {
    let organization = db.organization();
    Ok(sql!(db, |c| sqlx::query_as(
        "SELECT application, domain, category_id, CAST(sum(active_seconds + idle_seconds \
             - titled_active_seconds - titled_idle_seconds) AS BIGINT) \
         FROM application_days \
         WHERE organization_id = $1 AND user_id = $2 AND day BETWEEN $3 AND $4 \
             AND (active_seconds > titled_active_seconds OR idle_seconds > titled_idle_seconds) \
         GROUP BY application, domain, category_id ORDER BY application, domain, category_id"
    )
    .bind(organization)
    .bind(person)
    .bind(Day(from))
    .bind(Day(to))
    .fetch_all(&mut *c)
    .await)?)
}

/// Something that was used, in the category in which it is.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The application.
    pub application: &'a str,
    /// The site.
    pub domain: &'a str,
    /// The category; nil for none.
    pub category: Uuid,
}

/// Moves a person's seconds into another category: all that no title decided.
pub async fn shift(
    tx: &mut TenantTx,
    person: UserId,
    (from, to): (Date, Date),
    place: Place<'_>,
    category: Uuid,
) -> Result<(), StoreError> {
    const ADD: &str = "\
        INSERT INTO application_days AS a (organization_id, user_id, day, application, domain, category_id, \
            active_seconds, idle_seconds, titled_active_seconds, titled_idle_seconds) \
        SELECT organization_id, user_id, day, application, domain, $1, \
            active_seconds - titled_active_seconds, idle_seconds - titled_idle_seconds, 0, 0 \
        FROM application_days \
        WHERE organization_id = $2 AND user_id = $3 AND day BETWEEN $4 AND $5 \
            AND application = $6 AND domain = $7 AND category_id = $8 \
            AND (active_seconds > titled_active_seconds OR idle_seconds > titled_idle_seconds) \
        ON CONFLICT (organization_id, user_id, day, application, domain, category_id) DO UPDATE SET \
            active_seconds = a.active_seconds + excluded.active_seconds, \
            idle_seconds = a.idle_seconds + excluded.idle_seconds";
    const LEAVE: [&str; 2] = [
        "DELETE FROM application_days \
         WHERE organization_id = $1 AND user_id = $2 AND day BETWEEN $3 AND $4 \
             AND application = $5 AND domain = $6 AND category_id = $7 \
             AND titled_active_seconds = 0 AND titled_idle_seconds = 0",
        "UPDATE application_days \
             SET active_seconds = titled_active_seconds, idle_seconds = titled_idle_seconds \
         WHERE organization_id = $1 AND user_id = $2 AND day BETWEEN $3 AND $4 \
             AND application = $5 AND domain = $6 AND category_id = $7",
    ];
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(ADD)
        .bind(category)
        .bind(organization)
        .bind(person)
        .bind(Day(from))
        .bind(Day(to))
        .bind(place.application)
        .bind(place.domain)
        .bind(place.category)
        .execute(&mut *c)
        .await
        .map(drop))?;
    for text in LEAVE {
        sql!(tx.db(), |c| sqlx::query(text)
            .bind(organization)
            .bind(person)
            .bind(Day(from))
            .bind(Day(to))
            .bind(place.application)
            .bind(place.domain)
            .bind(place.category)
            .execute(&mut *c)
            .await
            .map(drop))?;
    }
    Ok(())
}

/// Adds to the seconds that came into another category.
pub async fn count(tx: &mut TenantTx, version: i64, seconds: i64) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(
        "UPDATE category_rules SET moved_seconds = moved_seconds + $1 \
         WHERE organization_id = $2 AND version = $3"
    )
    .bind(seconds)
    .bind(organization)
    .bind(version)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}

/// Notes that a person's days follow the list.
pub async fn pass(tx: &mut TenantTx, version: i64, person: UserId) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(
        "UPDATE category_rules SET reached = $1, people_done = people_done + 1 \
         WHERE organization_id = $2 AND version = $3 AND (reached IS NULL OR reached < $1)"
    )
    .bind(person)
    .bind(organization)
    .bind(version)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}

/// Notes that everybody's days follow the list.
pub async fn finish(tx: &mut TenantTx, version: i64, now: Timestamp) -> Result<(), StoreError> {
    let organization = tx.organization();
    sql!(tx.db(), |c| sqlx::query(
        "UPDATE category_rules SET applied_at = $1 \
         WHERE organization_id = $2 AND version = $3 AND applied_at IS NULL"
    )
    .bind(now)
    .bind(organization)
    .bind(version)
    .execute(&mut *c)
    .await
    .map(drop))?;
    Ok(())
}
