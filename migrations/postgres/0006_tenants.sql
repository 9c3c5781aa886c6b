-- The second wall between tenants. The first is the store's scope; this one stands when a
-- query forgets its condition. PostgreSQL.
--
-- Three roles, none of which logs in, owns a table or passes row-level security. The server
-- logs in as somebody else and takes the role that the work needs:
--   workpulse_tenant   one organization, the one in the setting workpulse.organization;
--                      no setting, no rows
--   workpulse_ingest   the group commit, whose transactions carry several organizations:
--                      no condition on the organization, but few tables and few columns
--   workpulse_system   the few questions that concern no single organization: log-in by an
--                      address, a secret's owner, watching for changes, doctor, jobs.
--                      Reads; what it may write is named below

-- Roles belong to the cluster, and other databases of it may be migrated at this moment:
-- whoever comes second waits for the first and is told that the role or the membership is
-- there, or that its row has just been changed. Then the loop looks again.
DO $$
DECLARE
    wanted    CONSTANT text[] := ARRAY['workpulse_tenant', 'workpulse_ingest', 'workpulse_system'];
    -- From PostgreSQL 16 on a member is not always one who may take the role.
    membership CONSTANT text := CASE WHEN current_setting('server_version_num')::int >= 160000
                                     THEN 'SET' ELSE 'MEMBER' END;
    needed    text;
    done      boolean;
BEGIN
    FOREACH needed IN ARRAY wanted LOOP
        done := false;
        FOR attempt IN 1..100 LOOP
            BEGIN
                IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = needed) THEN
                    EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', needed);
                END IF;
                -- A superuser may take every role.
                IF NOT pg_has_role(current_user, needed, membership) THEN
                    EXECUTE format('GRANT %I TO CURRENT_USER', needed);
                END IF;
                done := true;
                EXIT;
            EXCEPTION
                WHEN unique_violation OR duplicate_object OR internal_error OR undefined_object THEN
                    PERFORM pg_sleep(0.01);
                WHEN insufficient_privilege THEN
                    RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = format(
                        'the login %1$I may not make or take the role %2$I. Nothing was changed. '
                        'A database administrator runs this once, in any database of the cluster, '
                        'then migrate again: '
                        'CREATE ROLE workpulse_tenant NOLOGIN; '
                        'CREATE ROLE workpulse_ingest NOLOGIN; '
                        'CREATE ROLE workpulse_system NOLOGIN; '
                        'GRANT workpulse_tenant, workpulse_ingest, workpulse_system TO %1$I; '
                        '(a role that is there already needs no CREATE)', current_user, needed);
            END;
        END LOOP;
        IF NOT done THEN
            RAISE EXCEPTION 'the role % could not be made: other migrations of this cluster kept changing it. Nothing was changed; migrate again.', needed;
        END IF;
        IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = needed AND (rolsuper OR rolbypassrls)) THEN
            RAISE EXCEPTION 'the role % passes row-level security. Nothing was changed. Run ALTER ROLE % NOSUPERUSER NOBYPASSRLS, then migrate again.', needed, needed;
        END IF;
    END LOOP;
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO workpulse_tenant, workpulse_ingest, workpulse_system', current_schema());
END
$$;

-- The organization that this connection works for; nothing where none is set. A sub-select
-- around it is worked out once a query, not once a row.
CREATE FUNCTION workpulse_organization() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT NULLIF(current_setting('workpulse.organization', true), '')::uuid $$;

-- Protects a table of tenants: every migration that makes one calls it. `condition` says
-- which rows are the tenant's where the table has no column organization_id. The tenant may
-- then read and write its own rows, the system may read; a migration takes or gives more by
-- GRANT and REVOKE.
CREATE FUNCTION workpulse_protect(protected regclass, condition text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SET client_min_messages = warning
AS $$
DECLARE
    own CONSTANT text := COALESCE(condition, 'organization_id = (SELECT workpulse_organization())');
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', protected);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', protected);
    EXECUTE format('DROP POLICY IF EXISTS tenant ON %s', protected);
    EXECUTE format('DROP POLICY IF EXISTS system ON %s', protected);
    EXECUTE format('CREATE POLICY tenant ON %s TO workpulse_tenant USING (%s) WITH CHECK (%s)', protected, own, own);
    EXECUTE format('CREATE POLICY system ON %s TO workpulse_system USING (true) WITH CHECK (true)', protected);
    EXECUTE format('REVOKE ALL ON %s FROM PUBLIC, workpulse_tenant, workpulse_ingest, workpulse_system', protected);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO workpulse_tenant', protected);
    EXECUTE format('GRANT SELECT ON %s TO workpulse_system', protected);
