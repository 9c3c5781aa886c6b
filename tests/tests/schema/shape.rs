//! Same files, tables, columns, keys, foreign keys and indexes on both engines.
//!
//! One difference is wanted: on PostgreSQL activity lies in months, whose tables are left out
//! here, and what divides a table must be in its key.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use rusqlite::Connection;
use sqlx::PgConnection;

/// A table, in words that both engines share.
#[derive(Debug, Default, PartialEq, Eq)]
struct Table {
    /// Name, and whether it must have a value.
    columns: BTreeMap<String, Column>,
    primary_key: Vec<String>,
    /// Column lists that are unique besides the primary key.
    unique: BTreeSet<Vec<String>>,
    /// Own columns, the other table, its columns.
    foreign_keys: BTreeSet<(Vec<String>, String, Vec<String>)>,
    /// Columns and whether it is partial, by name.
    indexes: BTreeMap<String, (Vec<String>, bool)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Column {
    required: bool,
    has_default: bool,
    /// The type as SQLite would keep it.
    kept_as: &'static str,
}

type Schema = BTreeMap<String, Table>;

/// The documented pairs of column types.
fn kept_as(kind: &str) -> &'static str {
    match kind.to_lowercase().as_str() {
        "blob" | "uuid" | "bytea" => "blob",
        "integer" | "bigint" | "boolean" | "timestamp with time zone" => "integer",
        "text" | "jsonb" | "date" => "text",
        other => panic!("a column type that the schema has no pair for: {other}"),
    }
}

#[test]
fn both_folders_have_the_same_file_names() {
    let names = |engine: &str| -> BTreeSet<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations");
        std::fs::read_dir(folder.join(engine))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    };
    assert_eq!(names("sqlite"), names("postgres"));
    assert!(!names("sqlite").is_empty());
}

#[tokio::test]
async fn both_engines_have_the_same_tables_keys_and_indexes() {
    let dir = tempfile::tempdir().unwrap();
    let embedded = read_sqlite(&crate::sqlite(&dir).await);
    let (database, mut connection) = crate::postgres().await;
    let server = read_postgres(&mut connection).await;
    drop(connection);
    database.drop().await.unwrap();

    let names = |schema: &Schema| schema.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&embedded), names(&server));
    assert!(embedded.contains_key("activity_logs") && embedded.contains_key("audit"));
    let mut server = server;
    let key = &mut server.get_mut("activity_logs").unwrap().primary_key;
    assert_eq!(key.pop().as_deref(), Some("started_at"));
    for (name, table) in &embedded {
        assert_eq!(
            table, &server[name],
            "table {name}: SQLite left, PostgreSQL right"
        );
    }
}

#[tokio::test]
async fn foreign_keys_to_what_belongs_to_an_organization_carry_it() {
    let dir = tempfile::tempdir().unwrap();
    let schema = read_sqlite(&crate::sqlite(&dir).await);
    for (name, table) in &schema {
        for (own, other, theirs) in &table.foreign_keys {
            let other_has = schema[other]
                .primary_key
                .contains(&"organization_id".to_owned());
            if other_has {
                assert!(
                    own.contains(&"organization_id".to_owned())
                        && theirs.contains(&"organization_id".to_owned()),
                    "{name} points to {other} by {own:?}, without the organization"
                );
            }
        }
    }
}

