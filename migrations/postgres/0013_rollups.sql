-- What minutes add up to, so that a report never reads them: by hour, by application, by
-- session. And what applications stand for.
-- PostgreSQL. Instants are timestamptz.

ALTER TABLE daily_summaries ADD COLUMN first_input_at TIMESTAMPTZ;  -- begin of the day's first active span
ALTER TABLE daily_summaries ADD COLUMN last_input_at TIMESTAMPTZ;   -- end of its last
ALTER TABLE daily_summaries ADD COLUMN made_at TIMESTAMPTZ;         -- when the day was closed; absent: it runs, or something came late

-- Clock hours of the organization's day: an hour that a time change repeats counts twice.
CREATE TABLE hour_days (
    organization_id     UUID NOT NULL,
    user_id             UUID NOT NULL,
    day                 DATE NOT NULL,
    hour                BIGINT NOT NULL CHECK (hour BETWEEN 0 AND 23),
    active_seconds      BIGINT NOT NULL DEFAULT 0,
    idle_seconds        BIGINT NOT NULL DEFAULT 0,
    unobserved_seconds  BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, user_id, day, hour),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
);

-- By what was used. Unobserved time has no application.
CREATE TABLE application_days (
    organization_id     UUID NOT NULL,
    user_id             UUID NOT NULL,
    day                 DATE NOT NULL,
    application         TEXT NOT NULL,                   -- '': not known, or not kept
    domain              TEXT NOT NULL,                   -- host of the address; '': none
    category_id         UUID NOT NULL,                 -- all zero: in no category
    active_seconds      BIGINT NOT NULL DEFAULT 0,
    idle_seconds        BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, user_id, day, application, domain, category_id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
);

-- By session, and so by whatever project the session is booked on now.
CREATE TABLE session_days (
    organization_id     UUID NOT NULL,
    user_id             UUID NOT NULL,
    day                 DATE NOT NULL,
    session_id          UUID NOT NULL,
    active_seconds      BIGINT NOT NULL DEFAULT 0,
    idle_seconds        BIGINT NOT NULL DEFAULT 0,
    unobserved_seconds  BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, user_id, day, session_id),
    FOREIGN KEY (organization_id, session_id) REFERENCES work_sessions (organization_id, id)
);

CREATE INDEX session_days_by_session ON session_days (organization_id, session_id);

CREATE TABLE categories (
    organization_id  UUID NOT NULL REFERENCES organizations (id),
    id               UUID NOT NULL,
    name             TEXT NOT NULL,
    kind             TEXT NOT NULL CHECK (kind IN ('productive', 'neutral', 'unproductive')),
    created_at       TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, name)
);

-- An organization's rules, as one list under one version.
CREATE TABLE category_rules (
    organization_id  UUID NOT NULL REFERENCES organizations (id),
    version          BIGINT NOT NULL,
    rules            JSONB NOT NULL,                   -- shared-types: category::CategoryRule, in order: the first that fits decides
    created_at       TIMESTAMPTZ NOT NULL,
    applied_at       TIMESTAMPTZ,                             -- when all rollups had come to follow it
    PRIMARY KEY (organization_id, version)
);

SELECT workpulse_protect('hour_days');
SELECT workpulse_protect('application_days');
SELECT workpulse_protect('session_days');
SELECT workpulse_protect('categories');
SELECT workpulse_protect('category_rules');

-- Ingest removes nothing: of a day that it makes again, what has gone is set to nothing.
SELECT workpulse_admit_ingest('hour_days', 'SELECT, INSERT, UPDATE (active_seconds, idle_seconds, unobserved_seconds)');
SELECT workpulse_admit_ingest('application_days', 'SELECT, INSERT, UPDATE (active_seconds, idle_seconds)');
SELECT workpulse_admit_ingest('session_days', 'SELECT, INSERT, UPDATE (active_seconds, idle_seconds, unobserved_seconds)');
SELECT workpulse_admit_ingest('category_rules', 'SELECT');
GRANT UPDATE (first_input_at, last_input_at, made_at) ON daily_summaries TO workpulse_ingest;
