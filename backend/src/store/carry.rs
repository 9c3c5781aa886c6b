//! The embedded database's rows, carried to PostgreSQL: all of them, each compared afterwards,
//! or none.
//!
//! One transaction on either side. The file is held alone, so that no minute arrives in it
//! that PostgreSQL would not get; PostgreSQL commits only what was read back and found equal,
//! so that whatever ends this early leaves the database as empty as it was. Which tables and
//! columns there are is read from the register in `domain::personal_data`, whose tests compare
//! it with both schemas.

use std::path::Path;

use futures_util::TryStreamExt as _;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use shared_types::Timestamp;
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection, Row as _, SqliteConnection,
    postgres::PgConnectOptions, sqlite::SqliteConnectOptions, types::Json,
};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::{
    Db, StoreError,
    copy::{self, CopyError},
    day::Day,
    sql,
};
use crate::domain::personal_data::{Column, Kind, TABLES, Table};

/// Rows a COPY. PostgreSQL keeps a note for each foreign key of each row until a statement ends.
const BATCH: usize = 20_000;
/// Bytes that are handed to PostgreSQL at once.
const PIECE: usize = 256 * 1024;
/// Rows between the one who reads and the one who writes.
const BETWEEN: usize = 1_000;
/// Made again by any server that starts: what one has left in an otherwise empty database is
/// replaced by what the file has.
const MADE_BY_SERVERS: [&str; 3] = ["jobs", "schedule_scopes", "schedules"];

/// A row as texts; absent: NULL. The same value gives the same text on both engines.
type Cells = Vec<Option<String>>;

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The table.
    pub table: &'static str,
    /// Whether rows are being compared rather than copied.
    pub comparing: bool,
    /// Rows so far.
    pub rows: u64,
    /// Rows that the file has.
    pub of: u64,
}

/// A table that arrived, and was compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Carried {
    /// The table.
    pub table: &'static str,
    /// Its rows.
    pub rows: u64,
    /// SHA-256 over all of them in the order of their key, in hex; the same on both sides.
    pub sha256: String,
}

/// Why nothing was carried.
#[derive(Debug, thiserror::Error)]
pub enum CarryError {
    /// A database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file.
    #[error(transparent)]
    File(#[from] CopyError),
    /// There is something already.
    #[error(
        "the PostgreSQL database holds rows already ({table}); only an empty one is filled. Make a fresh one: createdb workpulse"
    )]
    Occupied {
        /// A table that has rows.
        table: &'static str,
    },
    /// What was written is not what is there.
    #[error("{table}: the row {key} is not the same in both databases")]
    Differs {
        /// The table.
        table: &'static str,
        /// Its key, as far as it was found.
        key: String,
    },
}

impl From<sqlx::Error> for CarryError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// Carries everything from a database file to an empty PostgreSQL database. Both have this
/// version's schema. `told` is called after each batch.
///
/// # Errors
/// [`CarryError`]: then PostgreSQL holds nothing of it, and the file is as it was.
pub async fn carry(
    from: &Path,
    to: &str,
    mut told: impl FnMut(&Progress),
) -> Result<Vec<Carried>, CarryError> {
    let file = from.to_owned();
    tokio::task::spawn_blocking(move || copy::nobody_else(&file))
        .await
        .map_err(|error| StoreError::Corrupt(error.to_string()))??;
    let mut source = SqliteConnectOptions::new()
        .filename(from)
        .disable_statement_logging()
        .connect()
        .await?;
    // Held until the end: a server that starts meanwhile finds the file locked.
    sqlx::query("BEGIN EXCLUSIVE").execute(&mut source).await?;
    let options: PgConnectOptions = to.parse()?;
    let mut target = options
        .application_name("workpulse-server migrate-data")
        .disable_statement_logging()
        .connect()
        .await?;
    let mut transaction = target.begin().await?;
    let walls = open_walls(&mut transaction).await?;
    empty(&mut transaction).await?;
    let mut carried = Vec::new();
    // The register names children before what they point to; rows are made the other way round.
    for table in TABLES.iter().rev() {
        let of = count(Db::Sqlite(&mut source), table).await?;
        let mut at = Progress {
            table: table.name,
            comparing: false,
            rows: 0,
            of,
        };
        write(&mut source, &mut transaction, table, &mut at, &mut told).await?;
        at.rows = 0;
        at.comparing = true;
        let sha256 = compare(&mut source, &mut transaction, table, &mut at, &mut told).await?;
        carried.push(Carried {
            table: table.name,
            rows: at.rows,
            sha256,
        });
    }
    go_on_counting(&mut source, &mut transaction).await?;
    close_walls(&mut transaction, &walls).await?;
    transaction.commit().await?;
    target.close().await?;
    source.close().await?;
    Ok(carried)
}

