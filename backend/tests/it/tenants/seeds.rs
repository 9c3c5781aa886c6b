//! One row of each of two organizations in every table that there is, whatever a later migration
//! adds: made from the catalog, with checks and foreign keys out of the way.

use shared_types::OrganizationId;
use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;
use workpulse_server::store::wall::OF_THE_SERVER;

/// A table and its columns: name, type, whether its value is made by the table.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<(String, String, bool)>,
}

/// An organization, and what its rows are known by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Side {
    pub(super) organization: OrganizationId,
    /// In every text of its rows.
    pub(super) canary: &'static str,
    stream: i64,
}

pub(super) const OURS: Side = Side {
    organization: OrganizationId(Uuid::from_u128(0xa)),
    canary: "canary-of-a",
    stream: 7_001,
};
pub(super) const THEIRS: Side = Side {
    organization: OrganizationId(Uuid::from_u128(0xb)),
    canary: "canary-of-b",
    stream: 7_002,
};

/// Runs a statement that must not fail.
pub(super) async fn run(db: &mut PgConnection, text: &str) {
    sqlx::raw_sql(AssertSqlSafe(text.to_owned()))
        .execute(db)
        .await
        .unwrap_or_else(|error| panic!("{text}: {error}"));
}

/// Every table of tenants.
pub(super) async fn tables(db: &mut PgConnection) -> Vec<Table> {
    let rows: Vec<(String, String, String, bool)> = sqlx::query_as(
        "SELECT c.table_name::text, c.column_name::text, c.data_type::text, c.is_identity = 'YES'
         FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
         WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'
           AND NOT EXISTS (SELECT 1 FROM pg_class p WHERE p.relname = t.table_name AND p.relispartition)
         ORDER BY c.table_name, c.ordinal_position",
    )
    .fetch_all(db)
    .await
    .expect("reads");
    let mut tables: Vec<Table> = Vec::new();
    for (name, column, kind, identity) in rows {
        if OF_THE_SERVER.contains(&name.as_str()) {
            continue;
        }
        match tables.last_mut() {
            Some(table) if table.name == name => table.columns.push((column, kind, identity)),
            _ => tables.push(Table {
                name,
                columns: vec![(column, kind, identity)],
            }),
        }
    }
    tables
}

/// Puts a row of each side into every table.
pub(super) async fn sow(db: &mut PgConnection, tables: &[Table]) {
    let checks: Vec<(String, String)> = sqlx::query_as(
        "SELECT conrelid::regclass::text, conname::text FROM pg_constraint
         WHERE contype = 'c' AND coninhcount = 0 AND connamespace = current_schema()::text::regnamespace",
    )
    .fetch_all(&mut *db)
    .await
    .expect("reads");
    for (table, check) in checks {
        run(
            db,
            &format!("ALTER TABLE {table} DROP CONSTRAINT \"{check}\""),
        )
        .await;
    }
    run(db, "SET session_replication_role = replica").await;
    for table in tables {
        for side in [OURS, THEIRS] {
            run(db, &table.insert(side)).await;
        }
    }
    run(db, "RESET session_replication_role").await;
}

impl Table {
    /// The statement that adds a row of this side.
    pub(super) fn insert(&self, side: Side) -> String {
        let values: Vec<String> = self
            .columns
            .iter()
            .map(|(column, kind, _)| self.value(side, column, kind))
            .collect();
        let names: Vec<&str> = self.columns.iter().map(|c| c.0.as_str()).collect();
        format!(
            "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({})",
            self.name,
            names.join(", "),
            values.join(", ")
        )
    }

    fn value(&self, side: Side, column: &str, kind: &str) -> String {
        let tenant =
            column == "organization_id" || (self.name == "organizations" && column == "id");
        if tenant {
            return format!("'{}'", side.organization);
        }
        let stream = column == "stream_id" || (self.name == "sync_streams" && column == "id");
        if stream {
            return side.stream.to_string();
        }
        match kind {
            // A different one at each call, so that no unique key is in the way.
            "uuid" => "gen_random_uuid()".to_owned(),
            "text" => format!("'{}-' || gen_random_uuid()", side.canary),
            "jsonb" => format!("'[\"{}\"]'", side.canary),
            "bytea" => format!(
                "convert_to('{}-' || gen_random_uuid(), 'UTF8')",
                side.canary
            ),
            "bigint" | "integer" => "(random() * 1000000)::int".to_owned(),
            "boolean" => "true".to_owned(),
            "timestamp with time zone" => "now()".to_owned(),
            "date" => "current_date".to_owned(),
            other => panic!(
                "{}.{column} is of a type that has no seed yet: {other}",
                self.name
            ),
        }
    }

    /// Its rows of one side as whoever owns the table sees them: how many, and what is in them.
    pub(super) async fn fingerprint(&self, owner: &mut PgConnection, side: Side) -> (i64, String) {
        let text = format!(
            "SELECT count(*), COALESCE(md5(string_agg(t::text, ',' ORDER BY t::text)), '') FROM {} t WHERE {}",
            self.name,
            self.of(side)
        );
        sqlx::query_as(AssertSqlSafe(text))
            .fetch_one(owner)
            .await
            .expect("reads")
    }

    /// The condition by which a row is a side's.
    pub(super) fn of(&self, side: Side) -> String {
        if self.name == "organizations" {
            format!("id = '{}'", side.organization)
        } else if self.columns.iter().any(|c| c.0 == "organization_id") {
            format!("organization_id = '{}'", side.organization)
        } else {
            format!("stream_id = {}", side.stream)
        }
    }
}
