-- Refresh tokens, enrolment tokens, devices. Secrets are kept as SHA-256 hashes only.
-- PostgreSQL. Instants are timestamptz.

CREATE TABLE refresh_tokens (
    token_hash       BYTEA PRIMARY KEY,
    organization_id  UUID NOT NULL,
    user_id          UUID NOT NULL,
    family_id        UUID NOT NULL,                      -- one log-in; a replay ends all of it
    successor_hash   BYTEA,                              -- set when this token has been exchanged
    created_at       TIMESTAMPTZ NOT NULL,
    expires_at       TIMESTAMPTZ NOT NULL,
    used_at          TIMESTAMPTZ,
    revoked_at       TIMESTAMPTZ,
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
);

CREATE INDEX refresh_tokens_by_user ON refresh_tokens (organization_id, user_id);
CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family_id);

CREATE TABLE enrolment_tokens (
    organization_id  UUID NOT NULL,
    id               UUID NOT NULL,
    token_hash       BYTEA NOT NULL UNIQUE,
    user_id          UUID NOT NULL,                      -- whose devices it enrols
    created_by       UUID,                               -- absent: made by IT on the server itself
    max_uses         BIGINT NOT NULL CHECK (max_uses BETWEEN 1 AND 1000),
    uses             BIGINT NOT NULL DEFAULT 0 CHECK (uses BETWEEN 0 AND max_uses),
    created_at       TIMESTAMPTZ NOT NULL,
    expires_at       TIMESTAMPTZ NOT NULL,
    revoked_at       TIMESTAMPTZ,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id),
    FOREIGN KEY (organization_id, created_by) REFERENCES users (organization_id, id)
);

CREATE TABLE devices (
    organization_id  UUID NOT NULL,
    id               UUID NOT NULL,
    user_id          UUID NOT NULL,
    kind             TEXT NOT NULL CHECK (kind IN ('agent', 'keyboard')),  -- keyboard: sessions that a person keeps in the browser
    secret_hash      BYTEA UNIQUE,                       -- absent for kind 'keyboard'
    name             TEXT NOT NULL,
    os               TEXT NOT NULL,
    agent_version    TEXT NOT NULL,
    capabilities     JSONB NOT NULL,                      -- shared-types: device::Capabilities
    enrolment_token_id UUID,
    created_at       TIMESTAMPTZ NOT NULL,
    last_contact_at  TIMESTAMPTZ,
    revoked_at       TIMESTAMPTZ,
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id),
    FOREIGN KEY (organization_id, enrolment_token_id) REFERENCES enrolment_tokens (organization_id, id)
);

CREATE INDEX devices_by_user ON devices (organization_id, user_id);
