-- What managers are told. An event is written in the transaction that it reports.
-- PostgreSQL. Instants are timestamptz.

-- The next event number of each organization. A row, not a sequence: numbers drawn from a
-- sequence become visible out of order, and a reader would miss the late ones for ever.
CREATE TABLE event_counters (
    organization_id  UUID PRIMARY KEY REFERENCES organizations (id),
    seq              BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE events (
    organization_id  UUID NOT NULL REFERENCES organizations (id),
    seq              BIGINT NOT NULL,
    kind             TEXT NOT NULL,
    subject          JSONB NOT NULL,                      -- ids only: a client is sent what they stand for now
    created_at       TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organization_id, seq)
);

CREATE INDEX events_by_age ON events (created_at);

CREATE TABLE alerts (
    organization_id  UUID NOT NULL,
    id               UUID NOT NULL,
    user_id          UUID NOT NULL,
    session_id       UUID,
    kind             TEXT NOT NULL CHECK (kind IN ('idle', 'overtime')),
    episode          TEXT NOT NULL,                      -- what makes it one: the session's last input, or the day
    opened_at        TIMESTAMPTZ NOT NULL,
    resolved_at      TIMESTAMPTZ,
    resolved_by      UUID,                               -- absent with resolved_at: by itself
    resolution       TEXT,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, user_id, kind, episode),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id),
    FOREIGN KEY (organization_id, resolved_by) REFERENCES users (organization_id, id),
    FOREIGN KEY (organization_id, session_id) REFERENCES work_sessions (organization_id, id)
);

CREATE INDEX alerts_open ON alerts (organization_id, opened_at) WHERE resolved_at IS NULL;
