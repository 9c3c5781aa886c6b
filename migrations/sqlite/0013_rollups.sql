-- What minutes add up to, so that a report never reads them: by hour, by application, by
-- session. And what applications stand for.
-- SQLite. Ids are 16-byte blobs, instants INTEGER milliseconds since 1970 (UTC), days 'YYYY-MM-DD'.

ALTER TABLE daily_summaries ADD COLUMN first_input_at INTEGER;  -- begin of the day's first active span
ALTER TABLE daily_summaries ADD COLUMN last_input_at INTEGER;   -- end of its last
ALTER TABLE daily_summaries ADD COLUMN made_at INTEGER;         -- when the day was closed; absent: it runs, or something came late

-- Clock hours of the organization's day: an hour that a time change repeats counts twice.
CREATE TABLE hour_days (
    organization_id     BLOB NOT NULL,
    user_id             BLOB NOT NULL,
    day                 TEXT NOT NULL,
    hour                INTEGER NOT NULL CHECK (hour BETWEEN 0 AND 23),
    active_seconds      INTEGER NOT NULL DEFAULT 0,
    idle_seconds        INTEGER NOT NULL DEFAULT 0,
    unobserved_seconds  INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, user_id, day, hour),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
) STRICT, WITHOUT ROWID;

-- By what was used. Unobserved time has no application.
CREATE TABLE application_days (
    organization_id     BLOB NOT NULL,
    user_id             BLOB NOT NULL,
    day                 TEXT NOT NULL,
    application         TEXT NOT NULL,                   -- '': not known, or not kept
    domain              TEXT NOT NULL,                   -- host of the address; '': none
    category_id         BLOB NOT NULL,                 -- all zero: in no category
    active_seconds      INTEGER NOT NULL DEFAULT 0,
    idle_seconds        INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, user_id, day, application, domain, category_id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
) STRICT, WITHOUT ROWID;

-- By session, and so by whatever project the session is booked on now.
CREATE TABLE session_days (
    organization_id     BLOB NOT NULL,
    user_id             BLOB NOT NULL,
    day                 TEXT NOT NULL,
    session_id          BLOB NOT NULL,
    active_seconds      INTEGER NOT NULL DEFAULT 0,
    idle_seconds        INTEGER NOT NULL DEFAULT 0,
    unobserved_seconds  INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, user_id, day, session_id),
    FOREIGN KEY (organization_id, session_id) REFERENCES work_sessions (organization_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX session_days_by_session ON session_days (organization_id, session_id);

CREATE TABLE categories (
    organization_id  BLOB NOT NULL REFERENCES organizations (id),
    id               BLOB NOT NULL,
    name             TEXT NOT NULL,
    kind             TEXT NOT NULL CHECK (kind IN ('productive', 'neutral', 'unproductive')),
    created_at       INTEGER NOT NULL,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, name)
) STRICT, WITHOUT ROWID;

-- An organization's rules, as one list under one version.
CREATE TABLE category_rules (
    organization_id  BLOB NOT NULL REFERENCES organizations (id),
    version          INTEGER NOT NULL,
    rules            TEXT NOT NULL,                   -- shared-types: category::CategoryRule, in order: the first that fits decides
    created_at       INTEGER NOT NULL,
    applied_at       INTEGER,                             -- when all rollups had come to follow it
    PRIMARY KEY (organization_id, version)
) STRICT, WITHOUT ROWID;
