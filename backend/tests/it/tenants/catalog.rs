//! What the catalog says of the wall, and that each gap in it is found.

use workpulse_server::store::wall;

use super::seeds::run;
use crate::harness::TestApp;

async fn gaps(app: &TestApp) -> Vec<String> {
    let gaps = wall::gaps(&app.state().store).await.expect("looks");
    gaps.expect("PostgreSQL has a wall")
}

#[tokio::test]
async fn every_table_is_behind_the_wall_and_each_gap_in_it_is_found() {
    let Some(app) = TestApp::postgres().await else {
        return;
    };
    assert_eq!(gaps(&app).await, Vec::<String>::new());
    let mut owner = app.owner().await;
    for (damage, repair, found) in [
        (
            "CREATE TABLE forgotten (organization_id uuid, id uuid)",
            "SELECT workpulse_protect('forgotten')",
            &[
                "forgotten has no forced row-level security",
                "forgotten has no policy for tenants",
            ][..],
        ),
        (
            "ALTER TABLE users NO FORCE ROW LEVEL SECURITY",
            "ALTER TABLE users FORCE ROW LEVEL SECURITY",
            &["users has no forced row-level security"],
        ),
        (
            "ALTER TABLE users DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE users ENABLE ROW LEVEL SECURITY",
            &["users has no forced row-level security"],
        ),
        (
            "DROP POLICY tenant ON devices",
            "SELECT workpulse_protect('devices')",
            &["devices has no policy for tenants"],
        ),
        (
            "CREATE POLICY generous ON events USING (true)",
            "DROP POLICY generous ON events",
            &["events has a policy generous that shows tenants more"],
        ),
        (
            "ALTER POLICY tenant ON projects USING (true)",
            "SELECT workpulse_protect('projects')",
            &[
                "projects has a policy tenant that shows tenants more",
                "projects has no policy for tenants",
            ],
        ),
        (
            "ALTER TABLE alerts OWNER TO workpulse_tenant",
            "ALTER TABLE alerts OWNER TO CURRENT_USER",
            &["alerts belongs to workpulse_tenant, whom its policies are for"],
        ),
        (
            "GRANT SELECT ON audit TO PUBLIC",
            "REVOKE ALL ON audit FROM PUBLIC",
            &["audit may be used by everybody"],
        ),
        (
            "GRANT SELECT (last_error) ON jobs TO workpulse_tenant",
            "REVOKE ALL ON jobs FROM workpulse_tenant",
            &["jobs may be used by workpulse_tenant, though no policy cuts its rows"],
        ),
        (
            "CREATE VIEW everybody AS SELECT * FROM users; GRANT SELECT ON everybody TO workpulse_tenant",
            "DROP VIEW everybody",
            &["everybody may be used by workpulse_tenant, though no policy cuts its rows"],
        ),
        (
            "CREATE FUNCTION borrowed() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM users'",
            "DROP FUNCTION borrowed()",
            &["the function borrowed runs as its owner"],
        ),
    ] {
        run(&mut owner, damage).await;
        assert_eq!(gaps(&app).await, found, "{damage}");
        run(&mut owner, repair).await;
        assert_eq!(gaps(&app).await, Vec::<String>::new(), "{repair}");
    }
    app.close().await;
}

/// The plan for several nodes names what stands in its way: all of it.
#[tokio::test]
async fn each_unique_key_without_the_organization_is_named_in_the_plan_for_sharding() {
    const PLAN: &str = include_str!("../../../../docs/DEPLOYMENT.md");
    let Some(app) = TestApp::postgres().await else {
        return;
    };
    let keys: Vec<String> = sqlx::query_scalar(
        "SELECT c.relname || ' (' || string_agg(a.attname, ', ' ORDER BY k.place) || ')'
         FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
         CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k (number, place)
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
         WHERE i.indisunique AND NOT c.relispartition
             AND c.relnamespace = current_schema()::regnamespace
         GROUP BY c.relname, i.indexrelid
         HAVING NOT bool_or(a.attname = 'organization_id') ORDER BY 1",
    )
    .fetch_all(&mut app.owner().await)
    .await
    .expect("read");
    assert!(keys.len() > 10, "{keys:?}");
    for key in &keys {
        assert!(PLAN.contains(&format!("`{key}`")), "{key} is not named");
    }
    app.close().await;
}
