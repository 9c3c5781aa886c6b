-- What managers are told. An event is written in the transaction that it reports.
-- SQLite. Ids are 16-byte blobs, instants INTEGER milliseconds since 1970 (UTC), days 'YYYY-MM-DD'.

-- The next event number of each organization. A row, not a sequence: numbers drawn from a
-- sequence become visible out of order, and a reader would miss the late ones for ever.
CREATE TABLE event_counters (
    organization_id  BLOB PRIMARY KEY REFERENCES organizations (id),
    seq              INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE events (
    organization_id  BLOB NOT NULL REFERENCES organizations (id),
    seq              INTEGER NOT NULL,
    kind             TEXT NOT NULL,
    subject          TEXT NOT NULL,                      -- ids only: a client is sent what they stand for now
    created_at       INTEGER NOT NULL,
    PRIMARY KEY (organization_id, seq)
) STRICT;

CREATE INDEX events_by_age ON events (created_at);

CREATE TABLE alerts (
    organization_id  BLOB NOT NULL,
    id               BLOB NOT NULL,
    user_id          BLOB NOT NULL,
    session_id       BLOB,
    kind             TEXT NOT NULL CHECK (kind IN ('idle', 'overtime')),
    episode          TEXT NOT NULL,                      -- what makes it one: the session's last input, or the day
    opened_at        INTEGER NOT NULL,
    resolved_at      INTEGER,
    resolved_by      BLOB,                               -- absent with resolved_at: by itself
    resolution       TEXT,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, user_id, kind, episode),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id),
    FOREIGN KEY (organization_id, resolved_by) REFERENCES users (organization_id, id),
    FOREIGN KEY (organization_id, session_id) REFERENCES work_sessions (organization_id, id)
) STRICT;

CREATE INDEX alerts_open ON alerts (organization_id, opened_at) WHERE resolved_at IS NULL;
