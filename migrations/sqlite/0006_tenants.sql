-- The second wall between tenants is PostgreSQL's: roles and row-level security. SQLite has
-- neither: whoever can open the file has all of it, and here only the server's process can.
-- What the file itself can keep is the audit's rule.

CREATE TRIGGER audit_rows_do_not_change BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only');
END;

CREATE TRIGGER audit_rows_do_not_go BEFORE DELETE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only');
END;

-- The sweep looks every five seconds for streams in contact that have fallen silent. The
-- index leaves last_sync_at out, which every sync changes: with it in, each sync would have
-- to write the index too.
CREATE INDEX sync_streams_online ON sync_streams (organization_id, user_id) WHERE online;
