-- Where minutes end: sync streams, work sessions, activity, days.
-- PostgreSQL. Instants are timestamptz.

-- One outbox file of one device: what has been handled of it.
CREATE TABLE sync_streams (
    id               BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id  UUID NOT NULL,
    user_id          UUID NOT NULL,
    device_id        UUID NOT NULL,
    epoch            UUID NOT NULL,
    watermark        BIGINT NOT NULL DEFAULT 0,          -- every seq up to here has been handled
    ahead            TEXT NOT NULL DEFAULT '',           -- handled ranges above it: '12-15,20-20'
    last_span_end    TIMESTAMPTZ,                          -- end of the latest span stored
    last_sync_at     TIMESTAMPTZ NOT NULL,
    online           BOOLEAN NOT NULL,                   -- announced as in contact
    counters         JSONB,                               -- shared-types: sync::Counters, the device's own account
    UNIQUE (device_id, epoch),
    FOREIGN KEY (organization_id, device_id) REFERENCES devices (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
);

CREATE INDEX sync_streams_by_user ON sync_streams (organization_id, user_id);

-- Items that were refused: a resent one gets the same answer.
CREATE TABLE rejected_items (
    stream_id    BIGINT NOT NULL REFERENCES sync_streams (id),
    seq          BIGINT NOT NULL,
    reason       TEXT NOT NULL,
    rejected_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (stream_id, seq)
);

CREATE TABLE work_sessions (
    organization_id           UUID NOT NULL,
    id                        UUID NOT NULL,             -- made by whoever starts it
    user_id                   UUID NOT NULL,
    device_id                 UUID NOT NULL,
    project_id                UUID,
    status                    TEXT NOT NULL CHECK (status IN ('active', 'stopped')),
    started_at                TIMESTAMPTZ NOT NULL,
    ended_at                  TIMESTAMPTZ,
    total_active_seconds      BIGINT NOT NULL DEFAULT 0,
    total_idle_seconds        BIGINT NOT NULL DEFAULT 0,
    total_unobserved_seconds  BIGINT NOT NULL DEFAULT 0,
    last_activity_at          TIMESTAMPTZ,                 -- end of the latest active span
    last_span_end             TIMESTAMPTZ,                 -- end of the latest span of any kind
    current_type              TEXT,                      -- of the latest span
    current_reason            TEXT,
    current_application       TEXT,
    current_since             TIMESTAMPTZ,                 -- start of the unbroken run with the three above
    version                   BIGINT NOT NULL DEFAULT 1, -- one more than the changes applied
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id),
    FOREIGN KEY (organization_id, device_id) REFERENCES devices (organization_id, id),
    FOREIGN KEY (organization_id, project_id) REFERENCES projects (organization_id, id),
    CHECK ((status = 'stopped') = (ended_at IS NOT NULL)),
    CHECK (ended_at >= started_at)
);

CREATE INDEX work_sessions_by_user ON work_sessions (organization_id, user_id, started_at, id);
CREATE INDEX work_sessions_running ON work_sessions (organization_id, user_id) WHERE status = 'active';

CREATE TABLE activity_logs (
    stream_id         BIGINT NOT NULL,                   -- of sync_streams; no foreign key: rows outlive nothing that the session's key does not tie already, and each key is checked for each row
    seq               BIGINT NOT NULL,
    organization_id   UUID NOT NULL,
    user_id           UUID NOT NULL,
    session_id        UUID NOT NULL,
    activity_type     TEXT NOT NULL CHECK (activity_type IN ('active', 'idle', 'unobserved')),
    reason            TEXT,
    started_at        TIMESTAMPTZ NOT NULL,
    duration_seconds  BIGINT NOT NULL CHECK (duration_seconds BETWEEN 1 AND 60),
    application       TEXT,
    title             TEXT,
    url               TEXT,
    PRIMARY KEY (stream_id, seq),
    FOREIGN KEY (organization_id, session_id) REFERENCES work_sessions (organization_id, id),
    CHECK ((activity_type = 'unobserved') = (reason IS NOT NULL))
);

-- A person's time, in order.
CREATE INDEX activity_logs_by_person ON activity_logs (user_id, started_at);

CREATE TABLE daily_summaries (
    organization_id     UUID NOT NULL,
    user_id             UUID NOT NULL,
    day                 DATE NOT NULL,                   -- the organization's
    time_zone           TEXT NOT NULL,                   -- the zone that the day was cut in
    device_id           UUID,                            -- the only device of the day; absent: several, then the union of their spans
    active_seconds      BIGINT NOT NULL DEFAULT 0,
    idle_seconds        BIGINT NOT NULL DEFAULT 0,
    unobserved_seconds  BIGINT NOT NULL DEFAULT 0,
    updated_at          TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organization_id, user_id, day),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
);
