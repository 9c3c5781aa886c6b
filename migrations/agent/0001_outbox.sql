-- The agent's outbox: what was observed and has not been acknowledged, and for 24 hours
-- what has. The format is specified in agent/src/outbox/mod.rs. Times are milliseconds
-- since 1970, UTC.

-- One row for each numbering of items. The last one is in use.
CREATE TABLE epochs (
    no         INTEGER PRIMARY KEY,
    id         BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    started_at INTEGER NOT NULL,
    next_seq   INTEGER NOT NULL DEFAULT 1,
    -- Conservation: produced = stored + pending rows + sum of dropped.
    produced   INTEGER NOT NULL DEFAULT 0,
    stored     INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE dropped (
    epoch  INTEGER NOT NULL REFERENCES epochs (no),
    reason TEXT    NOT NULL,
    items  INTEGER NOT NULL,
    PRIMARY KEY (epoch, reason)
) STRICT, WITHOUT ROWID;

CREATE TABLE items (
    epoch      INTEGER NOT NULL REFERENCES epochs (no),
    seq        INTEGER NOT NULL,
    -- 0 pending, 1 acknowledged, 2 rejected
    state      INTEGER NOT NULL DEFAULT 0 CHECK (state IN (0, 1, 2)),
    made_at    INTEGER NOT NULL,
    -- When it was acknowledged or rejected.
    settled_at INTEGER,
    -- Why it was rejected.
    reason     TEXT,
    -- Of a span: 0 active, 1 idle, 2 unobserved; where it begins, and its length.
    kind       INTEGER,
    started_at INTEGER,
    seconds    INTEGER,
    -- The item as it is sent.
    body       TEXT    NOT NULL,
    PRIMARY KEY (epoch, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX items_pending ON items (epoch, seq) WHERE state = 0;

-- Small facts that change in the same transaction as the items.
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
