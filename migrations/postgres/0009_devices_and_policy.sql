-- Tokens that are not one person's, devices that wait for approval, policies of teams.
-- PostgreSQL. Instants are timestamptz.

ALTER TABLE enrolment_tokens ALTER COLUMN user_id DROP NOT NULL; -- absent: anybody's, by their address
ALTER TABLE enrolment_tokens ADD COLUMN mail_domain TEXT;         -- lower case; only addresses of this domain
ALTER TABLE enrolment_tokens ADD COLUMN label TEXT NOT NULL DEFAULT '';
ALTER TABLE enrolment_tokens ADD COLUMN needs_approval BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE enrolment_tokens ADD FOREIGN KEY (organization_id) REFERENCES organizations (id);
ALTER TABLE enrolment_tokens ADD CHECK (user_id IS NULL OR mail_domain IS NULL);

ALTER TABLE devices ADD COLUMN pending BOOLEAN NOT NULL DEFAULT FALSE; -- waits for an admin
ALTER TABLE devices ADD COLUMN approved_at TIMESTAMPTZ;                -- where that was needed
ALTER TABLE devices ADD COLUMN approved_by UUID;                      -- absent with approved_at: IT on the server itself

-- Changes that concern this person and not the whole organization. What their agents are told
-- is organizations.policy_version + users.policy_changes: it rises whenever either does.
ALTER TABLE users ADD COLUMN policy_changes BIGINT NOT NULL DEFAULT 0;

CREATE TABLE team_policies (
    organization_id  UUID NOT NULL,
    team_id          UUID NOT NULL,
    version          BIGINT NOT NULL,                    -- of this team's policy: who read an older one does not overwrite it
    policy           JSONB NOT NULL,                      -- shared-types: policy::CapturePolicy
    updated_at       TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organization_id, team_id),
    FOREIGN KEY (organization_id, team_id) REFERENCES teams (organization_id, id) ON DELETE CASCADE
);

SELECT workpulse_protect('team_policies');
