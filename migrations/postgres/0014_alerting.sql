-- Alerts that people resolve, hours in which they are quiet, and alerts by mail.
-- PostgreSQL. Instants are timestamptz.

-- The alert may be resolved by a manager while its episode goes on: the detectors look at the
-- episode, people at the alert.
ALTER TABLE alerts ADD COLUMN ended_at TIMESTAMPTZ;      -- input again, the session stopped, or the day over
ALTER TABLE alerts ADD COLUMN note TEXT;                 -- what the manager who resolved it wrote
ALTER TABLE alerts ADD COLUMN quiet BOOLEAN NOT NULL DEFAULT FALSE;  -- opened in quiet hours: nobody is told

-- Until now every alert ended with its episode. The owner of the tables sees no rows under
-- forced row-level security: the system does.
GRANT UPDATE (ended_at) ON alerts TO workpulse_system;
SET LOCAL ROLE workpulse_system;
UPDATE alerts SET ended_at = resolved_at;
RESET ROLE;
REVOKE UPDATE (ended_at) ON alerts FROM workpulse_system;

CREATE INDEX alerts_going_on ON alerts (organization_id, kind) WHERE ended_at IS NULL;
CREATE INDEX alerts_by_time ON alerts (organization_id, opened_at, id);

ALTER TABLE organizations ADD COLUMN quiet_hours JSONB NOT NULL DEFAULT '[]';  -- weekdays, from, to; by the organization's zone
ALTER TABLE organizations ADD COLUMN alert_mail BOOLEAN NOT NULL DEFAULT FALSE;

-- Mail about an alert, to a manager concerned; once each. No foreign key: retention removes an
-- alert without asking whether its mail is out, and the mail is then not wanted any more.
ALTER TABLE mails ADD COLUMN alert_id UUID;
ALTER TABLE mails DROP CONSTRAINT mails_kind_check;
ALTER TABLE mails ADD CONSTRAINT mails_kind_check CHECK (kind IN ('invitation', 'password_reset', 'password_changed', 'already_member', 'alert'));
ALTER TABLE mails ADD CONSTRAINT mails_alert_check CHECK ((kind = 'alert') = (alert_id IS NOT NULL));
CREATE UNIQUE INDEX mails_once_an_alert ON mails (organization_id, alert_id, user_id);
