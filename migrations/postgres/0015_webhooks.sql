-- Webhooks: what happens is told to other programs by HTTP.
-- PostgreSQL. Instants are timestamptz.

CREATE TABLE webhooks (
    organization_id  UUID NOT NULL REFERENCES organizations (id),
    id               UUID NOT NULL,
    url              TEXT NOT NULL,
    label            TEXT NOT NULL,
    kinds            JSONB NOT NULL,                      -- a list of what it is told of
    secret           TEXT NOT NULL,                      -- signs messages: needed in the clear, shown once
    previous_secret  TEXT,                               -- signs as well, for a while after a new one was made
    previous_until   TIMESTAMPTZ,
    events_seq       BIGINT NOT NULL,                    -- up to which event messages have been queued
    created_by       UUID,                               -- absent: IT on the server itself
    created_at       TIMESTAMPTZ NOT NULL,
    failing_since    TIMESTAMPTZ,                        -- the first failure behind the last success
    off_at           TIMESTAMPTZ,
    off_reason       TEXT CHECK (off_reason IN ('admin', 'failing', 'gone')),
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, created_by) REFERENCES users (organization_id, id),
    CHECK ((off_at IS NULL) = (off_reason IS NULL)),
    CHECK ((previous_secret IS NULL) = (previous_until IS NULL))
);

-- A message waits, arrived, or was given up. It holds ids and instants; nothing of what somebody
-- worked on.
CREATE TABLE webhook_deliveries (
    organization_id  UUID NOT NULL,
    id               UUID NOT NULL,                      -- also the message's: the same at each attempt
    webhook_id       UUID NOT NULL,
    kind             TEXT NOT NULL,
    user_id          UUID,                               -- whom the message is about
    body             TEXT NOT NULL,                      -- as it is signed and sent
    created_at       TIMESTAMPTZ NOT NULL,
    attempts         BIGINT NOT NULL DEFAULT 0,
    next_attempt_at  TIMESTAMPTZ,                        -- absent: nothing more to do
    delivered_at     TIMESTAMPTZ,
    failed_at        TIMESTAMPTZ,                        -- given up
    last_attempt_at  TIMESTAMPTZ,
    status           BIGINT,                             -- HTTP's, of the last attempt
    duration_ms      BIGINT,
    error            TEXT,                               -- a word; absent when it arrived
    answer           TEXT,                               -- the beginning of what was answered
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, webhook_id) REFERENCES webhooks (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
);

CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX webhook_deliveries_by_webhook ON webhook_deliveries (organization_id, webhook_id, id);
CREATE INDEX webhook_deliveries_by_user ON webhook_deliveries (organization_id, user_id);

SELECT workpulse_protect('webhooks');
SELECT workpulse_protect('webhook_deliveries');
