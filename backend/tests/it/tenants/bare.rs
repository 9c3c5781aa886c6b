//! Every table with bare statements: no condition, and rows of another organization to be had.

use sqlx::{AssertSqlSafe, PgConnection};

use super::seeds::{OURS, THEIRS, Table, run, sow, tables};
use crate::harness::TestApp;

/// What a statement came to: rows that were touched, or the code of its refusal.
async fn outcome(db: &mut PgConnection, text: &str) -> Result<u64, String> {
    run(db, "SAVEPOINT before").await;
    let outcome = sqlx::raw_sql(AssertSqlSafe(text.to_owned()))
        .execute(&mut *db)
        .await
        .map(|done| done.rows_affected())
        .map_err(|error| {
            let code = error
                .as_database_error()
                .and_then(sqlx::error::DatabaseError::code);
            code.unwrap_or_else(|| panic!("{text}: {error}"))
                .into_owned()
        });
    run(db, "ROLLBACK TO before").await;
    outcome
}

/// Not allowed: no right, or a row that the policy does not let through.
fn refused() -> Result<u64, String> {
    Err("42501".to_owned())
}

/// A rule of the table itself (a trigger that keeps it append-only) was there first.
fn by_rule() -> Result<u64, String> {
    Err("P0001".to_owned())
}

async fn seen(db: &mut PgConnection, table: &Table) -> Vec<String> {
    let text = format!("SELECT t::text FROM {} t", table.name);
    sqlx::query_scalar(AssertSqlSafe(text))
        .fetch_all(db)
        .await
        .unwrap_or_else(|error| panic!("{}: {error}", table.name))
}

/// A column that a statement may set to itself.
fn own_column(table: &Table) -> &str {
    let plain = table.columns.iter().rev().find(|column| !column.2);
    &plain.expect("a table has a column").0
}

async fn sown(app: &TestApp) -> (PgConnection, Vec<Table>) {
    let mut owner = app.owner().await;
    let tables = tables(&mut owner).await;
    assert!(tables.len() >= 15, "only {} tables", tables.len());
    sow(&mut owner, &tables).await;
    (owner, tables)
}

#[tokio::test]
async fn a_tenant_reaches_its_own_rows_with_bare_statements_and_no_others() {
    let Some(app) = TestApp::postgres().await else {
        return;
    };
    let (mut owner, tables) = sown(&app).await;
    let mut theirs = Vec::new();
    for table in &tables {
        theirs.push(table.fingerprint(&mut owner, THEIRS).await);
        assert_eq!(theirs.last().expect("just put").0, 1, "{}", table.name);
    }
    let mut tenant = app.owner().await;
    run(&mut tenant, "BEGIN; SET LOCAL ROLE workpulse_tenant").await;
    let set = format!("SET LOCAL workpulse.organization = '{}'", OURS.organization);
    run(&mut tenant, &set).await;
    for table in &tables {
        let name = &table.name;
        let rows = seen(&mut tenant, table).await;
        assert_eq!(rows.len(), 1, "{name} shows its own row only: {rows:?}");
        assert!(!rows[0].contains(THEIRS.canary), "{name}");

        let column = own_column(table);
        let update = outcome(
            &mut tenant,
            &format!("UPDATE {name} SET {column} = {column}"),
        )
        .await;
        let delete = outcome(&mut tenant, &format!("DELETE FROM {name}")).await;
        if name == "audit" {
            assert_eq!(
                (update, delete),
                (refused(), refused()),
                "the audit is append-only"
            );
        } else if name == "organizations" {
            assert_eq!((update, delete), (Ok(1), refused()));
        } else {
            let allowed = [Ok(1), refused(), by_rule()];
            assert!(allowed.contains(&update), "{name}: {update:?}");
            // 23503: something of ours hangs on it.
            let allowed = [Ok(1), refused(), by_rule(), Err("23503".to_owned())];
            assert!(allowed.contains(&delete), "{name}: {delete:?}");
        }
        let insert = outcome(&mut tenant, &table.insert(THEIRS)).await;
        assert_eq!(insert, refused(), "a row of theirs in {name}");
        let give = format!("UPDATE {name} SET {}", table.of(THEIRS));
        let give = outcome(&mut tenant, &give).await;
        assert!(
            [refused(), by_rule()].contains(&give),
            "a row of ours given away: {name}"
        );
        let empty = outcome(&mut tenant, &format!("TRUNCATE {name}")).await;
        assert_eq!(empty, refused(), "{name}");
    }
    // Whatever was not rolled back would stay.
    run(&mut tenant, "COMMIT").await;
    // All of it for good, where it is allowed: theirs stays as it was.
    run(&mut tenant, "SET ROLE workpulse_tenant").await;
    let set = format!("SET workpulse.organization = '{}'", OURS.organization);
    run(&mut tenant, &set).await;
    for table in &tables {
        for text in [
            format!("UPDATE {0} SET {1} = {1}", table.name, own_column(table)),
            format!("DELETE FROM {}", table.name),
        ] {
            // Refusals and keys that hold a row are fine here: what counts comes below.
            drop(
                sqlx::raw_sql(AssertSqlSafe(text))
                    .execute(&mut tenant)
                    .await,
            );
        }
    }
    for (table, before) in tables.iter().zip(theirs) {
        let after = table.fingerprint(&mut owner, THEIRS).await;
        assert_eq!(after, before, "{} of the other organization", table.name);
    }
    app.close().await;
}