async fn run(db: &mut PgConnection, text: String) -> Result<(), CarryError> {
    sqlx::raw_sql(AssertSqlSafe(text)).execute(db).await?;
    Ok(())
}

/// Row-level security binds even the owner here, who has no policy. Within this transaction it
/// does not: nobody else sees the tables meanwhile, and a rollback brings the wall back, too.
async fn open_walls(db: &mut PgConnection) -> Result<Vec<String>, CarryError> {
    let forced: Vec<String> = sqlx::query_scalar(
        "SELECT relname::text FROM pg_class
         WHERE relnamespace = current_schema()::text::regnamespace AND relkind IN ('r', 'p') AND relforcerowsecurity",
    )
    .fetch_all(&mut *db)
    .await?;
    for table in &forced {
        run(
            db,
            format!("ALTER TABLE \"{table}\" NO FORCE ROW LEVEL SECURITY"),
        )
        .await?;
    }
    // Rows come as they are: what a trigger would add to them is in them already.
    for table in TABLES {
        run(
            db,
            format!("ALTER TABLE {} DISABLE TRIGGER USER", table.name),
        )
        .await?;
    }
    Ok(forced)
}

async fn close_walls(db: &mut PgConnection, forced: &[String]) -> Result<(), CarryError> {
    for table in TABLES {
        run(
            db,
            format!("ALTER TABLE {} ENABLE TRIGGER USER", table.name),
        )
        .await?;
    }
    for table in forced {
        run(
            db,
            format!("ALTER TABLE \"{table}\" FORCE ROW LEVEL SECURITY"),
        )
        .await?;
    }
    Ok(())
}

/// Refuses a database with rows of its own; removes what a server makes again.
async fn empty(db: &mut PgConnection) -> Result<(), CarryError> {
    for table in TABLES {
        if MADE_BY_SERVERS.contains(&table.name) {
            run(db, format!("DELETE FROM {}", table.name)).await?;
        } else if count(Db::Postgres(&mut *db), table).await? > 0 {
            return Err(CarryError::Occupied { table: table.name });
        }
    }
    Ok(())
}

async fn count(db: Db<'_>, table: &Table) -> Result<u64, CarryError> {
    let text = format!("SELECT count(*) FROM {}", table.name);
    let found: i64 = sql!(db, |c| sqlx::query_scalar(AssertSqlSafe(text))
        .fetch_one(&mut *c)
        .await)?;
    Ok(found.unsigned_abs())
}

/// Copies a table's rows, batch by batch.
async fn write(
    source: &mut SqliteConnection,
    target: &mut PgConnection,
    table: &'static Table,
    at: &mut Progress,
    told: &mut impl FnMut(&Progress),
) -> Result<(), CarryError> {
    let statement = format!(
        "COPY {} ({}) FROM STDIN",
        table.name,
        names(table.columns.iter().map(|column| column.name))
    );
    let (to, mut rows) = mpsc::channel(BETWEEN);
    let reading = read(Db::Sqlite(source), table, to);
    let writing = async {
        let mut next = rows.recv().await;
        while next.is_some() {
            let mut copy = target.copy_in_raw(&statement).await?;
            let mut piece = String::new();
            for _ in 0..BATCH {
                let Some(row) = next.take() else { break };
                line(&row, &mut piece);
                at.rows += 1;
                if piece.len() > PIECE {
                    copy.send(std::mem::take(&mut piece).into_bytes()).await?;
                }
                next = rows.recv().await;
            }
            copy.send(piece.into_bytes()).await?;
            copy.finish().await?;
            told(at);
        }
        Ok::<(), CarryError>(())
    };
    // A writer that gives up takes no more rows, and the reader ends.
    let (read, written) = tokio::join!(reading, writing);
    written?;
    read
}

