//! The hot queries on tables of a size that makes a planner choose: each must go through the
//! index that was made for it, on both engines.
//!
//! The texts are those of the server's store, where they are private to the functions that
//! run them; a text that changes there is to be changed here.

use rusqlite::Connection;
use sqlx::{AssertSqlSafe, PgConnection};

/// One query, with `{id:n}` for an id and `{t:n}` for the `n`th minute, and the indexes of
/// which one must be used on each engine.
struct Hot {
    what: &'static str,
    text: &'static str,
    sqlite: &'static str,
    /// That of the table; where the table has partitions, theirs that belong to it.
    postgres: &'static str,
    /// Who asks it on PostgreSQL: policies must not keep it from its index.
    role: &'static str,
}

const HOT: [Hot; 9] = [
    Hot {
        what: "a span that is sent again, by (stream, number)",
        text: "SELECT session_id, started_at FROM activity_logs WHERE stream_id = 17 AND seq = 3",
        sqlite: "PRIMARY KEY",
        postgres: "activity_logs_pkey",
        role: "workpulse_ingest",
    },
    Hot {
        what: "a person's spans of a day",
        text: "SELECT started_at, duration_seconds, activity_type FROM activity_logs \
               WHERE user_id = {id:17} AND started_at >= {t:3} AND started_at < {t:20} \
               AND organization_id = {id:8}",
        sqlite: "activity_logs_by_person",
        postgres: "activity_logs_by_person",
        role: "workpulse_ingest",
    },
    Hot {
        what: "spans around a late one",
        text: "SELECT a.started_at, a.duration_seconds, a.session_id, a.activity_type \
               FROM activity_logs a JOIN sync_streams s ON s.id = a.stream_id \
               WHERE a.user_id = {id:17} AND a.started_at >= {t:3} AND a.started_at < {t:4} \
               AND s.device_id = {id:17}",
        sqlite: "activity_logs_by_person",
        postgres: "activity_logs_by_person",
        role: "workpulse_ingest",
    },
    Hot {
        what: "who is in a session now",
        text: "SELECT id, user_id, started_at FROM work_sessions \
               WHERE organization_id = {id:8} AND status = 'active'",
        sqlite: "work_sessions_running",
        postgres: "work_sessions_running",
        role: "workpulse_tenant",
    },
    Hot {
        what: "a page of a person's sessions",
        text: "SELECT id, started_at, version FROM work_sessions \
               WHERE organization_id = {id:8} AND user_id = {id:17} \
               AND (started_at, id) < ({t:900000}, {id:99999}) \
               ORDER BY started_at DESC, id DESC LIMIT 50",
        sqlite: "work_sessions_by_user",
        postgres: "work_sessions_by_user",
        role: "workpulse_tenant",
    },
    Hot {
        what: "events behind a number",
        text: "SELECT seq, kind, subject, created_at FROM events \
               WHERE organization_id = {id:8} AND seq > 1900 ORDER BY seq LIMIT 200",
        sqlite: "sqlite_autoindex_events_1",
        postgres: "events_pkey",
        role: "workpulse_tenant",
    },
    Hot {
        what: "a device's stream",
        text: "SELECT id, watermark, ahead, online FROM sync_streams \
               WHERE device_id = {id:17} AND epoch = {id:17}",
        sqlite: "sqlite_autoindex_sync_streams_1",
        postgres: "sync_streams_device_id_epoch_key",
        role: "workpulse_ingest",
    },
    Hot {
        what: "logging in by address",
        text: "SELECT organization_id, id, password_hash, status FROM users \
               WHERE email = 'p17@x' ORDER BY organization_id LIMIT 5",
        sqlite: "users_by_email",
        postgres: "users_by_email",
        role: "workpulse_system",
    },
    Hot {
        what: "a person's latest contact",
        text: "SELECT max(last_sync_at) FROM sync_streams \
               WHERE organization_id = {id:8} AND user_id = {id:17}",
        sqlite: "sync_streams_by_user",
        postgres: "sync_streams_by_user",
        role: "workpulse_tenant",
    },
];

