//! One person's rows in every table, by the register in `domain::personal_data`: read for an
//! export, blanked or removed for an erasure, removed for their age.
//!
//! The texts are made from the register's names, which are the schema's own and constants of
//! this program. Each takes the organization as `$1` and the person as `$2`.

use futures_util::TryStreamExt as _;
use serde_json::{Map, Value};
use shared_types::{Timestamp, UserId};
use sqlx::{AssertSqlSafe, Row as _, types::Json};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::{StoreError, TenantDb, TenantTx, day::Day, sql};
use crate::domain::personal_data::{Blank, Column, Kept, Kind, Table, Whose};

/// Whose rows, as a condition; `None` where they are nobody's.
fn condition(whose: Whose) -> Option<String> {
    const ADDRESS: &str = "(SELECT email FROM users WHERE organization_id = $1 AND id = $2)";
    Some(match whose {
        Whose::Nobody => return None,
        Whose::Person(column) => format!("organization_id = $1 AND {column} = $2"),
        Whose::Address(column) => format!("organization_id = $1 AND {column} = {ADDRESS}"),
        Whose::Through(own, table, key, person) => format!(
            "{own} IN (SELECT {key} FROM {table} WHERE organization_id = $1 AND {person} = $2)"
        ),
        Whose::ThroughAddress(own, table, key, address) => format!(
            "organization_id = $1 AND {own} IN \
             (SELECT {key} FROM {table} WHERE organization_id = $1 AND {address} = {ADDRESS})"
        ),
        Whose::Any(all) => {
            let all: Vec<String> = all.iter().filter_map(|one| condition(*one)).collect();
            format!("(({}))", all.join(") OR ("))
        }
    })
}

fn names(columns: impl IntoIterator<Item = &'static str>) -> String {
    columns.into_iter().collect::<Vec<_>>().join(", ")
}

/// Reads a person's rows of a table, one after the other, in the order of an export, and sends
/// each as JSON. Holds no more than a few rows at a time; waits for whoever takes them, and ends
/// when nobody does. Returns how many there were.
pub async fn read(
    db: TenantDb<'_>,
    table: &'static Table,
    person: UserId,
    to: mpsc::Sender<Map<String, Value>>,
) -> Result<i64, StoreError> {
    let Some(condition) = condition(table.whose) else {
        return Ok(0);
    };
    let columns: Vec<&Column> = table.exported().collect();
    let order = if table.order.is_empty() {
        table.key
    } else {
        table.order
    };
    let text = format!(
        "SELECT {} FROM {} WHERE {condition} ORDER BY {}",
        names(columns.iter().map(|column| column.name)),
        table.name,
        names(order.iter().copied()),
    );
    let organization = db.organization();
    let mut count = 0;
    sql!(db, |c| {
        let mut rows = sqlx::query(AssertSqlSafe(text))
            .bind(organization)
            .bind(person)
            .fetch(&mut *c);
        while let Some(found) = rows.try_next().await? {
            let mut object = Map::new();
            for (at, column) in columns.iter().enumerate() {
                // A macro: the two engines' rows have no common type.
                macro_rules! get {
                    ($kind:ty, $value:ident => $json:expr) => {
                        found
                            .try_get::<Option<$kind>, _>(at)?
                            .map_or(Value::Null, |$value| $json)
                    };
                }
                let value = match column.kind {
                    Kind::Id => get!(Uuid, id => id.to_string().into()),
                    Kind::Instant => get!(Timestamp, at => at.to_string().into()),
                    Kind::Number => get!(i64, number => number.into()),
                    Kind::Flag => get!(bool, flag => flag.into()),
                    Kind::Day => get!(Day, day => day.to_string().into()),
                    Kind::Json => get!(Json<Value>, json => json.0),
                    Kind::Text | Kind::Word(_) => get!(String, text => text.into()),
                    // The register's tests see to it that no bytes are exported.
                    Kind::Bytes => Value::Null,
                };
                object.insert(column.name.to_owned(), value);
            }
            count += 1;
            if to.send(object).await.is_err() {
                break;
            }
        }
    });
    Ok(count)
}

/// Removes at most `limit` of a person's rows of a table; returns how many.
pub async fn remove(
    tx: &mut TenantTx,
    table: &Table,
    person: UserId,
    limit: i64,
) -> Result<u64, StoreError> {
    let Some(condition) = condition(table.whose) else {
        return Ok(0);
    };
    let key = names(table.key.iter().copied());
    let text = format!(
        "DELETE FROM {name} WHERE ({key}) IN (SELECT {key} FROM {name} WHERE {condition} LIMIT $3)",
        name = table.name,
    );
    let organization = tx.organization();
    Ok(sql!(tx.db(), |c| sqlx::query(AssertSqlSafe(text))
        .bind(organization)
        .bind(person)
        .bind(limit)
        .execute(&mut *c)
        .await
        .map(|done| done.rows_affected()))?)
}

