-- Files that people ask for: who asked for what, how far it is, and the file in pieces, so that
-- any instance can hand it out.
-- PostgreSQL. Instants are timestamptz.

CREATE TABLE exports (
    organization_id  UUID NOT NULL,
    id               UUID NOT NULL,
    user_id          UUID NOT NULL,                      -- who asked
    request          JSONB NOT NULL,                     -- shared-types: export::CreateExport
    state            TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    attempt          UUID,                               -- made for this attempt alone: a later one's rows are safe from it
    attempts         BIGINT NOT NULL DEFAULT 0,
    rows_done        BIGINT NOT NULL DEFAULT 0,
    rows_total       BIGINT,                             -- absent: not counted yet
    bytes            BIGINT NOT NULL DEFAULT 0,
    people           JSONB,                              -- ids of those whom the file tells of
    error            TEXT,                               -- why it failed, in words for who asked
    created_at       TIMESTAMPTZ NOT NULL,
    finished_at      TIMESTAMPTZ,
    expires_at       TIMESTAMPTZ,                        -- absent: not finished
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
);

CREATE INDEX exports_by_person ON exports (organization_id, user_id, created_at, id);
CREATE INDEX exports_unfinished ON exports (created_at) WHERE state IN ('waiting', 'running');

CREATE TABLE export_chunks (
    organization_id  UUID NOT NULL,
    export_id        UUID NOT NULL,
    position         BIGINT NOT NULL,                    -- 0, 1, 2 …
    bytes            BYTEA NOT NULL,
    created_at       TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organization_id, export_id, position),
    FOREIGN KEY (organization_id, export_id) REFERENCES exports (organization_id, id) ON DELETE CASCADE
);

SELECT workpulse_protect('exports');
SELECT workpulse_protect('export_chunks');
