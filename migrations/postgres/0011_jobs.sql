-- Scheduled work, completed: how far each schedule has been decided, retries, what came of it;
-- and what an alert says.
-- PostgreSQL. Instants are timestamptz.

-- Every occurrence up to decided_until has been queued or passed over. It moves in the
-- transaction that queues, so that an occurrence is decided once, by whichever worker.
CREATE TABLE schedule_scopes (
    schedule       TEXT NOT NULL REFERENCES schedules (name),
    scope          TEXT NOT NULL,                       -- as in jobs
    decided_until  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (schedule, scope)
);

ALTER TABLE jobs ADD COLUMN run_after TIMESTAMPTZ;       -- not before this: the pause before another attempt
ALTER TABLE jobs ADD COLUMN outcome TEXT;                -- what it did or is doing, for people; never personal data
ALTER TABLE jobs ADD COLUMN by_hand BOOLEAN NOT NULL DEFAULT FALSE;  -- asked for by IT, beside the schedule

CREATE INDEX jobs_by_end ON jobs (finished_at) WHERE state IN ('done', 'failed');

-- What an alert says beside its kind.
ALTER TABLE alerts ADD COLUMN seconds BIGINT;            -- when it was opened: without input, or worked that day
ALTER TABLE alerts ADD COLUMN agent_online BOOLEAN;      -- idle: whether an agent of the person was in contact then

ALTER TABLE organizations ADD COLUMN idle_alert_seconds BIGINT NOT NULL DEFAULT 300
    CHECK (idle_alert_seconds BETWEEN 60 AND 86400);
ALTER TABLE organizations ADD COLUMN overtime_alert_seconds BIGINT NOT NULL DEFAULT 32400
    CHECK (overtime_alert_seconds BETWEEN 3600 AND 86400);

-- Like schedules and jobs: the server's, no tenant's. A job that works inside one organization
-- marks itself as done as the system, and only then goes on as that organization, in one
-- transaction.
REVOKE ALL ON schedule_scopes FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON schedule_scopes TO workpulse_system;
