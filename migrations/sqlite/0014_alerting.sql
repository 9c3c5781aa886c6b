-- Alerts that people resolve, hours in which they are quiet, and alerts by mail.
-- SQLite. Ids are 16-byte blobs, instants INTEGER milliseconds since 1970 (UTC), days 'YYYY-MM-DD'.

-- The alert may be resolved by a manager while its episode goes on: the detectors look at the
-- episode, people at the alert.
ALTER TABLE alerts ADD COLUMN ended_at INTEGER;          -- input again, the session stopped, or the day over
ALTER TABLE alerts ADD COLUMN note TEXT;                 -- what the manager who resolved it wrote
ALTER TABLE alerts ADD COLUMN quiet INTEGER NOT NULL DEFAULT 0 CHECK (quiet IN (0, 1));  -- opened in quiet hours: nobody is told

-- Until now every alert ended with its episode.
UPDATE alerts SET ended_at = resolved_at;

CREATE INDEX alerts_going_on ON alerts (organization_id, kind) WHERE ended_at IS NULL;
CREATE INDEX alerts_by_time ON alerts (organization_id, opened_at, id);

ALTER TABLE organizations ADD COLUMN quiet_hours TEXT NOT NULL DEFAULT '[]';  -- weekdays, from, to; by the organization's zone
ALTER TABLE organizations ADD COLUMN alert_mail INTEGER NOT NULL DEFAULT 0 CHECK (alert_mail IN (0, 1));

-- Mail about an alert, to a manager concerned; once each. No foreign key: retention removes an
-- alert without asking whether its mail is out, and the mail is then not wanted any more.
-- SQLite cannot change a check: the table is made again, under its own name.
CREATE TEMPORARY TABLE mails_of_before AS SELECT * FROM mails;
DROP TABLE mails;
CREATE TABLE mails (
    organization_id  BLOB NOT NULL REFERENCES organizations (id),
    id               BLOB NOT NULL,
    kind             TEXT NOT NULL CHECK (kind IN ('invitation', 'password_reset', 'password_changed', 'already_member', 'alert')),
    user_id          BLOB,                               -- to whom
    invitation_id    BLOB,                               -- to whose address, for an invitation
    created_at       INTEGER NOT NULL,
    attempts         INTEGER NOT NULL DEFAULT 0,
    next_attempt_at  INTEGER,                            -- absent: nothing more to do
    sent_at          INTEGER,
    failed_at        INTEGER,                            -- given up
    last_error       TEXT,                               -- a code; never what the mail server said, which repeats addresses
    alert_id         BLOB,                               -- about which alert
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id),
    FOREIGN KEY (organization_id, invitation_id) REFERENCES invitations (organization_id, id),
    CHECK ((kind = 'invitation') = (invitation_id IS NOT NULL)),
    CHECK ((kind = 'invitation') = (user_id IS NULL)),
    CHECK ((kind = 'alert') = (alert_id IS NOT NULL))
) STRICT;
INSERT INTO mails (organization_id, id, kind, user_id, invitation_id, created_at, attempts, next_attempt_at, sent_at, failed_at, last_error)
    SELECT organization_id, id, kind, user_id, invitation_id, created_at, attempts, next_attempt_at, sent_at, failed_at, last_error
    FROM mails_of_before;
DROP TABLE mails_of_before;
CREATE INDEX mails_due ON mails (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX mails_by_invitation ON mails (organization_id, invitation_id);
CREATE UNIQUE INDEX mails_once_an_alert ON mails (organization_id, alert_id, user_id);
