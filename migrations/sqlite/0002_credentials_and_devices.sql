-- Refresh tokens, enrolment tokens, devices. Secrets are kept as SHA-256 hashes only.
-- SQLite. Ids are 16-byte blobs, instants INTEGER milliseconds since 1970 (UTC), days 'YYYY-MM-DD'.

CREATE TABLE refresh_tokens (
    token_hash       BLOB PRIMARY KEY,
    organization_id  BLOB NOT NULL,
    user_id          BLOB NOT NULL,
    family_id        BLOB NOT NULL,                      -- one log-in; a replay ends all of it
    successor_hash   BLOB,                              -- set when this token has been exchanged
    created_at       INTEGER NOT NULL,
    expires_at       INTEGER NOT NULL,
    used_at          INTEGER,
    revoked_at       INTEGER,
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
) STRICT;

CREATE INDEX refresh_tokens_by_user ON refresh_tokens (organization_id, user_id);
CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family_id);

CREATE TABLE enrolment_tokens (
    organization_id  BLOB NOT NULL,
    id               BLOB NOT NULL,
    token_hash       BLOB NOT NULL UNIQUE,
    user_id          BLOB NOT NULL,                      -- whose devices it enrols
    created_by       BLOB,                               -- absent: made by IT on the server itself
    max_uses         INTEGER NOT NULL CHECK (max_uses BETWEEN 1 AND 1000),
    uses             INTEGER NOT NULL DEFAULT 0 CHECK (uses BETWEEN 0 AND max_uses),
    created_at       INTEGER NOT NULL,
    expires_at       INTEGER NOT NULL,
    revoked_at       INTEGER,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id),
    FOREIGN KEY (organization_id, created_by) REFERENCES users (organization_id, id)
) STRICT;

CREATE TABLE devices (
    organization_id  BLOB NOT NULL,
    id               BLOB NOT NULL,
    user_id          BLOB NOT NULL,
    kind             TEXT NOT NULL CHECK (kind IN ('agent', 'keyboard')),  -- keyboard: sessions that a person keeps in the browser
    secret_hash      BLOB UNIQUE,                       -- absent for kind 'keyboard'
    name             TEXT NOT NULL,
    os               TEXT NOT NULL,
    agent_version    TEXT NOT NULL,
    capabilities     TEXT NOT NULL,                      -- shared-types: device::Capabilities
    enrolment_token_id BLOB,
    created_at       INTEGER NOT NULL,
    last_contact_at  INTEGER,
    revoked_at       INTEGER,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id),
    FOREIGN KEY (organization_id, enrolment_token_id) REFERENCES enrolment_tokens (organization_id, id)
) STRICT;

CREATE INDEX devices_by_user ON devices (organization_id, user_id);