const PEOPLE: usize = 2_000;
const SESSIONS: usize = 20_000;
const SPANS: usize = 100_000;
const EVENTS: usize = 20_000;

/// A small world in words that both engines take: ten organizations, of which person `i` is
/// in number `i % 10 + 1`; everything of person `i` has the id `i`.
fn world(
    id: impl Fn(&str) -> String,
    time: impl Fn(&str) -> String,
    series: impl Fn(usize) -> String,
    yes: &str,
) -> Vec<String> {
    let (row, then) = (id("i"), time("0"));
    let tenant = id("(i % 10) + 1");
    // Of row `i` of a table that goes round all people.
    let person = id(&format!("((i - 1) % {PEOPLE}) + 1"));
    let persons_tenant = id(&format!("((((i - 1) % {PEOPLE}) + 1) % 10) + 1"));
    let minute = time(&format!("(i - 1) / {PEOPLE}"));
    let start = time("i");
    let from = |count| format!("FROM {}", series(count));
    let (tenants, people, events) = (from(10), from(PEOPLE), from(EVENTS));
    let (sessions, spans) = (from(SESSIONS), from(SPANS));
    vec![
        format!(
            "INSERT INTO organizations (id, name, time_zone, capture_policy, created_at) \
             SELECT {row}, 'o', 'UTC', '{{}}', {then} {tenants}"
        ),
        format!(
            "INSERT INTO users (organization_id, id, email, name, role, status, created_at, authority_changed_at) \
             SELECT {tenant}, {row}, 'p' || i || '@x', 'p', 'employee', 'active', {then}, {then} {people}"
        ),
        format!(
            "INSERT INTO devices (organization_id, id, user_id, kind, name, os, agent_version, capabilities, created_at) \
             SELECT {tenant}, {row}, {row}, 'agent', '', '', '', '{{}}', {then} {people}"
        ),
        format!(
            "INSERT INTO sync_streams (organization_id, user_id, device_id, epoch, last_sync_at, online) \
             SELECT {tenant}, {row}, {row}, {row}, {then}, {yes} {people}"
        ),
        format!(
            "INSERT INTO work_sessions (organization_id, id, user_id, device_id, status, started_at, ended_at) \
             SELECT {persons_tenant}, {row}, {person}, {person}, \
             CASE WHEN i <= {PEOPLE} THEN 'active' ELSE 'stopped' END, {start}, \
             CASE WHEN i <= {PEOPLE} THEN NULL ELSE {start} END {sessions}"
        ),
        format!(
            "INSERT INTO activity_logs (stream_id, seq, organization_id, user_id, session_id, activity_type, started_at, duration_seconds) \
             SELECT ((i - 1) % {PEOPLE}) + 1, (i - 1) / {PEOPLE} + 1, {persons_tenant}, {person}, {person}, 'active', {minute}, 60 {spans}"
        ),
        format!(
            "INSERT INTO events (organization_id, seq, kind, subject, created_at) \
             SELECT {tenant}, (i - 1) / 10 + 1, 'SESSION_UPDATE', '{{}}', {then} {events}"
        ),
    ]
}

/// The text with an engine's ids and instants in it.
fn filled(text: &str, id: impl Fn(&str) -> String, time: impl Fn(&str) -> String) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (hole, after) = after.split_once('}').unwrap();
        out.push_str(before);
        match hole.split_once(':').unwrap() {
            ("id", n) => out.push_str(&id(n)),
            (_, n) => out.push_str(&time(n)),
        }
        rest = after;
    }
    out + rest
}

