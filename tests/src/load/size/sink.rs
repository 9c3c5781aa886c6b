//! Rows into either engine, as fast as it takes them: COPY, or one prepared insert a table.
//!
//! What is filled here is thrown away when the machine stops in the middle, so SQLite does
//! not wait for the disk.

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use anyhow::{Context, Result};
use rusqlite::{Connection, ToSql, types::ToSqlOutput};
use shared_types::Timestamp;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};
use uuid::Uuid;

use super::day::{Cell, Rows, TABLES};

/// Write an id, and an instant in milliseconds, in an engine's words.
type Literals = (fn(Uuid) -> String, fn(i64) -> String);

/// A database that takes rows.
#[derive(Debug)]
pub enum Sink {
    /// An embedded file.
    Sqlite(Connection),
    /// A server.
    Postgres(PgConnection),
}

impl ToSql for Cell {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => ToSqlOutput::from(rusqlite::types::Null),
            Self::Int(number) | Self::Time(number) => ToSqlOutput::from(*number),
            Self::Id(id) => ToSqlOutput::from(id.as_bytes().as_slice()),
            Self::Day(day) => ToSqlOutput::from(day.to_string()),
            Self::Text(text) => ToSqlOutput::from(text.as_ref()),
        })
    }
}

fn copied(text: &mut String, cell: &Cell) {
    match cell {
        Cell::Null => text.push_str("\\N"),
        Cell::Int(number) => write!(text, "{number}").expect("a String takes everything"),
        Cell::Id(id) => write!(text, "{id}").expect("a String takes everything"),
        Cell::Time(millis) => {
            write!(text, "{}", Timestamp::from_millis(*millis)).expect("a String takes everything");
        }
        Cell::Day(day) => write!(text, "{day}").expect("a String takes everything"),
        Cell::Text(words) => text.push_str(words),
    }
}

impl Sink {
    /// Opens a file.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn sqlite(path: &Path) -> Result<Self> {
        let connection = Connection::open(path)?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "off")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "temp_store", "memory")?;
        connection.pragma_update(None, "cache_size", -256_000)?;
        Ok(Self::Sqlite(connection))
    }

    /// Connects.
    ///
    /// # Errors
    /// When nobody answers.
    pub async fn postgres(url: &str) -> Result<Self> {
        let connection = PgConnection::connect(url).await;
        Ok(Self::Postgres(connection.context("PostgreSQL")?))
    }

    /// An id and an instant in the engine's words.
    #[must_use]
    pub fn literals(&self) -> Literals {
        match self {
            Self::Sqlite(_) => (
                |id| format!("x'{}'", id.simple()),
                |millis| millis.to_string(),
            ),
            Self::Postgres(_) => (
                |id| format!("'{id}'"),
                |millis| format!("'{}'", Timestamp::from_millis(millis)),
            ),
        }
    }

    /// Runs statements, as one transaction.
    ///
    /// # Errors
    /// When one fails.
    pub async fn run(&mut self, statements: &[String]) -> Result<()> {
        let text = format!("BEGIN;\n{};\nCOMMIT", statements.join(";\n"));
        match self {
            Self::Sqlite(connection) => connection.execute_batch(&text)?,
            Self::Postgres(connection) => {
                // Numbers and ids of our own only.
                sqlx::raw_sql(AssertSqlSafe(text))
                    .execute(connection)
                    .await?;
            }
        }
        Ok(())
    }

    /// The stream of each person.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn streams(&mut self) -> Result<BTreeMap<Uuid, i64>> {
        const ALL: &str = "SELECT user_id, id FROM sync_streams";
        match self {
            Self::Sqlite(connection) => {
                let mut statement = connection.prepare(ALL)?;
                let rows = statement.query_map([], |row| {
                    let id: Vec<u8> = row.get(0)?;
                    Ok((Uuid::from_slice(&id).unwrap_or_default(), row.get(1)?))
                })?;
                Ok(rows.collect::<rusqlite::Result<_>>()?)
            }
            Self::Postgres(connection) => {
                let rows = sqlx::query(ALL).fetch_all(connection).await?;
                rows.iter()
                    .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
                    .collect()
            }
        }
    }

    /// Writes rows of every table, as one transaction.
    ///
    /// # Errors
    /// When the database does not take them.
    pub async fn write(&mut self, rows: &Rows) -> Result<()> {
        match self {
            Self::Sqlite(connection) => insert(connection, rows),
            Self::Postgres(connection) => copy(connection, rows).await,
        }
    }

    /// Looks at the tables again: how keys are checked was planned when they were empty.
    ///
    /// # Errors
    /// When the database does not let us.
    pub async fn plan_again(&mut self) -> Result<()> {
        if let Self::Postgres(connection) = self {
            sqlx::raw_sql("ANALYZE").execute(connection).await?;
        }
        Ok(())
    }

    /// Brings the statistics up to date that queries are planned by, and closes.
    ///
    /// # Errors
    /// When the database does not let us.
    pub async fn finish(self) -> Result<()> {
        match self {
            Self::Sqlite(connection) => {
                connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE); ANALYZE")?;
            }
            Self::Postgres(mut connection) => {
                sqlx::raw_sql("VACUUM ANALYZE")
                    .execute(&mut connection)
                    .await?;
                connection.close().await?;
            }
        }
        Ok(())
    }
}

fn insert(connection: &mut Connection, rows: &Rows) -> Result<()> {
    let tx = connection.transaction()?;
    for (table, cells) in TABLES.iter().zip(rows) {
        let places: Vec<String> = (1..=table.columns.len()).map(|n| format!("?{n}")).collect();
        let mut statement = tx.prepare_cached(&format!(
            "INSERT INTO {} ({}) VALUES ({})",
            table.name,
            table.columns.join(", "),
            places.join(", ")
        ))?;
        for row in cells.chunks(table.columns.len()) {
            statement.execute(rusqlite::params_from_iter(row))?;
        }
    }
    tx.commit()?;
    Ok(())
}

async fn copy(connection: &mut PgConnection, rows: &Rows) -> Result<()> {
    let mut tx = connection.begin().await?;
    for (table, cells) in TABLES.iter().zip(rows) {
        let mut text = String::with_capacity(cells.len() * 24);
        for row in cells.chunks(table.columns.len()) {
            for (at, cell) in row.iter().enumerate() {
                if at > 0 {
                    text.push('\t');
                }
                copied(&mut text, cell);
            }
            text.push('\n');
        }
        let statement = format!(
            "COPY {} ({}) FROM STDIN",
            table.name,
            table.columns.join(", ")
        );
        let mut copy = tx.copy_in_raw(&statement).await?;
        copy.send(text.as_bytes()).await?;
        copy.finish().await?;
    }
    tx.commit().await?;
    Ok(())
}