#[tokio::test]
async fn without_an_organization_nothing_is_seen_and_nothing_is_written() {
    let Some(app) = TestApp::postgres().await else {
        return;
    };
    let (_, tables) = sown(&app).await;
    for settings in ["", "; SET LOCAL workpulse.organization = ''"] {
        let mut nobody = app.owner().await;
        run(
            &mut nobody,
            &format!("BEGIN; SET LOCAL ROLE workpulse_tenant{settings}"),
        )
        .await;
        for table in &tables {
            let name = &table.name;
            assert_eq!(
                seen(&mut nobody, table).await,
                Vec::<String>::new(),
                "{name}"
            );
            let column = own_column(table);
            for text in [
                format!("UPDATE {name} SET {column} = {column}"),
                format!("DELETE FROM {name}"),
            ] {
                let outcome = outcome(&mut nobody, &text).await;
                assert!(
                    outcome == Ok(0) || outcome == refused(),
                    "{text}: {outcome:?}"
                );
            }
            for side in [OURS, THEIRS] {
                assert_eq!(
                    outcome(&mut nobody, &table.insert(side)).await,
                    refused(),
                    "{name}"
                );
            }
        }
        run(&mut nobody, "ROLLBACK").await;
    }
    // A setting that is no id is an error, not a way in.
    let mut nobody = app.owner().await;
    run(
        &mut nobody,
        "BEGIN; SET LOCAL ROLE workpulse_tenant; SET LOCAL workpulse.organization = '%'",
    )
    .await;
    let all = outcome(&mut nobody, "SELECT * FROM users").await;
    assert_eq!(all, Err("22P02".to_owned()));
    app.close().await;
}

#[tokio::test]
async fn the_ingest_path_cannot_read_accounts_credentials_or_the_audit() {
    let Some(app) = TestApp::postgres().await else {
        return;
    };
    let (_, tables) = sown(&app).await;
    let mut ingest = app.owner().await;
    run(&mut ingest, "BEGIN; SET LOCAL ROLE workpulse_ingest").await;
    let mut reached = Vec::new();
    for table in &tables {
        let name = &table.name;
        let delete = outcome(&mut ingest, &format!("DELETE FROM {name}")).await;
        assert_eq!(delete, refused(), "{name}");
        let columns: Vec<String> = sqlx::query_scalar(
            "SELECT column_name::text FROM information_schema.columns
             WHERE table_schema = current_schema() AND table_name = $1
               AND has_column_privilege('workpulse_ingest', $1, column_name, 'SELECT')",
        )
        .bind(name)
        .fetch_all(&mut ingest)
        .await
        .expect("reads");
        for secret in ["password", "hash", "secret", "token", "email"] {
            assert!(
                !columns.iter().any(|c| c.contains(secret)),
                "{name}: {columns:?}"
            );
        }
        if !columns.is_empty() {
            reached.push(name.as_str());
        }
    }
    for needed in ["activity_logs", "sync_streams", "work_sessions"] {
        assert!(reached.contains(&needed), "{reached:?}");
    }
    for text in [
        "SELECT password_hash FROM users",
        "SELECT token_hash FROM refresh_tokens",
        "SELECT token_hash FROM enrolment_tokens",
        "SELECT secret_hash FROM devices",
        "SELECT detail FROM audit",
        "SELECT episode FROM alerts",
        "SELECT name FROM organizations",
        "SELECT subject FROM events",
        "UPDATE work_sessions SET user_id = user_id",
        "UPDATE sync_streams SET organization_id = organization_id",
        "UPDATE activity_logs SET title = title",
        "INSERT INTO audit DEFAULT VALUES",
        "SET LOCAL row_security = off; SELECT count(*) FROM users",
    ] {
        assert_eq!(outcome(&mut ingest, text).await, refused(), "{text}");
    }
    app.close().await;
}

#[tokio::test]
async fn the_system_reads_everywhere_and_writes_almost_nowhere() {
    let Some(app) = TestApp::postgres().await else {
        return;
    };
    let (_, tables) = sown(&app).await;
    let mut system = app.owner().await;
    run(&mut system, "BEGIN; SET LOCAL ROLE workpulse_system").await;
    for table in &tables {
        assert!(seen(&mut system, table).await.len() >= 2, "{}", table.name);
    }
    for text in [
        "UPDATE users SET role = 'admin'",
        "UPDATE users SET password_hash = ''",
        "DELETE FROM audit",
        "UPDATE audit SET action = action",
        "UPDATE devices SET revoked_at = NULL",
        "UPDATE refresh_tokens SET revoked_at = NULL",
        "UPDATE work_sessions SET version = version",
    ] {
        assert_eq!(outcome(&mut system, text).await, refused(), "{text}");
    }
    app.close().await;
}
