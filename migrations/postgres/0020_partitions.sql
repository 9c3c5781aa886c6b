-- Activity by months. By far the largest table, written at its end, read by person and day, and
-- removed by age: each month is a partition of its own, so that the indexes that are written to
-- stay small, a question about some days opens their months alone, and a month that retention has
-- emptied is dropped and not vacuumed. PostgreSQL.
--
-- The partition's column must be part of each unique key, which was (stream_id, seq). What is
-- delivered once does not rest on it: which numbers of a stream have been handled stands in the
-- stream's own row, locked while a batch is decided. The key stays behind it for what is sent
-- again unchanged.
--
-- What is there becomes the partition of all time before the first month; nothing is copied. Its
-- new key is built, which takes about two minutes for a hundred million rows.

ALTER TABLE activity_logs RENAME TO activity_logs_before;
ALTER TABLE activity_logs_before DROP CONSTRAINT activity_logs_pkey;
ALTER TABLE activity_logs_before ADD CONSTRAINT activity_logs_before_pkey PRIMARY KEY (stream_id, seq, started_at);
ALTER INDEX activity_logs_by_person RENAME TO activity_logs_before_by_person;

CREATE TABLE activity_logs (
    LIKE activity_logs_before INCLUDING DEFAULTS INCLUDING CONSTRAINTS,
    CONSTRAINT activity_logs_pkey PRIMARY KEY (stream_id, seq, started_at),
    FOREIGN KEY (organization_id, session_id) REFERENCES work_sessions (organization_id, id)
) PARTITION BY RANGE (started_at);

-- A person's time, in order.
CREATE INDEX activity_logs_by_person ON activity_logs (user_id, started_at);

SELECT workpulse_protect('activity_logs');
SELECT workpulse_admit_ingest('activity_logs', 'SELECT, INSERT');

-- A partition is reached through the table above it, whose policies hold then. By its own name
-- nobody but its owner has a right to it.
DROP POLICY tenant ON activity_logs_before;
DROP POLICY system ON activity_logs_before;
DROP POLICY ingest ON activity_logs_before;
ALTER TABLE activity_logs_before NO FORCE ROW LEVEL SECURITY;
REVOKE ALL ON activity_logs_before FROM PUBLIC, workpulse_tenant, workpulse_ingest, workpulse_system;

-- What no month takes: there is nothing as long as months are made before they begin.
CREATE TABLE activity_logs_rest PARTITION OF activity_logs DEFAULT;
ALTER TABLE activity_logs_rest ENABLE ROW LEVEL SECURITY;

DO $$
DECLARE
    this_month CONSTANT date := date_trunc('month', now() AT TIME ZONE 'UTC')::date;
    latest     CONSTANT timestamptz := (SELECT max(started_at) FROM activity_logs_before);
    -- Months of the past are made where there is nothing yet: as far back as is kept by default.
    first      CONSTANT date := CASE WHEN latest IS NULL THEN this_month - interval '13 months'
        ELSE date_trunc('month', greatest(latest, now()) AT TIME ZONE 'UTC') + interval '1 month' END;
    month      date := first;
BEGIN
    EXECUTE format('ALTER TABLE activity_logs ATTACH PARTITION activity_logs_before FOR VALUES FROM (MINVALUE) TO (%L)',
        first || ' 00:00:00+00');
    WHILE month <= greatest(first, this_month + interval '2 months') LOOP
        EXECUTE format('CREATE TABLE activity_logs_%s PARTITION OF activity_logs FOR VALUES FROM (%L) TO (%L)',
            to_char(month, 'YYYY_MM'), month || ' 00:00:00+00', (month + interval '1 month')::date || ' 00:00:00+00');
        EXECUTE format('ALTER TABLE activity_logs_%s ENABLE ROW LEVEL SECURITY', to_char(month, 'YYYY_MM'));
        month := month + interval '1 month';
    END LOOP;
END
$$;
