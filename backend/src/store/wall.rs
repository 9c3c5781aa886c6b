//! Whether the second wall between tenants stands: PostgreSQL's roles, grants and policies as
//! they are now, whoever changed them since the migrations.

use shared_types::OrganizationId;
use uuid::Uuid;

use super::{Db, Store, StoreError};

/// Tables that belong to the server, not to a tenant. Nobody but the system may have a right to
/// them; every other table must be protected (`workpulse_protect`, migration 0006).
pub const OF_THE_SERVER: [&str; 5] = [
    "_sqlx_migrations",
    "schedules",
    "schedule_scopes",
    "jobs",
    "address_requests",
];

const GAPS: &str = "
WITH mine AS (
    SELECT c.oid, c.relname::text AS name, c.relowner, c.relkind, c.relacl,
           c.relrowsecurity AND c.relforcerowsecurity AS forced, c.relname::text = ANY($1) AS of_the_server,
           c.relispartition AS a_part
    FROM pg_class c
    WHERE c.relnamespace = current_schema()::text::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
), tables AS (
    -- A partition is reached through the table above it, by whose policies.
    SELECT * FROM mine WHERE relkind IN ('r', 'p') AND NOT of_the_server AND NOT a_part
), walls AS (
    SELECT p.oid, p.polrelid FROM pg_policy p
    WHERE p.polpermissive AND p.polcmd = '*' AND p.polroles = ARRAY['workpulse_tenant'::regrole::oid]
      AND pg_get_expr(p.polqual, p.polrelid) LIKE '%workpulse_organization()%'
      AND pg_get_expr(p.polwithcheck, p.polrelid) LIKE '%workpulse_organization()%'
)
SELECT name || ' has no forced row-level security' FROM tables WHERE NOT forced
UNION ALL
SELECT name || ' has no policy for tenants' FROM tables t
WHERE NOT EXISTS (SELECT 1 FROM walls w WHERE w.polrelid = t.oid)
UNION ALL
SELECT t.name || ' has a policy ' || p.polname || ' that shows tenants more' FROM tables t
JOIN pg_policy p ON p.polrelid = t.oid AND p.polpermissive
WHERE p.oid NOT IN (SELECT w.oid FROM walls w)
  AND EXISTS (SELECT 1 FROM unnest(p.polroles) r WHERE r = 0 OR pg_has_role('workpulse_tenant', r, 'USAGE'))
UNION ALL
SELECT name || ' belongs to ' || relowner::regrole || ', whom its policies are for' FROM mine
WHERE pg_has_role('workpulse_tenant', relowner, 'MEMBER') OR pg_has_role('workpulse_ingest', relowner, 'MEMBER')
   OR pg_has_role('workpulse_system', relowner, 'MEMBER')
UNION ALL
SELECT name || ' may be used by everybody' FROM mine
WHERE EXISTS (SELECT 1 FROM aclexplode(relacl) a WHERE a.grantee = 0)
UNION ALL
SELECT m.name || ' may be used by ' || r.role || ', though no policy cuts its rows'
FROM mine m, (VALUES ('workpulse_tenant'), ('workpulse_ingest')) AS r (role)
WHERE (m.of_the_server OR m.a_part OR m.relkind IN ('v', 'm'))
  AND (has_any_column_privilege(r.role, m.oid, 'SELECT, INSERT, UPDATE')
       OR has_table_privilege(r.role, m.oid, 'DELETE, TRUNCATE'))
UNION ALL
SELECT 'the role ' || rolname || ' logs in, or passes row-level security' FROM pg_roles
WHERE rolname IN ('workpulse_tenant', 'workpulse_ingest', 'workpulse_system')
  AND (rolsuper OR rolbypassrls OR rolcanlogin)
UNION ALL
SELECT 'the function ' || p.proname || ' runs as its owner' FROM pg_proc p
WHERE p.pronamespace = current_schema()::text::regnamespace AND p.prosecdef
ORDER BY 1";

/// What the wall lacks, in words; empty where it stands. `None` on SQLite, which has none.
pub async fn gaps(store: &Store) -> Result<Option<Vec<String>>, StoreError> {
    let mut reader = store.system().read().await?;
    let Db::Postgres(connection) = reader.db().raw() else {
        return Ok(None);
    };
    let mut gaps: Vec<String> = sqlx::query_scalar(GAPS)
        .bind(OF_THE_SERVER.map(str::to_owned).to_vec())
        .fetch_all(connection)
        .await?;
    drop(reader);
    // Not only what the catalog says: nobody's organization has nothing.
    let mut nobody = store.tenant(OrganizationId(Uuid::nil())).read().await?;
    if let Db::Postgres(connection) = nobody.db().raw() {
        let (role, seen): (String, i64) = sqlx::query_as(
            "SELECT current_user::text, (SELECT count(*) FROM organizations) + (SELECT count(*) FROM users)",
        )
        .fetch_one(connection)
        .await?;
        if role != "workpulse_tenant" {
            gaps.push(format!("tenants' connections have the role {role}"));
        }
        if seen != 0 {
            gaps.push(format!("who is in no organization sees {seen} rows"));
        }
    }
    Ok(Some(gaps))
}
