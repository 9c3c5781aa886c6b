-- What a rule by title decided when it arrived, and how far the sums follow the rules.
-- SQLite. Ids are 16-byte blobs, instants INTEGER milliseconds since 1970 (UTC).

-- Sums hold no titles: what a title decided cannot be decided again, and stays where it is.
-- Both are part of the seconds beside them.
ALTER TABLE application_days ADD COLUMN titled_active_seconds INTEGER NOT NULL DEFAULT 0;
ALTER TABLE application_days ADD COLUMN titled_idle_seconds INTEGER NOT NULL DEFAULT 0;

-- Of the work of a list of rules on the sums of past days: person after person, by id.
ALTER TABLE category_rules ADD COLUMN started_at INTEGER;
ALTER TABLE category_rules ADD COLUMN reached BLOB;                -- the last person whose days follow it
ALTER TABLE category_rules ADD COLUMN people INTEGER NOT NULL DEFAULT 0;
ALTER TABLE category_rules ADD COLUMN people_done INTEGER NOT NULL DEFAULT 0;
ALTER TABLE category_rules ADD COLUMN moved_seconds INTEGER NOT NULL DEFAULT 0;
