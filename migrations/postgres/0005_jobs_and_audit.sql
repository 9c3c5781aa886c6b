-- Scheduled work, and who did what.
-- PostgreSQL. Instants are timestamptz.

CREATE TABLE schedules (
    name         TEXT PRIMARY KEY,
    expression   TEXT NOT NULL,                          -- cron
    catch_up     TEXT NOT NULL CHECK (catch_up IN ('once', 'each', 'skip')),
    enabled      BOOLEAN NOT NULL,
    last_due_at  TIMESTAMPTZ
);

-- One row per effect: the unique key makes each occurrence happen once.
CREATE TABLE jobs (
    id               UUID PRIMARY KEY,
    schedule         TEXT NOT NULL REFERENCES schedules (name),
    scope            TEXT NOT NULL DEFAULT '',           -- an organization's id where the schedule runs per organization
    due_at           TIMESTAMPTZ NOT NULL,
    state            TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
    attempts         BIGINT NOT NULL DEFAULT 0,
    lease_owner      UUID,
    lease_until      TIMESTAMPTZ,
    started_at       TIMESTAMPTZ,
    finished_at      TIMESTAMPTZ,
    last_error       TEXT,
    UNIQUE (schedule, scope, due_at)
);

CREATE INDEX jobs_waiting ON jobs (due_at) WHERE state IN ('queued', 'running');

-- Append-only. Each row's hash covers the row before it, so a change shows.
CREATE TABLE audit (
    organization_id  UUID NOT NULL REFERENCES organizations (id),
    seq              BIGINT NOT NULL,
    at               TIMESTAMPTZ NOT NULL,
    actor_id         UUID,                               -- absent: IT on the server itself
    action           TEXT NOT NULL,
    subject_id       UUID,                               -- the person concerned
    detail           JSONB NOT NULL,
    previous_hash    BYTEA NOT NULL,
    hash             BYTEA NOT NULL,
    PRIMARY KEY (organization_id, seq)
);

CREATE INDEX audit_by_subject ON audit (organization_id, subject_id, seq);
