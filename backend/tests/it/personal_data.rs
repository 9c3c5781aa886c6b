//! No table and no column is forgotten: the real schema of both engines against the register
//! in `domain::personal_data`.

use std::collections::{BTreeMap, BTreeSet};

use workpulse_server::{
    domain::personal_data::{Kind, TABLES},
    store::Store,
};

use crate::harness::TestApp;

/// Each table's columns with their declared types, as the database has them.
async fn schema(app: &TestApp) -> BTreeMap<String, BTreeMap<String, String>> {
    let rows: Vec<(String, String, String)> = match &app.state().store {
        Store::Sqlite(engine) => {
            let file = rusqlite::Connection::open(engine.path()).expect("opens");
            let mut statement = file
                .prepare(
                    "SELECT t.name, c.name, lower(c.type) FROM sqlite_master t, pragma_table_info(t.name) c
                     WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE '_sqlx_%'",
                )
                .expect("prepares");
            let rows = statement
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
                .expect("reads");
            rows.map(|row| row.expect("a row")).collect()
        }
        Store::Postgres(_) => {
            let mut owner = app.owner().await;
            sqlx::query_as(
                "SELECT table_name::text, column_name::text, data_type::text FROM information_schema.columns
                 WHERE table_schema = current_schema() AND table_name NOT LIKE '\\_sqlx\\_%'
                   AND NOT EXISTS (SELECT 1 FROM pg_class p WHERE p.relname = table_name AND p.relispartition)",
            )
            .fetch_all(&mut owner)
            .await
            .expect("reads")
        }
    };
    let mut tables: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for (table, column, kind) in rows {
        tables.entry(table).or_default().insert(column, kind);
    }
    tables
}

/// Whether a declared type can hold a kind.
fn holds(declared: &str, kind: Kind) -> bool {
    match kind {
        Kind::Id => matches!(declared, "blob" | "uuid"),
        Kind::Bytes => matches!(declared, "blob" | "bytea"),
        Kind::Instant => matches!(declared, "integer" | "timestamp with time zone"),
        Kind::Number => matches!(declared, "integer" | "bigint"),
        Kind::Flag => matches!(declared, "integer" | "boolean"),
        Kind::Day => matches!(declared, "text" | "date"),
        Kind::Json => matches!(declared, "text" | "jsonb"),
        Kind::Text | Kind::Word(_) => declared == "text",
    }
}

on_both_engines! {
    async fn every_table_and_column_is_in_the_register(app) {
        let schema = schema(app).await;
        assert!(schema.len() > 10, "the schema was read");
        let mut missing = Vec::new();
        for (name, columns) in &schema {
            let Some(table) = TABLES.iter().find(|table| table.name == name.as_str()) else {
                missing.push(format!(
                    "table {name}: add a `Table` to backend/src/domain/personal_data/tables.rs, before \
                     whatever table it points to. Say whose rows they are, how long they are kept, what \
                     an erasure does with them, and who sees them; `not_about_people(…)` if nobody is \
                     spoken of. Then: UPDATE_DOCS=1 cargo nextest run -p workpulse-server privacy"
                ));
                continue;
            };
            for (column, declared) in columns {
                match table.columns.iter().find(|known| known.name == column.as_str()) {
                    None => missing.push(format!(
                        "column {name}.{column}: add it to the table's `columns` in \
                         backend/src/domain/personal_data/tables.rs: Column::personal(name, kind, purpose) \
                         if it says something about a person, key, other (somebody else's id), secret, or inner"
                    )),
                    Some(known) if !holds(declared, known.kind) => missing.push(format!(
                        "column {name}.{column} is {declared} in the database and {:?} in the register", known.kind
                    )),
                    Some(_) => {}
                }
            }
        }
        for table in TABLES {
            let Some(columns) = schema.get(table.name) else {
                missing.push(format!("table {} is in the register, but not in the database", table.name));
                continue;
            };
            let names: BTreeSet<_> = columns.keys().map(String::as_str).collect();
            for column in table.columns.iter().filter(|column| !names.contains(column.name)) {
                missing.push(format!("column {}.{} is in the register, but not in the database", table.name, column.name));
            }
        }
        assert!(missing.is_empty(), "personal data must not be forgotten:\n{}", missing.join("\n"));
    }
}
