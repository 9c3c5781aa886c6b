-- Reports that are made by themselves, again and again, for whoever asked; and mail that says so.
-- PostgreSQL. Instants are timestamptz.

CREATE TABLE report_schedules (
    organization_id  UUID NOT NULL,
    id               UUID NOT NULL,
    user_id          UUID NOT NULL,                      -- who asked, sees, and is told
    terms            JSONB NOT NULL,                     -- shared-types: report_schedule::ReportScheduleTerms
    enabled          BOOLEAN NOT NULL,
    created_at       TIMESTAMPTZ NOT NULL,
    done_until       TIMESTAMPTZ NOT NULL,               -- nothing that was due until then is made (any more)
    last_at          TIMESTAMPTZ,                        -- for when the latest file was begun
    last_export_id   UUID,                              -- that file; it goes before the schedule does
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
);

CREATE INDEX report_schedules_by_person ON report_schedules (organization_id, user_id, created_at, id);

SELECT workpulse_protect('report_schedules');

ALTER TABLE exports ADD COLUMN by_mail BOOLEAN NOT NULL DEFAULT FALSE;  -- who asked is told when it has ended

-- No foreign key: a file goes without asking whether its mail is out, and the mail is then not
-- wanted any more.
ALTER TABLE mails ADD COLUMN export_id UUID;
ALTER TABLE mails DROP CONSTRAINT mails_kind_check;
ALTER TABLE mails ADD CONSTRAINT mails_kind_check CHECK (kind IN ('invitation', 'password_reset', 'password_changed', 'already_member', 'alert', 'report'));
ALTER TABLE mails ADD CONSTRAINT mails_export_check CHECK ((kind = 'report') = (export_id IS NOT NULL));
