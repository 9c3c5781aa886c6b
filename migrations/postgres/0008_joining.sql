-- Joining an organization, getting back in, and what a person's log-ins are. Secrets are kept as
-- SHA-256 hashes only; mails wait without their links, which are made when they are sent.
-- PostgreSQL. Instants are timestamptz.

-- Whether people may join by the organization's id, and with addresses of which mail domains.
ALTER TABLE organizations ADD COLUMN registration_open BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE organizations ADD COLUMN registration_domains JSONB NOT NULL DEFAULT '[]'; -- lower case; empty: any
-- Whether a device that enrols waits for an admin.
ALTER TABLE organizations ADD COLUMN devices_need_approval BOOLEAN NOT NULL DEFAULT FALSE;

CREATE TABLE invitations (
    organization_id  UUID NOT NULL REFERENCES organizations (id),
    id               UUID NOT NULL,
    token_hash       BYTEA UNIQUE,                       -- absent: the mail has not been sent yet
    email            TEXT NOT NULL,                      -- lower case; the only address that it lets in
    created_by       UUID,                               -- absent: IT on the server itself, or the person asked
    created_at       TIMESTAMPTZ NOT NULL,
    expires_at       TIMESTAMPTZ NOT NULL,
    revoked_at       TIMESTAMPTZ,
    accepted_at      TIMESTAMPTZ,
    accepted_by      UUID,                               -- the account that it became
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, created_by) REFERENCES users (organization_id, id),
    FOREIGN KEY (organization_id, accepted_by) REFERENCES users (organization_id, id),
    CHECK ((accepted_at IS NULL) = (accepted_by IS NULL))
);

CREATE INDEX invitations_by_email ON invitations (organization_id, email);

-- One-time links by which a person sets a new password.
CREATE TABLE password_resets (
    organization_id  UUID NOT NULL,
    id               UUID NOT NULL,
    token_hash       BYTEA NOT NULL UNIQUE,
    user_id          UUID NOT NULL,
    created_by       UUID,                               -- absent: IT on the server itself, or the person asked
    created_at       TIMESTAMPTZ NOT NULL,
    expires_at       TIMESTAMPTZ NOT NULL,
    ended_at         TIMESTAMPTZ,                          -- used, or overtaken by another change of the password
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id),
    FOREIGN KEY (organization_id, created_by) REFERENCES users (organization_id, id)
);

CREATE INDEX password_resets_by_user ON password_resets (organization_id, user_id);

-- What a person recognises their log-ins by; whether one is open is for its refresh tokens to say.
CREATE TABLE logins (
    organization_id  UUID NOT NULL,
    id               UUID NOT NULL,                      -- the refresh tokens' family
    user_id          UUID NOT NULL,
    client           TEXT NOT NULL,                      -- such as 'Firefox on Linux'; no address
    created_at       TIMESTAMPTZ NOT NULL,
    last_used_at     TIMESTAMPTZ NOT NULL,                 -- begun, or renewed
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
);

CREATE INDEX logins_by_user ON logins (organization_id, user_id);

INSERT INTO logins (organization_id, id, user_id, client, created_at, last_used_at)
    SELECT organization_id, family_id, user_id, 'unknown program', min(created_at), max(created_at)
    FROM refresh_tokens GROUP BY organization_id, family_id, user_id;

-- Mails that wait, were sent, or were given up. The address is read when a mail is sent.
CREATE TABLE mails (
    organization_id  UUID NOT NULL REFERENCES organizations (id),
    id               UUID NOT NULL,
    kind             TEXT NOT NULL CHECK (kind IN ('invitation', 'password_reset', 'password_changed', 'already_member')),
    user_id          UUID,                               -- to whom
    invitation_id    UUID,                               -- to whose address, for an invitation
    created_at       TIMESTAMPTZ NOT NULL,
    attempts         BIGINT NOT NULL DEFAULT 0,
    next_attempt_at  TIMESTAMPTZ,                          -- absent: nothing more to do
    sent_at          TIMESTAMPTZ,
    failed_at        TIMESTAMPTZ,                          -- given up
    last_error       TEXT,                               -- a code; never what the mail server said, which repeats addresses
    PRIMARY KEY (organization_id, id),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id),
    FOREIGN KEY (organization_id, invitation_id) REFERENCES invitations (organization_id, id),
    CHECK ((kind = 'invitation') = (invitation_id IS NOT NULL)),
    CHECK ((kind = 'invitation') = (user_id IS NULL))
);

CREATE INDEX mails_due ON mails (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX mails_by_invitation ON mails (organization_id, invitation_id);

-- What somebody asked for by an address alone. It is written before anybody looks whether the
-- address is known, so that the answer tells nothing; looked at, it is removed.
CREATE TABLE address_requests (
    id               UUID PRIMARY KEY,
    kind             TEXT NOT NULL CHECK (kind IN ('password_reset', 'registration')),
    organization_id  UUID,                               -- in which organization; absent: in any
    email            TEXT NOT NULL,                      -- lower case
    created_at       TIMESTAMPTZ NOT NULL
);

SELECT workpulse_protect('invitations');
SELECT workpulse_protect('password_resets');
SELECT workpulse_protect('logins');
SELECT workpulse_protect('mails');
-- Of no tenant yet: only the system may look.
REVOKE ALL ON address_requests FROM PUBLIC;
GRANT SELECT, INSERT, DELETE ON address_requests TO workpulse_system;
