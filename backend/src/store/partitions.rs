//! Activity by months, on PostgreSQL: a partition is made before its month begins, and dropped
//! when nothing is left in it. SQLite keeps one table, and nothing here does anything there.
//!
//! Partitions are the login's, who owns the schema; the roles that the server works with reach
//! them through the table above, whose policies hold then (migration 0020).

use jiff::{civil::Date, tz::TimeZone};
use shared_types::Timestamp;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Postgres, Transaction};

use super::{Db, Store, StoreError};
use crate::domain::month::Month;

/// The table of all months; a partition's name is this and its month.
const TABLE: &str = "activity_logs";
/// What is older than the first month.
const BEFORE: &str = "activity_logs_before";
/// What no month takes.
const REST: &str = "activity_logs_rest";
/// How many months after this one are made ahead.
const AHEAD: usize = 2;
/// Who makes or drops partitions holds this, so that two instances do not do it at once.
const LOCK: i64 = 0x776f_726b_6d6f_6e01;

/// How activity is laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The months that have a partition, in order.
    pub months: Vec<Month>,
    /// Rows that lie in none of them, nor before the first one.
    pub astray: i64,
}

/// The months that must be there at an instant: its own, and those ahead.
#[must_use]
pub fn wanted(now: Timestamp) -> Vec<Month> {
    let this = Month::of(jiff::Timestamp::from(now).to_zoned(TimeZone::UTC).date());
    std::iter::successors(Some(this), |month| month.next())
        .take(AHEAD + 1)
        .collect()
}

/// The layout; `None` on SQLite, which has no partitions.
pub async fn layout(store: &Store) -> Result<Option<Layout>, StoreError> {
    let mut reader = store.login().await?;
    let Db::Postgres(connection) = reader.db() else {
        return Ok(None);
    };
    let months = months(connection).await?;
    let astray = count(connection, REST).await?;
    Ok(Some(Layout { months, astray }))
}

/// Makes the months that are wanted at `now` and not there. Rows of theirs that had to go
/// elsewhere meanwhile are put into them. Returns those that were made.
pub async fn make(store: &Store, now: Timestamp) -> Result<Vec<Month>, StoreError> {
    let mut reader = store.login().await?;
    let Db::Postgres(connection) = reader.db() else {
        return Ok(Vec::new());
    };
    let there = months(connection).await?;
    let missing = |there: &[Month]| -> Vec<Month> {
        let mut wanted = wanted(now);
        // Before the first month there is a partition already.
        wanted.retain(|month| !there.contains(month) && there.first() < Some(month));
        wanted
    };
    if missing(&there).is_empty() {
        return Ok(Vec::new());
    }
    let mut tx = alone(connection).await?;
    let missing = missing(&months(&mut tx).await?);
    // In the order in which ingest writes them, so that neither waits for the other forever.
    run(
        &mut tx,
        "LOCK TABLE work_sessions IN SHARE ROW EXCLUSIVE MODE".to_owned(),
    )
    .await?;
    run(
        &mut tx,
        format!("LOCK TABLE {REST} IN ACCESS EXCLUSIVE MODE"),
    )
    .await?;
    for month in &missing {
        let (name, from, until) = (name(*month), start(*month), end(*month)?);
        run(
            &mut tx,
            format!("CREATE TABLE {name} (LIKE {TABLE} INCLUDING ALL)"),
        )
        .await?;
        run(
            &mut tx,
            format!(
                "WITH astray AS (DELETE FROM {REST} \
                     WHERE started_at >= '{from}' AND started_at < '{until}' RETURNING *) \
                 INSERT INTO {name} SELECT * FROM astray"
            ),
        )
        .await?;
        run(
            &mut tx,
            format!("ALTER TABLE {TABLE} ATTACH PARTITION {name} FOR VALUES FROM ('{from}') TO ('{until}')"),
        )
        .await?;
        run(
            &mut tx,
            format!("ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"),
        )
        .await?;
    }
    tx.commit().await?;
    Ok(missing)
}

