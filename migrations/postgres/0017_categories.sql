-- What a rule by title decided when it arrived, and how far the sums follow the rules.
-- PostgreSQL. Instants are timestamptz.

-- Sums hold no titles: what a title decided cannot be decided again, and stays where it is.
-- Both are part of the seconds beside them.
ALTER TABLE application_days ADD COLUMN titled_active_seconds BIGINT NOT NULL DEFAULT 0;
ALTER TABLE application_days ADD COLUMN titled_idle_seconds BIGINT NOT NULL DEFAULT 0;

-- Of the work of a list of rules on the sums of past days: person after person, by id.
ALTER TABLE category_rules ADD COLUMN started_at TIMESTAMPTZ;
ALTER TABLE category_rules ADD COLUMN reached UUID;                -- the last person whose days follow it
ALTER TABLE category_rules ADD COLUMN people BIGINT NOT NULL DEFAULT 0;
ALTER TABLE category_rules ADD COLUMN people_done BIGINT NOT NULL DEFAULT 0;
ALTER TABLE category_rules ADD COLUMN moved_seconds BIGINT NOT NULL DEFAULT 0;

GRANT UPDATE (titled_active_seconds, titled_idle_seconds) ON application_days TO workpulse_ingest;