END
$$;

-- Lets the ingest path at a protected table: `rights` as in GRANT, with columns where they
-- can be named, such as 'SELECT (id, time_zone)'.
CREATE FUNCTION workpulse_admit_ingest(protected regclass, rights text) RETURNS void
LANGUAGE plpgsql SET client_min_messages = warning
AS $$
BEGIN
    EXECUTE format('DROP POLICY IF EXISTS ingest ON %s', protected);
    EXECUTE format('CREATE POLICY ingest ON %s TO workpulse_ingest USING (true) WITH CHECK (true)', protected);
    EXECUTE format('GRANT %s ON %s TO workpulse_ingest', rights, protected);
END
$$;

REVOKE ALL ON FUNCTION workpulse_protect(regclass, text), workpulse_admit_ingest(regclass, text) FROM PUBLIC;

SELECT workpulse_protect('organizations', 'id = (SELECT workpulse_organization())');
SELECT workpulse_protect('users');
SELECT workpulse_protect('projects');
SELECT workpulse_protect('refresh_tokens');
SELECT workpulse_protect('enrolment_tokens');
SELECT workpulse_protect('devices');
SELECT workpulse_protect('sync_streams');
-- By their stream; the streams that the tenant sees are its own.
SELECT workpulse_protect('rejected_items', 'stream_id IN (SELECT s.id FROM sync_streams s WHERE s.organization_id = (SELECT workpulse_organization()))');
SELECT workpulse_protect('work_sessions');
SELECT workpulse_protect('activity_logs');
SELECT workpulse_protect('daily_summaries');
SELECT workpulse_protect('event_counters');
SELECT workpulse_protect('events');
SELECT workpulse_protect('alerts');
SELECT workpulse_protect('audit');

-- Nobody makes or removes an organization from inside of one.
REVOKE INSERT, DELETE ON organizations FROM workpulse_tenant;
-- Append-only.
REVOKE UPDATE, DELETE ON audit FROM workpulse_tenant;

-- What the system writes: new organizations, contact that ended, old events.
GRANT INSERT ON organizations, event_counters TO workpulse_system;
GRANT UPDATE (online) ON sync_streams TO workpulse_system;
GRANT DELETE ON events TO workpulse_system;

-- Scheduled work belongs to the server, not to a tenant: tenants have no right to it at all.
REVOKE ALL ON schedules, jobs FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON schedules, jobs TO workpulse_system;
-- How far the schema is: read before anything else.
GRANT SELECT ON _sqlx_migrations TO workpulse_system;

-- The ingest path. Accounts, credentials, alerts and the audit are not in this list.
SELECT workpulse_admit_ingest('organizations', 'SELECT (id, time_zone, retention_days, policy_version)');
SELECT workpulse_admit_ingest('projects', 'SELECT (organization_id, id, archived_at)');
SELECT workpulse_admit_ingest('sync_streams', 'SELECT, INSERT, UPDATE (watermark, ahead, last_span_end, last_sync_at, online, counters)');
SELECT workpulse_admit_ingest('rejected_items', 'SELECT, INSERT');
SELECT workpulse_admit_ingest('work_sessions', 'SELECT, INSERT, UPDATE (status, ended_at, total_active_seconds, total_idle_seconds, total_unobserved_seconds, last_activity_at, last_span_end, current_type, current_reason, current_application, current_since, version)');
SELECT workpulse_admit_ingest('activity_logs', 'SELECT, INSERT');
SELECT workpulse_admit_ingest('daily_summaries', 'SELECT, INSERT, UPDATE (device_id, active_seconds, idle_seconds, unobserved_seconds, time_zone, updated_at)');
SELECT workpulse_admit_ingest('event_counters', 'SELECT, UPDATE (seq)');
SELECT workpulse_admit_ingest('events', 'INSERT');

-- The sweep looks every five seconds for streams in contact that have fallen silent. The
-- index leaves last_sync_at out, which every sync changes: with it in, each sync would have
-- to write the index too.
CREATE INDEX sync_streams_online ON sync_streams (organization_id, user_id) WHERE online;