/// Drops the partitions that end at or before `before` and hold nothing any more; returns their
/// names. The months that are wanted at `now` stay. A partition that somebody reads just now is
/// left for the next time.
pub async fn drop_empty(
    store: &Store,
    before: Timestamp,
    now: Timestamp,
) -> Result<Vec<String>, StoreError> {
    let mut reader = store.login().await?;
    let Db::Postgres(connection) = reader.db() else {
        return Ok(Vec::new());
    };
    let wanted = wanted(now);
    let mut over = Vec::new();
    for month in months(connection).await? {
        let ends = instant(end_day(month)?)?;
        if ends <= before && !wanted.contains(&month) {
            over.push(name(month));
        }
    }
    let mut dropped = Vec::new();
    for name in over {
        if count(connection, &name).await? > 0 {
            continue;
        }
        let mut tx = alone(connection).await?;
        let locked = run(
            &mut tx,
            format!("LOCK TABLE {TABLE}, {name} IN ACCESS EXCLUSIVE MODE"),
        );
        match locked.await {
            Err(StoreError::Database(sqlx::Error::Database(error)))
                if error.code().as_deref() == Some("55P03") =>
            {
                tx.rollback().await?;
                continue;
            }
            other => other?,
        }
        // Once more, now that nobody writes to it.
        if count(&mut tx, &name).await? == 0 {
            run(&mut tx, format!("DROP TABLE {name}")).await?;
            dropped.push(name);
        }
        tx.commit().await?;
    }
    Ok(dropped)
}

/// A transaction that no other of this kind runs beside, and that does not wait long for a lock:
/// who comes behind it would wait, too.
async fn alone(connection: &mut PgConnection) -> Result<Transaction<'_, Postgres>, StoreError> {
    let mut tx = connection.begin().await?;
    run(&mut tx, "SET LOCAL lock_timeout = '2s'".to_owned()).await?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(LOCK)
        .execute(&mut *tx)
        .await?;
    Ok(tx)
}

async fn run(connection: &mut PgConnection, text: String) -> Result<(), StoreError> {
    sqlx::raw_sql(AssertSqlSafe(text))
        .execute(connection)
        .await?;
    Ok(())
}

/// Whether a partition has rows: their count, up to a thousand.
async fn count(connection: &mut PgConnection, name: &str) -> Result<i64, StoreError> {
    let text = format!("SELECT count(*) FROM (SELECT 1 FROM {name} LIMIT 1000) AS few");
    Ok(sqlx::query_scalar(AssertSqlSafe(text))
        .fetch_one(connection)
        .await?)
}

/// The months that have a partition. Their names say which they are.
async fn months(connection: &mut PgConnection) -> Result<Vec<Month>, StoreError> {
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT c.relname::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid \
         WHERE i.inhparent = $1::regclass",
    )
    .bind(TABLE)
    .fetch_all(connection)
    .await?;
    let mut months = Vec::new();
    for name in names {
        if name == BEFORE || name == REST {
            continue;
        }
        let month = month(&name)
            .ok_or_else(|| StoreError::Corrupt(format!("a partition with the name {name:?}")))?;
        months.push(month);
    }
    months.sort_unstable();
    Ok(months)
}

fn name(month: Month) -> String {
    let first = month.first();
    format!("{TABLE}_{:04}_{:02}", first.year(), first.month())
}

fn month(name: &str) -> Option<Month> {
    let (year, month) = name
        .strip_prefix(TABLE)?
        .strip_prefix('_')?
        .split_once('_')?;
    let first = Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()?;
    Some(Month::of(first))
}

fn start(month: Month) -> String {
    format!("{} 00:00:00+00", month.first())
}

fn end(month: Month) -> Result<String, StoreError> {
    Ok(format!("{} 00:00:00+00", end_day(month)?))
}

fn end_day(month: Month) -> Result<Date, StoreError> {
    let next = month.next();
    Ok(next
        .ok_or_else(|| StoreError::Corrupt("a month at the end of the calendar".into()))?
        .first())
}

fn instant(day: Date) -> Result<Timestamp, StoreError> {
    let begun = day
        .to_zoned(TimeZone::UTC)
        .map_err(|_| StoreError::Corrupt(format!("a month at {day}")))?;
    Ok(begun.timestamp().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partition_is_named_by_its_month() {
        let of = |text: &str| Month::of(text.parse().expect("a day"));
        assert_eq!(name(of("2026-03-31")), "activity_logs_2026_03");
        assert_eq!(month("activity_logs_2026_03"), Some(of("2026-03-01")));
        for other in [BEFORE, REST, "activity_logs", "activity_logs_2026_13"] {
            assert_eq!(month(other), None, "{other}");
        }
    }

    #[test]
    fn this_month_and_two_more_are_wanted_by_the_calendar_of_utc() {
        let now: Timestamp = "2026-11-30T23:59:59Z".parse().expect("an instant");
        let names: Vec<String> = wanted(now).into_iter().map(name).collect();
        assert_eq!(
            names,
            [
                "activity_logs_2026_11",
                "activity_logs_2026_12",
                "activity_logs_2027_01"
            ]
        );
    }
}
