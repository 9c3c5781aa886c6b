-- Files that people ask for: who asked for what, how far it is, and the file in pieces, so that
-- any instance can hand it out.
-- SQLite. Ids are 16-byte blobs, instants INTEGER milliseconds since 1970 (UTC).

CREATE TABLE exports (
    organization_id  BLOB NOT NULL,
    id               BLOB NOT NULL,
    user_id          BLOB NOT NULL,                      -- who asked
    request          TEXT NOT NULL,                      -- shared-types: export::CreateExport
    state            TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    attempt          BLOB,                               -- made for this attempt alone: a later one's rows are safe from it
    attempts         INTEGER NOT NULL DEFAULT 0,
    rows_done        INTEGER NOT NULL DEFAULT 0,
    rows_total       INTEGER,                            -- absent: not counted yet
    bytes            INTEGER NOT NULL DEFAULT 0,
    people           TEXT,                               -- ids of those whom the file tells of
    error            TEXT,                               -- why it failed, in words for who asked
    created_at       INTEGER NOT NULL,
    finished_at      INTEGER,
    expires_at       INTEGER,                            -- absent: not finished
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX exports_by_person ON exports (organization_id, user_id, created_at, id);
CREATE INDEX exports_unfinished ON exports (created_at) WHERE state IN ('waiting', 'running');

CREATE TABLE export_chunks (
    organization_id  BLOB NOT NULL,
    export_id        BLOB NOT NULL,
    position         INTEGER NOT NULL,                   -- 0, 1, 2 …
    bytes            BLOB NOT NULL,
    created_at       INTEGER NOT NULL,
    PRIMARY KEY (organization_id, export_id, position),
    FOREIGN KEY (organization_id, export_id) REFERENCES exports (organization_id, id) ON DELETE CASCADE
) STRICT;
