-- What whole months add up to, so that a year reads twelve rows of a person and not 365.
-- SQLite. Ids are 16-byte blobs, instants INTEGER milliseconds since 1970 (UTC), days 'YYYY-MM-DD'.

-- When the day was counted into its month; absent: not yet, or something has changed since. A month
-- counts for a report when no day in it is without.
ALTER TABLE daily_summaries ADD COLUMN month_at INTEGER;

CREATE INDEX daily_summaries_uncounted ON daily_summaries (organization_id, day, user_id) WHERE month_at IS NULL;

CREATE TABLE person_months (
    organization_id     BLOB NOT NULL,
    user_id             BLOB NOT NULL,
    month               TEXT NOT NULL,                   -- its first day
    last_day            TEXT NOT NULL,                   -- its last day
    active_seconds      INTEGER NOT NULL,
    idle_seconds        INTEGER NOT NULL,
    unobserved_seconds  INTEGER NOT NULL,
    PRIMARY KEY (organization_id, user_id, month),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE application_months (
    organization_id     BLOB NOT NULL,
    user_id             BLOB NOT NULL,
    month               TEXT NOT NULL,
    application         TEXT NOT NULL,                   -- '': not known, or not kept
    domain              TEXT NOT NULL,                   -- host of the address; '': none
    category_id         BLOB NOT NULL,                   -- all zero: in no category
    active_seconds      INTEGER NOT NULL,
    idle_seconds        INTEGER NOT NULL,
    PRIMARY KEY (organization_id, user_id, month, application, domain, category_id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
) STRICT, WITHOUT ROWID;

-- Clock hours by day of the week.
CREATE TABLE hour_months (
    organization_id     BLOB NOT NULL,
    user_id             BLOB NOT NULL,
    month               TEXT NOT NULL,
    weekday             INTEGER NOT NULL CHECK (weekday BETWEEN 1 AND 7),  -- 1: Monday
    hour                INTEGER NOT NULL CHECK (hour BETWEEN 0 AND 23),
    active_seconds      INTEGER NOT NULL,
    idle_seconds        INTEGER NOT NULL,
    unobserved_seconds  INTEGER NOT NULL,
    PRIMARY KEY (organization_id, user_id, month, weekday, hour),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
) STRICT, WITHOUT ROWID;
