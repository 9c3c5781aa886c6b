-- What whole months add up to, so that a year reads twelve rows of a person and not 365.
-- PostgreSQL. Instants are timestamptz.

-- When the day was counted into its month; absent: not yet, or something has changed since. A month
-- counts for a report when no day in it is without.
ALTER TABLE daily_summaries ADD COLUMN month_at TIMESTAMPTZ;

CREATE INDEX daily_summaries_uncounted ON daily_summaries (organization_id, day, user_id) WHERE month_at IS NULL;

CREATE TABLE person_months (
    organization_id     UUID NOT NULL,
    user_id             UUID NOT NULL,
    month               DATE NOT NULL,                   -- its first day
    last_day            DATE NOT NULL,                   -- its last day
    active_seconds      BIGINT NOT NULL,
    idle_seconds        BIGINT NOT NULL,
    unobserved_seconds  BIGINT NOT NULL,
    PRIMARY KEY (organization_id, user_id, month),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
);

CREATE TABLE application_months (
    organization_id     UUID NOT NULL,
    user_id             UUID NOT NULL,
    month               DATE NOT NULL,
    application         TEXT NOT NULL,                   -- '': not known, or not kept
    domain              TEXT NOT NULL,                   -- host of the address; '': none
    category_id         UUID NOT NULL,                   -- all zero: in no category
    active_seconds      BIGINT NOT NULL,
    idle_seconds        BIGINT NOT NULL,
    PRIMARY KEY (organization_id, user_id, month, application, domain, category_id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
);

-- Clock hours by day of the week.
CREATE TABLE hour_months (
    organization_id     UUID NOT NULL,
    user_id             UUID NOT NULL,
    month               DATE NOT NULL,
    weekday             BIGINT NOT NULL CHECK (weekday BETWEEN 1 AND 7),  -- 1: Monday
    hour                BIGINT NOT NULL CHECK (hour BETWEEN 0 AND 23),
    active_seconds      BIGINT NOT NULL,
    idle_seconds        BIGINT NOT NULL,
    unobserved_seconds  BIGINT NOT NULL,
    PRIMARY KEY (organization_id, user_id, month, weekday, hour),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
);

SELECT workpulse_protect('person_months');
SELECT workpulse_protect('application_months');
SELECT workpulse_protect('hour_months');

GRANT UPDATE (month_at) ON daily_summaries TO workpulse_ingest;
