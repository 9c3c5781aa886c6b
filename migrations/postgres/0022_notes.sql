-- What people say of stretches of their own time, and what managers answer. It stands beside what
-- was observed: no sum is changed by it.
-- PostgreSQL. Instants are timestamptz.

CREATE TABLE notes (
    organization_id  UUID NOT NULL,
    id               UUID NOT NULL,
    user_id          UUID NOT NULL,                      -- whose time, and whose words
    starts_at        TIMESTAMPTZ NOT NULL,
    ends_at          TIMESTAMPTZ NOT NULL CHECK (ends_at > starts_at),
    kind             TEXT NOT NULL CHECK (kind IN ('work', 'meeting', 'break', 'other')),
    text             TEXT,
    version          BIGINT NOT NULL DEFAULT 1,           -- counts what the person changed
    created_at       TIMESTAMPTZ NOT NULL,
    changed_at       TIMESTAMPTZ NOT NULL,
    answered_at      TIMESTAMPTZ,
    answered_by      UUID,
    accepted         BOOLEAN,                            -- absent: nobody has answered
    answer           TEXT,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id),
    FOREIGN KEY (organization_id, answered_by) REFERENCES users (organization_id, id),
    CHECK ((answered_at IS NULL) = (accepted IS NULL))
);

-- A person's day, and everybody's by time.
CREATE INDEX notes_by_person ON notes (organization_id, user_id, starts_at, ends_at);
CREATE INDEX notes_by_time ON notes (organization_id, starts_at, id);
-- What waits for an answer, however much has been answered.
CREATE INDEX notes_open ON notes (organization_id, starts_at, id) WHERE answered_at IS NULL;

SELECT workpulse_protect('notes');