/// Reads a table on both sides in the order of its key, and compares row by row; the digest.
async fn compare(
    source: &mut SqliteConnection,
    target: &mut PgConnection,
    table: &'static Table,
    at: &mut Progress,
    told: &mut impl FnMut(&Progress),
) -> Result<String, CarryError> {
    let (to_ours, mut ours) = mpsc::channel::<Cells>(BETWEEN);
    let (to_theirs, mut theirs) = mpsc::channel::<Cells>(BETWEEN);
    let comparing = async {
        let mut digest = Sha256::new();
        loop {
            let (mut one, mut two) = (ours.recv().await, theirs.recv().await);
            if one != two {
                // Nobody goes on reading.
                ours.close();
                theirs.close();
                let found = one.take().or(two.take()).unwrap_or_default();
                return Err(CarryError::Differs {
                    table: table.name,
                    key: key(table, &found),
                });
            }
            let Some(row) = one else { break };
            add(&mut digest, &row);
            at.rows += 1;
            if at.rows.is_multiple_of(BATCH as u64) {
                told(at);
            }
        }
        told(at);
        Ok(hex(&digest.finalize()))
    };
    let (first, second, compared) = tokio::join!(
        read(Db::Sqlite(source), table, to_ours),
        read(Db::Postgres(target), table, to_theirs),
        comparing
    );
    first?;
    second?;
    compared
}

fn key(table: &Table, row: &Cells) -> String {
    let mut key = Vec::new();
    for (column, cell) in table.columns.iter().zip(row) {
        // A secret's hash is a key, too; it stays out of terminals.
        if table.key.contains(&column.name) && column.kind != Kind::Bytes {
            key.push(cell.as_deref().unwrap_or("NULL"));
        }
    }
    key.join(" ")
}

/// What is counted goes on where the file has counted to, so that no number is given twice.
async fn go_on_counting(
    source: &mut SqliteConnection,
    target: &mut PgConnection,
) -> Result<(), CarryError> {
    let counted: Vec<(String, String)> = sqlx::query_as(
        "SELECT table_name::text, column_name::text FROM information_schema.columns
         WHERE table_schema = current_schema() AND is_identity = 'YES'",
    )
    .fetch_all(&mut *target)
    .await?;
    for (table, column) in counted {
        let last: Option<i64> =
            sqlx::query_scalar("SELECT seq FROM sqlite_sequence WHERE name = $1")
                .bind(&table)
                .fetch_optional(&mut *source)
                .await?;
        if let Some(last) = last.filter(|last| *last > 0) {
            sqlx::query("SELECT setval(pg_get_serial_sequence($1, $2), $3)")
                .bind(&table)
                .bind(&column)
                .bind(last)
                .execute(&mut *target)
                .await?;
        }
    }
    Ok(())
}

fn names(columns: impl Iterator<Item = &'static str>) -> String {
    columns.collect::<Vec<_>>().join(", ")
}

