-- Reports that are made by themselves, again and again, for whoever asked; and mail that says so.
-- SQLite. Ids are 16-byte blobs, instants INTEGER milliseconds since 1970 (UTC).

CREATE TABLE report_schedules (
    organization_id  BLOB NOT NULL,
    id               BLOB NOT NULL,
    user_id          BLOB NOT NULL,                      -- who asked, sees, and is told
    terms            TEXT NOT NULL,                     -- shared-types: report_schedule::ReportScheduleTerms
    enabled          INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    created_at       INTEGER NOT NULL,
    done_until       INTEGER NOT NULL,               -- nothing that was due until then is made (any more)
    last_at          INTEGER,                        -- for when the latest file was begun
    last_export_id   BLOB,                              -- that file; it goes before the schedule does
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
) STRICT;

CREATE INDEX report_schedules_by_person ON report_schedules (organization_id, user_id, created_at, id);

ALTER TABLE exports ADD COLUMN by_mail INTEGER NOT NULL DEFAULT 0 CHECK (by_mail IN (0, 1));  -- who asked is told when it has ended

-- No foreign key: a file goes without asking whether its mail is out, and the mail is then not
-- wanted any more. SQLite cannot change a check: the table is made again, under its own name.
CREATE TEMPORARY TABLE mails_of_before AS SELECT * FROM mails;
DROP TABLE mails;
CREATE TABLE mails (
    organization_id  BLOB NOT NULL REFERENCES organizations (id),
    id               BLOB NOT NULL,
    kind             TEXT NOT NULL CHECK (kind IN ('invitation', 'password_reset', 'password_changed', 'already_member', 'alert', 'report')),
    user_id          BLOB,                               -- to whom
    invitation_id    BLOB,                               -- to whose address, for an invitation
    created_at       INTEGER NOT NULL,
    attempts         INTEGER NOT NULL DEFAULT 0,
    next_attempt_at  INTEGER,                            -- absent: nothing more to do
    sent_at          INTEGER,
    failed_at        INTEGER,                            -- given up
    last_error       TEXT,                               -- a code; never what the mail server said, which repeats addresses
    alert_id         BLOB,                               -- about which alert
    export_id        BLOB,                               -- about which file
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id),
    FOREIGN KEY (organization_id, invitation_id) REFERENCES invitations (organization_id, id),
    CHECK ((kind = 'invitation') = (invitation_id IS NOT NULL)),
    CHECK ((kind = 'invitation') = (user_id IS NULL)),
    CHECK ((kind = 'alert') = (alert_id IS NOT NULL)),
    CHECK ((kind = 'report') = (export_id IS NOT NULL))
) STRICT;
INSERT INTO mails (organization_id, id, kind, user_id, invitation_id, created_at, attempts, next_attempt_at, sent_at, failed_at, last_error, alert_id)
    SELECT organization_id, id, kind, user_id, invitation_id, created_at, attempts, next_attempt_at, sent_at, failed_at, last_error, alert_id
    FROM mails_of_before;
DROP TABLE mails_of_before;
CREATE INDEX mails_due ON mails (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX mails_by_invitation ON mails (organization_id, invitation_id);
CREATE UNIQUE INDEX mails_once_an_alert ON mails (organization_id, alert_id, user_id);
