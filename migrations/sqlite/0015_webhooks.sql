-- Webhooks: what happens is told to other programs by HTTP.
-- SQLite. Ids are 16-byte blobs, instants INTEGER milliseconds since 1970 (UTC).

CREATE TABLE webhooks (
    organization_id  BLOB NOT NULL REFERENCES organizations (id),
    id               BLOB NOT NULL,
    url              TEXT NOT NULL,
    label            TEXT NOT NULL,
    kinds            TEXT NOT NULL,                      -- a list of what it is told of
    secret           TEXT NOT NULL,                      -- signs messages: needed in the clear, shown once
    previous_secret  TEXT,                               -- signs as well, for a while after a new one was made
    previous_until   INTEGER,
    events_seq       INTEGER NOT NULL,                    -- up to which event messages have been queued
    created_by       BLOB,                               -- absent: IT on the server itself
    created_at       INTEGER NOT NULL,
    failing_since    INTEGER,                        -- the first failure behind the last success
    off_at           INTEGER,
    off_reason       TEXT CHECK (off_reason IN ('admin', 'failing', 'gone')),
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, created_by) REFERENCES users (organization_id, id),
    CHECK ((off_at IS NULL) = (off_reason IS NULL)),
    CHECK ((previous_secret IS NULL) = (previous_until IS NULL))
) STRICT;

-- A message waits, arrived, or was given up. It holds ids and instants; nothing of what somebody
-- worked on.
CREATE TABLE webhook_deliveries (
    organization_id  BLOB NOT NULL,
    id               BLOB NOT NULL,                      -- also the message's: the same at each attempt
    webhook_id       BLOB NOT NULL,
    kind             TEXT NOT NULL,
    user_id          BLOB,                               -- whom the message is about
    body             TEXT NOT NULL,                      -- as it is signed and sent
    created_at       INTEGER NOT NULL,
    attempts         INTEGER NOT NULL DEFAULT 0,
    next_attempt_at  INTEGER,                        -- absent: nothing more to do
    delivered_at     INTEGER,
    failed_at        INTEGER,                        -- given up
    last_attempt_at  INTEGER,
    status           INTEGER,                             -- HTTP's, of the last attempt
    duration_ms      INTEGER,
    error            TEXT,                               -- a word; absent when it arrived
    answer           TEXT,                               -- the beginning of what was answered
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, webhook_id) REFERENCES webhooks (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
) STRICT;

CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX webhook_deliveries_by_webhook ON webhook_deliveries (organization_id, webhook_id, id);
CREATE INDEX webhook_deliveries_by_user ON webhook_deliveries (organization_id, user_id);
