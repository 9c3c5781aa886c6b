-- What people say of stretches of their own time, and what managers answer. It stands beside what
-- was observed: no sum is changed by it.
-- SQLite. Ids are 16-byte blobs, instants INTEGER milliseconds since 1970 (UTC).

CREATE TABLE notes (
    organization_id  BLOB NOT NULL,
    id               BLOB NOT NULL,
    user_id          BLOB NOT NULL,                      -- whose time, and whose words
    starts_at        INTEGER NOT NULL,
    ends_at          INTEGER NOT NULL CHECK (ends_at > starts_at),
    kind             TEXT NOT NULL CHECK (kind IN ('work', 'meeting', 'break', 'other')),
    text             TEXT,
    version          INTEGER NOT NULL DEFAULT 1,           -- counts what the person changed
    created_at       INTEGER NOT NULL,
    changed_at       INTEGER NOT NULL,
    answered_at      INTEGER,
    answered_by      BLOB,
    accepted         INTEGER CHECK (accepted IN (0, 1)), -- absent: nobody has answered
    answer           TEXT,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id),
    FOREIGN KEY (organization_id, answered_by) REFERENCES users (organization_id, id),
    CHECK ((answered_at IS NULL) = (accepted IS NULL))
) STRICT;

-- A person's day, and everybody's by time.
CREATE INDEX notes_by_person ON notes (organization_id, user_id, starts_at, ends_at);
CREATE INDEX notes_by_time ON notes (organization_id, starts_at, id);
-- What waits for an answer, however much has been answered.
CREATE INDEX notes_open ON notes (organization_id, starts_at, id) WHERE answered_at IS NULL;
