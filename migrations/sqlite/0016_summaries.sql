-- Days that wait to be closed, and days whose rollups wait to be made again from their spans.
-- SQLite. Ids are 16-byte blobs, instants INTEGER milliseconds since 1970 (UTC), days 'YYYY-MM-DD'.

-- Days that run, and days that something came late for: a day is found here without a look at the
-- years that are closed.
CREATE INDEX daily_summaries_open ON daily_summaries (organization_id, day, user_id) WHERE made_at IS NULL;

-- When it was looked whether days from before there were rollups lack them; absent: not yet.
ALTER TABLE organizations ADD COLUMN rollups_checked_at INTEGER;

-- People whose days are made again, one after the other.
CREATE TABLE rollup_work (
    organization_id  BLOB NOT NULL,
    user_id          BLOB NOT NULL,
    reason           TEXT NOT NULL CHECK (reason IN ('missing', 'zone', 'asked')),
    next_day         TEXT NOT NULL,                   -- days before it are done
    asked_at         INTEGER NOT NULL,
    finished_at      INTEGER,                         -- absent: it waits, or is under way
    PRIMARY KEY (organization_id, user_id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX rollup_work_open ON rollup_work (organization_id, user_id) WHERE finished_at IS NULL;