/// Blanks at most `limit` of a person's rows of a table that are not blank yet; returns how
/// many.
pub async fn blank(
    tx: &mut TenantTx,
    table: &Table,
    person: UserId,
    limit: i64,
) -> Result<u64, StoreError> {
    let Some(condition) = condition(table.whose) else {
        return Ok(0);
    };
    let mut settings = Vec::new();
    let mut differences = Vec::new();
    for Column { name, blank, .. } in table.columns {
        let value = match blank {
            Blank::Unchanged => continue,
            Blank::Null => {
                settings.push(format!("{name} = NULL"));
                differences.push(format!("{name} IS NOT NULL"));
                continue;
            }
            Blank::Text(text) => format!("'{}'", text.replace('\'', "''")),
            Blank::Number(number) => number.to_string(),
            Blank::Epoch => "$4".to_owned(),
            Blank::Address => "$5".to_owned(),
        };
        settings.push(format!("{name} = {value}"));
        differences.push(format!("{name} IS NULL OR {name} <> {value}"));
    }
    let key = names(table.key.iter().copied());
    // All five are used, so that both engines know their types.
    let text = format!(
        "UPDATE {name} SET {} WHERE ({key}) IN (SELECT {key} FROM {name} WHERE {condition} AND ({}) LIMIT $3)
         AND $4 IS NOT NULL AND $5 IS NOT NULL",
        settings.join(", "),
        differences.join(" OR "),
        name = table.name,
    );
    let organization = tx.organization();
    Ok(sql!(tx.db(), |c| sqlx::query(AssertSqlSafe(text))
        .bind(organization)
        .bind(person)
        .bind(limit)
        .bind(Timestamp::UNIX_EPOCH)
        .bind(format!("{person}@erased.invalid"))
        .execute(&mut *c)
        .await
        .map(|done| done.rows_affected()))?)
}

/// Removes at most `limit` of a person's rows that began before `before`, from a table that is
/// kept as long as activity is; returns how many.
pub async fn remove_activity(
    tx: &mut TenantTx,
    table: &Table,
    person: UserId,
    before: Timestamp,
    limit: i64,
) -> Result<u64, StoreError> {
    let (Kept::Activity(column), Some(condition)) = (table.kept, condition(table.whose)) else {
        return Ok(0);
    };
    let key = names(table.key.iter().copied());
    let text = format!(
        "DELETE FROM {name} WHERE ({key}) IN \
         (SELECT {key} FROM {name} WHERE {condition} AND {column} < $3 LIMIT $4) AND {column} < $3",
        name = table.name,
    );
    let organization = tx.organization();
    // The second comparison is for months that are apart: those behind are not opened for it.
    Ok(sql!(tx.db(), |c| sqlx::query(AssertSqlSafe(text))
        .bind(organization)
        .bind(person)
        .bind(before)
        .bind(limit)
        .execute(&mut *c)
        .await
        .map(|done| done.rows_affected()))?)
}

/// People who have rows that began before `before` in a table that is kept as long as activity
/// is: one look into an index for each person.
pub async fn people_with_activity(
    db: TenantDb<'_>,
    table: &Table,
    before: Timestamp,
) -> Result<Vec<UserId>, StoreError> {
    let Kept::Activity(column) = table.kept else {
        return Ok(Vec::new());
    };
    let rows = match table.whose {
        Whose::Person(own) => format!(
            "SELECT 1 FROM {} t WHERE t.organization_id = u.organization_id AND t.{own} = u.id AND t.{column} < $2",
            table.name
        ),
        Whose::Through(own, other, key, person) => format!(
            "SELECT 1 FROM {other} o JOIN {} t ON t.{own} = o.{key} \
             WHERE o.organization_id = u.organization_id AND o.{person} = u.id AND t.{column} < $2",
            table.name
        ),
        _ => return Ok(Vec::new()),
    };
    let text = format!(
        "SELECT u.id FROM users u WHERE u.organization_id = $1 AND EXISTS ({rows}) ORDER BY u.id"
    );
    let organization = db.organization();
    Ok(sql!(db, |c| sqlx::query_scalar(AssertSqlSafe(text))
        .bind(organization)
        .bind(before)
        .fetch_all(&mut *c)
        .await)?)
}

/// Removes at most `limit` of the organization's rows whose own instant lies before `before`,
/// from a table that is kept for a number of days behind it; returns how many.
pub async fn remove_expired(
    tx: &mut TenantTx,
    table: &Table,
    before: Timestamp,
    limit: i64,
) -> Result<u64, StoreError> {
    let Kept::Behind(column, _) = table.kept else {
        return Ok(0);
    };
    let key = names(table.key.iter().copied());
    let text = format!(
        "DELETE FROM {name} WHERE ({key}) IN \
         (SELECT {key} FROM {name} WHERE organization_id = $1 AND {column} < $2 LIMIT $3)",
        name = table.name,
    );
    let organization = tx.organization();
    Ok(sql!(tx.db(), |c| sqlx::query(AssertSqlSafe(text))
        .bind(organization)
        .bind(before)
        .bind(limit)
        .execute(&mut *c)
        .await
        .map(|done| done.rows_affected()))?)
}

/// Whether the organization has rows that [`remove_expired`] would remove.
pub async fn any_expired(
    db: TenantDb<'_>,
    table: &Table,
    before: Timestamp,
) -> Result<bool, StoreError> {
    let Kept::Behind(column, _) = table.kept else {
        return Ok(false);
    };
    let text = format!(
        "SELECT CAST(1 AS INTEGER) FROM {} WHERE organization_id = $1 AND {column} < $2 LIMIT 1",
        table.name,
    );
    let organization = db.organization();
    let found: Option<i32> = sql!(db, |c| sqlx::query_scalar(AssertSqlSafe(text))
        .bind(organization)
        .bind(before)
        .fetch_optional(&mut *c)
        .await)?;
    Ok(found.is_some())
}
