-- Scheduled work, completed: how far each schedule has been decided, retries, what came of it;
-- and what an alert says.
-- SQLite. Ids are 16-byte blobs, instants INTEGER milliseconds since 1970 (UTC), days 'YYYY-MM-DD'.

-- Every occurrence up to decided_until has been queued or passed over. It moves in the
-- transaction that queues, so that an occurrence is decided once, by whichever worker.
CREATE TABLE schedule_scopes (
    schedule       TEXT NOT NULL REFERENCES schedules (name),
    scope          TEXT NOT NULL,                       -- as in jobs
    decided_until  INTEGER NOT NULL,
    PRIMARY KEY (schedule, scope)
) STRICT, WITHOUT ROWID;

ALTER TABLE jobs ADD COLUMN run_after INTEGER;           -- not before this: the pause before another attempt
ALTER TABLE jobs ADD COLUMN outcome TEXT;                -- what it did or is doing, for people; never personal data
ALTER TABLE jobs ADD COLUMN by_hand INTEGER NOT NULL DEFAULT 0;  -- asked for by IT, beside the schedule

CREATE INDEX jobs_by_end ON jobs (finished_at) WHERE state IN ('done', 'failed');

-- What an alert says beside its kind.
ALTER TABLE alerts ADD COLUMN seconds INTEGER;           -- when it was opened: without input, or worked that day
ALTER TABLE alerts ADD COLUMN agent_online INTEGER;      -- idle: whether an agent of the person was in contact then

ALTER TABLE organizations ADD COLUMN idle_alert_seconds INTEGER NOT NULL DEFAULT 300
    CHECK (idle_alert_seconds BETWEEN 60 AND 86400);
ALTER TABLE organizations ADD COLUMN overtime_alert_seconds INTEGER NOT NULL DEFAULT 32400
    CHECK (overtime_alert_seconds BETWEEN 3600 AND 86400);