fn read_sqlite(db: &Connection) -> Schema {
    let rows = |sql: String| -> Vec<Vec<rusqlite::types::Value>> {
        let mut statement = db.prepare(&sql).unwrap();
        let width = statement.column_count();
        let rows = statement.query_map([], |row| (0..width).map(|at| row.get(at)).collect());
        rows.unwrap().map(Result::unwrap).collect()
    };
    let text = |value: &rusqlite::types::Value| match value {
        rusqlite::types::Value::Text(text) => text.clone(),
        other => panic!("{other:?} is no text"),
    };
    let number = |value: &rusqlite::types::Value| match value {
        rusqlite::types::Value::Integer(number) => *number,
        other => panic!("{other:?} is no number"),
    };
    let mut schema = Schema::new();
    let tables = rows(
        "SELECT name FROM sqlite_master WHERE type = 'table' \
         AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_sqlx_%'"
            .to_owned(),
    );
    for name in tables.iter().map(|row| text(&row[0])) {
        let mut table = Table::default();
        let mut key = Vec::new();
        for row in rows(format!(
            "SELECT name, type, \"notnull\", pk, dflt_value IS NOT NULL FROM pragma_table_info('{name}')"
        )) {
            let (column, in_key) = (text(&row[0]), number(&row[3]));
            if in_key > 0 {
                key.push((in_key, column.clone()));
            }
            let column_of = Column {
                // A key's column must have a value, whether it says so or not.
                required: number(&row[2]) == 1 || in_key > 0,
                has_default: number(&row[4]) == 1,
                kept_as: kept_as(&text(&row[1])),
            };
            table.columns.insert(column, column_of);
        }
        key.sort();
        table.primary_key = key.into_iter().map(|(_, column)| column).collect();
        let mut foreign: BTreeMap<i64, (Vec<String>, String, Vec<String>)> = BTreeMap::new();
        for row in rows(format!(
            "SELECT id, \"table\", \"from\", \"to\" FROM pragma_foreign_key_list('{name}') ORDER BY id, seq"
        )) {
            let entry = foreign.entry(number(&row[0])).or_default();
            entry.0.push(text(&row[2]));
            entry.1 = text(&row[1]);
            entry.2.push(text(&row[3]));
        }
        table.foreign_keys = foreign.into_values().collect();
        for row in rows(format!(
            "SELECT name, origin, partial, \"unique\" FROM pragma_index_list('{name}')"
        )) {
            let index = text(&row[0]);
            let columns: Vec<String> = rows(format!(
                "SELECT name FROM pragma_index_info('{index}') ORDER BY seqno"
            ))
            .iter()
            .map(|row| text(&row[0]))
            .collect();
            match text(&row[1]).as_str() {
                "u" => drop(table.unique.insert(columns)),
                "c" => drop(table.indexes.insert(index, (columns, number(&row[2]) == 1))),
                _ => {}
            }
        }
        schema.insert(name, table);
    }
    schema
}

/// Table, kind, own columns, other table, its columns.
type Constraint = (String, String, Vec<String>, Option<String>, Vec<String>);

async fn read_postgres(db: &mut PgConnection) -> Schema {
    let mut schema = Schema::new();
    let columns: Vec<(String, String, String, bool, bool)> = sqlx::query_as(
        "SELECT c.table_name::text, c.column_name::text, c.data_type::text, \
                c.is_nullable = 'NO', c.column_default IS NOT NULL \
         FROM information_schema.columns c \
         WHERE c.table_schema = 'public' AND c.table_name NOT LIKE '\\_sqlx\\_%' \
           AND NOT EXISTS (SELECT 1 FROM pg_class p WHERE p.oid = c.table_name::regclass AND p.relispartition)",
    )
    .fetch_all(&mut *db)
    .await
    .unwrap();
    for (table, column, kind, required, has_default) in columns {
        let column_of = Column {
            required,
            has_default,
            kept_as: kept_as(&kind),
        };
        let table = schema.entry(table).or_default();
        table.columns.insert(column, column_of);
    }
    let constraints: Vec<Constraint> =
        sqlx::query_as(
            "SELECT t.relname::text, c.contype::text, \
                ARRAY(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY AS k (no, at) \
                      JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.no ORDER BY k.at), \
                f.relname::text, \
                ARRAY(SELECT a.attname::text FROM unnest(coalesce(c.confkey, '{}')) WITH ORDINALITY AS k (no, at) \
                      JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.no ORDER BY k.at) \
             FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid \
             LEFT JOIN pg_class f ON f.oid = c.confrelid \
             WHERE c.connamespace = 'public'::regnamespace AND c.contype IN ('p', 'u', 'f') \
               AND NOT t.relispartition AND t.relname NOT LIKE '\\_sqlx\\_%'",
        )
        .fetch_all(&mut *db)
        .await
        .unwrap();
    for (table, kind, own, other, theirs) in constraints {
        let table = schema.get_mut(&table).unwrap();
        match kind.as_str() {
            "p" => table.primary_key = own,
            "u" => drop(table.unique.insert(own)),
            _ => drop(table.foreign_keys.insert((own, other.unwrap(), theirs))),
        }
    }
    let indexes: Vec<(String, String, Vec<String>, bool)> = sqlx::query_as(
        "SELECT t.relname::text, i.relname::text, \
            ARRAY(SELECT a.attname::text FROM unnest(x.indkey::int2[]) WITH ORDINALITY AS k (no, at) \
                  JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.no ORDER BY k.at), \
            x.indpred IS NOT NULL \
         FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid \
         WHERE i.relnamespace = 'public'::regnamespace AND NOT t.relispartition AND t.relname NOT LIKE '\\_sqlx\\_%' \
           AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = x.indexrelid AND c.contype IN ('p', 'u'))",
    )
    .fetch_all(&mut *db)
    .await
    .unwrap();
    for (table, name, columns, partial) in indexes {
        let table = schema.get_mut(&table).unwrap();
        table.indexes.insert(name, (columns, partial));
    }
    schema
}
