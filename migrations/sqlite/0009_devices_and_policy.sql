-- Tokens that are not one person's, devices that wait for approval, policies of teams.
-- SQLite. Ids are 16-byte blobs, instants INTEGER milliseconds since 1970 (UTC), days 'YYYY-MM-DD'.

-- SQLite cannot take NOT NULL away: the table is made again, under its own name. Devices point
-- to it; whether they still do is checked at the commit.
PRAGMA defer_foreign_keys = ON;
CREATE TEMPORARY TABLE tokens_of_before AS SELECT * FROM enrolment_tokens;
DROP TABLE enrolment_tokens;
CREATE TABLE enrolment_tokens (
    organization_id  BLOB NOT NULL REFERENCES organizations (id),
    id               BLOB NOT NULL,
    token_hash       BLOB NOT NULL UNIQUE,
    user_id          BLOB,                               -- whose devices it enrols; absent: anybody's, by their address
    created_by       BLOB,                               -- absent: made by IT on the server itself
    max_uses         INTEGER NOT NULL CHECK (max_uses BETWEEN 1 AND 1000),
    uses             INTEGER NOT NULL DEFAULT 0 CHECK (uses BETWEEN 0 AND max_uses),
    created_at       INTEGER NOT NULL,
    expires_at       INTEGER NOT NULL,
    revoked_at       INTEGER,
    mail_domain      TEXT,                               -- lower case; only addresses of this domain
    label            TEXT NOT NULL DEFAULT '',
    needs_approval   INTEGER NOT NULL DEFAULT 0 CHECK (needs_approval IN (0, 1)),
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id),
    FOREIGN KEY (organization_id, created_by) REFERENCES users (organization_id, id),
    CHECK (user_id IS NULL OR mail_domain IS NULL)
) STRICT;
INSERT INTO enrolment_tokens (organization_id, id, token_hash, user_id, created_by, max_uses, uses, created_at, expires_at, revoked_at)
    SELECT organization_id, id, token_hash, user_id, created_by, max_uses, uses, created_at, expires_at, revoked_at
    FROM tokens_of_before;
DROP TABLE tokens_of_before;

ALTER TABLE devices ADD COLUMN pending INTEGER NOT NULL DEFAULT 0 CHECK (pending IN (0, 1)); -- waits for an admin
ALTER TABLE devices ADD COLUMN approved_at INTEGER;                -- where that was needed
ALTER TABLE devices ADD COLUMN approved_by BLOB;                   -- absent with approved_at: IT on the server itself

-- Changes that concern this person and not the whole organization. What their agents are told
-- is organizations.policy_version + users.policy_changes: it rises whenever either does.
ALTER TABLE users ADD COLUMN policy_changes INTEGER NOT NULL DEFAULT 0;

CREATE TABLE team_policies (
    organization_id  BLOB NOT NULL,
    team_id          BLOB NOT NULL,
    version          INTEGER NOT NULL,                   -- of this team's policy: who read an older one does not overwrite it
    policy           TEXT NOT NULL,                      -- shared-types: policy::CapturePolicy
    updated_at       INTEGER NOT NULL,
    PRIMARY KEY (organization_id, team_id),
    FOREIGN KEY (organization_id, team_id) REFERENCES teams (organization_id, id) ON DELETE CASCADE
) STRICT;