/// Sends each row of a table in the order of its key; ends when nobody takes them.
async fn read(
    db: Db<'_>,
    table: &'static Table,
    to: mpsc::Sender<Cells>,
) -> Result<(), CarryError> {
    // By bytes on both sides, whatever the database's language is.
    let collation = if matches!(db, Db::Postgres(_)) {
        " COLLATE \"C\""
    } else {
        ""
    };
    let order = table.key.iter().map(|name| {
        let column = table.columns.iter().find(|column| column.name == *name);
        let words = column.is_some_and(|found| matches!(found.kind, Kind::Text | Kind::Word(_)));
        format!("{name}{}", if words { collation } else { "" })
    });
    let text = format!(
        "SELECT {} FROM {} ORDER BY {}",
        names(table.columns.iter().map(|column| column.name)),
        table.name,
        order.collect::<Vec<_>>().join(", ")
    );
    sql!(db, |c| {
        let mut rows = sqlx::query(AssertSqlSafe(text)).fetch(&mut *c);
        while let Some(found) = rows.try_next().await? {
            let mut cells = Vec::with_capacity(table.columns.len());
            for (at, Column { kind, .. }) in table.columns.iter().enumerate() {
                // A macro: the two engines' rows have no common type.
                macro_rules! get {
                    ($kind:ty, $value:ident => $text:expr) => {
                        found.try_get::<Option<$kind>, _>(at)?.map(|$value| $text)
                    };
                }
                cells.push(match kind {
                    Kind::Id => get!(Uuid, id => id.to_string()),
                    Kind::Instant => get!(Timestamp, at => at.to_string()),
                    Kind::Number => get!(i64, number => number.to_string()),
                    Kind::Flag => get!(bool, flag => flag.to_string()),
                    Kind::Day => get!(Day, day => day.to_string()),
                    Kind::Json => get!(Json<Value>, json => sorted(&json.0)),
                    Kind::Bytes => get!(Vec<u8>, bytes => format!("\\x{}", hex(&bytes))),
                    Kind::Text | Kind::Word(_) => get!(String, text => text),
                });
            }
            if to.send(cells).await.is_err() {
                break;
            }
        }
    });
    Ok(())
}

/// JSON with sorted keys: `jsonb` does not keep their order.
fn sorted(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let mut parts: Vec<String> = fields
                .iter()
                .map(|(key, value)| format!("{}:{}", Value::from(key.as_str()), sorted(value)))
                .collect();
            parts.sort_unstable();
            format!("{{{}}}", parts.join(","))
        }
        Value::Array(items) => {
            let parts: Vec<String> = items.iter().map(sorted).collect();
            format!("[{}]", parts.join(","))
        }
        plain => plain.to_string(),
    }
}

/// A row as COPY's text format has it.
fn line(row: &Cells, into: &mut String) {
    for (at, cell) in row.iter().enumerate() {
        if at > 0 {
            into.push('\t');
        }
        let Some(text) = cell else {
            into.push_str("\\N");
            continue;
        };
        for letter in text.chars() {
            match letter {
                '\\' => into.push_str("\\\\"),
                '\n' => into.push_str("\\n"),
                '\r' => into.push_str("\\r"),
                '\t' => into.push_str("\\t"),
                other => into.push(other),
            }
        }
    }
    into.push('\n');
}

/// Adds a row to a digest so that no two rows are alike to it.
fn add(digest: &mut Sha256, row: &Cells) {
    for cell in row {
        match cell {
            None => digest.update([0]),
            Some(text) => {
                digest.update([1]);
                digest.update((text.len() as u64).to_be_bytes());
                digest.update(text.as_bytes());
            }
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            write!(text, "{byte:02x}").expect("writing to a String cannot fail");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(row: &Cells) -> String {
        let mut digest = Sha256::new();
        add(&mut digest, row);
        hex(&digest.finalize())
    }

    #[test]
    fn a_cell_cannot_end_its_row_or_look_like_nothing() {
        let mut text = String::new();
        line(
            &vec![
                Some("a\tb\nc\\N\r".to_owned()),
                None,
                Some("\\N".to_owned()),
            ],
            &mut text,
        );
        assert_eq!(text, "a\\tb\\nc\\\\N\\r\t\\N\t\\\\N\n");
    }

    #[test]
    fn a_digest_tells_nothing_from_an_empty_text_and_one_cell_from_two() {
        let some = |text: &str| Some(text.to_owned());
        let rows = [
            vec![None],
            vec![some("")],
            vec![some("ab")],
            vec![some("a"), some("b")],
            vec![some("b"), some("a")],
        ];
        let mut all: Vec<String> = rows.iter().map(digest).collect();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), rows.len());
    }

    #[test]
    fn the_order_of_json_keys_is_nothing() {
        let one: Value =
            serde_json::from_str(r#"{"b":[1,{"y":null,"x":"\""}],"a":2.5}"#).expect("json");
        let two: Value =
            serde_json::from_str(r#"{"a":2.5,"b":[1,{"x":"\"","y":null}]}"#).expect("json");
        assert_eq!(sorted(&one), sorted(&two));
        assert_ne!(sorted(&one), sorted(&one["b"]));
    }
}
