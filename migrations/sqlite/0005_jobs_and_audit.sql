-- Scheduled work, and who did what.
-- SQLite. Ids are 16-byte blobs, instants INTEGER milliseconds since 1970 (UTC), days 'YYYY-MM-DD'.

CREATE TABLE schedules (
    name         TEXT PRIMARY KEY,
    expression   TEXT NOT NULL,                          -- cron
    catch_up     TEXT NOT NULL CHECK (catch_up IN ('once', 'each', 'skip')),
    enabled      INTEGER NOT NULL,
    last_due_at  INTEGER
) STRICT;

-- One row per effect: the unique key makes each occurrence happen once.
CREATE TABLE jobs (
    id               BLOB PRIMARY KEY,
    schedule         TEXT NOT NULL REFERENCES schedules (name),
    scope            TEXT NOT NULL DEFAULT '',           -- an organization's id where the schedule runs per organization
    due_at           INTEGER NOT NULL,
    state            TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
    attempts         INTEGER NOT NULL DEFAULT 0,
    lease_owner      BLOB,
    lease_until      INTEGER,
    started_at       INTEGER,
    finished_at      INTEGER,
    last_error       TEXT,
    UNIQUE (schedule, scope, due_at)
) STRICT;

CREATE INDEX jobs_waiting ON jobs (due_at) WHERE state IN ('queued', 'running');

-- Append-only. Each row's hash covers the row before it, so a change shows.
CREATE TABLE audit (
    organization_id  BLOB NOT NULL REFERENCES organizations (id),
    seq              INTEGER NOT NULL,
    at               INTEGER NOT NULL,
    actor_id         BLOB,                               -- absent: IT on the server itself
    action           TEXT NOT NULL,
    subject_id       BLOB,                               -- the person concerned
    detail           TEXT NOT NULL,
    previous_hash    BLOB NOT NULL,
    hash             BLOB NOT NULL,
    PRIMARY KEY (organization_id, seq)
) STRICT;

CREATE INDEX audit_by_subject ON audit (organization_id, subject_id, seq);