/// Ids and instants as SQLite keeps them; the expression may be a number.
fn sqlite_id(expression: &str) -> String {
    format!("unhex(printf('%032x', {expression}))")
}
fn sqlite_time(minutes: &str) -> String {
    format!("(1790000000000 + ({minutes}) * 60000)")
}
fn postgres_id(expression: &str) -> String {
    format!("lpad(to_hex(({expression})::int), 32, '0')::uuid")
}
fn postgres_time(minutes: &str) -> String {
    format!("(to_timestamp(1790000000) + ({minutes}) * interval '1 minute')")
}

#[tokio::test]
async fn the_hot_queries_use_their_indexes_on_sqlite() {
    let dir = tempfile::tempdir().unwrap();
    let db = crate::sqlite(&dir).await;
    let series = |count| {
        format!(
            "(WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) SELECT i FROM n)"
        )
    };
    db.execute_batch("BEGIN").unwrap();
    for statement in world(sqlite_id, sqlite_time, series, "1") {
        db.execute_batch(&statement)
            .unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
    db.execute_batch("COMMIT; ANALYZE").unwrap();
    for hot in &HOT {
        let plan = sqlite_plan(&db, &filled(hot.text, sqlite_id, sqlite_time));
        assert!(
            plan.contains(hot.sqlite) && !plan.contains("SCAN"),
            "{}: {plan}",
            hot.what
        );
    }
}

fn sqlite_plan(db: &Connection, text: &str) -> String {
    let mut statement = db.prepare(&format!("EXPLAIN QUERY PLAN {text}")).unwrap();
    let lines = statement
        .query_map([], |row| row.get::<_, String>(3))
        .unwrap();
    lines.map(Result::unwrap).collect::<Vec<_>>().join("; ")
}

#[tokio::test]
async fn the_hot_queries_use_their_indexes_on_postgres() {
    let (database, mut db) = crate::postgres().await;
    let series = |count| format!("generate_series(1, {count}) AS n (i)");
    for statement in world(postgres_id, postgres_time, series, "true") {
        run(&mut db, &statement).await;
    }
    run(&mut db, "ANALYZE").await;
    // A month without a row is read as it is: there is nothing that an index would spare.
    let filled_tables: Vec<String> = sqlx::query_scalar(
        "SELECT relname::text FROM pg_class \
         WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND reltuples > 0",
    )
    .fetch_all(&mut db)
    .await
    .unwrap();
    assert!(filled_tables.contains(&"work_sessions".to_owned()));
    let mut wrong = Vec::new();
    for hot in &HOT {
        // Person 17 and whatever else is asked for is in organization 8.
        let scope = format!(
            "SET ROLE {}; SET workpulse.organization = '{}'",
            hot.role,
            uuid::Uuid::from_u128(8)
        );
        run(&mut db, &scope).await;
        let text = format!("EXPLAIN {}", filled(hot.text, postgres_id, postgres_time));
        let lines: Vec<String> = sqlx::query_scalar(AssertSqlSafe(text))
            .fetch_all(&mut db)
            .await
            .unwrap();
        let plan = lines.join("\n");
        let indexes = with_those_of_partitions(&mut db, hot.postgres).await;
        let uses = |index: &String| plan.contains(&format!(" {index} "));
        let reads_whole = |table: &String| plan.contains(&format!("Seq Scan on {table} "));
        if !indexes.iter().any(uses) || filled_tables.iter().any(reads_whole) {
            wrong.push(format!("{}: {plan}", hot.what));
        }
    }
    drop(db);
    database.drop().await.unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// An index, and those of partitions that belong to it.
async fn with_those_of_partitions(db: &mut PgConnection, index: &str) -> Vec<String> {
    sqlx::query_scalar(
        "SELECT c.relname::text FROM pg_class c WHERE c.relname = $1 \
         UNION ALL SELECT c.relname::text FROM pg_inherits i \
         JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent \
         WHERE p.relname = $1",
    )
    .bind(index)
    .fetch_all(db)
    .await
    .unwrap()
}

async fn run(db: &mut PgConnection, statement: &str) {
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))
        .execute(&mut *db)
        .await
        .unwrap_or_else(|error| panic!("{statement}: {error}"));
}
